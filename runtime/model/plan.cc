#include "runtime/model/plan.h"

#include "absl/strings/str_cat.h"

namespace spate {

TypeId Plan::FindType(absl::string_view name) const {
  for (const EventType& t : types) {
    if (t.name == name) return t.id;
  }
  return TypeId();
}

namespace {

std::string BoundText(const WindowBound& b) {
  switch (b.kind) {
    case WindowBound::Kind::kNone:
      return "none";
    case WindowBound::Kind::kTime:
      return FormatDuration(b.duration);
    case WindowBound::Kind::kEvents:
      return absl::StrCat(b.events, " events");
  }
  return "";
}

absl::string_view ContiguityText(Contiguity c) {
  switch (c) {
    case Contiguity::kStrict:
      return ",";
    case Contiguity::kRelaxed:
      return "->";
    case Contiguity::kAny:
      return "->>";
  }
  return "";
}

// The variables that name an event bound as `var`: one, or those that a step in named groups has.
std::string NamesOf(const PatternPlan& p, VarId var) {
  if (var.index() < p.variables.size()) return p.variables[var.index()].name;
  std::string names;
  for (VarId name : p.shared_names[var.index() - p.variables.size()]) {
    absl::StrAppend(&names, names.empty() ? "" : "+", p.variables[name.index()].name);
  }
  return names;
}

void DumpStep(const Plan& plan, const PatternPlan& p, size_t index, std::string* out) {
  const StepPlan& s = p.steps[index];
  absl::StrAppend(out, "  step ", index);
  if (s.var.valid()) absl::StrAppend(out, " ", NamesOf(p, s.var), ":");
  for (const StepInput& in : s.inputs) {
    absl::StrAppend(out, " ", plan.types[in.type.index()].name);
    if (in.predicate.valid()) absl::StrAppend(out, "[p", in.predicate.value, "]");
    if (in.residual != nullptr) absl::StrAppend(out, "[+]");
  }
  absl::StrAppend(out, "\n");
}

// `not 0` for a ban until the move is taken, `not 0!` for one on the very next event.
void DumpGuards(const std::vector<Guard>& guards, std::string* out) {
  for (const Guard& g : guards) absl::StrAppend(out, " not ", g.ban, g.next_only ? "!" : "");
}

void DumpBan(const BanPlan& b, size_t index, std::string* out) {
  static constexpr const char* kLimits[] = {"", " for", " before", " ever"};
  absl::StrAppend(out, "  ban ", index, " step ", b.step, kLimits[static_cast<size_t>(b.limit)]);
  if (b.at_start) absl::StrAppend(out, " looks back");
  if (b.group.valid()) absl::StrAppend(out, " in group ", b.group.value);
  absl::StrAppend(out, "\n");
}

void DumpState(const State& s, size_t index, std::string* out) {
  absl::StrAppend(out, "  state ", index, s.accepting ? " accepting" : "", "\n");
  for (size_t i = 0; i < s.transitions.size(); ++i) {
    const Transition& t = s.transitions[i];
    absl::StrAppend(out, "    ", ContiguityText(t.contiguity), " step ", t.step, " => ",
                    t.target.value);
    if (s.accepting && ((s.greedy >> i) & 1) != 0) absl::StrAppend(out, " greedy");
    if (s.accepting && ((s.reluctant >> i) & 1) != 0) absl::StrAppend(out, " reluctant");
    if (t.closes != 0) absl::StrAppend(out, " closes ", absl::Hex(t.closes));
    for (GroupId g : t.enters) absl::StrAppend(out, " enters ", g.value);
    for (GroupId g : t.inside) absl::StrAppend(out, " inside ", g.value);
    DumpGuards(t.guards, out);
    if (t.permutation != kNoPermutation) {
      absl::StrAppend(out, t.begins ? " begins &" : " &", t.permutation, ".", t.element,
                      " last => ", t.exit.value);
    }
    absl::StrAppend(out, "\n");
  }
  for (const Wait& w : s.waits) {
    absl::StrAppend(out, "    waits for ban ", w.ban);
    DumpGuards(w.guards, out);
    absl::StrAppend(out, "\n");
  }
}

std::string WindowText(const WindowSpec& w) {
  static constexpr const char* kNames[] = {"each event", "tumbling", "sliding",  "hopping",
                                           "session",    "ending",   "unbounded"};
  std::string out = kNames[static_cast<size_t>(w.kind)];
  if (w.events > 0) return absl::StrCat(out, " ", w.events, " events");
  if (w.kind == WindowSpec::Kind::kEnding || w.kind == WindowSpec::Kind::kUnbounded) return out;
  absl::StrAppend(&out, " ", PeriodText(w.size));
  if (w.kind == WindowSpec::Kind::kHopping) absl::StrAppend(&out, " every ", PeriodText(w.every));
  if (w.max > 0) absl::StrAppend(&out, " max ", FormatDuration(w.max));
  if (w.offset.duration != 0) absl::StrAppend(&out, " offset ", PeriodText(w.offset));
  if (!w.zone.empty()) absl::StrAppend(&out, " zone ", w.zone);
  return out;
}

// The clauses that bound a pattern and say what becomes of its matches.
void DumpClauses(const PatternPlan& p, std::string* out) {
  static constexpr const char* kKeep[] = {"", ", keep latest", ", keep first"};
  absl::StrAppend(out, "  within ", BoundText(p.within));
  if (p.gap >= 0) absl::StrAppend(out, ", gap ", FormatDuration(p.gap));
  if (p.window.kind != WindowSpec::Kind::kNone) {
    absl::StrAppend(out, ", window ", WindowText(p.window));
  }
  absl::StrAppend(out, ", ", PolicyText(p), kKeep[static_cast<size_t>(p.keep)],
                  p.report_each ? ", report each" : "", p.can_pend ? ", pending" : "",
                  p.until.empty() ? "" : ", until", "\n");
}

void DumpPattern(const Plan& plan, const PatternPlan& p, std::string* out) {
  DumpClauses(p, out);
  for (size_t g = 0; g < p.groups.size(); ++g) {
    absl::StrAppend(out, "  group ", g, " within ", BoundText(p.groups[g].bound));
    if (p.groups[g].gap >= 0) absl::StrAppend(out, " gap ", FormatDuration(p.groups[g].gap));
    absl::StrAppend(out, "\n");
  }
  for (size_t i = 0; i < p.steps.size(); ++i) DumpStep(plan, p, i, out);
  for (size_t i = 0; i < p.bans.size(); ++i) DumpBan(p.bans[i], i, out);
  for (size_t i = 0; i < p.states.size(); ++i) DumpState(p.states[i], i, out);
}

}  // namespace

std::string PeriodText(const Period& p) {
  if (p.unit == Period::Unit::kFixed) return FormatDuration(p.duration);
  static constexpr const char* kUnits[] = {"", " day", " week", " month", " year"};
  return absl::StrCat(p.count, kUnits[static_cast<size_t>(p.unit)], p.count == 1 ? "" : "s");
}

std::string PolicyText(const PatternPlan& p) {
  switch (p.policy.kind) {
    case SkipPolicy::Kind::kPastLastEvent:
      return "skip past last event";
    case SkipPolicy::Kind::kToFirst:
      return absl::StrCat("skip to first ", p.variables[p.policy.var.index()].name);
    case SkipPolicy::Kind::kToLast:
      return absl::StrCat("skip to last ", p.variables[p.policy.var.index()].name);
    case SkipPolicy::Kind::kToNextEvent:
      return "skip to next event";
    case SkipPolicy::Kind::kNoSkip:
      return "no skip";
  }
  return "";
}

std::string DumpPlan(const Plan& plan) {
  std::string out;
  for (const RulePlan& r : plan.rules) {
    absl::StrAppend(&out, "rule ", r.name, " layer ", r.layer, "\n");
    for (const KeyPlan& k : r.keys) absl::StrAppend(&out, "  by ", k.name, "\n");
    if (r.pattern != nullptr) DumpPattern(plan, *r.pattern, &out);
    if (r.from != nullptr) {
      absl::StrAppend(&out, "  from, ", WindowText(r.from->window),
                      r.from->report_each ? ", report each" : "",
                      r.from->on_change ? ", on change" : "", "\n");
    }
    for (const EmitPlan& e : r.emits) {
      absl::StrAppend(&out, "  emit ", plan.types[e.type.index()].name, "\n");
    }
  }
  return out;
}

}  // namespace spate
