// LayoutTokens: a rule file cut into tokens for the formatter, with what stood between them.
//
// Coarser than the parser's tokens: whatever stands together without a blank stays together, but
// for brackets, commas, comments and texts. Thread-safety: pure functions.
// Tested by tests/compiler/syntax/print_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_LAYOUT_TOKENS_H_
#define SPATE_COMPILER_SYNTAX_LAYOUT_TOKENS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace spate {

struct LayoutToken {
  std::string text;
  int breaks = 0;        // line ends before it
  bool blank = false;    // anything before it, a line end or blanks
  bool comment = false;  // `//` or `///`, to the end of its line

  bool opens() const { return text == "(" || text == "[" || text == "{"; }
  bool closes() const { return text == ")" || text == "]" || text == "}"; }
};

std::vector<LayoutToken> LayoutTokens(absl::string_view text);

}  // namespace spate

#endif  // SPATE_COMPILER_SYNTAX_LAYOUT_TOKENS_H_
