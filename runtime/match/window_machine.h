// WindowMachine: the machine of a `from` rule.
//
// What all kinds of windows share: the key of an event, its place in the partitions, what is
// compiled from the rule, and the deadlines of single partitions. A kind of window says what
// happens with an event and when a window closes:
//
//   no window            NoWindowMachine      each event by itself
//   tumbling by time     TumblingMachine      one window at a time for all partitions
//   tumbling N events, session, ending, unbounded
//                        PartitionMachine     one window at a time for each partition
//   sliding              SlidingMachine       the last events of each partition
//   hopping              HoppingMachine       the last events, reported at every step
//   hopping, report each or having .. for
//                        OverlappingMachine   all windows of each partition
//
// A window exists when an event is in it: nothing is reported for silence. Not thread-safe.
// Tested by tests/runtime/match/window_machine_test.cc and tests/property.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_MACHINE_H_
#define SPATE_RUNTIME_MATCH_WINDOW_MACHINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/match/machine.h"
#include "runtime/match/window_gate.h"
#include "runtime/match/window_parts.h"
#include "windows/deadline_queue.h"

namespace spate {

class WindowMachine : public Machine {
 public:
  // `plan`, `rule` and `issues` must outlive the machine.
  static absl::StatusOr<std::unique_ptr<Machine>> Create(const Plan& plan, const RulePlan& rule,
                                                         const MachineOptions& options,
                                                         EvalIssues* issues);

  absl::Status OnEvent(const Arrival& event, ReportSink* sink) final;
  void AddPartition(absl::Span<const Value> keys) final;
  bool AtRest(absl::Span<const Value> keys) const final;
  Deadline NextDeadline() const final;
  absl::Status Fire(Deadline deadline, ReportSink* sink) final;
  absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) final;
  MachineStats Stats() const final;

 protected:
  static constexpr uint32_t kNoWindow = ~uint32_t{0};

  explicit WindowMachine(std::unique_ptr<WindowParts> parts)
      : parts_(std::move(parts)), gate_(parts_->from, parts_->reporter.get()) {}

  // Takes an event of the partition `slot`.
  virtual void Take(uint32_t slot, const Arrival& event, ReportSink* sink) = 0;
  virtual size_t live() const = 0;  // windows with events
  // Whether the partition has no window; `false` where that says nothing.
  virtual bool IsClosed(uint32_t slot) const {
    static_cast<void>(slot);
    return false;
  }

  // The exclusive end that all partitions share, and what happens then.
  virtual Deadline SharedDeadline() const { return Deadline::None(); }
  virtual void CloseShared(Time time, ReportSink* sink) {
    static_cast<void>(time);
    static_cast<void>(sink);
  }
  // The deadline that was set with SetEnd, which the partition then no longer has.
  virtual void OnEnd(uint32_t slot, Time time, ReportSink* sink) {
    static_cast<void>(slot);
    static_cast<void>(time);
    static_cast<void>(sink);
  }
  // `having` has held long enough, for the state of a partition (kNoWindow) or of one window.
  virtual void OnHeld(uint32_t slot, uint32_t window, Time time, ReportSink* sink) = 0;
  // The start of a window, where a partition has several.
  virtual Time StartOf(uint32_t) const { return 0; }
  // Closes what is open with the clock at `clock`; all of it, or what has no deadline.
  virtual void CloseOpen(bool all, Time clock, ReportSink* sink) {
    static_cast<void>(all);
    static_cast<void>(clock);
    static_cast<void>(sink);
  }
  // Windows that Finish would report.
  virtual size_t closable() const { return 0; }

  WindowParts& parts() { return *parts_; }
  const WindowParts& parts() const { return *parts_; }
  const WindowGate& gate() const { return gate_; }
  absl::Span<const Value> KeysOf(uint32_t slot) const { return parts_->key_index.KeyOf(slot); }

  // Sets the (inclusive) deadline of a partition, or takes it away.
  void SetEnd(uint32_t slot, Time time) { ends_.Set({time, /*inclusive=*/true, slot}); }
  void CancelEnd(uint32_t slot) { ends_.Cancel(slot); }

  // The gate's state of a partition; null where the gate has none.
  GateState* StateOf(uint32_t slot);
  // Each calls the gate, and keeps the deadline of the state up to date. `window` is kNoWindow for
  // the state of a partition.
  void Judge(GateState* state, uint32_t slot, uint32_t window, const WindowView& view,
             ReportSink* sink);
  void EndWith(GateState* state, uint32_t slot, uint32_t window, const WindowView& view,
               ReportSink* sink);
  void Held(GateState* state, const WindowView& view, ReportSink* sink) {
    gate_.Held(state, view, sink);
  }

 private:
  struct Hold {  // a state that waits for `having .. for`
    Time time;
    uint32_t slot;
    uint32_t window;
    Time start;  // of the window; those that have held long enough at one moment go by it
    friend bool operator<(const Hold& a, const Hold& b) {
      return std::tie(a.time, a.slot, a.start, a.window) <
             std::tie(b.time, b.slot, b.start, b.window);
    }
  };
  template <typename Call>
  void WithHold(GateState* state, uint32_t slot, uint32_t window, const Call& call);
  void ToEveryKey(const Arrival& event, ReportSink* sink);

  std::unique_ptr<WindowParts> parts_;
  WindowGate gate_;
  std::vector<GateState> states_;  // by slot
  mutable DeadlineQueue ends_;     // by slot; looking at it puts it in order
  std::set<Hold> holds_;
  uint64_t null_keys_ = 0;
  size_t unreported_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_MACHINE_H_
