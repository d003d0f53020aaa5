#include "runtime/engine/clocks.h"

#include <algorithm>
#include <utility>

namespace spate {

bool Clocks::IsRead(const Plan& plan, TypeId type) {
  return std::any_of(plan.rules.begin(), plan.rules.end(), [&](const RulePlan& rule) {
    return std::any_of(rule.inputs.begin(), rule.inputs.end(),
                       [&](const RuleInput& input) { return input.type == type; });
  });
}

absl::StatusOr<Clocks> Clocks::Create(const Plan& plan) {
  Clocks clocks;
  for (const ClockPlan& clock : plan.clocks) {
    if (!IsRead(plan, clock.type)) continue;
    absl::StatusOr<Alignment> alignment = Alignment::Create(clock.every, clock.offset, clock.zone);
    if (!alignment.ok()) return alignment.status();
    clocks.clocks_.push_back(
        {*std::move(alignment), EventBatch(plan.types[clock.type.index()]), kMaxTime});
  }
  if (!clocks.clocks_.empty()) clocks.first_ = kMaxTime;
  return clocks;
}

void Clocks::Begin(Time time) {
  first_ = time;
  for (Clock& clock : clocks_) {
    const Time start = clock.alignment.Start(time);
    clock.next = start == time ? start : clock.alignment.NextStart(time);
  }
  FindNext();
}

EventBatch* Clocks::Make() {
  first_ = kMinTime;
  const auto due = std::find_if(clocks_.begin(), clocks_.end(),
                                [&](const Clock& clock) { return clock.next == next_; });
  due->batch.Clear();
  due->batch.AppendRow(next_, 0, {});
  due->next = due->alignment.NextStart(next_);
  FindNext();
  return &due->batch;
}

void Clocks::FindNext() {
  next_ = kMaxTime;
  for (const Clock& clock : clocks_) next_ = std::min(next_, clock.next);
}

}  // namespace spate
