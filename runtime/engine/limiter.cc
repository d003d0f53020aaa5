#include "runtime/engine/limiter.h"

#include <utility>

#include "runtime/match/rule_keys.h"

namespace spate {

std::unique_ptr<Limiter> Limiter::Create(const RulePlan& rule) {
  if (rule.limit.count == 0) return nullptr;
  return std::unique_ptr<Limiter>(new Limiter(rule.limit, RuleKeys::Kinds(rule)));
}

bool Limiter::Pass(absl::Span<const Value> keys, Time time) {
  const uint32_t slot = keys.empty() ? 0 : keys_.FindOrAdd(keys);
  if (slot >= partitions_.size()) partitions_.resize(slot + 1);
  const bool passes = Passes(&partitions_[slot], time);
  if (!passes) ++held_back_;
  return passes;
}

bool Limiter::Passes(Partition* partition, Time time) const {
  if (limit_.ever) return partition->passed < limit_.count && ++partition->passed > 0;
  std::deque<Time>& times = partition->times;
  while (!times.empty() && times.front() <= SaturatingSubtract(time, limit_.per)) {
    times.pop_front();
  }
  if (times.size() >= limit_.count) return false;
  times.push_back(time);
  return true;
}

}  // namespace spate
