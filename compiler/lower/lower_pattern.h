// LowerPattern: a checked pattern rule and its automaton -> PatternPlan.
//
// Splits the conditions of steps and bans, places the conjuncts of `where`, and gives the events of
// steps inside named groups their shared names. Thread-safety: pure functions but for the table.
// Tested by tests/compiler/lower and tests/property.
#ifndef SPATE_COMPILER_LOWER_LOWER_PATTERN_H_
#define SPATE_COMPILER_LOWER_LOWER_PATTERN_H_

#include <memory>
#include <vector>

#include "compiler/check/checked_rules.h"
#include "compiler/lower/automaton.h"
#include "compiler/lower/predicate_table.h"
#include "runtime/model/plan.h"

namespace spate {

std::unique_ptr<PatternPlan> LowerPattern(const CheckedRule& rule, Automaton automaton,
                                          PredicateTable* predicates);

// What closes a window or discards partial matches: conditions on one event.
std::vector<StepInput> LowerEventInputs(const std::vector<CheckedInput>& inputs,
                                        PredicateTable* predicates);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_LOWER_PATTERN_H_
