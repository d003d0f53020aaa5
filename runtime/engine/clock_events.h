// ClockEvents: the plan's clock events, made again whenever they are needed.
//
// What Clocks does for events in order. Here an event that comes late may be earlier than the first
// one, from whose time clock events are made, and what they cause may be worked out again. Not
// thread-safe. Tested by tests/runtime/engine/speculative_test.cc and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_CLOCK_EVENTS_H_
#define SPATE_RUNTIME_ENGINE_CLOCK_EVENTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "runtime/engine/speculative_event.h"
#include "windows/alignment.h"

namespace spate {

class ClockEvents {
 public:
  // `plan` must outlive the result. With `keep_ids` the events have ids. Errors as of Clocks.
  static absl::StatusOr<ClockEvents> Create(const Plan& plan, bool keep_ids);

  bool empty() const { return clocks_.empty(); }
  bool Has(TypeId type) const;

  // The time of the earliest event seen, before which there are no clock events; kMaxTime: none.
  Time begin() const { return begin_; }
  void See(Time time) { begin_ = time < begin_ ? time : begin_; }

  // Those of all clocks with from <= time <= until, in order.
  std::vector<EventPtr> Between(Time from, Time until) const;

 private:
  struct Clock {
    Alignment alignment;
    const EventType* type;
  };

  std::vector<Clock> clocks_;
  bool keep_ids_ = false;
  Time begin_ = kMaxTime;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_CLOCK_EVENTS_H_
