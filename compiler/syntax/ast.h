// Ast: a rule file as it is written. Plain structs, each with its Span; no names are resolved.
//
// Everything of the language has a place here: types and declarations in this file, what stands
// inside them in ast_expr.h, ast_pattern.h, ast_rule.h and ast_test.h. Produced by parse.h, read by
// compiler/check and the formatter. Thread-safety: values. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_AST_H_
#define SPATE_COMPILER_SYNTAX_AST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source/source.h"
#include "compiler/syntax/ast_expr.h"
#include "compiler/syntax/ast_pattern.h"
#include "compiler/syntax/ast_rule.h"
#include "compiler/syntax/ast_test.h"

namespace spate::ast {

struct TypeExpr;
struct RecordField;
struct TypeExpr {
  Span span;
  bool nullable = false;
  // One of: a named scalar type, a list of `element`, a record.
  Name name;                          // scalar; empty text otherwise
  std::unique_ptr<TypeExpr> element;  // list
  std::vector<RecordField> record;    // record (is_record)
  bool is_record = false;
};
struct RecordField {
  Name name;
  TypeExpr type;
  ExprPtr computed;     // `= expr`, or null
  bool is_key = false;  // of a table
  std::string doc;      // its `///` lines
};

struct Annotation {
  Name name;
  std::vector<ExprPtr> arguments;
  Span span;
};

struct ImportDecl {
  std::string path;
  Span path_span;
  std::optional<uint32_t> file;  // what was read for it: index into the SourceMap
};
struct ParamDecl {
  Name name;
  std::optional<TypeExpr> type;
  ExprPtr value;
};
struct ConstDecl {
  Name name;
  std::optional<TypeExpr> type;
  ExprPtr value;
};
struct FnParam {
  Name name;
  TypeExpr type;
};
struct FnDecl {
  Name name;
  std::vector<FnParam> params;
  std::optional<TypeExpr> result;
  ExprPtr body;
};
struct TableDecl {
  Name name;
  std::vector<RecordField> columns;
};
struct EventDecl {
  Name name;
  std::optional<Name> at;
  std::vector<RecordField> fields;
  bool sparse = false;
  bool internal = false;
};
struct ViewDecl {
  Name name;
  std::vector<TypeUse> alternatives;
};
struct ClockDecl {
  Name name;
  Period every;
  std::optional<Period> offset;
  std::optional<Name> zone;
};

struct Declaration {
  Span span;
  std::string doc;  // `///` lines joined by \n
  std::vector<Annotation> annotations;
  // A part had a fault, was reported and left out: say nothing about what is missing.
  bool incomplete = false;
  std::variant<ImportDecl, ParamDecl, ConstDecl, FnDecl, TableDecl, EventDecl, ViewDecl, ClockDecl,
               RuleDecl, TestDecl>
      node;
};

struct File {
  uint32_t file = 0;  // index into the SourceMap
  std::vector<Declaration> declarations;
};

}  // namespace spate::ast

#endif  // SPATE_COMPILER_SYNTAX_AST_H_
