// RuleWatch: partial matches, events and bounds in words.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "compiler/testing/rule_watch.h"
#include "runtime/model/literal.h"

namespace spate {

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
