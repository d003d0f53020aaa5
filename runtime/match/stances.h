// Stances: where threads stand, as small numbers: a state with those of its transitions that are
// still open.
//
// The stance of a state with all its transitions open has the state's number. Not thread-safe.
// Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_STANCES_H_
#define SPATE_RUNTIME_MATCH_STANCES_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/base/ids.h"
#include "runtime/match/state_masks.h"

namespace spate {

using StanceId = uint32_t;

class Stances {
 public:
  struct Stance {
    StateId state;
    uint64_t open;
  };

  explicit Stances(const std::vector<StateMasks>& masks) {
    for (size_t s = 0; s < masks.size(); ++s) all_.push_back({StateId(s), masks[s].all});
  }

  const Stance& operator[](StanceId id) const { return all_[id]; }
  StanceId Of(StateId state, uint64_t open) {
    if (open == all_[state.index()].open) return state.value;
    const auto [it, added] =
        others_.try_emplace({state.value, open}, static_cast<StanceId>(all_.size()));
    if (added) all_.push_back({state, open});
    return it->second;
  }

 private:
  std::vector<Stance> all_;
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, StanceId> others_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_STANCES_H_
