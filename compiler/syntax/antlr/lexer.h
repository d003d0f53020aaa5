// Lexer: text -> tokens that the parser can take, with the faults of single tokens reported.
//
// A token that is wrong in itself (`5min`, a text without its end, `/* .. */`, `;`) is reported
// here once and then replaced by what was probably meant, or hidden, so that it causes no second
// message. Starts and stops of the tokens are turned from ANTLR's code points into bytes.
// Pure but for the diagnostics. Tested by tests/compiler/syntax/faults_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_LEXER_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "SpateLexer.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"

namespace spate::syntax {

struct LexedFile {
  std::vector<std::unique_ptr<antlr4::Token>> tokens;  // the hidden ones too, without the end
  bool too_many = false;                               // the limit was passed, and reported
};

LexedFile Lex(const Source& source, uint32_t file, size_t max_tokens, Diagnostics* diagnostics);

// Whether the lexer has reported this token and put another meaning in its place.
bool IsRefused(const antlr4::Token* token);
// Whether what follows this token on its line is lost, so that the parser's messages about the same
// declaration would only be consequences.
bool LosesRest(const antlr4::Token* token);

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_LEXER_H_
