#include "tests/property/uses.h"

#include <algorithm>
#include <cstdio>

#include "tests/reference/eval.h"

namespace spate::property {
namespace {

using reference::Bound;
using reference::Expr;
using reference::ExprKind;
using reference::Node;
using reference::NodeKind;
using reference::Op;
using reference::Policy;
using reference::Rule;
using reference::Val;
using reference::WindowKind;
using Uses = std::set<std::string>;

std::string Counts(const Node& loop) {
  if (loop.max < 0) return loop.min == 0 ? "*" : loop.min == 1 ? "+" : "{n,}";
  if (loop.min == loop.max) return "{n}";
  if (loop.min == 0) return loop.max == 1 ? "?" : "{,m}";
  return "{n,m}";
}

void AddLoop(const Node& loop, Uses* uses) {
  uses->insert("quantifier " + Counts(loop));
  if (loop.reluctant) uses->insert("reluctant");
  if (loop.word == Op::kStrict) uses->insert("loop strict");
  if (loop.word == Op::kRelaxed) uses->insert("loop relaxed");
  if (loop.word == Op::kAny) uses->insert("loop any");
  if (loop.children[0]->kind == NodeKind::kGroup) uses->insert("loop of a group");
}

void AddGroup(const Node& group, Uses* uses) {
  if (!group.var.empty()) uses->insert("v: (A | B)");
  if (group.bound.kind == Bound::kTime) uses->insert("group within D");
  if (group.bound.kind == Bound::kEvents) uses->insert("group within N events");
}

// `vars`: of the steps so far; one met twice stands in two branches.
void AddPattern(const Node& node, Uses* vars, Uses* uses) {
  switch (node.kind) {
    case NodeKind::kStep:
      if (node.var.empty())
        uses->insert("step without a variable");
      else if (!vars->insert(node.var).second)
        uses->insert("variable in two branches");
      if (node.condition.has_value()) {
        std::vector<std::string> names;
        CollectVars(*node.condition, &names);
        std::erase(names, node.var);
        uses->insert(names.empty() ? "condition on the event" : "condition on an earlier variable");
      }
      break;
    case NodeKind::kSequence:
      for (Op op : node.ops) {
        uses->insert(op == Op::kStrict ? "," : op == Op::kAny ? "->>" : "->");
      }
      break;
    case NodeKind::kAlternatives:
      uses->insert("alternatives");
      break;
    case NodeKind::kLoop:
      AddLoop(node, uses);
      break;
    case NodeKind::kGroup:
      AddGroup(node, uses);
      break;
    case NodeKind::kPermutation:
      uses->insert("permutation");
      break;
    case NodeKind::kBan:
      uses->insert("ban");
      return;
  }
  for (const auto& child : node.children) AddPattern(*child, vars, uses);
}

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
  switch (rule.window) {
    case WindowKind::kNone:
      return "from without window";
    case WindowKind::kUnbounded:
      return "within unbounded";
    case WindowKind::kWithin:
      return "within D";
    case WindowKind::kEvents:
      return "within N events";
    case WindowKind::kTumbling:
      return "window tumbling";
    case WindowKind::kTumblingEvents:
      return "window tumbling N events";
    case WindowKind::kSliding:
      return "window sliding";
    case WindowKind::kHopping:
      return "window hopping";
    case WindowKind::kSession:
      return "window session";
    case WindowKind::kEnding:
      return "window ending";
  }
  return "";
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
  Uses uses, vars;
  uses.insert(WindowUse(rule));
  if (rule.pattern != nullptr) {
    AddPattern(*rule.pattern, &vars, &uses);
    uses.insert(PolicyUse(rule.policy));
    if (!rule.from.empty()) uses.insert("from before match");
  } else {
    uses.insert(rule.from.size() > 1 ? "from of several types" : "from of one type");
  }
  if (rule.report_each) uses.insert("report each");
  if (!rule.where.empty()) uses.insert("where");
  if (rule.having.has_value()) uses.insert("having");
  if (!rule.by.empty()) uses.insert(rule.by.size() > 1 ? "by several keys" : "by one key");
  for (const auto& key : rule.by) {
    if (key.parts.size() > 1) uses.insert("key per type");
  }
  for (const auto& emit : rule.emits) {
    for (const auto& [name, expr] : emit.attrs) AddExpr(expr, &uses);
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

const std::vector<std::string>& AllConstructs() {
  static const std::vector<std::string> kAll = {"->",
                                                "->>",
                                                ",",
                                                "quantifier ?",
                                                "quantifier *",
                                                "quantifier +",
                                                "quantifier {n}",
                                                "quantifier {n,}",
                                                "quantifier {n,m}",
                                                "quantifier {,m}",
                                                "reluctant",
                                                "loop strict",
                                                "loop relaxed",
                                                "loop any",
                                                "loop of a group",
                                                "group within D",
                                                "group within N events",
                                                "alternatives",
                                                "v: (A | B)",
                                                "variable in two branches",

                                                "step without a variable",
                                                "condition on the event",
                                                "condition on an earlier variable",
                                                "where",
                                                "by one key",
                                                "by several keys",
                                                "key per type",
                                                "key emitted",
                                                "within D",
                                                "within N events",
                                                "within unbounded",
                                                "skip past last event",
                                                "skip to first v",
                                                "skip to last v",
                                                "skip to next event",
                                                "no skip",
                                                "report each",
                                                "from before match",
                                                "from without window",
                                                "window tumbling",
                                                "window sliding",
                                                "from of one type",
                                                "from of several types",
                                                "having",
                                                "aggregate count",
                                                "aggregate sum",
                                                "aggregate avg",
                                                "aggregate min",
                                                "aggregate max",
                                                "aggregate collect",
                                                "aggregate with where",
                                                "first(v.x)",
                                                "last(v.x)",
                                                "v[n].x",
                                                "several emits",
                                                "several rules",
                                                "layers",
                                                "equal times",
                                                "null keys",
                                                "null attributes",
                                                "lateness",
                                                "late events",
                                                "watermark advanced",
                                                "end close",
                                                "end advance",
                                                "end hold"};
  return kAll;
}

void UseCounts::Add(const reference::RuleFile& file, const reference::Stream& stream,
                    const std::vector<reference::Derived>& derived) {
  std::map<std::string, bool> used;  // construct -> a rule that uses it reported
  for (const Rule& rule : file.rules) {
    bool reports = std::any_of(derived.begin(), derived.end(),
                               [&](const auto& d) { return d.rule == rule.name; });
    for (const std::string& use : UsesOfRule(rule)) used[use] |= reports;
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
