// explain RULES: one block a rule, from the plan.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/explain.h"
#include "runtime/engine/cost.h"
#include "runtime/model/plan.h"

namespace spate::cli {
namespace {

void Line(absl::string_view name, absl::string_view text, std::string* out) {
  absl::StrAppend(out, "  ", name, std::string(name.size() < 10 ? 10 - name.size() : 1, ' '), text,
                  "\n");
}

std::string SizeText(const WindowSpec& w) {
  return w.events > 0 ? absl::StrCat(w.events, " events") : PeriodText(w.size);
}

std::string WindowText(const WindowSpec& w) {
  using Kind = WindowSpec::Kind;
  std::string text;
  switch (w.kind) {
    case Kind::kNone:
      return "none: each event by itself (default)";
    case Kind::kTumbling:
      text = absl::StrCat("tumbling ", SizeText(w));
      break;
    case Kind::kSliding:
      return absl::StrCat("sliding ", SizeText(w));
    case Kind::kHopping:
      text = absl::StrCat("hopping ", SizeText(w), " every ", PeriodText(w.every));
      break;
    case Kind::kSession:
      return absl::StrCat("session ", SizeText(w),
                          w.max > 0 ? absl::StrCat(" max ", FormatDuration(w.max))
                                    : std::string(", without a cap (default)"));
    case Kind::kEnding:
      return "ending with an event";
    case Kind::kUnbounded:
      return "unbounded";
  }
  if (w.events > 0) return text;
  if (w.offset != Period()) absl::StrAppend(&text, " offset ", PeriodText(w.offset));
  return absl::StrCat(text, ", zone ", w.zone.empty() ? "UTC (default)" : w.zone);
}

std::string WithinText(const PatternPlan& p) {
  if (p.window.kind != WindowSpec::Kind::kNone) return WindowText(p.window);
  switch (p.within.kind) {
    case WindowBound::Kind::kNone:
      return "no window";
    case WindowBound::Kind::kTime:
      return absl::StrCat("within ", FormatDuration(p.within.duration));
    case WindowBound::Kind::kEvents:
      return absl::StrCat("within ", p.within.events, " events");
  }
  return "";
}

void AppendPattern(const PatternPlan& p, std::string* out) {
  Line("window", WithinText(p), out);
  if (p.gap >= 0) Line("gap", FormatDuration(p.gap), out);
  Line("after", PolicyText(p), out);
  static constexpr const char* kKeep[] = {"all", "latest", "first"};
  Line("keep", kKeep[static_cast<size_t>(p.keep)], out);
  Line("report", p.report_each ? "each" : "longest", out);
}

void AppendFrom(const FromPlan& f, std::string* out) {
  Line("window", WindowText(f.window), out);
  Line("having", f.having == nullptr ? "always (default)" : "as written", out);
  const bool at_close = !f.report_each && (f.window.kind == WindowSpec::Kind::kTumbling ||
                                           f.window.kind == WindowSpec::Kind::kHopping ||
                                           f.window.kind == WindowSpec::Kind::kSession ||
                                           f.window.kind == WindowSpec::Kind::kEnding);
  Line("report",
       absl::StrCat(at_close ? "when a window closes" : "at each event",
                    f.on_change || f.having_for > 0 ? ", when `having` turns true" : ""),
       out);
}

std::string LimitText(const LimitPlan& limit) {
  if (limit.count == 0) return "none (default)";
  return limit.ever ? absl::StrCat(limit.count, " ever")
                    : absl::StrCat(limit.count, " per ", FormatDuration(limit.per));
}

void AppendEmits(const Plan& plan, const RulePlan& rule, std::string* out) {
  static constexpr const char* kKinds[] = {"", " (summary)", " (else)", " (on timeout)"};
  for (const EmitPlan& e : rule.emits) {
    const EventType& type = plan.types[e.type.index()];
    const std::string fields = absl::StrJoin(type.fields, ", ", [](std::string* s, const Field& f) {
      absl::StrAppend(s, f.name, ": ", TypeName(f.type));
    });
    Line("emits",
         absl::StrCat(type.name, " { ", fields, " }", kKinds[static_cast<size_t>(e.kind)],
                      type.internal ? ", internal" : ""),
         out);
  }
}

void AppendRule(const CompileResult& compiled, const RulePlan& rule, std::string* out) {
  const Plan& plan = *compiled.plan;
  absl::StrAppend(out, "rule ", rule.name);
  if (rule.origin.file < compiled.sources->size()) {
    const Source& source = compiled.sources->Get(rule.origin.file);
    absl::StrAppend(out, "  (", source.name(), ":", source.Locate(rule.origin.begin).line, ")");
  }
  absl::StrAppend(out, "\n");
  Line("reads",
       absl::StrJoin(rule.inputs, ", ",
                     [&](std::string* s, const RuleInput& in) {
                       s->append(plan.types[in.type.index()].name);
                     }),
       out);
  const auto key_name = [](std::string* s, const KeyPlan& k) { s->append(k.name); };
  Line("by",
       rule.keys.empty() ? "nothing: one partition (default)"
                         : absl::StrJoin(rule.keys, ", ", key_name),
       out);
  if (rule.pattern != nullptr) AppendPattern(*rule.pattern, out);
  if (rule.from != nullptr) AppendFrom(*rule.from, out);
  Line("limit", LimitText(rule.limit), out);
  AppendEmits(plan, rule, out);
  for (const RuleNote& note : compiled.rules) {
    if (note.name != rule.name) continue;
    Line("state", note.state, out);
    Line("reports", note.reports, out);
  }
  const RuleCost cost = CostOf(plan, rule);
  Line("payload", cost.payload, out);
  Line("registers", cost.registers, out);
  Line("per event", cost.per_event, out);
  for (const std::string& reason : cost.because) Line("because", reason, out);
}

}  // namespace

std::string RulesText(const CompileResult& compiled) {
  std::string out;
  for (const RulePlan& rule : compiled.plan->rules) {
    if (!out.empty()) out.push_back('\n');
    AppendRule(compiled, rule, &out);
  }
  return out;
}

}  // namespace spate::cli
