// Lints: warnings about what is legal and most likely not meant. They must not cry wolf.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_LINTS_H_
#define SPATE_COMPILER_CHECK_LINTS_H_

#include "compiler/check/check_context.h"

namespace spate {

// Comparisons of one attribute that cannot hold together, and negations over null.
void LintCondition(CheckContext& context, const Expr& condition);

// The conditions of all steps, and loops that swallow the step after them.
void LintPattern(CheckContext& context, const CheckedPattern& pattern);

// Equalities with an earlier variable that are no key, where a match of one value discards the
// partial matches of another.
void LintPartition(CheckContext& context, const CheckedRule& rule,
                   const std::vector<CheckedKey>& keys);

// Stage: consts and params that nothing uses, in files that nobody imports.
void LintUnused(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_LINTS_H_
