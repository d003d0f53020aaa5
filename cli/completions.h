// Completions: the script that a shell needs to complete `spate`, made from the option table.
//
// Pure functions. Tested by tests/cli/usage_test.cc.
#ifndef SPATE_CLI_COMPLETIONS_H_
#define SPATE_CLI_COMPLETIONS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"

namespace spate::cli {

struct OptionHelp {
  std::string name;                  // `--at-end`
  std::string text;                  // what it is for
  bool takes_value = false;          //
  std::vector<std::string> choices;  // its values; empty: anything, a file say
};

struct VerbHelp {
  std::string name;
  std::string text;
  std::vector<OptionHelp> options;
  std::vector<std::string> words;  // what can stand as an argument, beside files
};

std::string BashCompletions(absl::Span<const VerbHelp> verbs);
std::string ZshCompletions(absl::Span<const VerbHelp> verbs);
std::string FishCompletions(absl::Span<const VerbHelp> verbs);

}  // namespace spate::cli

#endif  // SPATE_CLI_COMPLETIONS_H_
