#include "tests/reference/print.h"

#include <algorithm>

namespace spate::reference {
namespace {

std::string PrintPeriod(const Period& p) {
  if (p.unit.empty()) return PrintDuration(p.amount);
  return std::to_string(p.amount) + " " + p.unit + (p.amount == 1 ? "" : "s");
}

std::string PrintWord(Op word) {
  return word == Op::kStrict    ? " strict"
         : word == Op::kRelaxed ? " relaxed"
         : word == Op::kAny     ? " any"
                                : "";
}

const char* PrintOp(Op op) { return op == Op::kStrict ? ", " : op == Op::kAny ? " ->> " : " -> "; }

std::string PrintCounts(const Node& loop) {
  if (loop.min == 1 && loop.max == -1) return "+";
  if (loop.min == 0 && loop.max == -1) return "*";
  if (loop.min == 0 && loop.max == 1) return "?";
  if (loop.min == loop.max) return "{" + std::to_string(loop.min) + "}";
  return "{" + (loop.min == 0 ? "" : std::to_string(loop.min)) + "," +
         (loop.max < 0 ? "" : std::to_string(loop.max)) + "}";
}

std::string PrintLoop(const Node& loop) {
  std::string out = PrintPattern(*loop.children[0]) + PrintCounts(loop);
  if (loop.reluctant) out += "?";
  return out + PrintWord(loop.word);
}

std::string PrintBounds(const Node& group) {
  std::string out;
  const Bound& bound = group.bound;
  if (bound.kind == Bound::kTime) out += " within " + PrintDuration(bound.amount);
  if (bound.kind == Bound::kEvents) out += " within " + std::to_string(bound.amount) + " events";
  if (group.gap >= 0) out += " gap " + PrintDuration(group.gap);
  return out;
}

std::string PrintGroup(const Node& group) {
  const Node& inner = *group.children[0];
  std::string out = group.var.empty() ? "" : group.var + ": ";
  out += "(" + PrintPattern(inner) + PrintBounds(group) + ")";
  return out + (inner.kind == NodeKind::kPermutation ? PrintWord(inner.word) : "");
}

std::string PrintBan(const Node& ban) {
  std::string out = "not " + PrintPattern(*ban.children[0]);
  switch (ban.limit) {
    case BanLimit::kNone:
      return out;
    case BanLimit::kEver:
      return out + " ever";
    case BanLimit::kFor:
      return out + " for " + PrintExpr(*ban.limit_value);
    case BanLimit::kBefore:
      return out + " before " + PrintExpr(*ban.limit_value);
  }
  return out;
}

std::string PrintList(const std::vector<NodePtr>& nodes, const char* between) {
  std::string out;
  for (const NodePtr& node : nodes) out += (out.empty() ? "" : between) + PrintPattern(*node);
  return out;
}

std::string PrintKeys(const Rule& rule) {
  std::string out;
  for (const Key& key : rule.by) {
    out += out.empty() ? "\n  by " : ", ";
    for (size_t i = 0; i < key.parts.size(); ++i) {
      const auto& [of, value] = key.parts[i];
      out += (i > 0 ? " = " : "") + (of.empty() ? "" : of + ".") + PrintExpr(value);
    }
    if (key.name != key.parts[0].value.name) out += " as " + key.name;
  }
  return out;
}

std::string PrintAligned(const Rule& rule) {
  std::string out = PrintPeriod({rule.calendar, rule.window_size});
  if (rule.window == WindowKind::kHopping) out += " every " + PrintPeriod(rule.every);
  if (rule.offset.amount != 0) out += " offset " + PrintPeriod(rule.offset);
  return out + (rule.zone.empty() ? "" : " zone \"" + rule.zone + "\"");
}

std::string PrintWindow(const Rule& rule) {
  bool is_pattern = rule.pattern != nullptr;
  std::string count = std::to_string(rule.window_size) + " events";
  switch (rule.window) {
    case WindowKind::kNone:
      return "";
    case WindowKind::kUnbounded:
      return is_pattern ? "\n  within unbounded" : "\n  window unbounded";
    case WindowKind::kWithin:
      return "\n  within " + PrintDuration(rule.window_size);
    case WindowKind::kEvents:
      return (is_pattern ? "\n  within " : "\n  window sliding ") + count;
    case WindowKind::kTumbling:
      return "\n  window tumbling " + PrintAligned(rule);
    case WindowKind::kTumblingEvents:
      return "\n  window tumbling " + count;
    case WindowKind::kSliding:
      return "\n  window sliding " + PrintDuration(rule.window_size);
    case WindowKind::kHopping:
      return "\n  window hopping " + PrintAligned(rule);
    case WindowKind::kSession:
      return "\n  window session " + PrintDuration(rule.window_size) +
             (rule.session_max < 0 ? "" : " max " + PrintDuration(rule.session_max));
    case WindowKind::kEnding:
      return "\n  window ending " + PrintPattern(*rule.ending);
  }
  return "";
}

std::string PrintPolicy(const Rule& rule) {
  switch (rule.policy) {
    case Policy::kPastLast:  // not the default of `keep latest`
      return rule.keep == Keep::kLatest ? "\n  after match skip past last event" : "";
    case Policy::kToFirst:
      return "\n  after match skip to first " + rule.policy_var;
    case Policy::kToLast:
      return "\n  after match skip to last " + rule.policy_var;
    case Policy::kNextEvent:
      return "\n  after match skip to next event";
    case Policy::kNoSkip:
      return "\n  after match no skip";
  }
  return "";
}

std::string PrintFrom(const Rule& rule) {
  if (rule.from.empty()) return "";
  std::string list;
  for (const Admitted& a : rule.from) {
    if (!list.empty()) list += " | ";
    list += a.type;
    if (a.condition.has_value()) list += "[" + PrintExpr(*a.condition) + "]";
  }
  if (rule.from.size() > 1) list = "(" + list + ")";
  return "\n  from " + (rule.from_var.empty() ? "" : rule.from_var + ": ") + list;
}

std::string PrintEmits(const Rule& rule) {
  std::string out;
  for (const Emit& emit : rule.emits) {
    out += emit.kind == EmitKind::kSummary     ? "\n  emit summary "
           : emit.kind == EmitKind::kElse      ? "\n  else emit "
           : emit.kind == EmitKind::kOnTimeout ? "\n  on timeout emit "
                                               : "\n  emit ";
    out += emit.type + " {";
    for (size_t i = 0; i < emit.attrs.size(); ++i) {
      out += (i > 0 ? ", " : " ") + emit.attrs[i].first + ": " + PrintExpr(emit.attrs[i].second);
    }
    out += " }";
  }
  return out;
}

std::string PrintKeepAndLimit(const Rule& rule) {
  std::string out;
  if (rule.keep != Keep::kAll) {
    out += rule.keep == Keep::kLatest ? "\n  keep latest" : "\n  keep first";
  }
  if (rule.limit.count > 0) {
    out += "\n  limit " + std::to_string(rule.limit.count);
    out += rule.limit.per < 0 ? " ever" : " per " + PrintDuration(rule.limit.per);
  }
  return out + (rule.on_change ? "\n  on change" : "");
}

std::string PrintRule(const Rule& rule) {
  std::string out = "rule " + rule.name + " {" + PrintFrom(rule);
  if (rule.pattern != nullptr) out += "\n  match " + PrintPattern(*rule.pattern);
  for (const Expr& e : rule.where) out += "\n  where " + PrintExpr(e);
  out += PrintKeys(rule) + PrintWindow(rule);
  if (rule.gap >= 0) out += "\n  gap " + PrintDuration(rule.gap);
  if (rule.until != nullptr) out += "\n  until " + PrintPattern(*rule.until);
  if (rule.having.has_value()) out += "\n  having " + PrintExpr(*rule.having);
  if (rule.having_for != 0) out += " for " + PrintDuration(rule.having_for);
  if (rule.report_each) out += "\n  report each";
  return out + PrintPolicy(rule) + PrintKeepAndLimit(rule) + PrintEmits(rule) + "\n}\n";
}

// `rec.a` and `rec.b` are printed as a record.
std::string PrintAttributes(const std::vector<Attr>& attrs) {
  std::string out, record;
  for (const Attr& attr : attrs) {
    const size_t dot = attr.name.find('.');
    const std::string of = dot == std::string::npos ? "" : attr.name.substr(0, dot);
    if (!record.empty() && of != record) out += " }";
    out += out.empty() ? " " : ", ";
    if (!of.empty() && of != record) out += of + ": { ";
    out += (of.empty() ? attr.name : attr.name.substr(dot + 1)) + ": " + attr.type;
    record = of;
  }
  return out + (record.empty() ? "" : " }");
}

std::string PrintType(const EventDecl& type) {
  return "event " + type.name + (type.at.empty() ? "" : " at " + type.at) + " {" +
         PrintAttributes(type.attrs) + " }\n";
}

std::string PrintTable(const Table& table) {
  std::vector<Attr> columns = table.columns;
  for (size_t i = 0; i < table.keys; ++i) columns[i].type += " key";
  std::string out = "table " + table.name + " {" + PrintAttributes(columns) + " }\n";
  for (const auto& row : table.rows) {
    out += "// " + table.name + ": " + FormatVal(Val::List(row)) + "\n";
  }
  return out;
}

}  // namespace

std::string PrintPattern(const Node& node) {
  std::string out;
  switch (node.kind) {
    case NodeKind::kStep:
      out = (node.var.empty() ? "" : node.var + ": ") + node.type;
      if (node.condition.has_value()) out += "[" + PrintExpr(*node.condition) + "]";
      return out;
    case NodeKind::kSequence:
      for (size_t i = 0; i < node.children.size(); ++i) {
        out += (i > 0 ? PrintOp(node.ops[i - 1]) : "") + PrintPattern(*node.children[i]);
      }
      return out;
    case NodeKind::kAlternatives:
      return PrintList(node.children, " | ");
    case NodeKind::kPermutation:
      return PrintList(node.children, " & ");
    case NodeKind::kLoop:
      return PrintLoop(node);
    case NodeKind::kGroup:
      return PrintGroup(node);
    case NodeKind::kBan:
      return PrintBan(node);
  }
  return out;
}

std::string PrintRules(const RuleFile& file) {
  std::string out;
  for (const DeclPtr& type : file.types) {
    bool ticks = std::any_of(file.clocks.begin(), file.clocks.end(),
                             [&](const Clock& c) { return c.type == type; });
    if (!ticks) out += PrintType(*type);
  }
  for (const Clock& clock : file.clocks) {
    out += "event " + clock.type->name + " every " + PrintPeriod(clock.every);
    if (clock.offset.amount != 0) out += " offset " + PrintPeriod(clock.offset);
    out += (clock.zone.empty() ? "" : " zone \"" + clock.zone + "\"") + "\n";
  }
  for (const TablePtr& table : file.tables) out += PrintTable(*table);
  for (const Rule& rule : file.rules) out += PrintRule(rule);
  return out;
}

}  // namespace spate::reference
