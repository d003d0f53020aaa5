// RuleWatch: what the machines say becomes counts and words. What counts amount to is in
// rule_coverage.cc.
#include "testing/rule_watch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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
  if (partials_ == nullptr || window.holds) return;
  PartialMatch match;
  match.rule = rule_.id;
  match.rule_name = rule_.name;
  match.keys = KeyTexts(window.keys);
  match.length = 1;
  match.stopped =
      absl::StrCat("at ", clock_.Text(window.time), " `having` was false: ", FailText(fails));
  match.distance = DistanceOf(fails);
  partials_->Note(std::move(match));
}

void RuleWatch::OnWindowReport(EmitKind kind) {
  ++(kind == EmitKind::kElse ? turned_off_ : reports_);
}

// ---- words -----------------------------------------------------------------------------------

std::string RuleWatch::StepName(uint32_t step) const {
  const StepPlan& plan = rule_.pattern->steps[step];
  if (plan.var.valid() && plan.var.index() < rule_.pattern->variables.size()) {
    return absl::StrCat("`", rule_.pattern->variables[plan.var.index()].name, "`");
  }
  return absl::StrCat("`", conditions_.TextOf(plan.origin), "`");
}

// A ban's step is written with its `not`.
std::string RuleWatch::BanName(uint32_t ban) const {
  return absl::StrCat(
      "`", conditions_.TextOf(rule_.pattern->steps[rule_.pattern->bans[ban].step].origin), "`");
}

std::string RuleWatch::BoundName(ThreadEnd bound, GroupId group) const {
  const PatternPlan& p = *rule_.pattern;
  const auto size = [](const WindowBound& b) {
    return b.kind == WindowBound::Kind::kEvents
               ? absl::StrCat("within ", b.events, " events")
               : absl::StrCat("within ", FormatDuration(b.duration));
  };
  const std::string of_group = group.valid() ? " (of a group)" : "";
  if (bound == ThreadEnd::kGap) {
    const Duration gap = group.valid() ? p.groups[group.index()].gap : p.gap;
    return absl::StrCat("gap ", FormatDuration(gap), of_group);
  }
  if (group.valid()) return size(p.groups[group.index()].bound) + of_group;
  if (p.window.kind != WindowSpec::Kind::kNone) return "window";
  return p.within.kind == WindowBound::Kind::kNone ? "" : size(p.within);
}

std::string RuleWatch::EventName(const ObservedEvent& event) const {
  return absl::StrCat(plan_.types[event.arrival.type().index()].name, " at ",
                      clock_.Text(event.arrival.time()));
}

std::string RuleWatch::PlaceOf(const Origin& origin) const {
  const Source& source = sources_.Get(origin.file);
  return absl::StrCat(source.name(), ":", source.Locate(origin.begin).line);
}

std::string RuleWatch::FailText(const std::vector<FalseCondition>& fails) const {
  std::string text;
  for (const FalseCondition& fail : fails) {
    if (!text.empty()) text += ", and ";
    absl::StrAppend(&text, "`", fail.text, "` was false");
    std::vector<std::string> values;
    for (const auto& [name, value] : fail.values)
      values.push_back(absl::StrCat(name, " = ", value));
    if (!values.empty()) absl::StrAppend(&text, " with ", absl::StrJoin(values, ", "));
    absl::StrAppend(&text, " (", PlaceOf(fail.origin), ")");
  }
  return text;
}

NamedTexts RuleWatch::KeyTexts(absl::Span<const Value> keys) const {
  NamedTexts texts;
  for (size_t i = 0; i < keys.size() && i < rule_.keys.size(); ++i) {
    texts.emplace_back(rule_.keys[i].name, LiteralText(keys[i]));
  }
  return texts;
}

// The steps on the shortest way from a state to a match.
std::string RuleWatch::WhatIsNeeded(StateId from) const {
  const PatternPlan& p = *rule_.pattern;
  if (!p.permutations.empty()) return "";  // what remains of one is not told by the state
  struct Way {
    size_t before;
    uint32_t step;
  };
  std::vector<std::pair<StateId, Way>> queue{{from, {0, 0}}};
  std::vector<bool> seen(p.states.size(), false);
  seen[from.index()] = true;
  for (size_t i = 0; i < queue.size(); ++i) {
    const State& s = p.states[queue[i].first.index()];
    if (s.accepting || !s.waits.empty()) {
      std::vector<std::string> steps;
      for (size_t at = i; at != 0; at = queue[at].second.before) {
        steps.push_back(StepName(queue[at].second.step));
      }
      std::reverse(steps.begin(), steps.end());
      std::vector<std::string> counted;
      for (size_t a = 0, b = 0; a < steps.size(); a = b) {
        while (b < steps.size() && steps[b] == steps[a]) ++b;
        counted.push_back(b - a == 1 ? steps[a] : absl::StrCat(b - a, " more ", steps[a]));
      }
      if (!s.accepting) {
        counted.push_back(BanName(s.waits[0].ban));
      }
      return absl::StrJoin(counted, ", then ");
    }
    for (const Transition& t : s.transitions) {
      if (seen[t.target.index()]) continue;
      seen[t.target.index()] = true;
      queue.push_back({t.target, {i, t.step}});
    }
  }
  return "";
}

PartialMatch RuleWatch::Describe(const ObservedThread& thread) const {
  PartialMatch match;
  match.rule = rule_.id;
  match.rule_name = rule_.name;
  match.keys = KeyTexts(thread.keys);
  match.length = thread.bindings.size();
  match.needed = WhatIsNeeded(thread.state);
  if (!thread.bindings.empty()) match.start = thread.store.SequenceOf(thread.bindings[0].event);
  const PatternPlan& p = *rule_.pattern;
  for (size_t i = 0; i < thread.bindings.size();) {
    const Binding& first = thread.bindings[i];
    const EventType& type = thread.store.TypeOf(first.event);
    const bool named = first.var.valid() && first.var.index() < p.variables.size();
    std::string line = absl::StrCat(
        named ? absl::StrCat(p.variables[first.var.index()].name, ": ") : std::string(), type.name,
        " at ");
    size_t count = 0;
    for (; i < thread.bindings.size() && thread.bindings[i].var == first.var &&
           &thread.store.TypeOf(thread.bindings[i].event) == &type;
         ++i, ++count) {
      if (count < 12) {
        absl::StrAppend(&line, count == 0 ? "" : ", ",
                        clock_.Text(thread.store.TimeOf(thread.bindings[i].event)));
      }
    }
    if (count > 12) absl::StrAppend(&line, ", .. (", count, " events)");
    match.events.push_back(std::move(line));
  }
  return match;
}

}  // namespace spate
