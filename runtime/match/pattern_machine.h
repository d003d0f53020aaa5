// PatternMachine: the machine of a pattern rule: keys, partitions, and the matcher behind them.
//
// Not thread-safe. Tested by tests/property and tests/runtime/match.
#ifndef SPATE_RUNTIME_MATCH_PATTERN_MACHINE_H_
#define SPATE_RUNTIME_MATCH_PATTERN_MACHINE_H_

#include <array>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/expr/program.h"
#include "runtime/match/key_index.h"
#include "runtime/match/machine.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/pattern_steps.h"
#include "runtime/match/rule_keys.h"

namespace spate {

class PatternMachine : public Machine {
 public:
  // `plan` and `issues` must outlive the machine.
  static absl::StatusOr<std::unique_ptr<Machine>> Create(const Plan& plan, const RulePlan& rule,
                                                         const MachineOptions& options,
                                                         EvalIssues* issues);

  absl::Status OnEvent(const Arrival& event, ReportSink* sink) override;
  void Expect(const Arrival& event, Ahead ahead) override;
  bool HasKeys() const override { return !rule_keys_->empty() && !rule_keys_->has_views(); }
  void ForgetExpected() override { expected_.fill(Expected{}); }
  Deadline NextDeadline() const override { return matcher_->NextDeadline(); }
  absl::Status Fire(Deadline deadline, ReportSink* sink) override;
  absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) override;
  MachineStats Stats() const override;

 private:
  // What is known of an event that will come soon; a row has one place in `expected_`.
  struct Expected {
    const EventBatch* batch = nullptr;
    size_t row = 0;
    uint64_t hash = 0;
    uint32_t slot = KeyIndex::kNone;
  };

  Expected& ExpectedAt(const Arrival& event) { return expected_[event.row % expected_.size()]; }
  absl::Status TakeByKey(const Arrival& event, ReportSink* sink);
  absl::Status TakeByViews(const Arrival& event, ReportSink* sink);
  absl::Status TakeByEveryKey(const Arrival& event, ReportSink* sink);

  PatternMachine(const Plan& plan, const RulePlan& rule, const MachineOptions& options);

  std::unique_ptr<PatternSteps> steps_;
  std::unique_ptr<RuleKeys> rule_keys_;
  EventStore store_;
  KeyIndex key_index_;
  std::unique_ptr<PatternMatcher> matcher_;
  uint64_t null_keys_ = 0;
  std::array<Expected, 64> expected_;

  struct InPartition {  // which steps can take an event in one partition
    uint32_t slot;
    KeyView view;
  };
  std::vector<InPartition> partitions_;  // scratch of TakeByViews
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_PATTERN_MACHINE_H_
