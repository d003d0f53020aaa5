// Conditions: what they read, and where they are tested.
//
// A conjunct that reads only the current event is a predicate, evaluated once per batch for all
// rules; the rest is a step's residual, evaluated per thread. A `where` conjunct is tested at each
// step that binds one of its variables, as soon as all of them are bound.
// Thread-safety: pure functions. Tested by tests/compiler/lower/automaton_test.cc and
// tests/property.
#ifndef SPATE_COMPILER_LOWER_CONDITIONS_H_
#define SPATE_COMPILER_LOWER_CONDITIONS_H_

#include <vector>

#include "runtime/base/ids.h"
#include "runtime/model/expr.h"

namespace spate {

// Reads the current event and constants alone.
bool IsLocal(const Expr& e);

// The expression with references to `var` turned into references to the current event, of type
// `type`: what a `where` conjunct says at a step that binds `var`.
ExprPtr AtStep(const ExprPtr& e, VarId var, TypeId type);

// True when `var` is not bound, or `e` holds.
ExprPtr UnlessUnbound(ExprPtr e, const std::vector<VarId>& vars);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_CONDITIONS_H_
