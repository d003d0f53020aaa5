// FormatRules: a rule file in the usual layout, comments and all.
//
// Works on the tokens of the text: what stands between them becomes one blank, none, or a line end
// where the author had one; lines are indented by their brackets, each clause of a rule that takes
// several lines begins its own, in the usual order (with the comments before it), keywords padded
// so that what follows them stands in one column. No token is changed. The result is read again and
// compared with the original, so that it always means the same. Thread-safety: pure functions.
// Tested by tests/compiler/syntax/print_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_PRINT_H_
#define SPATE_COMPILER_SYNTAX_PRINT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace spate {

// InvalidArgument when the text has syntax errors (it says how many), or when the layout cannot be
// changed without changing the meaning.
absl::StatusOr<std::string> FormatRules(absl::string_view text);

}  // namespace spate

#endif  // SPATE_COMPILER_SYNTAX_PRINT_H_
