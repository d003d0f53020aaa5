// HoppingMachine: `window hopping D every S`: each [k*S, k*S + D), reported when it ends.
//
// When a window ends, all later events are still to come: it holds the last D of what was taken,
// and so a partition keeps its last events as a sliding window does, from which those are taken out
// at each end that no later window holds. An event costs O(1) amortised, however many windows it is
// in.
//
// OverlappingMachine lets each window grow by itself, so that an event costs as much as it has
// windows: for `report each`, where it is reported with every one of them, and for `having .. for`,
// where a window is reported after its end. Not thread-safe.
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_HOPPING_H_
#define SPATE_RUNTIME_MATCH_WINDOW_HOPPING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/match/window_growing_machine.h"
#include "runtime/match/window_machine.h"
#include "runtime/match/window_places.h"
#include "windows/alignment.h"

namespace spate {

class HoppingMachine : public WindowMachine {
 public:
  HoppingMachine(std::unique_ptr<WindowParts> window_parts, const Alignment& alignment)
      : WindowMachine(std::move(window_parts)),
        alignment_(alignment),
        size_(parts().from.window.size.duration),
        places_(&parts(), /*keeps_newest=*/true) {}

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  Deadline SharedDeadline() const override;
  void CloseShared(Time time, ReportSink* sink) override;
  void OnHeld(uint32_t, uint32_t, Time, ReportSink*) override {}  // without `having .. for`
  void CloseOpen(bool all, Time clock, ReportSink* sink) override;
  size_t live() const override { return places_.live(); }
  size_t closable() const override { return places_.live(); }

 private:
  template <typename Use>
  void View(uint32_t place, Time time, TimeInterval edges, const Use& use);
  void CloseOf(uint32_t place, Time time, TimeInterval edges, ReportSink* sink);
  std::vector<uint32_t> PlacesBySlot() const;

  Alignment alignment_;
  Duration size_;
  SlidingPlaces places_;
  TimeInterval next_;  // the window that ends next, while some partition has events
};

class OverlappingMachine : public GrowingMachine {
 public:
  OverlappingMachine(std::unique_ptr<WindowParts> window_parts, const Alignment& alignment)
      : GrowingMachine(std::move(window_parts)),
        alignment_(alignment),
        size_(parts().from.window.size.duration) {}

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  Deadline SharedDeadline() const override;
  void CloseShared(Time time, ReportSink* sink) override;
  void CloseOpen(bool all, Time clock, ReportSink* sink) override;
  size_t closable() const override { return open_.size(); }
  TimeInterval EdgesOf(uint32_t window, Time now) override;
  Time StartOf(uint32_t window) const override {
    return window < start_of_.size() ? start_of_[window] : 0;
  }

 private:
  Alignment alignment_;
  Duration size_;
  std::map<std::pair<Time, uint32_t>, uint32_t> open_;  // by start and slot: the window
  std::vector<Time> start_of_;                          // by window
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_HOPPING_H_
