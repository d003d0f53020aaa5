// Tokens of the reference's own little parser. Tested by tests/reference/parse_test.cc.
#ifndef SPATE_TESTS_REFERENCE_LEX_H_
#define SPATE_TESTS_REFERENCE_LEX_H_

#include <cstdint>
#include <string>
#include <vector>

namespace spate::reference {

enum class TokenKind { kWord, kInt, kFloat, kDuration, kText, kSymbol, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;     // a text's content
  int64_t number = 0;   // kInt; kDuration in ns
  double real = 0;      // kFloat
  bool spaced = false;  // white space before it
};

// Splits the text; false when something in it is beyond this reader.
bool Lex(const std::string& text, std::vector<Token>* tokens);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_LEX_H_
