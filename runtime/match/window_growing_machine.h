// GrowingMachine: what machines of windows that only grow share: judging and closing a window.
//
// With `report each` a window is judged at each event, with a gate's state of its own that ends
// with the window; else it is judged once, when it closes, with the state of its partition. A
// closed window whose `having .. for` is not over yet is kept until then, since it is what is
// reported. Not thread-safe. Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_GROWING_MACHINE_H_
#define SPATE_RUNTIME_MATCH_WINDOW_GROWING_MACHINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/match/window_growing.h"
#include "runtime/match/window_machine.h"
#include "windows/tumbling.h"

namespace spate {

class GrowingMachine : public WindowMachine {
 protected:
  explicit GrowingMachine(std::unique_ptr<WindowParts> window_parts)
      : WindowMachine(std::move(window_parts)), windows_(&parts()) {}

  size_t live() const override { return windows_.live() - held_windows_; }
  void OnHeld(uint32_t slot, uint32_t window, Time time, ReportSink* sink) override;

  // window_start() and window_end() of an open window at `now`.
  virtual TimeInterval EdgesOf(uint32_t window, Time now) = 0;

  // Whether windows are judged at each event.
  virtual bool speaks_at_events() const { return parts().from.report_each; }
  // Judges a window at the event that it has just taken.
  void Speak(uint32_t window, const Arrival& event, ReportSink* sink);
  // Closes a window at `time`, which judges it or ends what held.
  void CloseWindow(uint32_t window, Time time, ReportSink* sink);

  GrowingWindows& windows() { return windows_; }

 private:
  struct HeldWindow {
    uint32_t window = kNoWindow;
    TimeInterval edges;
  };
  template <typename Use>
  void View(uint32_t window, Time time, TimeInterval edges, const Arrival* newest, const Use& use);
  void KeepOrFree(uint32_t window, TimeInterval edges);

  GrowingWindows windows_;
  std::vector<HeldWindow> held_;  // by slot: the closed window that a state waits with
  size_t held_windows_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_GROWING_MACHINE_H_
