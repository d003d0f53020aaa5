// Usage errors: what is wrong with a command line, and what was perhaps meant.
//
// Prints to standard error. Tested by tests/cli/usage_test.cc.
#ifndef SPATE_CLI_USAGE_ERROR_H_
#define SPATE_CLI_USAGE_ERROR_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>

#include "cli/exit_code.h"

namespace spate::cli {

// In words; thrown through CLI11 and caught in ParseArgs.
class UsageError : public CLI::ParseError {
 public:
  explicit UsageError(std::string message)
      : CLI::ParseError("UsageError", std::move(message), static_cast<int>(kUsage)) {}
};

// Says what CLI11 complains about, in our words where it has none for it. The exit code.
int FailParse(const CLI::App& verb, const CLI::ParseError& error);

// The exit code when the word where a verb is expected is none of the verbs.
std::optional<int> FailUnknownVerb(int argc, const char* const* argv);

}  // namespace spate::cli

#endif  // SPATE_CLI_USAGE_ERROR_H_
