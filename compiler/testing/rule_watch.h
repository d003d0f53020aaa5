// RuleWatch: what one run of a test shows of one rule: what was tried, and how near matches came.
//
// Fed by Recorder with what the machines say. Counts are cheap; partial matches are put into words
// only where asked. Not thread-safe. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_RULE_WATCH_H_
#define SPATE_COMPILER_TESTING_RULE_WATCH_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "compiler/source/source.h"
#include "compiler/testing/conditions.h"
#include "compiler/testing/coverage.h"
#include "compiler/testing/nearest.h"
#include "compiler/testing/test_clock.h"
#include "runtime/match/match_aggregates.h"
#include "runtime/match/observer.h"
#include "runtime/model/plan.h"

namespace spate {

class RuleWatch {
 public:
  // All must outlive the watch. `issues` has the tables. `nearest`: null: no words are needed.
  static absl::StatusOr<std::unique_ptr<RuleWatch>> Create(const Plan& plan, const RulePlan& rule,
                                                           const SourceMap& sources,
                                                           const TestClock& clock,
                                                           EvalIssues* issues,
                                                           PartialMatches* partials);

  void OnMove(const ObservedThread& thread, size_t transition, const ObservedEvent& event,
              StateId to, MoveOutcome outcome);
  void OnBan(const ObservedThread& thread, uint32_t ban, const ObservedEvent& event, bool hit);
  void OnBanPassed(const ObservedThread& thread, uint32_t ban);
  void OnBound(ThreadEnd bound, GroupId group);
  void OnEnd(const ObservedThread& thread, ThreadEnd reason, const ObservedEvent* event);
  void OnReport(const ObservedThread& match, EmitKind kind);
  void OnLeft(const ObservedThread& thread, Deadline next);
  void OnJudge(const ObservedWindow& window);
  void OnWindowReport(EmitKind kind);

  // An event that may be of the rule's input, before the rule is asked whether it is: what the
  // machine never sees is counted and told here.
  void OnInput(const EventBatch& batch);

  RuleCoverage Coverage() const;

 private:
  RuleWatch(const Plan& plan, const RulePlan& rule, const SourceMap& sources,
            const TestClock& clock, EvalIssues* issues, PartialMatches* partials)
      : plan_(plan),
        rule_(rule),
        sources_(sources),
        clock_(clock),
        issues_(issues),
        partials_(partials),
        conditions_(sources) {}

  // A type's conditions at a step, or in the rule's `from`.
  struct InputConditions {
    TypeId type;
    ConditionSet::Parts local;           // of the event alone
    ConditionSet::Parts more;            // of bound events too
    std::optional<Program> of_all = {};  // what the rule's input must fulfil; none: nothing
  };

  absl::Status AddConditions();
  absl::StatusOr<InputConditions> ConditionsOf(TypeId type, PredicateId predicate,
                                               const ExprPtr& residual, const Origin& around);
  Origin TextOfRule() const;
  void NotAdmitted(const EventBatch& batch, const std::vector<FalseCondition>& fails);
  // The part of the automaton and its words.
  const Transition& At(StateId state, size_t transition) const {
    return rule_.pattern->states[state.index()].transitions[transition];
  }
  std::string StepName(uint32_t step) const;
  std::string BanName(uint32_t ban) const;
  std::string BoundName(ThreadEnd bound, GroupId group) const;
  std::string EventName(const ObservedEvent& event) const;
  std::string PlaceOf(const Origin& origin) const;
  std::string WhatIsNeeded(StateId state) const;
  std::string FailText(const std::vector<FalseCondition>& fails) const;
  PartialMatch Describe(const ObservedThread& thread) const;
  std::vector<std::pair<std::string, std::string>> KeyTexts(absl::Span<const Value> keys) const;
  void TestStep(const ObservedThread& thread, uint32_t step, const ObservedEvent& event,
                std::vector<FalseCondition>* fails);
  void TestWhole(const ObservedThread& thread, VarId var, EventRef last,
                 std::vector<FalseCondition>* fails);
  void Refused(const ObservedThread& thread, const Transition& t, const ObservedEvent& event,
               MoveOutcome outcome, const std::vector<FalseCondition>& fails);
  void AddStates(RuleCoverage* coverage) const;
  uint32_t LineOfBound(const std::string& name) const;
  void AddBounds(RuleCoverage* coverage) const;

  struct Sides {
    uint64_t yes = 0;
    uint64_t no = 0;
  };
  const Plan& plan_;
  const RulePlan& rule_;
  const SourceMap& sources_;
  const TestClock& clock_;
  EvalIssues* issues_;
  PartialMatches* partials_;
  ConditionSet conditions_;
  std::vector<std::vector<InputConditions>> steps_;  // by step
  std::vector<InputConditions> inputs_;              // of the rule's input
  ConditionSet::Parts whole_;                        // what `where` asks of a match, or `having`
  std::unique_ptr<MatchAggregates> aggregates_;  // of a pattern rule, where conditions read some
  std::vector<Value> aggregate_values_;
  Arena scratch_;

  std::vector<uint64_t> states_;           // times that a thread came there
  std::vector<std::vector<Sides>> moves_;  // taken and refused
  std::vector<Sides> bans_;                // hit and passed
  std::map<std::string, Sides> bounds_;    // by name: kept and passed
  uint64_t reports_ = 0;
  uint64_t timeouts_ = 0;
  uint64_t turned_off_ = 0;
  uint64_t judged_ = 0;
};

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_RULE_WATCH_H_
