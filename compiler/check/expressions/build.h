// Build: makes Expr nodes, folding what is constant.
//
// An error expression (kind kError) stands for what is already reported; it spreads silently.
// Thread-safety: pure functions. Tested by tests/compiler/check/expressions_test.cc.
#ifndef SPATE_COMPILER_CHECK_EXPRESSIONS_BUILD_H_
#define SPATE_COMPILER_CHECK_EXPRESSIONS_BUILD_H_

#include <vector>

#include "compiler/source/source.h"
#include "runtime/model/expr.h"

namespace spate {

ExprPtr ErrorExpr(Span span);
bool IsError(const ExprPtr& e);
bool AnyError(const std::vector<ExprPtr>& args);

ExprPtr MakeConstant(Constant value, Type type, Span span);
// The node, or its value when all arguments are constant.
ExprPtr Finish(Expr node);
ExprPtr MakeOp(Op op, Type type, std::vector<ExprPtr> args, Span span, bool fold = false);

// Nested ones become one node; one condition is itself; null conditions ("always") drop out of And
// and make Or null.
ExprPtr MakeAnd(std::vector<ExprPtr> conditions, Span span);
ExprPtr MakeOr(std::vector<ExprPtr> conditions, Span span);
ExprPtr MakeNot(ExprPtr condition, Span span);

// More nodes than a condition may have (shared ones count each time they are met).
bool IsTooLarge(const Expr& e);

// Attribute number `i` of a record value.
ExprPtr MakeAttribute(const ExprPtr& record, size_t i, Span span);

// A constant that is not null (and not an error).
bool IsConstant(const ExprPtr& e);
bool IsNonZeroConstant(const ExprPtr& e);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_EXPRESSIONS_BUILD_H_
