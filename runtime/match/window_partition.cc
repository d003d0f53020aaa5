#include "runtime/match/window_partition.h"

#include <algorithm>

namespace spate {

void PartitionMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  if (slot >= window_of_slot_.size()) window_of_slot_.resize(slot + 1, kNoWindow);
  uint32_t& window = window_of_slot_[slot];
  if (is_session() && window != kNoWindow) {
    // What is derived after the end, but before the engine's Fire.
    const Time end = SessionEnd(windows()[window]);
    if (end < event.time()) Close(slot, end, sink);
  }
  if (parts().members.Has(event)) Enter(slot, event, sink);
  if (window == kNoWindow) return;
  if (Closes(window, event)) {
    Close(slot, event.time(), sink);
  } else if (is_session()) {
    SetEnd(slot, SessionEnd(windows()[window]));
  }
}

void PartitionMachine::Enter(uint32_t slot, const Arrival& event, ReportSink* sink) {
  uint32_t& window = window_of_slot_[slot];
  if (window == kNoWindow) window = windows().Open(slot);
  windows().Evaluate(event);
  windows().Add(window, event);
  if (speaks_at_events()) Speak(window, event, sink);
}

bool PartitionMachine::Closes(uint32_t window, const Arrival& event) {
  if (spec_.events > 0) return windows()[window].events >= spec_.events;
  return spec_.kind == WindowSpec::Kind::kEnding && parts().ending.Has(event);
}

Time PartitionMachine::SessionEnd(const GrowingWindows::Window& window) const {
  const Time silent = SaturatingAdd(window.last, spec_.size.duration);
  return spec_.max > 0 ? std::min(silent, SaturatingAdd(window.first, spec_.max)) : silent;
}

TimeInterval PartitionMachine::EdgesOf(uint32_t window, Time now) {
  const GrowingWindows::Window& w = windows()[window];
  return {w.first, is_session() ? SessionEnd(w) : now};
}

void PartitionMachine::Close(uint32_t slot, Time time, ReportSink* sink) {
  const uint32_t window = window_of_slot_[slot];
  window_of_slot_[slot] = kNoWindow;
  if (is_session()) CancelEnd(slot);
  CloseWindow(window, time, sink);
}

void PartitionMachine::OnEnd(uint32_t slot, Time time, ReportSink* sink) {
  Close(slot, time, sink);
}

void PartitionMachine::CloseOpen(bool all, Time clock, ReportSink* sink) {
  if (is_unbounded() || (is_session() && !all)) return;
  for (uint32_t slot = 0; slot < window_of_slot_.size(); ++slot) {
    const uint32_t window = window_of_slot_[slot];
    if (window == kNoWindow) continue;
    Close(slot, is_session() ? std::min(clock, SessionEnd(windows()[window])) : clock, sink);
  }
}

}  // namespace spate
