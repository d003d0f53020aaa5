// Ast of rule tests: events that are fed, and what is expected.
//
// Thread-safety: values. See ast.h.
#ifndef SPATE_COMPILER_SYNTAX_AST_TEST_H_
#define SPATE_COMPILER_SYNTAX_AST_TEST_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source/source.h"
#include "compiler/syntax/ast_expr.h"
#include "compiler/syntax/ast_rule.h"

namespace spate::ast {

struct TestTime {
  Span span;
  bool relative = false;  // `+10s`
  ExprPtr value;          // a duration or a time literal
};
struct EventLiteral {
  Name type;
  std::vector<EmitField> fields;
  Span span;
};
struct FeedStmt {  // `at 0s Login {..} times 5 every 10s`
  std::optional<TestTime> at;
  EventLiteral event;
  ExprPtr times;
  ExprPtr every;
};
struct AdvanceStmt {
  TestTime at;
};                   // `at 1h advance`
struct ExpectStmt {  // `expect at 50s T {..}`, `expect nothing`, `expect "f"`
  std::optional<TestTime> at;
  std::optional<EventLiteral> event;
  bool nothing = false;
  std::optional<std::string> file;
};
struct AllowStmt {
  Name type;
};
struct EventsFileStmt {
  std::string file;
};
struct TestParamStmt {
  Name name;
  ExprPtr value;
};
struct TestLatenessStmt {
  ExprPtr value;
};
struct TestTableStmt {
  Name table;
  std::vector<EmitField> fields;
};
struct TestCase;
struct TestStatement {
  Span span;
  std::variant<FeedStmt, AdvanceStmt, ExpectStmt, AllowStmt, EventsFileStmt, TestParamStmt,
               TestLatenessStmt, TestTableStmt, std::unique_ptr<TestCase>>
      node;
};
struct TestCase {
  std::string name;
  Span name_span;
  std::vector<TestStatement> statements;
};
struct TestDecl {
  std::string name;
  Span name_span;
  std::vector<Name> rules;
  std::vector<TestStatement> statements;
};

}  // namespace spate::ast

#endif  // SPATE_COMPILER_SYNTAX_AST_TEST_H_
