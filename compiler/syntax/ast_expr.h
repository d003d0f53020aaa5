// Ast of expressions: values, conditions and calls as they are written.
//
// Thread-safety: values. See ast.h.
#ifndef SPATE_COMPILER_SYNTAX_AST_EXPR_H_
#define SPATE_COMPILER_SYNTAX_AST_EXPR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source/source.h"
#include "windows/time.h"

namespace spate::ast {

struct Name {
  std::string text;  // without back-quotes
  Span span;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

enum class UnaryOp { kNot, kNegate };
enum class BinaryOp {
  kOr,
  kAnd,
  kUnless,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kEqFold,
  kNeFold,  // == != < <= > >= ==~ !=~
  kIn,
  kNotIn,
  kInFold,
  kNotInFold,  // in, not in, in~, not in~
  kLike,
  kNotLike,
  kLikeFold,
  kNotLikeFold,  // like .. like~
  kMatches,
  kNotMatches,
  kMatchesFold,
  kNotMatchesFold,  // matches .. matches~
  kCoalesce,        // ??
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
};
enum class IsTest { kNull, kTrue, kFalse };

struct NullLit {};
struct BoolLit {
  bool value;
};
struct IntLit {
  int64_t value;
};
struct FloatLit {
  double value;
};
struct TextLit {
  std::string value;
};  // unescaped
struct DurationLit {
  Duration value;
};
struct TimeLit {
  Time value;
};
struct ListLit {
  std::vector<ExprPtr> elements;
};
struct NameRef {
  Name name;
};
struct Member {
  ExprPtr object;
  Name member;
};  // a.b
struct Index {
  ExprPtr object;
  ExprPtr index;
};                 // xs[0], b[-1], Watchlist[c]
struct Argument {  // of a call
  ExprPtr value;   // null for a lambda
  // `x => body`, `any(xs, x => cond)`: parameter names and body.
  std::vector<Name> lambda_params;
  ExprPtr lambda_body;
  ExprPtr where;  // `count(r where cond)`
};
struct Call {
  Name function;
  std::vector<Argument> arguments;
};
struct Unary {
  UnaryOp op;
  Span op_span;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};
struct Between {
  ExprPtr value;
  ExprPtr low;
  ExprPtr high;
  bool negated;
};
struct Is {
  ExprPtr value;
  IsTest test;
  bool negated;
};
struct If {
  ExprPtr condition;
  ExprPtr then_value;
  ExprPtr else_value;
};
struct Parenthesized {
  ExprPtr inner;
};

struct Expr {
  Span span;
  std::variant<NullLit, BoolLit, IntLit, FloatLit, TextLit, DurationLit, TimeLit, ListLit, NameRef,
               Member, Index, Call, Unary, Binary, Between, Is, If, Parenthesized>
      node;
};

}  // namespace spate::ast

#endif  // SPATE_COMPILER_SYNTAX_AST_EXPR_H_
