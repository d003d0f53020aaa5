// `spate run RULES... EVENTS...`: events in, derived events out as JSON Lines. Tested by tests/cli.
#ifndef SPATE_CLI_RUN_H_
#define SPATE_CLI_RUN_H_

#include "cli/args.h"

namespace spate::cli {

// Returns the exit code; words about what went wrong are on stderr.
int Run(const RunArgs& args);

}  // namespace spate::cli

#endif  // SPATE_CLI_RUN_H_
