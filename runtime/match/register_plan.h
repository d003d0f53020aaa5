// RegisterPlan: for each state of a pattern the registers that a thread in it needs, where a
// transition gets them from, and what the state's steps and bans ask of threads by them.
//
// A register is needed in a state when a condition on the way from there reads it before its
// variable is bound anew; found backwards over the automaton. Threads of one state that agree in
// their registers have one future.
// Where a report ends some starts and not others (`skip to ..`) the sequence number of the first
// event is a register too.
// Thread-safety: constant after Create. Tested by tests/runtime/match/register_plan_test.cc and
// tests/property.
#ifndef SPATE_RUNTIME_MATCH_REGISTER_PLAN_H_
#define SPATE_RUNTIME_MATCH_REGISTER_PLAN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/match/register_asks.h"
#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"

namespace spate {

// What one step asks of events of one type, for the transitions of a state that it takes.
struct RegisterProbe {
  uint32_t step = 0;
  PredicateId predicate;
  uint64_t takes = 0;   // transitions that take the event
  uint64_t closes = 0;  // transitions that a ban on the event closes
  RegisterAsk ask;
};

class RegisterPlan {
 public:
  // Whether it is for the pattern: its conditions read registers, and nothing else that threads
  // could differ in.
  static bool CanDo(const PatternPlan& pattern);
  // InvalidArgument: a condition does not compile.
  static absl::StatusOr<std::unique_ptr<RegisterPlan>> Create(const PatternPlan& pattern);

  const std::vector<BoundRef>& registers(StateId state) const {
    return states_[state.index()].asks.registers();
  }
  const RegisterAsks& asks(StateId state) const { return states_[state.index()].asks; }
  int32_t identity(StateId state) const { return states_[state.index()].identity; }
  absl::Span<const RegisterProbe> probes(StateId state, TypeId type) const {
    const std::vector<RegisterProbe>* probes = states_[state.index()].probes.Find(type);
    return probes == nullptr ? absl::Span<const RegisterProbe>() : absl::MakeConstSpan(*probes);
  }
  // Where the registers of a transition's target come from: a register of its own state, or
  // kFromEvent.
  static constexpr uint32_t kFromEvent = ~uint32_t{0};
  const std::vector<uint32_t>& sources(StateId state, size_t transition) const {
    return states_[state.index()].sources[transition];
  }
  size_t max_width() const;    // RegisterAsks::width
  size_t max_indexes() const;  // of a state

 private:
  struct OfState {
    RegisterAsks asks;
    int32_t identity = -1;  // RegisterAsks::Identity
    TypeTable<std::vector<RegisterProbe>> probes;
    std::vector<std::vector<uint32_t>> sources;  // by transition
  };

  static absl::Status AddProbes(const PatternPlan& pattern, const State& state, OfState* out);

  std::vector<OfState> states_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_REGISTER_PLAN_H_
