// StateMasks: a state's transitions as bit masks, and what of them is left after each kind of move.
//
// Thread-safety: values. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_STATE_MASKS_H_
#define SPATE_RUNTIME_MATCH_STATE_MASKS_H_

#include <cstdint>
#include <vector>

#include "runtime/model/plan.h"

namespace spate {

struct StateMasks {
  uint64_t all = 0;
  uint64_t strict = 0;
  uint64_t relaxed = 0;
  uint64_t any = 0;
  bool accepting = false;
  bool pends = false;        // a match here waits: a greedy quantifier could extend it
  uint64_t after_match = 0;  // what stays open when a match here has completed
};

inline std::vector<StateMasks> MakeStateMasks(const PatternPlan& pattern) {
  std::vector<StateMasks> result;
  for (const State& s : pattern.states) {
    StateMasks m;
    for (size_t i = 0; i < s.transitions.size(); ++i) {
      const uint64_t bit = uint64_t{1} << i;
      m.all |= bit;
      const Contiguity c = s.transitions[i].contiguity;
      (c == Contiguity::kStrict ? m.strict : c == Contiguity::kRelaxed ? m.relaxed : m.any) |= bit;
    }
    m.accepting = s.accepting;
    // A reluctant quantifier at the end takes no more than it must.
    const uint64_t left = m.all & ~s.reluctant;
    m.pends = s.accepting && !pattern.report_each && (left & s.greedy & ~m.any) != 0;
    m.after_match = pattern.report_each ? m.all : (left & s.greedy) != 0 ? left : 0;
    result.push_back(m);
  }
  return result;
}

// What stays open for a thread that goes on without an event that `accepted` of its transitions
// took.
inline uint64_t StayOpen(const State& state, const StateMasks& masks, uint64_t open,
                         uint64_t accepted) {
  uint64_t closed = 0;
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    closed |= state.transitions[static_cast<size_t>(__builtin_ctzll(bits))].closes;
  }
  return open & (masks.any | (masks.relaxed & ~accepted & ~closed));
}

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_STATE_MASKS_H_
