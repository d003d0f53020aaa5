// RuleWatch: what the machines say becomes counts and words. The words are in rule_words.cc, what
// counts amount to in rule_coverage.cc.
#include "compiler/testing/rule_watch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/match/bound_values.h"
#include "runtime/model/literal.h"

namespace spate {

absl::StatusOr<std::unique_ptr<RuleWatch>> RuleWatch::Create(const Plan& plan, const RulePlan& rule,
                                                             const SourceMap& sources,
                                                             const TestClock& clock,
                                                             EvalIssues* issues,
                                                             PartialMatches* partials) {
  std::unique_ptr<RuleWatch> watch(new RuleWatch(plan, rule, sources, clock, issues, partials));
  if (absl::Status s = watch->AddConditions(); !s.ok()) return s;
  if (rule.pattern == nullptr) return watch;
  for (const State& s : rule.pattern->states) {
    watch->states_.push_back(0);
    watch->moves_.emplace_back(s.transitions.size());
  }
  watch->bans_.resize(rule.pattern->bans.size());
  if (rule.pattern->running_aggregates.empty() && rule.pattern->accept_condition == nullptr) {
    return watch;
  }
  absl::StatusOr<std::unique_ptr<MatchAggregates>> aggregates =
      MatchAggregates::Create(rule.aggregates, *rule.pattern, issues);
  if (!aggregates.ok()) return aggregates.status();
  watch->aggregates_ = *std::move(aggregates);
  return watch;
}

absl::StatusOr<RuleWatch::InputConditions> RuleWatch::ConditionsOf(TypeId type,
                                                                   PredicateId predicate,
                                                                   const ExprPtr& residual,
                                                                   const Origin& around) {
  absl::StatusOr<ConditionSet::Parts> local = conditions_.Add(
      predicate.valid() ? plan_.predicates[predicate.index()].condition : ExprPtr(), around);
  if (!local.ok()) return local.status();
  absl::StatusOr<ConditionSet::Parts> more = conditions_.Add(residual, around);
  if (!more.ok()) return more.status();
  return InputConditions{type, *std::move(local), *std::move(more)};
}

// From the rule's name to where the next rule begins.
Origin RuleWatch::TextOfRule() const {
  const std::string& text = sources_.Get(rule_.origin.file).text();
  const size_t next = text.find("\nrule ", rule_.origin.begin);
  const size_t end = next == std::string::npos ? text.size() : next;
  return {rule_.origin.file, rule_.origin.begin, static_cast<uint32_t>(end)};
}

absl::Status RuleWatch::AddConditions() {
  if (rule_.pattern != nullptr) {
    for (const StepPlan& step : rule_.pattern->steps) {
      steps_.emplace_back();
      for (const StepInput& in : step.inputs) {
        absl::StatusOr<InputConditions> input =
            ConditionsOf(in.type, in.predicate, in.residual, step.origin);
        if (!input.ok()) return input.status();
        steps_.back().push_back(*std::move(input));
      }
    }
  }
  for (const RuleInput& in : rule_.inputs) {
    // A pattern's steps have the conditions of its input, each where it is written.
    const PredicateId counted = rule_.pattern == nullptr ? in.predicate : PredicateId();
    absl::StatusOr<InputConditions> input = ConditionsOf(in.type, counted, nullptr, TextOfRule());
    if (!input.ok()) return input.status();
    if (in.predicate.valid()) {
      absl::StatusOr<Program> all =
          Program::Compile(*plan_.predicates[in.predicate.index()].condition);
      if (!all.ok()) return all.status();
      input->of_all = *std::move(all);
    }
    inputs_.push_back(*std::move(input));
  }
  absl::StatusOr<ConditionSet::Parts> whole = conditions_.Add(
      rule_.pattern != nullptr ? rule_.pattern->accept_condition : rule_.from->having,
      TextOfRule());
  if (!whole.ok()) return whole.status();
  whole_ = *std::move(whole);
  return absl::OkStatus();
}

// ---- conditions ------------------------------------------------------------------------------

void RuleWatch::TestStep(const ObservedThread& thread, uint32_t step, const ObservedEvent& event,
                         std::vector<FalseCondition>* fails) {
  const Arrival& arrival = event.arrival;
  scratch_.Reset();
  EvalContext context;
  context.batch = arrival.batch;
  context.row = arrival.row;
  context.time = arrival.time();
  context.keys = thread.keys.data();
  context.scratch = &scratch_;
  context.issues = issues_;
  if (aggregates_ != nullptr) {
    std::vector<Binding> bindings(thread.bindings.begin(), thread.bindings.end());
    bindings.push_back({rule_.pattern->steps[step].var, event.stored});
    aggregates_->Evaluate(bindings, 1, thread.store, &scratch_, &aggregate_values_);
    context.aggregates = aggregate_values_.data();
  }
  const auto bound = [&](const BoundRef& ref) {
    return BoundInMatch(ref, rule_.pattern.get(), thread.bindings, thread.store, &scratch_);
  };
  const auto prev = [&](const PrevRef& ref) {
    const absl::Span<const EventRef> history = event.history;
    return ref.offset > history.size() ? Value::Null()
                                       : FieldOf(history[history.size() - ref.offset], ref.fields,
                                                 ref.is_time, thread.store, &scratch_);
  };
  for (const InputConditions& input : steps_[step]) {
    if (input.type != arrival.type()) continue;
    conditions_.Evaluate(input.local, {context, bound, prev}, fails);
    conditions_.Evaluate(input.more, {context, bound, prev}, fails);
  }
}

// What `where` asks of the match as a whole. `last`: an event that comes behind the bindings.
void RuleWatch::TestWhole(const ObservedThread& thread, VarId var, EventRef last,
                          std::vector<FalseCondition>* fails) {
  if (whole_.empty()) return;
  std::vector<Binding> bindings(thread.bindings.begin(), thread.bindings.end());
  if (last != kNoEvent) bindings.push_back({var, last});
  scratch_.Reset();
  EvalContext context;
  context.keys = thread.keys.data();
  context.scratch = &scratch_;
  context.issues = issues_;
  aggregates_->Evaluate(bindings, 1, thread.store, &scratch_, &aggregate_values_);
  context.aggregates = aggregate_values_.data();
  const auto bound = [&](const BoundRef& ref) {
    return BoundInMatch(ref, rule_.pattern.get(), bindings, thread.store, &scratch_);
  };
  const auto prev = [](const PrevRef&) { return Value::Null(); };
  conditions_.Evaluate(whole_, {context, bound, prev}, fails);
}

// ---- patterns --------------------------------------------------------------------------------

void RuleWatch::OnMove(const ObservedThread& thread, size_t transition, const ObservedEvent& event,
                       StateId to, MoveOutcome outcome) {
  const Transition& t = At(thread.state, transition);
  std::vector<FalseCondition> fails;
  std::vector<FalseCondition>* const words = partials_ == nullptr ? nullptr : &fails;
  TestStep(thread, t.step, event, words);
  Sides& sides = moves_[thread.state.index()][transition];
  const bool taken = outcome == MoveOutcome::kTaken;
  ++(taken ? sides.yes : sides.no);
  const bool may_match = rule_.pattern->states[to.index()].accepting;
  if (may_match && (taken || outcome == MoveOutcome::kDeadEnd)) {
    TestWhole(thread, rule_.pattern->steps[t.step].var, event.stored, words);
  }
  if (!taken) return Refused(thread, t, event, outcome, fails);
  ++states_[to.index()];
  for (GroupId g : t.inside) {
    const GroupPlan& group = rule_.pattern->groups[g.index()];
    if (group.bound.kind != WindowBound::Kind::kNone) {
      ++bounds_[BoundName(ThreadEnd::kGroup, g)].yes;
    }
    if (group.gap >= 0) ++bounds_[BoundName(ThreadEnd::kGap, g)].yes;
  }
  if (rule_.pattern->gap >= 0 && !thread.bindings.empty()) {
    ++bounds_[BoundName(ThreadEnd::kGap, GroupId())].yes;
  }
  if (partials_ == nullptr) return;
  std::vector<Binding> bindings(thread.bindings.begin(), thread.bindings.end());
  bindings.push_back({rule_.pattern->steps[t.step].var, event.stored});
  partials_->Note(Describe({thread.rule, thread.keys, to, bindings, thread.store}));
}

namespace {

// How far an event is from being taken: one that is not equal where it must be is of another story.
size_t DistanceOf(const std::vector<FalseCondition>& fails) {
  size_t distance = 0;
  for (const FalseCondition& fail : fails) distance += fail.is_equality ? 2 : 1;
  return distance;
}

}  // namespace

void RuleWatch::Refused(const ObservedThread& thread, const Transition& t,
                        const ObservedEvent& event, MoveOutcome outcome,
                        const std::vector<FalseCondition>& fails) {
  if (partials_ == nullptr) return;
  PartialMatch match = Describe(thread);
  match.stopped = absl::StrCat(EventName(event), " was not taken as ", StepName(t.step), ": ");
  match.distance = std::max<size_t>(DistanceOf(fails), 1);
  if (!fails.empty()) {
    absl::StrAppend(&match.stopped, FailText(fails));
  } else {
    match.stopped += outcome == MoveOutcome::kBanned ? "a ban does not let it pass at that time"
                                                     : "the match could not go on from there";
  }
  partials_->Note(std::move(match));
}

void RuleWatch::OnBan(const ObservedThread& thread, uint32_t ban, const ObservedEvent& event,
                      bool hit) {
  std::vector<FalseCondition> fails;
  TestStep(thread, rule_.pattern->bans[ban].step, event, &fails);
  if (!hit) return;
  ++bans_[ban].yes;
  if (partials_ == nullptr) return;
  PartialMatch match = Describe(thread);
  match.stopped = absl::StrCat(EventName(event), " is what ", BanName(ban), " forbids");
  partials_->Note(std::move(match));
}

void RuleWatch::OnBanPassed(const ObservedThread& thread, uint32_t ban) {
  ++bans_[ban].no;
  const BanPlan& plan = rule_.pattern->bans[ban];
  const State* state =
      thread.state.valid() ? &rule_.pattern->states[thread.state.index()] : nullptr;
  const bool waited = state != nullptr && std::any_of(state->waits.begin(), state->waits.end(),
                                                      [&](const Wait& w) { return w.ban == ban; });
  if (waited && !plan.at_start) TestWhole(thread, VarId(), kNoEvent, nullptr);
}

void RuleWatch::OnBound(ThreadEnd bound, GroupId group) { ++bounds_[BoundName(bound, group)].no; }

void RuleWatch::OnEnd(const ObservedThread& thread, ThreadEnd reason, const ObservedEvent* event) {
  if (partials_ == nullptr || thread.bindings.empty()) return;
  PartialMatch match = Describe(thread);
  const std::string by = event == nullptr ? "" : absl::StrCat(" at ", EventName(*event));
  switch (reason) {
    case ThreadEnd::kWindow:
    case ThreadEnd::kGap:
    case ThreadEnd::kGroup:
      match.ended = absl::StrCat("its time was over: ", BoundName(reason, GroupId()));
      break;
    case ThreadEnd::kBanned:
      match.ended = absl::StrCat("a ban ended it", by);
      break;
    case ThreadEnd::kBroken:
      match.ended = absl::StrCat("it ended", by, ": the very next event had to go on with it");
      break;
    case ThreadEnd::kUntil:
      match.ended = absl::StrCat("`until` ended it", by);
      break;
    case ThreadEnd::kSkipped:
      match.ended = "a match that was reported bars it (`after match`)";
      break;
  }
  partials_->NoteEnd(std::move(match));
}

void RuleWatch::OnReport(const ObservedThread& match, EmitKind kind) {
  if (kind == EmitKind::kOnTimeout) {
    ++timeouts_;
    return;
  }
  ++reports_;
  ++bounds_[BoundName(ThreadEnd::kWindow, GroupId())].yes;
  if (partials_ == nullptr || match.bindings.empty()) return;
  partials_->Forget(rule_.id, KeyTexts(match.keys),
                    match.store.SequenceOf(match.bindings[0].event));
}

void RuleWatch::OnLeft(const ObservedThread& thread, Deadline next) {
  if (partials_ == nullptr) return;
  PartialMatch match = Describe(thread);
  if (!next.none) {
    match.ended = absl::StrCat(
        "it waited until ", clock_.Text(next.time), next.inclusive ? " had passed" : " was reached",
        ", and the test ends at ", clock_.Text(clock_.now), ": let time pass with `at .. advance`");
  }
  partials_->NoteEnd(std::move(match));
}

// ---- windows ---------------------------------------------------------------------------------

void RuleWatch::OnInput(const EventBatch& batch) {
  scratch_.Reset();
  EvalContext context;
  context.batch = &batch;
  context.row = 0;
  context.time = batch.times[0];
  context.scratch = &scratch_;
  context.issues = issues_;
  const auto bound = [](const BoundRef&) { return Value::Null(); };
  const auto prev = [](const PrevRef&) { return Value::Null(); };
  const ConditionScene scene{context, bound, prev};
  for (const InputConditions& input : inputs_) {
    if (input.type != batch.type_id()) continue;
    std::vector<FalseCondition> fails;
    conditions_.Evaluate(input.local, scene, &fails);
    if (!input.of_all.has_value() || input.of_all->Holds(context)) continue;
    for (const std::vector<InputConditions>& step : steps_) {
      for (const InputConditions& of_step : step) {
        if (of_step.type == input.type) conditions_.Evaluate(of_step.local, scene, &fails);
      }
    }
    NotAdmitted(batch, fails);
  }
}

void RuleWatch::NotAdmitted(const EventBatch& batch, const std::vector<FalseCondition>& fails) {
  if (partials_ == nullptr) return;
  PartialMatch match;
  match.rule = rule_.id;
  match.rule_name = rule_.name;
  match.stopped = absl::StrCat(batch.type().name, " at ", clock_.Text(batch.times[0]),
                               " was not admitted: ", FailText(fails));
  match.distance = DistanceOf(fails);
  partials_->Note(std::move(match));
}

void RuleWatch::OnJudge(const ObservedWindow& window) {
  ++judged_;
  EvalContext context;
  context.time = window.time;
  context.keys = window.keys.data();
  context.aggregates = window.aggregates.data();
  context.window_start = window.start;
  context.window_end = window.end;
  context.scratch = window.scratch;
  context.issues = issues_;
  const auto prev = [](const PrevRef&) { return Value::Null(); };
  std::vector<FalseCondition> fails;
  conditions_.Evaluate(whole_, {context, window.bound, prev}, &fails);
  const Duration hold = rule_.from->having_for;
  if (partials_ == nullptr || (window.holds && hold == 0)) return;
  PartialMatch match;
  match.rule = rule_.id;
  match.rule_name = rule_.name;
  match.keys = KeyTexts(window.keys);
  match.length = window.holds ? 2 : 1;
  match.stopped = absl::StrCat("at ", clock_.Text(window.time), " `having` was ");
  if (window.holds) {
    absl::StrAppend(&match.stopped, "true, and has to be so for ", FormatDuration(hold),
                    ": let time pass with `at .. advance`");
  } else {
    absl::StrAppend(&match.stopped, "false: ", FailText(fails));
  }
  match.distance = DistanceOf(fails);
  partials_->Note(std::move(match));
}

void RuleWatch::OnWindowReport(EmitKind kind) {
  ++(kind == EmitKind::kElse ? turned_off_ : reports_);
}

}  // namespace spate
