// Conditions taken apart and put together: conjuncts, what they read, and where they are tested.
//
// A conjunct that reads only the current event is a predicate, evaluated once per batch for all
// rules; the rest is a step's residual, evaluated per thread. A `where` conjunct is tested at each
// step that binds one of its variables, as soon as all of them are bound.
// Thread-safety: pure functions. Tested by tests/compiler/lower/conditions_test.cc.
#ifndef SPATE_COMPILER_LOWER_CONDITIONS_H_
#define SPATE_COMPILER_LOWER_CONDITIONS_H_

#include <functional>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/model/expr.h"

namespace spate {

// Appends the conjuncts of `condition` (`a and b and c`); a null condition has none.
void AppendConjuncts(const ExprPtr& condition, std::vector<ExprPtr>* out);

// `a and b and c`; null when there are none.
ExprPtr Conjunction(std::vector<ExprPtr> conjuncts);

// Reads the current event and constants alone.
bool IsLocal(const Expr& e);

// Calls `visit` for every node, parents first.
void VisitExpr(const Expr& e, const std::function<void(const Expr&)>& visit);

// The expression with references to `var` turned into references to the current event, of type
// `type`: what a `where` conjunct says at a step that binds `var`.
ExprPtr AtStep(const ExprPtr& e, VarId var, TypeId type);

// True when `var` is not bound, or `e` holds.
ExprPtr UnlessUnbound(ExprPtr e, const std::vector<VarId>& vars);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_CONDITIONS_H_
