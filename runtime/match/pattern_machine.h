// PatternMachine: the machine of a pattern rule: keys, partitions, and the matcher behind them.
//
// Not thread-safe. Tested by tests/property and tests/runtime/match.
#ifndef SPATE_RUNTIME_MATCH_PATTERN_MACHINE_H_
#define SPATE_RUNTIME_MATCH_PATTERN_MACHINE_H_

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
  void Expect(absl::Span<const Arrival> group, absl::Span<const uint32_t> places) override;
  std::optional<std::vector<PredicateId>> Interest(TypeId type) const override;
  bool HasKeys() const override { return !rule_keys_->empty() && !rule_keys_->has_views(); }
  void AddPartition(absl::Span<const Value> keys) override;
  bool AtRest(absl::Span<const Value> keys) const override;
  Deadline NextDeadline() const override { return matcher_->NextDeadline(); }
  bool HasDeadlines() const override { return matcher_->HasDeadlines(); }
  absl::Status Fire(Deadline deadline, ReportSink* sink) override;
  absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) override;
  MachineStats Stats() const override;

 private:
  // What is known of an event of the group that comes next.
  struct Expected {
    uint64_t word = 0;                // the key itself when keys_of_event_, else its hash
    uint32_t slot = KeyIndex::kNone;  // kNone: its key was unknown then
    bool hashed = false;              // false: its key is null, or not of the group
  };

  absl::Status ListMatches(const RulePlan& rule, const MachineOptions& options, EvalIssues* issues);
  bool CountsEveryEvent() const;
  // Finds the key of an event to come, and its hash.
  uint64_t Hash(const Arrival& event, Expected* e) {
    if (!keys_of_event_) {
      e->hashed = rule_keys_->Hash(event, &e->word);
      return e->word;
    }
    int64_t key = 0;
    e->hashed = rule_keys_->GetInteger(event, &key);
    e->word = static_cast<uint64_t>(key);
    return KeyIndex::HashInt(key);
  }
  uint64_t HashOf(const Expected& e) const {
    return keys_of_event_ ? KeyIndex::HashInt(static_cast<int64_t>(e.word)) : e.word;
  }
  absl::Status TakeByKey(const Arrival& event, ReportSink* sink);
  absl::Status TakeByViews(const Arrival& event, ReportSink* sink);
  absl::Status TakeByEveryKey(const Arrival& event, ReportSink* sink);
  absl::Status TakeInOne(const Arrival& event, ReportSink* sink);

  PatternMachine(const Plan& plan, const RulePlan& rule, const MachineOptions& options);

  const RulePlan& rule_;
  const bool is_observed_;
  std::unique_ptr<PatternSteps> steps_;
  std::unique_ptr<RuleKeys> rule_keys_;
  EventStore store_;
  KeyIndex key_index_;
  std::unique_ptr<PatternMatcher> matcher_;
  // The key is one integer attribute (of this kind), kept to read one place less later.
  bool keys_of_event_ = false;
  Kind key_kind_ = Kind::kNull;
  uint64_t null_keys_ = 0;
  std::vector<Expected> expected_;  // by place in the group
  std::vector<uint32_t> slots_;     // scratch of Expect

  struct InPartition {  // which steps can take an event in one partition
    uint32_t slot;
    KeyView view;
  };
  std::vector<InPartition> partitions_;  // scratch of TakeByViews
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_PATTERN_MACHINE_H_
