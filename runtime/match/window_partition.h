// PartitionMachine: windows of which each partition has one at a time, with edges of its own.
//
//   tumbling N events   closes with its Nth event
//   session G           closes G after its last event, or `max` after its first one; an event at
//                       that very time still belongs to it
//   ending E            closes with an event E of the partition, which is in it if `from` admits it
//   unbounded           never closes, and is judged at each event
//
// Not thread-safe. Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_PARTITION_H_
#define SPATE_RUNTIME_MATCH_WINDOW_PARTITION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/match/window_growing_machine.h"

namespace spate {

class PartitionMachine : public GrowingMachine {
 public:
  explicit PartitionMachine(std::unique_ptr<WindowParts> window_parts)
      : GrowingMachine(std::move(window_parts)), spec_(parts().from.window) {}

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  void OnEnd(uint32_t slot, Time time, ReportSink* sink) override;
  void CloseOpen(bool all, Time clock, ReportSink* sink) override;
  size_t closable() const override { return is_unbounded() ? 0 : live(); }
  bool IsClosed(uint32_t slot) const override {
    return slot >= window_of_slot_.size() || window_of_slot_[slot] == kNoWindow;
  }
  TimeInterval EdgesOf(uint32_t window, Time now) override;
  bool speaks_at_events() const override {
    return is_unbounded() || GrowingMachine::speaks_at_events();
  }

 private:
  bool is_session() const { return spec_.kind == WindowSpec::Kind::kSession; }
  bool is_unbounded() const { return spec_.kind == WindowSpec::Kind::kUnbounded; }
  Time SessionEnd(const GrowingWindows::Window& window) const;
  void Enter(uint32_t slot, const Arrival& event, ReportSink* sink);
  bool Closes(uint32_t window, const Arrival& event);
  void Close(uint32_t slot, Time time, ReportSink* sink);

  const WindowSpec& spec_;
  std::vector<uint32_t> window_of_slot_;  // by slot; kNoWindow: none is open
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_PARTITION_H_
