// `spate check RULES...`: every problem in rule files at once. Tested by tests/cli.
#ifndef SPATE_CLI_CHECK_H_
#define SPATE_CLI_CHECK_H_

#include "cli/args.h"

namespace spate::cli {

// Prints the diagnostics (text to stderr, JSON Lines to stdout); returns the exit code.
int Check(const CheckArgs& args);

}  // namespace spate::cli

#endif  // SPATE_CLI_CHECK_H_
