// BailStrategy and DepthGuard: what is hooked into the generated parser. It stops at the first
// fault of a unit with a Stop, and before its own recursion could exhaust the stack.
//
// Not thread-safe. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_BAIL_STRATEGY_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_BAIL_STRATEGY_H_

#include <cstddef>
#include <exception>
#include <vector>

#include "antlr4-runtime.h"

namespace spate::syntax {

// Thrown through the generated code, caught in file_parser.cc.
struct Stop {
  bool too_deep = false;
  const antlr4::Token* token = nullptr;
  std::vector<size_t> expected;  // empty: not known
  std::vector<size_t> rules;     // innermost first
};

class BailStrategy : public antlr4::DefaultErrorStrategy {
 public:
  void sync(antlr4::Parser*) override {}
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& e) override;
  // reportError throws; the generated code would call this after it.
  void recover(antlr4::Parser*, std::exception_ptr) override {}
};

class DepthGuard : public antlr4::tree::ParseTreeListener {
 public:
  // Rules of the grammar under way at one time. 200 brackets in a pattern need 1,200 of them.
  static constexpr size_t kMaxRules = 2000;

  void Reset() { depth_ = 0; }
  void enterEveryRule(antlr4::ParserRuleContext* tree) override;
  void exitEveryRule(antlr4::ParserRuleContext*) override { --depth_; }
  void visitTerminal(antlr4::tree::TerminalNode*) override {}
  void visitErrorNode(antlr4::tree::ErrorNode*) override {}

 private:
  size_t depth_ = 0;
};

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_BAIL_STRATEGY_H_
