// OneRunPerMatch: whether counting the automaton's runs counts the matches of a pattern.
//
// Matches with equal bindings are one, so two runs must never take the same events under the same
// variables and be complete at the same event. Looked for in the product of the automaton with
// itself, from where two transitions of one state could take one event; conditions are not looked
// at beyond the type, and every transition counts as open, so that "no" can be wrong and "yes" is
// not. Thread-safety: pure. Tested by tests/runtime/match/one_run_per_match_test.cc and
// tests/property.
#ifndef SPATE_RUNTIME_MATCH_ONE_RUN_PER_MATCH_H_
#define SPATE_RUNTIME_MATCH_ONE_RUN_PER_MATCH_H_

#include "runtime/model/plan.h"

namespace spate {

// Patterns without permutations (SetMatcher::CanDo).
bool OneRunPerMatch(const PatternPlan& pattern);

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_ONE_RUN_PER_MATCH_H_
