#include "runtime/match/window_growing_machine.h"

namespace spate {

template <typename Use>
void GrowingMachine::View(uint32_t window, Time time, TimeInterval edges, const Arrival* newest,
                          const Use& use) {
  windows_.Read(window, [&](const WindowContent& content, auto& bindings) {
    use(WindowView{time, edges.start, edges.end, KeysOf(windows_[window].slot), content, newest,
                   bindings});
  });
}

void GrowingMachine::Speak(uint32_t window, const Arrival& event, ReportSink* sink) {
  const Time now = event.time();
  View(window, now, EdgesOf(window, now), &event, [&](const WindowView& view) {
    GrowingWindows::Window& w = windows_[window];
    Judge(&w.gate, w.slot, window, view, sink);
  });
}

void GrowingMachine::CloseWindow(uint32_t window, Time time, ReportSink* sink) {
  const TimeInterval edges = EdgesOf(window, time);
  View(window, time, edges, nullptr, [&](const WindowView& view) {
    GrowingWindows::Window& w = windows_[window];
    if (speaks_at_events()) {
      EndWith(&w.gate, w.slot, window, view, sink);
    } else {
      Judge(StateOf(w.slot), w.slot, kNoWindow, view, sink);
    }
  });
  KeepOrFree(window, edges);
}

// Frees a closed window, or keeps it for what its state waits for, in place of an older one.
void GrowingMachine::KeepOrFree(uint32_t window, TimeInterval edges) {
  if (!gate().holds() || speaks_at_events()) return windows_.Close(window);
  const uint32_t slot = windows_[window].slot;
  if (slot >= held_.size()) held_.resize(slot + 1);
  HeldWindow& held = held_[slot];
  if (held.window != kNoWindow) {
    windows_.Close(held.window);
    --held_windows_;
  }
  held = HeldWindow();
  if (!gate().Waits(*StateOf(slot))) return windows_.Close(window);
  held = {window, edges};
  ++held_windows_;
}

void GrowingMachine::OnHeld(uint32_t slot, uint32_t window, Time time, ReportSink* sink) {
  if (window != kNoWindow) {
    View(window, time, EdgesOf(window, time), nullptr,
         [&](const WindowView& view) { Held(&windows_[window].gate, view, sink); });
    return;
  }
  const HeldWindow held = std::exchange(held_[slot], HeldWindow());
  View(held.window, time, held.edges, nullptr,
       [&](const WindowView& view) { Held(StateOf(slot), view, sink); });
  windows_.Close(held.window);
  --held_windows_;
}

}  // namespace spate
