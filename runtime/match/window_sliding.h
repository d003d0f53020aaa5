// SlidingMachine: `window sliding D` and `window sliding N events`: at each event, the aggregates
// over the last ones of its partition. Also a rule without a window whose `having` has a state: the
// last event alone.
//
// An event at `now` is reported with those of now - D <= t <= now that have been taken so far.
// Where `having` has a state (`on change`, `for`), each partition has a deadline at which its
// oldest event leaves, D after it, and `having` is judged over what is left, also over nothing.
// Else a partition whose events have all left gives its memory back when it is next touched or when
// the sweep comes by: two partitions are looked at for each event. Not thread-safe. Tested by
// tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_SLIDING_H_
#define SPATE_RUNTIME_MATCH_WINDOW_SLIDING_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "runtime/match/window_machine.h"
#include "runtime/match/window_places.h"

namespace spate {

class SlidingMachine : public WindowMachine {
 public:
  explicit SlidingMachine(std::unique_ptr<WindowParts> window_parts);

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  void OnEnd(uint32_t slot, Time time, ReportSink* sink) override;
  void OnHeld(uint32_t slot, uint32_t window, Time time, ReportSink* sink) override;
  size_t live() const override { return places_.live(); }

 private:
  // Calls `use(const WindowView&)` with the window of a place at `now`.
  template <typename Use>
  void View(uint32_t place, Time now, const Arrival* event, const Use& use);
  void SetLeaving(uint32_t place);

  Duration size_;   // by time
  uint64_t count_;  // by events; 0: by time
  SlidingPlaces places_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_SLIDING_H_
