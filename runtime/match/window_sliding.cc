#include "runtime/match/window_sliding.h"

#include <utility>

namespace spate {
namespace {

uint64_t CountOf(const WindowSpec& window) {
  return window.kind == WindowSpec::Kind::kNone ? 1 : window.events;
}

}  // namespace

SlidingMachine::SlidingMachine(std::unique_ptr<WindowParts> window_parts)
    : WindowMachine(std::move(window_parts)),
      size_(parts().from.window.size.duration),
      count_(CountOf(parts().from.window)),
      places_(&parts(), /*keeps_newest=*/gate().has_state()) {}

void SlidingMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  const Time first_kept = SaturatingSubtract(event.time(), size_);
  const uint32_t place = places_.FindOrAdd(slot);
  // Before the texts of events that have left are given back.
  if (count_ > 0) {
    places_.EvictTo(place, count_ - 1);
    places_.GiveBackUnread();
  } else {
    places_.Evict(place, first_kept);
    places_.GiveBackBefore(first_kept);
  }
  places_.Push(place, event);
  View(place, event.time(), &event,
       [&](const WindowView& view) { Judge(StateOf(slot), slot, kNoWindow, view, sink); });
  if (count_ > 0) return;
  if (gate().has_state()) {
    SetLeaving(place);
  } else {
    places_.Sweep(first_kept);
  }
}

template <typename Use>
void SlidingMachine::View(uint32_t place, Time now, const Arrival* event, const Use& use) {
  places_.Read(place, event, [&](const WindowContent& content, auto& bindings) {
    Time start = SaturatingSubtract(now, size_);
    if (count_ > 0) start = content.events > 0 ? places_.OldestOf(place) : now;
    use(WindowView{now, start, now, KeysOf(places_.SlotOf(place)), content, event, bindings,
                   places_.NewestLeft(place)});
  });
}

void SlidingMachine::SetLeaving(uint32_t place) {
  SetEnd(places_.SlotOf(place), SaturatingAdd(places_.OldestOf(place), size_));
}

// The oldest event, and those of the same time, leave.
void SlidingMachine::OnEnd(uint32_t slot, Time time, ReportSink* sink) {
  const uint32_t place = places_.Find(slot);
  places_.Evict(place, SaturatingAdd(SaturatingSubtract(time, size_), 1));
  View(place, time, nullptr,
       [&](const WindowView& view) { Judge(StateOf(slot), slot, kNoWindow, view, sink); });
  if (places_.EventsOf(place) > 0) {
    SetLeaving(place);
  } else if (!gate().Waits(*StateOf(slot))) {
    places_.Release(place);
  }
}

void SlidingMachine::OnHeld(uint32_t slot, uint32_t, Time time, ReportSink* sink) {
  const uint32_t place = places_.Find(slot);
  View(place, time, nullptr, [&](const WindowView& view) { Held(StateOf(slot), view, sink); });
  if (places_.EventsOf(place) == 0) places_.Release(place);
}

}  // namespace spate
