#include "runtime/engine/clock_events.h"

#include <algorithm>
#include <utility>

#include "runtime/engine/clocks.h"
#include "runtime/engine/derive.h"

namespace spate {

absl::StatusOr<ClockEvents> ClockEvents::Create(const Plan& plan, bool keep_ids) {
  ClockEvents events;
  events.keep_ids_ = keep_ids;
  for (const ClockPlan& clock : plan.clocks) {
    if (!Clocks::IsRead(plan, clock.type)) continue;
    absl::StatusOr<Alignment> alignment = Alignment::Create(clock.every, clock.offset, clock.zone);
    if (!alignment.ok()) return alignment.status();
    events.clocks_.push_back({*std::move(alignment), &plan.types[clock.type.index()]});
  }
  return events;
}

bool ClockEvents::Has(TypeId type) const {
  return std::any_of(clocks_.begin(), clocks_.end(),
                     [&](const Clock& clock) { return clock.type->id == type; });
}

std::vector<EventPtr> ClockEvents::Between(Time from, Time until) const {
  from = std::max(from, begin_);
  std::vector<EventPtr> events;
  for (size_t i = 0; i < clocks_.size() && from <= until; ++i) {
    const Clock& clock = clocks_[i];
    const Time start = clock.alignment.Start(from);
    for (Time t = start == from ? start : clock.alignment.NextStart(from);
         t <= until && t < kMaxTime; t = clock.alignment.NextStart(t)) {
      const EventId id = keep_ids_ ? DerivedId(clock.type->name, 0, t, {}) : EventId();
      std::shared_ptr<SpeculativeEvent> event = KeepInput(*clock.type, t, {}, id);
      event->place = Place::Of(t, Place::kClock, i);
      events.push_back(std::move(event));
    }
  }
  std::sort(events.begin(), events.end(),
            [](const EventPtr& a, const EventPtr& b) { return a->place < b->place; });
  return events;
}

}  // namespace spate
