#include "runtime/engine/cost.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "runtime/match/merged_threads.h"
#include "runtime/match/register_plan.h"
#include "runtime/match/set_matcher.h"
#include "runtime/match/summary_machine.h"
#include "runtime/match/summary_runs.h"

namespace spate {
namespace {

// `a.x` for each attribute of a bound event that `e` reads, each once.
void AddBound(const Plan& plan, const PatternPlan& pattern, const Expr& e,
              std::vector<std::string>* names) {
  if (e.op == Op::kBound || e.op == Op::kBoundTime || e.op == Op::kPrev) {
    std::string name = e.op == Op::kPrev ? "prev" : "";
    if (e.var.valid() && e.var.index() < pattern.variables.size()) {
      name = pattern.variables[e.var.index()].name;
    }
    if (!e.fields.empty()) {
      const TypeField& f = e.fields[0];
      absl::StrAppend(&name, ".", plan.types[f.type.index()].fields[f.field.index()].name);
    } else {
      absl::StrAppend(&name, ".time");
    }
    if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
  }
  for (const ExprPtr& arg : e.args) AddBound(plan, pattern, *arg, names);
}

std::string Registers(const Plan& plan, const PatternPlan& pattern) {
  std::vector<std::string> names;
  for (const StepPlan& step : pattern.steps) {
    for (const StepInput& in : step.inputs) {
      if (in.residual != nullptr) AddBound(plan, pattern, *in.residual, &names);
    }
  }
  if (pattern.accept_condition != nullptr) {
    AddBound(plan, pattern, *pattern.accept_condition, &names);
  }
  if (!pattern.running_aggregates.empty()) {
    names.push_back(absl::StrCat(pattern.running_aggregates.size(), " running aggregates"));
  }
  return names.empty() ? "none" : absl::StrJoin(names, ", ");
}

// How the threads that an event does something to are found, by a rule with registers.
struct Finding {
  bool by_hash = false;
  bool in_order = false;
  bool by_testing = false;  // each one
  bool all = false;         // a step takes all threads of its state
};

Finding FindingOf(const RulePlan& rule, const RegisterPlan& registers) {
  const PatternPlan& pattern = *rule.pattern;
  Finding finding;
  for (size_t s = 0; s < pattern.states.size(); ++s) {
    if (StateId(s) == pattern.start) continue;
    for (const RuleInput& input : rule.inputs) {
      for (const RegisterProbe& probe : registers.probes(StateId(s), input.type)) {
        const RegisterAsk& ask = probe.ask;
        const bool tests = ask.whole.has_value() && ask.index == RegisterAsk::kScan;
        finding.by_testing |= tests;
        finding.all |= !ask.whole.has_value();
        if (ask.index == RegisterAsk::kScan) continue;
        (ask.order.has_value() ? finding.in_order : finding.by_hash) = true;
      }
    }
  }
  return finding;
}

RuleCost RegisterCost(const RulePlan& rule, const RegisterPlan& registers) {
  RuleCost cost;
  const Finding finding = FindingOf(rule, registers);
  cost.payload = absl::StrCat("for each of ", rule.pattern->states.size(),
                              " states one set of partial matches for each different combination "
                              "of registers, merged");
  std::vector<std::string> parts;
  if (finding.by_hash) parts.emplace_back("a look-up by hash");
  if (finding.in_order) parts.emplace_back("a search in the order of the registers");
  if (finding.by_testing) parts.emplace_back("a test for each combination of registers");
  const std::string found = absl::StrJoin(parts, ", ");
  cost.per_event = absl::StrCat(
      found, found.empty() ? "" : "; then ", "one operation for each set ",
      finding.all ? "that takes the event, which may be all of a state" : "that takes the event");
  if (finding.by_testing) {
    cost.because.emplace_back(
        "a condition on earlier events that is no comparison (`==`, `<`, `<=`, `>`, `>=`) of the "
        "event's side with theirs");
  }
  return cost;
}

// Why threads are followed one by one.
std::vector<std::string> Reasons(const PatternPlan& p) {
  std::vector<std::string> out;
  const auto add = [&out](bool holds, const char* what) {
    if (holds) out.emplace_back(what);
  };
  add(p.has_residuals && !ConditionsReadRegistersOnly(p),
      "navigation, aggregates or `prev` in a condition");
  add(p.accept_condition != nullptr, "`where` over the match as a whole");
  add(p.can_pend, "an end that may still grow (a greedy quantifier)");
  add(!p.groups.empty(), "bounds of groups");
  add(p.gap >= 0, "`gap`");
  add(!BansOnlyClose(p), "bans at the start or the end, after `,` or with a limit");
  add(!p.permutations.empty(), "permutations (`&`)");
  add(p.has_timeout, "`on timeout`");
  add(p.keep != KeepPolicy::kAll, "`keep`");
  add(!p.until.empty(), "`until`");
  add(p.window.kind != WindowSpec::Kind::kNone, "a window other than `within`");
  add(p.policy.kind != SkipPolicy::Kind::kNoSkip && !EndsWithItsMatch(p),
      "an end that goes on after a report (`report each`, `any`), under a policy that skips");
  return out;
}

// `emit summary` that lists no match.
RuleCost CountedCost(const SummaryRuns& runs, const PatternPlan& p) {
  RuleCost cost;
  cost.registers = "none";
  const bool slides = p.within.kind != WindowBound::Kind::kNone;
  const bool one = runs.places() == 1;
  const std::string places =
      one ? "the one state" : absl::StrCat("each of ", runs.places(), " states");
  cost.payload = absl::StrCat(
      "for ", places, " in which matches wait, their number",
      runs.columns().empty() ? "" : " and the aggregates over them",
      slides ? "; in a window also for each event with which one began or went on" : "");
  cost.per_event =
      absl::StrCat("a few operations for ", places, slides && !one ? " and each pair of them" : "",
                   ", however many matches there are: none is listed");
  return cost;
}

// Of a rule whose matches are listed.
RuleCost ListedCost(const Plan& plan, const RulePlan& rule) {
  const PatternPlan& p = *rule.pattern;
  RuleCost cost;
  if (RegisterPlan::CanDo(p)) {
    absl::StatusOr<std::unique_ptr<RegisterPlan>> registers = RegisterPlan::Create(p);
    if (registers.ok()) cost = RegisterCost(rule, **registers);
    cost.registers = Registers(plan, p);
    if (KeepsStartsApart(p)) {
      cost.registers = p.has_residuals ? cost.registers + ", the first event" : "the first event";
    }
    return cost;
  }
  cost.registers = Registers(plan, p);
  if (SetMatcher::CanDo(p)) {
    const bool all = p.policy.kind == SkipPolicy::Kind::kNoSkip;
    cost.payload =
        absl::StrCat("for each of ", p.states.size(), " states one set of partial matches, merged",
                     all ? "" : "; the first match is kept");
    cost.per_event =
        absl::StrCat("a few operations for each of ", p.states.size(),
                     " states, whatever the window", all ? ", and the matches reported" : "");
    return cost;
  }
  cost.payload = "for each partial match the chain of its events; chains share their beginnings";
  cost.per_event = "one test for each partial match of the key that waits for such an event";
  cost.because = Reasons(p);
  return cost;
}

RuleCost PatternCost(const Plan& plan, const RulePlan& rule) {
  if (!SummaryMachine::IsFor(rule)) return ListedCost(plan, rule);
  std::string why;
  if (const std::optional<SummaryRuns> runs = SummaryRuns::Of(rule, &why)) {
    return CountedCost(*runs, *rule.pattern);
  }
  RuleCost cost = ListedCost(plan, rule);
  cost.because.insert(cost.because.begin(),
                      absl::StrCat("the matches of a moment are listed for `emit summary`: ", why));
  return cost;
}

RuleCost WindowCost(const RulePlan& rule) {
  RuleCost cost;
  cost.registers = "none";
  bool lists = false;
  bool ordered = false;
  for (const Aggregate& a : rule.aggregates) {
    switch (a.kind) {
      case AggregateKind::kCollect:
        lists = true;
        break;
      case AggregateKind::kMedian:
      case AggregateKind::kPercentile:
      case AggregateKind::kCountDistinct:
      case AggregateKind::kTop:
        ordered = true;
        break;
      default:
        break;
    }
  }
  cost.payload = rule.aggregates.empty()
                     ? "nothing of the window's events"
                     : absl::StrCat("the state of ", rule.aggregates.size(),
                                    rule.aggregates.size() == 1 ? " aggregate" : " aggregates",
                                    " for each open window");
  if (rule.aggregates.empty()) {
    cost.per_event = "constant";
    return cost;
  }
  cost.per_event = absl::StrCat(
      "constant for each aggregate, on average, whatever the window",
      ordered ? "; for values in order or apart it grows with the logarithm of the distinct ones"
              : "",
      lists ? "; a report with `collect` costs as much as its list is long" : "");
  return cost;
}

}  // namespace

RuleCost CostOf(const Plan& plan, const RulePlan& rule) {
  return rule.pattern != nullptr ? PatternCost(plan, rule) : WindowCost(rule);
}

}  // namespace spate
