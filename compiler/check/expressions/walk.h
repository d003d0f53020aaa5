// Walk: the direct parts of a written expression.
//
// Thread-safety: pure function. Tested through its users.
#ifndef SPATE_COMPILER_CHECK_EXPRESSIONS_WALK_H_
#define SPATE_COMPILER_CHECK_EXPRESSIONS_WALK_H_

#include <variant>

#include "compiler/syntax/ast_expr.h"
#include "runtime/base/overload.h"

namespace spate {

// Calls f(const ast::Expr&) for each part of `e`, in the order of the text.
template <typename F>
void ForEachPart(const ast::Expr& e, F f) {
  auto visit = [&f](const ast::ExprPtr& x) {
    if (x != nullptr) f(*x);
  };
  std::visit(
      Overload{
          [&](const ast::Member& n) { visit(n.object); },
          [&](const ast::Index& n) { visit(n.object), visit(n.index); },
          [&](const ast::Call& n) {
            for (const ast::Argument& a : n.arguments) {
              visit(a.value), visit(a.where), visit(a.lambda_body);
            }
          },
          [&](const ast::ListLit& n) {
            for (const ast::ExprPtr& x : n.elements) visit(x);
          },
          [&](const ast::Unary& n) { visit(n.operand); },
          [&](const ast::Binary& n) { visit(n.left), visit(n.right); },
          [&](const ast::Between& n) { visit(n.value), visit(n.low), visit(n.high); },
          [&](const ast::Is& n) { visit(n.value); },
          [&](const ast::If& n) { visit(n.condition), visit(n.then_value), visit(n.else_value); },
          [&](const ast::Parenthesized& n) { visit(n.inner); },
          [](const auto&) {},
      },
      e.node);
}

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_EXPRESSIONS_WALK_H_
