// FoldConstant: the value of an expression that reads nothing, and what evaluation can bring.
//
// The checker folds `const`s, defaults and constant parts of conditions with it. It walks the tree
// plainly; the runtime's programs are compared with it. Thread-safety: pure functions.
// Tested by tests/runtime/model/fold_test.cc.
#ifndef SPATE_RUNTIME_MODEL_FOLD_H_
#define SPATE_RUNTIME_MODEL_FOLD_H_

#include <optional>

#include "runtime/model/expr.h"
#include "runtime/model/scalar_ops.h"
#include "runtime/model/value.h"

namespace spate {

// nullopt when the expression reads an event, key, aggregate or window, or is nested deeper than
// some hundreds. A fault (overflow, division by zero) gives null and is told in `*fault`; without
// `fault` it gives nullopt, so that the place is counted where the expression runs.
std::optional<Constant> FoldConstant(const Expr& expr, EvalFault* fault = nullptr);

// The value of an expression that is a constant, or can be folded to one without a fault.
std::optional<Constant> ConstantOf(const Expr& expr);

// Whether evaluating it can count a fault, as far as its operators tell.
bool CanFault(const Expr& expr);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_FOLD_H_
