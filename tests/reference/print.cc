#include "tests/reference/print.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace spate::reference {
namespace {

std::string PrintDuration(int64_t ns) {
  return ns % kSecond == 0 ? std::to_string(ns / kSecond) + "s"
                           : std::to_string(ns / 1'000'000) + "ms";
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
  if (loop.word == Op::kStrict) out += " strict";
  if (loop.word == Op::kRelaxed) out += " relaxed";
  if (loop.word == Op::kAny) out += " any";
  return out;
}

std::string PrintBound(const Bound& bound) {
  if (bound.kind == Bound::kTime) return " within " + PrintDuration(bound.amount);
  if (bound.kind == Bound::kEvents) return " within " + std::to_string(bound.amount) + " events";
  return "";
}

std::string PrintKeys(const Rule& rule) {
  std::string out;
  for (const Key& key : rule.by) {
    out += out.empty() ? "\n  by " : ", ";
    for (size_t i = 0; i < key.per_type.size(); ++i) {
      const auto& [type, attr] = key.per_type[i];
      out += (i > 0 ? " = " : "") + (type.empty() ? attr : type + "." + attr);
    }
  }
  return out;
}

std::string PrintWindow(const Rule& rule) {
  switch (rule.window) {
    case WindowKind::kNone:
      return "";
    case WindowKind::kUnbounded:
      return rule.pattern == nullptr ? "\n  window unbounded" : "\n  within unbounded";
    case WindowKind::kWithin:
      return "\n  within " + PrintDuration(rule.window_size);
    case WindowKind::kEvents:
      return "\n  within " + std::to_string(rule.window_size) + " events";
    case WindowKind::kTumbling:
      return "\n  window tumbling " + PrintDuration(rule.window_size);
    case WindowKind::kSliding:
      return "\n  window sliding " + PrintDuration(rule.window_size);
  }
  return "";
}

std::string PrintPolicy(const Rule& rule) {
  switch (rule.policy) {
    case Policy::kPastLast:
      return "";
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
    out += "\n  emit " + emit.type + " {";
    for (size_t i = 0; i < emit.attrs.size(); ++i) {
      out += (i > 0 ? ", " : " ") + emit.attrs[i].first + ": " + PrintExpr(emit.attrs[i].second);
    }
    out += " }";
  }
  return out;
}

std::string PrintRule(const Rule& rule) {
  std::string out = "rule " + rule.name + " {" + PrintFrom(rule);
  if (rule.pattern != nullptr) out += "\n  match " + PrintPattern(*rule.pattern);
  for (const Expr& e : rule.where) out += "\n  where " + PrintExpr(e);
  out += PrintKeys(rule) + PrintWindow(rule);
  if (rule.having.has_value()) out += "\n  having " + PrintExpr(*rule.having);
  if (rule.report_each) out += "\n  report each";
  return out + PrintPolicy(rule) + PrintEmits(rule) + "\n}\n";
}

std::string PrintType(const EventDecl& type) {
  std::string out = "event " + type.name + (type.at.empty() ? "" : " at " + type.at) + " {";
  for (size_t i = 0; i < type.attrs.size(); ++i) {
    out += (i > 0 ? ", " : " ") + type.attrs[i].name + ": " + type.attrs[i].type;
  }
  return out + " }\n";
}

std::string PrintCall(const Expr& e) {
  std::string out = (e.kind == ExprKind::kFirst  ? "first"
                     : e.kind == ExprKind::kLast ? "last"
                                                 : e.name) +
                    "(" + e.var + (e.attr.empty() ? "" : "." + e.attr);
  if (e.kind != ExprKind::kCall && e.n != 0) out += ", " + std::to_string(e.n);
  if (!e.args.empty()) out += " where " + PrintExpr(e.args[0]);
  return out + ")";
}

// An operand: in parentheses where it has operators of its own.
std::string PrintOperand(const Expr& e) {
  bool plain = e.kind != ExprKind::kBinary && e.kind != ExprKind::kUnary;
  return plain ? PrintExpr(e) : "(" + PrintExpr(e) + ")";
}

std::string FormatAttributes(Attributes attrs) {
  std::sort(attrs.begin(), attrs.end());
  std::string out = "{";
  for (const auto& [name, value] : attrs) {
    if (value.null()) continue;
    out += (out.size() > 1 ? ", " : "") + name + ": " + FormatVal(value);
  }
  return out + "}";
}

std::string FormatEvents(const std::vector<FlatEvent>& events) {
  std::string out;
  for (const FlatEvent& e : events) {
    out += (out.empty() ? "" : ", ") + e.type + "@" + PrintDuration(e.time) +
           FormatAttributes(e.attrs);
  }
  return out;
}

}  // namespace

std::string PrintExpr(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kLiteral:
      return FormatVal(e.literal);
    case ExprKind::kName:
      return e.name;
    case ExprKind::kVarAttr:
      return e.var + "." + e.attr;
    case ExprKind::kIndex:
      return e.var + "[" + std::to_string(e.n) + "]." + e.attr;
    case ExprKind::kFirst:
    case ExprKind::kLast:
    case ExprKind::kCall:
      return PrintCall(e);
    case ExprKind::kUnary:
      if (e.name == "not") return "not " + PrintOperand(e.args[0]);
      if (e.name == "-") return "-" + PrintOperand(e.args[0]);
      return PrintOperand(e.args[0]) + " " + e.name;
    case ExprKind::kBinary:
      return PrintOperand(e.args[0]) + " " + e.name + " " + PrintOperand(e.args[1]);
  }
  return "";
}

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
      for (size_t i = 0; i < node.children.size(); ++i) {
        out += (i > 0 ? " | " : "") + PrintPattern(*node.children[i]);
      }
      return out;
    case NodeKind::kLoop:
      return PrintLoop(node);
    case NodeKind::kGroup:
      return (node.var.empty() ? "" : node.var + ": ") + "(" + PrintPattern(*node.children[0]) +
             PrintBound(node.bound) + ")";
  }
  return out;
}

std::string PrintRules(const RuleFile& file) {
  std::string out;
  for (const DeclPtr& type : file.types) out += PrintType(*type);
  for (const Rule& rule : file.rules) out += PrintRule(rule);
  return out;
}

std::string PrintStream(const Stream& stream) {
  std::string out;
  for (const Input& input : stream.inputs) {
    if (input.event == nullptr) {
      out += "{\"watermark\": \"" + FormatTime(input.time) + "\"}\n";
      continue;
    }
    const Event& e = *input.event;
    out += "{\"type\": \"" + e.decl->name + "\"";
    for (size_t i = 0; i < e.values.size(); ++i) {
      const std::string& name = e.decl->attrs[i].name;
      std::string value =
          name == e.decl->at ? "\"" + FormatTime(e.time) + "\"" : FormatVal(e.values[i]);
      out += ", \"" + name + "\": " + value;
    }
    out += "}\n";
  }
  return out;
}

std::string PrintArgs(const Stream& stream) {
  std::string out = "--lateness " + PrintDuration(stream.lateness) + " --at-end ";
  return out + (stream.end == End::kClose     ? "close"
                : stream.end == End::kAdvance ? "advance"
                                              : "hold");
}

std::string FormatVal(const Val& v) {
  switch (v.v.index()) {
    case 1:
      return std::get<bool>(v.v) ? "true" : "false";
    case 2:
      return std::to_string(std::get<int64_t>(v.v));
    case 3: {
      char buffer[40];
      std::snprintf(buffer, sizeof buffer, "%.17g", std::get<double>(v.v));
      std::string s = buffer;
      return s.find_first_of(".en") == std::string::npos ? s + ".0" : s;
    }
    case 4:
      return "\"" + std::get<std::string>(v.v) + "\"";
    case 5: {
      std::string out = "[";
      for (const Val& e : std::get<std::vector<Val>>(v.v)) {
        out += (out.size() > 1 ? ", " : "") + FormatVal(e);
      }
      return out + "]";
    }
    default:
      return "null";
  }
}

std::string FormatTime(Time time) {
  time_t seconds = static_cast<time_t>(time / kSecond);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  char buffer[64];
  size_t n = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &tm);
  std::snprintf(buffer + n, sizeof buffer - n, ".%03dZ",
                static_cast<int>(time % kSecond / 1'000'000));
  return buffer;
}

std::string FormatFlat(const FlatEvent& event, const std::string& rule,
                       const std::map<std::string, std::vector<FlatEvent>>& matched) {
  std::string out = event.type + "@" + PrintDuration(event.time) + " " + rule + " " +
                    FormatAttributes(event.attrs);
  for (const auto& [var, events] : matched) {
    if (!events.empty()) out += "  " + var + "=" + FormatEvents(events);
  }
  return out;
}

FlatEvent Flatten(const Event& event) {
  FlatEvent flat{event.decl->name, event.time, {}};
  for (size_t i = 0; i < event.values.size(); ++i) {
    const Attr& attr = event.decl->attrs[i];
    if (attr.name != event.decl->at) flat.attrs.emplace_back(attr.name, event.values[i]);
  }
  return flat;
}

std::string FormatDerived(const Derived& derived) {
  std::map<std::string, std::vector<FlatEvent>> matched;
  for (const Binding& b : derived.matched) {
    for (const std::string& var : b.vars) {
      if (!var.empty()) matched[var].push_back(Flatten(*b.event));
    }
  }
  return FormatFlat(Flatten(*derived.event), derived.rule, matched);
}

}  // namespace spate::reference
