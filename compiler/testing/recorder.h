// Recorder: the MatchObserver of one run of a test: hands each rule's steps to its RuleWatch.
//
// Not thread-safe. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_RECORDER_H_
#define SPATE_COMPILER_TESTING_RECORDER_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "compiler/source/source.h"
#include "compiler/testing/coverage.h"
#include "compiler/testing/rule_watch.h"
#include "runtime/match/observer.h"
#include "runtime/model/table.h"

namespace spate {

class Recorder : public MatchObserver {
 public:
  // `tables`: as in the plan. All must outlive the recorder; `partials` may be null.
  Recorder(const Plan& plan, absl::Span<const std::shared_ptr<const Table>> tables,
           const SourceMap& sources, const TestClock& clock, PartialMatches* partials)
      : plan_(plan), sources_(sources), clock_(clock), partials_(partials) {
    issues_.set_tables(tables);
    watches_.resize(plan.rules.size());
  }

  // Begins to watch a rule.
  absl::Status Watch(RuleId rule);
  // An event goes to the rules: `from` rules are asked whether they admit it.
  void OnInput(const EventBatch& batch);
  std::vector<RuleCoverage> Coverage() const;

  void OnMove(const ObservedThread& thread, size_t transition, const ObservedEvent& event,
              StateId to, MoveOutcome outcome) override {
    if (RuleWatch* w = Of(thread.rule)) w->OnMove(thread, transition, event, to, outcome);
  }
  void OnBan(const ObservedThread& thread, uint32_t ban, const ObservedEvent& event,
             bool hit) override {
    if (RuleWatch* w = Of(thread.rule)) w->OnBan(thread, ban, event, hit);
  }
  void OnBanPassed(const ObservedThread& thread, uint32_t ban) override {
    if (RuleWatch* w = Of(thread.rule)) w->OnBanPassed(thread, ban);
  }
  void OnBound(const ObservedThread& thread, ThreadEnd bound, GroupId group) override {
    if (RuleWatch* w = Of(thread.rule)) w->OnBound(bound, group);
  }
  void OnEnd(const ObservedThread& thread, ThreadEnd reason, const ObservedEvent* event) override {
    if (RuleWatch* w = Of(thread.rule)) w->OnEnd(thread, reason, event);
  }
  void OnReport(const ObservedThread& match, EmitKind kind) override {
    if (RuleWatch* w = Of(match.rule)) w->OnReport(match, kind);
  }
  void OnLeft(const ObservedThread& thread, Deadline next) override {
    if (RuleWatch* w = Of(thread.rule)) w->OnLeft(thread, next);
  }
  void OnJudge(const ObservedWindow& window) override {
    if (RuleWatch* w = Of(window.rule)) w->OnJudge(window);
  }
  void OnWindowReport(const RulePlan& rule, absl::Span<const Value> keys, EmitKind kind) override {
    static_cast<void>(keys);
    if (RuleWatch* w = Of(rule)) w->OnWindowReport(kind);
  }

 private:
  RuleWatch* Of(const RulePlan& rule) const { return watches_[rule.id.index()].get(); }

  const Plan& plan_;
  const SourceMap& sources_;
  const TestClock& clock_;
  PartialMatches* partials_;
  EvalIssues issues_;
  std::vector<std::unique_ptr<RuleWatch>> watches_;  // by RuleId; null: not watched
};

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_RECORDER_H_
