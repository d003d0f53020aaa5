// What the terminal can do. Thread-safety: pure functions of the environment. Tested by tests/cli.
#ifndef SPATE_CLI_TERMINAL_H_
#define SPATE_CLI_TERMINAL_H_

#include "cli/args.h"

namespace spate::cli {

bool IsTerminal(int fd);
// Whether to colour what goes to `fd`: on a terminal that is not dumb, unless NO_COLOR is set.
bool UseColor(ColorMode mode, int fd);

}  // namespace spate::cli

#endif  // SPATE_CLI_TERMINAL_H_
