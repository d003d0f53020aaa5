#include "runtime/match/window_tumbling.h"

#include <algorithm>

namespace spate {

void TumblingMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  ChooseWindow(event.time(), sink);
  const uint32_t window = WindowOf(slot);
  windows().Evaluate(event);
  windows().Add(window, event);
  if (speaks_at_events()) Speak(window, event, sink);
}

// An event derived at the very moment when the window ends comes before the engine's Fire.
void TumblingMachine::ChooseWindow(Time time, ReportSink* sink) {
  if (!open_.empty()) {
    if (time < edges_.end || edges_.end == kMaxTime) return;
    CloseShared(edges_.end, sink);
  }
  if (time < edges_.start || time >= edges_.end) edges_ = alignment_.Window(time);
}

uint32_t TumblingMachine::WindowOf(uint32_t slot) {
  if (slot >= window_of_slot_.size()) window_of_slot_.resize(slot + 1, kNoWindow);
  uint32_t& window = window_of_slot_[slot];
  if (window == kNoWindow) {
    window = windows().Open(slot);
    open_.push_back({slot, window});
  }
  return window;
}

Deadline TumblingMachine::SharedDeadline() const {
  return open_.empty() ? Deadline::None() : Deadline::Exclusive(edges_.end);
}

void TumblingMachine::CloseShared(Time time, ReportSink* sink) {
  const auto by_slot = [](const Open& a, const Open& b) { return a.slot < b.slot; };
  if (!std::is_sorted(open_.begin(), open_.end(), by_slot)) {
    std::sort(open_.begin(), open_.end(), by_slot);
  }
  for (const Open& o : open_) {
    window_of_slot_[o.slot] = kNoWindow;
    CloseWindow(o.window, time, sink);
  }
  open_.clear();
}

void TumblingMachine::CloseOpen(bool all, Time clock, ReportSink* sink) {
  if (all) CloseShared(std::min(clock, edges_.end), sink);
}

}  // namespace spate
