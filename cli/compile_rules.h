// Reads rule files from disk and compiles them. Tested by tests/cli.
#ifndef SPATE_CLI_COMPILE_RULES_H_
#define SPATE_CLI_COMPILE_RULES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "compiler/compile.h"

namespace spate::cli {

// An error when a file cannot be read (`-` is standard input); faults in the rules are in the
// result.
absl::StatusOr<CompileResult> CompileFiles(const std::vector<std::string>& paths,
                                           const std::map<std::string, std::string>& params);

// The text of a file of rules (`-` is standard input), as far as the compiler may take it.
absl::StatusOr<std::string> ReadRules(const std::string& path);

// All diagnostics as text, each followed by an empty line.
std::string RenderAll(const CompileResult& result, bool color);

size_t CountSeverity(const CompileResult& result, Severity severity);

// `2 errors`, `1 error`.
std::string Counted(uint64_t count, absl::string_view noun);

}  // namespace spate::cli

#endif  // SPATE_CLI_COMPILE_RULES_H_
