#include "runtime/match/window_hopping.h"

#include <algorithm>

namespace spate {
namespace {

// The start of the first window of `size` that holds `t`; a later one than t where none does.
Time FirstStart(const Alignment& alignment, Duration size, Time t) {
  return alignment.NextStart(SaturatingSubtract(t, size));
}

}  // namespace

void HoppingMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  const Time time = event.time();
  // What is derived after an end, but before the engine's Fire.
  while (places_.live() > 0 && next_.end <= time && next_.end < kMaxTime) {
    CloseShared(next_.end, sink);
  }
  const Time first = FirstStart(alignment_, size_, time);
  if (first > time) return;  // between the windows
  if (places_.live() == 0) next_ = {first, SaturatingAdd(first, size_)};
  places_.GiveBackBefore(next_.start);
  places_.Push(places_.FindOrAdd(slot), event);
}

Deadline HoppingMachine::SharedDeadline() const {
  return places_.live() == 0 ? Deadline::None() : Deadline::Exclusive(next_.end);
}

std::vector<uint32_t> HoppingMachine::PlacesBySlot() const {
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < places_.size(); ++i) {
    if (places_.SlotOf(i) != SlidingPlaces::kNone) places.push_back(i);
  }
  std::sort(places.begin(), places.end(),
            [&](uint32_t a, uint32_t b) { return places_.SlotOf(a) < places_.SlotOf(b); });
  return places;
}

// All places hold events from next_.start on, and none from next_.end on.
void HoppingMachine::CloseShared(Time time, ReportSink* sink) {
  const TimeInterval edges = next_;
  const Time start = alignment_.NextStart(edges.start);
  for (const uint32_t place : PlacesBySlot()) {
    CloseOf(place, time, edges, sink);
    places_.Evict(place, start);
    if (places_.EventsOf(place) == 0) places_.Release(place);
  }
  next_ = {start, SaturatingAdd(start, size_)};
}

template <typename Use>
void HoppingMachine::View(uint32_t place, Time time, TimeInterval edges, const Use& use) {
  places_.Read(place, nullptr, [&](const WindowContent& content, auto& bindings) {
    use(WindowView{time, edges.start, edges.end, KeysOf(places_.SlotOf(place)), content, nullptr,
                   bindings, places_.NewestLeft(place)});
  });
}

void HoppingMachine::CloseOf(uint32_t place, Time time, TimeInterval edges, ReportSink* sink) {
  const uint32_t slot = places_.SlotOf(place);
  View(place, time, edges,
       [&](const WindowView& view) { Judge(StateOf(slot), slot, kNoWindow, view, sink); });
}

void HoppingMachine::CloseOpen(bool all, Time clock, ReportSink* sink) {
  if (!all) return;
  // Partition by partition, since all are reported at one time.
  const TimeInterval first = next_;
  for (const uint32_t place : PlacesBySlot()) {
    for (TimeInterval edges = first; places_.EventsOf(place) > 0;) {
      CloseOf(place, std::min(clock, edges.end), edges, sink);
      const Time start = alignment_.NextStart(edges.start);
      edges = {start, SaturatingAdd(start, size_)};
      places_.Evict(place, start);
    }
    places_.Release(place);
  }
}

void OverlappingMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  const Time time = event.time();
  // What is derived after an end, but before the engine's Fire.
  for (Deadline end = SharedDeadline(); end.DueAt(time); end = SharedDeadline()) {
    CloseShared(end.time, sink);
  }
  windows().Evaluate(event);
  for (Time start = FirstStart(alignment_, size_, time); start <= time;
       start = alignment_.NextStart(start)) {
    const auto [at, is_new] = open_.try_emplace({start, slot}, kNoWindow);
    if (is_new) {
      at->second = windows().Open(slot);
      if (at->second >= start_of_.size()) start_of_.resize(at->second + 1);
      start_of_[at->second] = start;
    }
    windows().Add(at->second, event);
    if (speaks_at_events()) Speak(at->second, event, sink);
  }
}

TimeInterval OverlappingMachine::EdgesOf(uint32_t window, Time) {
  return {start_of_[window], SaturatingAdd(start_of_[window], size_)};
}

Deadline OverlappingMachine::SharedDeadline() const {
  if (open_.empty()) return Deadline::None();
  return Deadline::Exclusive(SaturatingAdd(open_.begin()->first.first, size_));
}

void OverlappingMachine::CloseShared(Time time, ReportSink* sink) {
  const Time start = open_.begin()->first.first;
  while (!open_.empty() && open_.begin()->first.first == start) {
    const uint32_t window = open_.begin()->second;
    open_.erase(open_.begin());
    CloseWindow(window, time, sink);
  }
}

void OverlappingMachine::CloseOpen(bool all, Time clock, ReportSink* sink) {
  if (!all) return;
  std::vector<std::pair<uint32_t, uint32_t>> by_slot;  // and start, in which they are
  for (const auto& [key, window] : open_) by_slot.emplace_back(key.second, window);
  std::stable_sort(by_slot.begin(), by_slot.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  open_.clear();
  for (const auto& [slot, window] : by_slot) CloseWindow(window, clock, sink);
}

}  // namespace spate
