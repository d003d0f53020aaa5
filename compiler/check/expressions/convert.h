// Convert: int to float, and text literals to what their place expects. Nothing else is implicit.
//
// Thread-safety: as CheckContext. Tested by tests/compiler/check/expressions_test.cc.
#ifndef SPATE_COMPILER_CHECK_EXPRESSIONS_CONVERT_H_
#define SPATE_COMPILER_CHECK_EXPRESSIONS_CONVERT_H_

#include <optional>

#include "compiler/check/check_context.h"
#include "compiler/syntax/ast_expr.h"
#include "runtime/model/expr.h"

namespace spate {

// `e`, checked from `source` (null: not from text), as a value of `target`'s kind; null when it is
// none. Nullability is not looked at. A text literal that does not read as `target` is reported.
ExprPtr Convert(CheckContext& context, const ast::Expr* source, const ExprPtr& e,
                const Type& target);

// The type that holds both: equal kinds, int beside float, null beside anything.
std::optional<Type> UnifyTypes(const Type& a, const Type& b);

// Without parentheses.
const ast::Expr& Bare(const ast::Expr& e);
bool IsTextLiteral(const ast::Expr* e);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_EXPRESSIONS_CONVERT_H_
