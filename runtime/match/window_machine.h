// WindowMachine: the machine of a `from` rule.
//
// What all kinds of windows share: the key of an event, its place in the partitions, and what is
// compiled from the rule. A kind of window (no window, tumbling, sliding) says what happens with an
// event. A window exists when an event is in it: nothing is reported for silence.
// Not thread-safe. Tested by tests/runtime/match/window_machine_test.cc and tests/property.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_MACHINE_H_
#define SPATE_RUNTIME_MATCH_WINDOW_MACHINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/match/key_index.h"
#include "runtime/match/machine.h"
#include "runtime/match/rule_keys.h"
#include "runtime/match/window_aggregates.h"
#include "runtime/match/window_arguments.h"
#include "runtime/match/window_report.h"
#include "runtime/store/event_store.h"

namespace spate {

// What is made of a `from` rule once, for whatever kind of window it has.
struct WindowParts {
  // `plan`, `rule` and `issues` must outlive the parts.
  static absl::StatusOr<std::unique_ptr<WindowParts>> Create(const Plan& plan, const RulePlan& rule,
                                                             const MachineOptions& options,
                                                             EvalIssues* issues);
  WindowParts(const Plan& plan, const RulePlan& rule, bool keep_matched)
      : events_read(WindowReporter::EventsRead(rule, keep_matched)),
        store(WindowReporter::KeptTypes(plan, rule, keep_matched)),
        key_index(RuleKeys::Kinds(rule)) {}

  Duration size = 0;  // of the window
  WindowEventsRead events_read;
  EventStore store;
  KeyIndex key_index;
  std::unique_ptr<RuleKeys> keys;
  std::unique_ptr<WindowArguments> arguments;
  std::unique_ptr<WindowAggregates> aggregates;
  std::unique_ptr<WindowReporter> reporter;
};

class WindowMachine : public Machine {
 public:
  // `plan`, `rule` and `issues` must outlive the machine.
  static absl::StatusOr<std::unique_ptr<Machine>> Create(const Plan& plan, const RulePlan& rule,
                                                         const MachineOptions& options,
                                                         EvalIssues* issues);

  absl::Status OnEvent(const Arrival& event, ReportSink* sink) final;
  Deadline NextDeadline() const override { return Deadline::None(); }
  absl::Status Fire(Deadline deadline, ReportSink* sink) override;
  absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) override;
  MachineStats Stats() const final;

 protected:
  explicit WindowMachine(std::unique_ptr<WindowParts> parts) : parts_(std::move(parts)) {}

  // Takes an event of the partition `slot`.
  virtual void Take(uint32_t slot, const Arrival& event, ReportSink* sink) = 0;
  virtual size_t live() const = 0;           // windows with events
  virtual size_t open() const { return 0; }  // windows that Finish did not report

  WindowParts& parts() { return *parts_; }
  const WindowParts& parts() const { return *parts_; }
  absl::Span<const Value> KeysOf(uint32_t slot) const { return parts_->key_index.KeyOf(slot); }

  // Puts an event into the store of what is reported later.
  EventRef Store(const Arrival& event) { return parts_->store.Add(*event.batch, event.row); }
  // Whether it is time to compact the store; Compacted must follow.
  bool StoreIsFull() const { return parts_->store.words() > compact_at_; }
  void Compacted();

 private:
  static constexpr size_t kWordsBeforeCompaction = 64 * 1024;

  std::unique_ptr<WindowParts> parts_;
  size_t compact_at_ = kWordsBeforeCompaction;
  uint64_t null_keys_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_MACHINE_H_
