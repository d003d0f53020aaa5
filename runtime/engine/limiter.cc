#include "runtime/engine/limiter.h"

#include "runtime/match/rule_keys.h"

namespace spate {

std::unique_ptr<Limiter> Limiter::Create(const RulePlan& rule) {
  if (rule.limit.count == 0) return nullptr;
  return std::unique_ptr<Limiter>(new Limiter(rule.limit, RuleKeys::Kinds(rule)));
}

Limiter::Partition* Limiter::Find(absl::Span<const Value> keys) {
  const uint32_t slot = keys.empty() ? 0 : keys_.FindOrAdd(keys);
  if (slot >= partitions_.size()) partitions_.resize(slot + 1);
  return &partitions_[slot];
}

bool Limiter::Pass(absl::Span<const Value> keys, Time time) {
  Partition* partition = Find(keys);
  Forget(time, partition);
  const uint64_t passed = limit_.ever ? partition->passed : partition->times.size();
  const bool passes = passed < limit_.count;
  Count(time, passes, partition);
  if (!passes) ++held_back_;
  return passes;
}

// Those that passed `per` before, or earlier, no longer count.
void Limiter::Forget(Time time, Partition* partition) const {
  std::deque<Time>& times = partition->times;
  while (!times.empty() && times.front() <= SaturatingSubtract(time, limit_.per)) {
    times.pop_front();
  }
}

void Limiter::Count(Time time, bool passed, Partition* past) const {
  if (!passed) {
    ++past->held_back;
  } else if (limit_.ever) {
    ++past->passed;
  } else {
    Forget(time, past);
    past->times.push_back(time);
  }
}

void Limiter::Reset(absl::Span<const Value> keys, const Partition& past) {
  Partition* partition = Find(keys);
  held_back_ = held_back_ - partition->held_back + past.held_back;
  *partition = past;
}

}  // namespace spate
