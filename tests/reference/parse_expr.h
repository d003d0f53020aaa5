// The reader of tokens and the expression part of the reference's parser.
//
// A failure is remembered; all functions go on harmlessly after it.
// Tested by tests/reference/parse_test.cc.
#ifndef SPATE_TESTS_REFERENCE_PARSE_EXPR_H_
#define SPATE_TESTS_REFERENCE_PARSE_EXPR_H_

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "tests/reference/lex.h"
#include "tests/reference/model.h"

namespace spate::reference {

class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& Peek(size_t ahead = 0) const {
    size_t i = pos_ + ahead;
    return i < tokens_.size() ? tokens_[i] : tokens_.back();
  }
  bool Is(const std::string& text, size_t ahead = 0) const {
    const Token& t = Peek(ahead);
    return (t.kind == TokenKind::kWord || t.kind == TokenKind::kSymbol) && t.text == text;
  }
  bool Accept(const std::string& text) {
    if (!Is(text)) return false;
    ++pos_;
    return true;
  }
  void Expect(const std::string& text) {
    if (!Accept(text)) Fail();
  }
  std::string Word() {
    if (Peek().kind != TokenKind::kWord) Fail();
    return Take().text;
  }
  Token Take() {
    Token t = Peek();
    if (t.kind != TokenKind::kEnd) ++pos_;
    return t;
  }
  bool AtEnd() const { return Peek().kind == TokenKind::kEnd; }
  void Fail() {
    failed_ = true;
    pos_ = tokens_.size() - 1;
  }
  bool failed() const { return failed_; }

 private:
  std::vector<Token> tokens_;
  size_t pos_ = 0;
  bool failed_ = false;
};

// Whether a duration is written in the expression; the reference has none among its values.
bool HasDuration(const Expr& expr);

class ExprParser {
 public:
  explicit ExprParser(Reader* reader) : in_(*reader) {}
  Expr Parse() { return Or(); }
  // What a comparison can have at its sides.
  Expr ParseOperand() { return Coalesce(); }
  // Conjuncts of a condition, in order.
  std::vector<Expr> ParseConjuncts();

 private:
  Expr Or();
  Expr And();
  Expr Not();
  Expr Comparison();
  Expr BinaryLevel(std::initializer_list<const char*> ops, Expr (ExprParser::*next)());
  Expr Coalesce();
  Expr Sum();
  Expr Product();
  Expr Prefix();
  Expr Primary();
  Expr If();
  Expr Call(const std::string& name);
  Expr Previous();
  Expr Word();

  Reader& in_;
};

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_PARSE_EXPR_H_
