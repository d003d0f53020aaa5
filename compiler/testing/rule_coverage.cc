// RuleWatch: what its counts amount to.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/testing/rule_watch.h"

namespace spate {

RuleCoverage RuleWatch::Coverage() const {
  RuleCoverage coverage;
  const auto place = [&](const Origin& origin, CoverageGoal goal) {
    const Source& source = sources_.Get(origin.file);
    goal.file = source.name();
    goal.line = source.Locate(origin.begin).line;
    coverage.goals.push_back(std::move(goal));
  };
  const Source& source = sources_.Get(rule_.origin.file);
  coverage.rule = rule_.name;
  coverage.file = source.name();
  coverage.line = source.Locate(rule_.origin.begin).line;
  place(rule_.origin, {GoalKind::kReport, "a report", "", 0, 0, reports_, 0, false});
  const bool can_turn = std::any_of(rule_.emits.begin(), rule_.emits.end(),
                                    [](const EmitPlan& e) { return e.kind == EmitKind::kElse; });
  if (can_turn) {
    place(rule_.origin, {GoalKind::kReport, "`else emit`", "", 0, 1, turned_off_, 0, false});
  }
  if (rule_.pattern != nullptr) AddStates(&coverage);
  for (const ConditionSet::Count& c : conditions_.counts()) {
    place(c.origin, {GoalKind::kCondition, conditions_.TextOf(c.origin), "", 0, 0, c.yes, c.no,
                     /*two_sided=*/true});
  }
  if (rule_.pattern == nullptr) return coverage;
  for (size_t b = 0; b < bans_.size(); ++b) {
    const Origin& origin = rule_.pattern->steps[rule_.pattern->bans[b].step].origin;
    place(origin, {GoalKind::kBan, conditions_.TextOf(origin), "", 0, static_cast<uint32_t>(b),
                   bans_[b].yes, bans_[b].no, /*two_sided=*/true});
  }
  AddBounds(&coverage);
  return coverage;
}

void RuleWatch::AddStates(RuleCoverage* coverage) const {
  const PatternPlan& p = *rule_.pattern;
  std::vector<bool> named(p.states.size(), false);
  named[p.start.index()] = true;
  uint32_t number = 0;
  for (size_t s = 0; s < p.states.size(); ++s) {
    for (size_t i = 0; i < p.states[s].transitions.size(); ++i) {
      const Transition& t = p.states[s].transitions[i];
      const Origin& origin = p.steps[t.step].origin;
      const Source& source = sources_.Get(origin.file);
      const uint32_t line = source.Locate(origin.begin).line;
      const std::string text = conditions_.TextOf(origin);
      const Sides& sides = moves_[s][i];
      coverage->goals.push_back({GoalKind::kTransition, text, source.name(), line, number++,
                                 sides.yes, sides.no, /*two_sided=*/false});
      for (const StateId to : {t.target, t.exit}) {
        if (!to.valid() || named[to.index()]) continue;
        named[to.index()] = true;
        coverage->goals.push_back({GoalKind::kState, absl::StrCat("after ", text), source.name(),
                                   line, to.value, states_[to.index()], 0, /*two_sided=*/false});
      }
    }
  }
}

// Where a bound is written, as far as the text shows it; else the rule's line.
uint32_t RuleWatch::LineOfBound(const std::string& name) const {
  const Source& source = sources_.Get(rule_.origin.file);
  const Origin rule = TextOfRule();
  const std::string written = name.substr(0, name.find(" ("));
  const size_t at = source.text().find(written, rule.begin);
  const bool found = at != std::string::npos && at < rule.end;
  return source.Locate(found ? static_cast<uint32_t>(at) : rule.begin).line;
}

// Every bound that the rule has, also those that nothing met.
void RuleWatch::AddBounds(RuleCoverage* coverage) const {
  const PatternPlan& p = *rule_.pattern;
  std::vector<std::string> names;
  const bool has_window =
      p.within.kind != WindowBound::Kind::kNone ||
      (p.window.kind != WindowSpec::Kind::kNone && p.window.kind != WindowSpec::Kind::kUnbounded);
  if (has_window) names.push_back(BoundName(ThreadEnd::kWindow, GroupId()));
  if (p.gap >= 0) names.push_back(BoundName(ThreadEnd::kGap, GroupId()));
  for (size_t g = 0; g < p.groups.size(); ++g) {
    if (p.groups[g].bound.kind != WindowBound::Kind::kNone) {
      names.push_back(BoundName(ThreadEnd::kGroup, GroupId(g)));
    }
    if (p.groups[g].gap >= 0) names.push_back(BoundName(ThreadEnd::kGap, GroupId(g)));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string& name : names) {
    const auto it = bounds_.find(name);
    const Sides sides = it == bounds_.end() ? Sides() : it->second;
    coverage->goals.push_back({GoalKind::kBound, name, coverage->file, LineOfBound(name), 0,
                               sides.yes, sides.no, /*two_sided=*/true});
  }
  if (p.has_timeout) {
    coverage->goals.push_back({GoalKind::kReport, "`on timeout emit`", coverage->file,
                               coverage->line, 2, timeouts_, 0, /*two_sided=*/false});
  }
}

}  // namespace spate
