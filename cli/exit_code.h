// Exit codes of the command line (docs/cli.md). Tested by tests/cli/usage_test.cc and run_test.cc.
#ifndef SPATE_CLI_EXIT_CODE_H_
#define SPATE_CLI_EXIT_CODE_H_

namespace spate::cli {

enum ExitCode : int {
  kOk = 0,        // also when the reader of the output went away
  kFindings = 1,  // `check --deny-warnings` with warnings, `fmt --check` with files to change,
                  // `test` with tests that fail
  kUsage = 2,     // a wrong command line, a file that cannot be opened, faults in rules
  kBadInput = 3,  // events that cannot be read, more rejects than --max-rejects
  kInternal = 4,  // the run could not go on: output errors, budgets, faults of ours
};

}  // namespace spate::cli

#endif  // SPATE_CLI_EXIT_CODE_H_
