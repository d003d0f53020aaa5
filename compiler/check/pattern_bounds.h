// PatternBounds: what a pattern waits for, where it begins, and which clauses that asks for.
//
// Over checked patterns. Pure functions but for what is reported. Tested by
// tests/compiler/check/patterns_test.cc.
#ifndef SPATE_COMPILER_CHECK_PATTERN_BOUNDS_H_
#define SPATE_COMPILER_CHECK_PATTERN_BOUNDS_H_

#include "compiler/check/check_context.h"

namespace spate {

// Nothing in the pattern makes a thread wait without end.
bool IsBounded(const CheckedPattern& pattern);

// Some group has a window or `gap` of its own.
bool HasGroupBound(const CheckedPattern& pattern);

// Every match begins at an event of `var`.
bool BeginsWith(const CheckedPattern& pattern, VarId var);

// Steps, exact counts, alternatives and bans: what `keep latest` is for. Otherwise the part that is
// none of these.
const CheckedPattern* LargerThanKeepLatest(const CheckedPattern& pattern);

// Reports a pattern rule in which something waits without end.
void CheckNeedsWindow(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_PATTERN_BOUNDS_H_
