// AcceptMasks: which transitions of each state accept an event, as far as the event alone decides.
//
// For each event type and state: the transitions whose steps accept every event of the type, and
// for each predicate those that ask for it. So an event costs a few bit tests for the states that a
// partition has threads in, and nothing for the others. In the same way: which transitions a ban on
// the event closes.
// Thread-safety: constant after construction. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_ACCEPT_MASKS_H_
#define SPATE_RUNTIME_MATCH_ACCEPT_MASKS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/match/machine.h"
#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"

namespace spate {

class AcceptMasks {
 public:
  // What the transitions of one state (bit: place in its list) ask of events of one type.
  struct OfState {
    uint64_t always = 0;
    std::vector<std::pair<PredicateId, uint64_t>> if_holds;

    uint64_t Accepting(const Arrival& event) const {
      uint64_t mask = always;
      for (const auto& [predicate, bits] : if_holds) {
        if (event.bits->Test(predicate, event.row)) mask |= bits;
      }
      return mask;
    }
  };

  enum class Of { kSteps, kBans };

  AcceptMasks(const RulePlan& rule, Of of) : states_(rule.pattern->states.size()) {
    const PatternPlan& pattern = *rule.pattern;
    for (const RuleInput& input : rule.inputs) Reach(input.type);
    for (size_t s = 0; s < states_; ++s) {
      const std::vector<Transition>& transitions = pattern.states[s].transitions;
      for (size_t i = 0; i < transitions.size(); ++i) {
        const uint64_t bit = uint64_t{1} << i;
        if (of == Of::kSteps) AddStep(s, pattern.steps[transitions[i].step], bit);
        if (of == Of::kSteps) continue;
        for (const Guard& g : transitions[i].guards) {
          AddStep(s, pattern.steps[pattern.bans[g.ban].step], bit);
        }
      }
    }
  }

  // By state. `type` is one of the rule's input.
  const OfState* OfType(TypeId type) const { return by_type_.At(type).data(); }

 private:
  void Reach(TypeId type) { by_type_[type].resize(states_); }
  void AddStep(size_t state, const StepPlan& step, uint64_t bit) {
    for (const StepInput& input : step.inputs) Add(state, input, bit);
  }
  void Add(size_t state, const StepInput& input, uint64_t bit) {
    Reach(input.type);
    OfState& masks = by_type_[input.type][state];
    if (!input.predicate.valid()) {
      masks.always |= bit;
      return;
    }
    for (auto& [predicate, bits] : masks.if_holds) {
      if (predicate != input.predicate) continue;
      bits |= bit;
      return;
    }
    masks.if_holds.emplace_back(input.predicate, bit);
  }

  size_t states_;
  TypeTable<std::vector<OfState>> by_type_;  // by state
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_ACCEPT_MASKS_H_
