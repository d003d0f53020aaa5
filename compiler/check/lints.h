// Lints: warnings about what is legal and most likely not meant. They must not cry wolf.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_LINTS_H_
#define SPATE_COMPILER_CHECK_LINTS_H_

#include <vector>

#include "compiler/check/check_context.h"

namespace spate {

// Conjuncts that hold or fail whatever the event, that cannot hold together, and negations over
// null.
void LintCondition(CheckContext& context, const Expr& condition);
// The same for a condition over several types, where what is found must be so in all of them.
void LintInputs(CheckContext& context, const std::vector<CheckedInput>& inputs);

// The parts of an `and`, or the condition itself; none for null.
std::vector<ExprPtr> ConjunctsOf(const ExprPtr& condition);

// No event fulfils both, as far as the text shows it: `ok` and `not ok`, `x > 5` and `x < 3`.
bool CannotBothHold(const Expr& a, const Expr& b);

// Stage: consts, params, fns and views that nothing uses, in files with rules that nobody imports.
void LintUnused(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_LINTS_H_
