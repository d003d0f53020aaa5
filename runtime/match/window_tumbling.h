// TumblingMachine: `window tumbling D`: each partition's window is reported when it ends.
//
// All partitions have the same window edges and events come in order, so one window is open at a
// time: a list of the partitions that have events in it. Not thread-safe.
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_TUMBLING_H_
#define SPATE_RUNTIME_MATCH_WINDOW_TUMBLING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/match/window_growing_machine.h"
#include "windows/alignment.h"
#include "windows/tumbling.h"

namespace spate {

class TumblingMachine : public GrowingMachine {
 public:
  TumblingMachine(std::unique_ptr<WindowParts> window_parts, const Alignment& alignment)
      : GrowingMachine(std::move(window_parts)), alignment_(alignment) {}

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  Deadline SharedDeadline() const override;
  void CloseShared(Time time, ReportSink* sink) override;
  void CloseOpen(bool all, Time clock, ReportSink* sink) override;
  size_t closable() const override { return open_.size(); }
  TimeInterval EdgesOf(uint32_t, Time) override { return edges_; }

 private:
  struct Open {
    uint32_t slot;
    uint32_t window;
  };
  void ChooseWindow(Time time, ReportSink* sink);
  uint32_t WindowOf(uint32_t slot);

  Alignment alignment_;
  TimeInterval edges_;                    // of the open windows, when open_ is not empty
  std::vector<Open> open_;                // in order of their first events
  std::vector<uint32_t> window_of_slot_;  // by slot; kNoWindow: none is open
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_TUMBLING_H_
