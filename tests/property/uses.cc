#include "tests/property/uses.h"

#include <algorithm>
#include <cstdio>

#include "tests/property/constructs.h"
#include "tests/property/generate_pattern.h"
#include "tests/reference/eval.h"
#include "tests/reference/keys.h"

namespace spate::property {
namespace {

using reference::EmitKind;
using reference::Expr;
using reference::ExprKind;
using reference::Keep;
using reference::Policy;
using reference::Rule;
using reference::Val;
using reference::WindowKind;
using Uses = std::set<std::string>;

void AddExpr(const Expr& e, Uses* uses) {
  if (e.kind == ExprKind::kCall) {
    uses->insert("aggregate " + e.name);
    if (!e.args.empty()) uses->insert("aggregate with where");
  }
  if (e.kind == ExprKind::kFirst) uses->insert("first(v.x)");
  if (e.kind == ExprKind::kLast) uses->insert("last(v.x)");
  if (e.kind == ExprKind::kIndex) uses->insert("v[n].x");
  if (e.kind == ExprKind::kName) uses->insert("key emitted");
  for (const Expr& arg : e.args) AddExpr(arg, uses);
}

std::string WindowUse(const Rule& rule) {
  const std::string of = rule.pattern == nullptr ? "" : "pattern ";
  switch (rule.window) {
    case WindowKind::kNone:
      return rule.pattern == nullptr ? "from without window" : "no window";
    case WindowKind::kUnbounded:
      return rule.pattern == nullptr ? "window unbounded" : "within unbounded";
    case WindowKind::kWithin:
      return "within D";
    case WindowKind::kEvents:
      return rule.pattern == nullptr ? "window sliding N events" : "within N events";
    case WindowKind::kTumbling:
      return of + "window tumbling";
    case WindowKind::kTumblingEvents:
      return of + "window tumbling N events";
    case WindowKind::kSliding:
      return "window sliding";
    case WindowKind::kHopping:
      return "window hopping";
    case WindowKind::kSession:
      return of + "window session";
    case WindowKind::kEnding:
      return of + "window ending";
  }
  return "";
}

// What goes with a window and its reports.
void AddWindow(const Rule& rule, Uses* uses) {
  if (rule.offset.amount != 0) uses->insert("window with an offset");
  if (!rule.zone.empty()) uses->insert("window with a zone");
  if (!rule.calendar.empty() || !rule.every.unit.empty()) uses->insert("window in calendar units");
  if (rule.session_max >= 0 && rule.pattern == nullptr) uses->insert("window session, max");
  if (rule.on_change) uses->insert("on change");
  if (rule.having_for != 0) uses->insert("having for");
  if (rule.limit.count > 0) uses->insert(rule.limit.per < 0 ? "limit ever" : "limit");
}

void AddKey(const reference::Key& key, const Rule& rule, Uses* uses) {
  bool plain = key.parts[0].value.kind == ExprKind::kName;
  if (!plain) uses->insert("key expression");
  if (key.parts.size() < 2) return;
  std::vector<reference::PlacedStep> steps;
  if (rule.pattern != nullptr) CollectSteps(*rule.pattern, {}, &steps);
  bool of_types = rule.pattern == nullptr ||
                  std::any_of(steps.begin(), steps.end(), [&](const reference::PlacedStep& s) {
                    return s.step->type == key.parts[0].of;
                  });
  uses->insert(of_types ? "key per type" : "key per variable");
}

// Clock events in a `from` rule.
void AddClocks(const Rule& rule, Uses* uses) {
  if (rule.pattern != nullptr) return;
  bool in_window = std::any_of(rule.from.begin(), rule.from.end(),
                               [](const auto& a) { return a.type == kClockType; });
  bool ends = rule.ending != nullptr && rule.ending->type == kClockType;
  if (in_window)
    uses->insert(rule.from.size() > 1 ? "clock event beside others in from"
                                      : "clock event in from");
  if (in_window && !rule.by.empty()) uses->insert("clock event in from under keys");
  if (ends) uses->insert("window ending with a clock event");
}

std::string PolicyUse(Policy policy) {
  switch (policy) {
    case Policy::kPastLast:
      return "skip past last event";
    case Policy::kToFirst:
      return "skip to first v";
    case Policy::kToLast:
      return "skip to last v";
    case Policy::kNextEvent:
      return "skip to next event";
    case Policy::kNoSkip:
      return "no skip";
  }
  return "";
}

bool IsLate(const reference::Stream& stream) {
  reference::Time watermark = INT64_MIN;
  for (const auto& input : stream.inputs) {
    if (input.event != nullptr && input.event->time < watermark) return true;
    watermark = std::max(watermark,
                         input.event == nullptr ? input.time : input.event->time - stream.lateness);
  }
  return false;
}

}  // namespace

Uses UsesOfRule(const Rule& rule) {
  Uses uses;
  uses.insert(WindowUse(rule));
  if (rule.pattern != nullptr) {
    AddUsesOfPattern(*rule.pattern, &uses);
    uses.insert(PolicyUse(rule.policy));
    if (!rule.from.empty()) uses.insert("from before match");
    if (uses.contains("clock event") && !rule.by.empty()) uses.insert("clock event under keys");
  } else {
    uses.insert(rule.from.size() > 1 ? "from of several types" : "from of one type");
  }
  if (rule.report_each) {
    uses.insert(rule.pattern == nullptr ? "report each of windows" : "report each");
  }
  AddWindow(rule, &uses);
  AddUsesOfValues(rule, &uses);
  AddClocks(rule, &uses);
  for (const Expr& e : rule.where) {
    uses.insert(Navigates(e) ? "where with an aggregate" : "where");
  }
  if (rule.gap >= 0) uses.insert("gap");
  if (rule.until != nullptr) uses.insert("until");
  if (rule.keep == Keep::kLatest) uses.insert("keep latest");
  if (rule.keep == Keep::kFirst) uses.insert("keep first");
  if (rule.having.has_value()) uses.insert("having");
  if (!rule.by.empty()) uses.insert(rule.by.size() > 1 ? "by several keys" : "by one key");
  for (const auto& key : rule.by) AddKey(key, rule, &uses);
  for (const auto& emit : rule.emits) {
    for (const auto& [name, expr] : emit.attrs) AddExpr(expr, &uses);
    if (emit.kind == EmitKind::kElse) uses.insert("else emit");
    if (emit.kind == EmitKind::kOnTimeout) uses.insert("on timeout emit");
    if (emit.kind == EmitKind::kSummary) uses.insert("emit summary");
  }
  if (rule.emits.size() > 1) uses.insert("several emits");
  return uses;
}

Uses UsesOfFile(const reference::RuleFile& file) {
  Uses uses;
  if (file.rules.size() > 1) uses.insert("several rules");
  return uses;
}

Uses UsesOfStream(const reference::Stream& stream) {
  Uses uses;
  uses.insert(stream.end == reference::End::kClose     ? "end close"
              : stream.end == reference::End::kAdvance ? "end advance"
                                                       : "end hold");
  if (stream.lateness > 0) uses.insert("lateness");
  if (IsLate(stream)) uses.insert("late events");
  std::set<reference::Time> times;
  for (const auto& input : stream.inputs) {
    if (input.event == nullptr) {
      uses.insert("watermark advanced");
      continue;
    }
    if (!times.insert(input.event->time).second) uses.insert("equal times");
    if (input.event->Get("k").null()) uses.insert("null keys");
    if (input.event->Get("y").null()) uses.insert("null attributes");
  }
  return uses;
}

void UseCounts::Add(const reference::RuleFile& file, const reference::Stream& stream,
                    const std::vector<reference::Derived>& derived, const UsesByRule& more) {
  std::map<std::string, bool> used;  // construct -> a rule that uses it reported
  for (const Rule& rule : file.rules) {
    bool reports = std::any_of(derived.begin(), derived.end(),
                               [&](const auto& d) { return d.rule == rule.name; });
    for (const std::string& use : UsesOfRule(rule)) used[use] |= reports;
    const auto others = more.find(rule.name);
    if (others == more.end()) continue;
    for (const std::string& use : others->second) used[use] |= reports;
  }
  for (const auto& uses : {UsesOfFile(file), UsesOfStream(stream)}) {
    for (const std::string& use : uses) used[use] |= !derived.empty();
  }
  // A rule reads what another derives; reported when a report of it binds such an event.
  for (const Rule& rule : file.rules) {
    for (const auto& emit : rule.emits) {
      if (emit.type[0] == 'L') used["layers"];
    }
  }
  for (const auto& d : derived) {
    for (const auto& b : d.matched) {
      if (b.event->decl->name[0] == 'L') used["layers"] = true;
    }
  }
  for (const auto& [use, reports] : used) {
    ++counts_[use].cases;
    counts_[use].with_reports += reports ? 1 : 0;
  }
}

std::string UseCounts::Table() const {
  std::string out = "construct                            cases  with reports\n";
  for (const std::string& use : AllConstructs()) {
    auto it = counts_.find(use);
    Count count = it == counts_.end() ? Count{} : it->second;
    char line[100];
    std::snprintf(line, sizeof line, "%-34s %7d %13d\n", use.c_str(), count.cases,
                  count.with_reports);
    out += line;
  }
  return out;
}

std::vector<std::string> UseCounts::Missing() const {
  std::vector<std::string> missing;
  for (const std::string& use : AllConstructs()) {
    auto it = counts_.find(use);
    if (it == counts_.end() || it->second.with_reports == 0) missing.push_back(use);
  }
  return missing;
}

}  // namespace spate::property
