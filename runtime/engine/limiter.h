// Limiter: `limit N per D` and `limit N ever` of one rule, for each partition by itself.
//
// A report passes when fewer than N passed in the D before it; one exactly D before no longer
// counts. Kept are the times of the last N that passed, and nothing for partitions whose last one
// is long ago is looked at again. Not thread-safe. Tested by tests/runtime/engine/limiter_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_LIMITER_H_
#define SPATE_RUNTIME_ENGINE_LIMITER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "runtime/match/key_index.h"
#include "runtime/model/plan.h"
#include "windows/time.h"

namespace spate {

class Limiter {
 public:
  // Null for a rule without `limit`.
  static std::unique_ptr<Limiter> Create(const RulePlan& rule);

  // Whether a report of the partition passes at `time`, which does not decrease; counts it.
  bool Pass(absl::Span<const Value> keys, Time time);

  uint64_t held_back() const { return held_back_; }

  // What is known of one partition.
  struct Partition {
    uint64_t passed = 0;     // `ever`
    std::deque<Time> times;  // of those that still count
    uint64_t held_back = 0;
  };
  // Gives a partition another past, for a run that begins there.
  void Reset(absl::Span<const Value> keys, const Partition& past);
  // Adds to a past a report of which is known whether it passed.
  void Count(Time time, bool passed, Partition* past) const;

 private:
  Limiter(const LimitPlan& limit, std::vector<Kind> kinds)
      : limit_(limit), keys_(std::move(kinds)) {}
  Partition* Find(absl::Span<const Value> keys);
  void Forget(Time time, Partition* partition) const;

  LimitPlan limit_;
  KeyIndex keys_;
  std::vector<Partition> partitions_;  // by slot of keys_
  uint64_t held_back_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_LIMITER_H_
