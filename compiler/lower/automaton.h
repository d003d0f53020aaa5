// BuildAutomaton: a checked pattern -> states with transitions in order of preference.
//
// The pattern becomes a graph of steps joined by silent nodes that list their successors most
// preferred first (a greedy loop before its exit, a left alternative before a right one). A state
// is what can be taken after a step: the steps reachable over silent nodes, in that order. Counted
// quantifiers are unrolled; states with equal futures are merged. A round of a loop that takes no
// event is no round: the walk dies when it leaves a round that it entered without a step between.
//
// Source: Pike's prioritised simulation and Glushkov's position automaton, with the language
// reference's contiguity per transition. Thread-safety: pure function.
// Tested by tests/compiler/lower/automaton_test.cc.
#ifndef SPATE_COMPILER_LOWER_AUTOMATON_H_
#define SPATE_COMPILER_LOWER_AUTOMATON_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/checked_rules.h"
#include "runtime/model/plan.h"

namespace spate {

struct Automaton {
  std::vector<State> states;  // transitions[i].step counts the pattern's steps in order of writing
  StateId start;
  std::vector<GroupPlan> groups;
  std::vector<PermutationPlan> permutations;
  std::vector<BanPlan> bans;                      // without the values of their limits
  std::vector<const CheckedPattern*> steps;       // by Transition::step, then those of bans
  std::vector<std::vector<VarId>> names_of_step;  // variables of the named groups around
};

// nullopt with `*too_large` set to what was exceeded when the pattern needs more than `max_states`
// states or more than kMaxTransitions transitions in one.
std::optional<Automaton> BuildAutomaton(const CheckedPattern& pattern, size_t max_states,
                                        std::string* too_large);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_AUTOMATON_H_
