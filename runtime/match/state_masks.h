// StateMasks: a state's moves as bit masks, and what of them is left after each kind of move.
//
// Bit i is transition i of the state; its waits follow. Thread-safety: values. Tested by
// tests/property.
#ifndef SPATE_RUNTIME_MATCH_STATE_MASKS_H_
#define SPATE_RUNTIME_MATCH_STATE_MASKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/model/plan.h"

namespace spate {

struct StateMasks {
  uint64_t all = 0;
  uint64_t strict = 0;
  uint64_t relaxed = 0;
  uint64_t any = 0;
  uint64_t waits = 0;    // bans at the end
  uint64_t guarded = 0;  // moves that a ban can end
  bool accepting = false;
  bool pends = false;  // a match here waits: a greedy quantifier could extend it
  bool in_permutation = false;
  uint64_t after_match = 0;  // what stays open when a match here has completed

  uint64_t transitions() const { return all & ~waits; }
};

inline std::vector<StateMasks> MakeStateMasks(const PatternPlan& pattern) {
  std::vector<StateMasks> result;
  for (const State& s : pattern.states) {
    StateMasks m;
    uint64_t bit = 1;
    for (const Transition& t : s.transitions) {
      m.all |= bit;
      const Contiguity c = t.contiguity;
      (c == Contiguity::kStrict ? m.strict : c == Contiguity::kRelaxed ? m.relaxed : m.any) |= bit;
      if (!t.guards.empty()) m.guarded |= bit;
      m.in_permutation |= t.permutation != kNoPermutation && !t.begins;
      bit <<= 1;
    }
    for (size_t i = 0; i < s.waits.size(); ++i, bit <<= 1) m.waits |= bit;
    m.all |= m.waits;
    m.guarded |= m.waits;
    m.accepting = s.accepting;
    // A reluctant quantifier at the end takes no more than it must.
    const uint64_t left = m.all & ~s.reluctant;
    m.pends = s.accepting && !pattern.report_each && (left & s.greedy & ~m.any) != 0;
    m.after_match = pattern.report_each ? m.all : (left & s.greedy) != 0 ? left : 0;
    result.push_back(m);
  }
  return result;
}

// In how many states besides the start a thread can wait.
inline size_t WaitingStates(const std::vector<StateMasks>& masks, StateId start) {
  size_t waiting = 0;
  for (size_t s = 0; s < masks.size(); ++s) {
    const uint64_t open = masks[s].accepting ? masks[s].after_match : masks[s].all;
    if (s != start.index() && open != 0) ++waiting;
  }
  return waiting;
}

// What stays open for a thread that goes on without an event that `accepted` of its transitions
// took, bans apart.
inline uint64_t StayOpen(const State& state, const StateMasks& masks, uint64_t open,
                         uint64_t accepted) {
  uint64_t closed = 0;
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    closed |= state.transitions[static_cast<size_t>(__builtin_ctzll(bits))].closes;
  }
  return open & (masks.any | ((masks.relaxed | masks.waits) & ~accepted & ~closed));
}

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_STATE_MASKS_H_
