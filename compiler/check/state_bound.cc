// StateBound: walks over the checked pattern, and a table of windows.
#include "compiler/check/state_bound.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_join.h"
#include "compiler/check/lints.h"
#include "compiler/check/pattern_bounds.h"

namespace spate {
namespace {

using PatternKind = CheckedPattern::Kind;
using Growth = StateBound::Growth;
using Side = std::optional<Contiguity>;

bool IsOnce(const CheckedPattern& p) { return p.min == 1 && p.max == std::optional<uint64_t>(1); }

bool IsLoop(const CheckedPattern& p) { return p.max != std::optional<uint64_t>(1); }

// ---- which events two steps share ----

bool AreDisjoint(const CheckedInput& a, const CheckedInput& b) {
  if (a.type != b.type) return true;
  for (const ExprPtr& x : ConjunctsOf(a.condition)) {
    for (const ExprPtr& y : ConjunctsOf(b.condition)) {
      if (CannotBothHold(*x, *y)) return true;
    }
  }
  return false;
}

bool Overlap(const std::vector<CheckedInput>& a, const std::vector<CheckedInput>& b) {
  for (const CheckedInput& x : a) {
    for (const CheckedInput& y : b) {
      if (!AreDisjoint(x, y)) return true;
    }
  }
  return false;
}

// What can be the first event of `p`; true when an event must be.
bool CollectFirst(const CheckedPattern& p, std::vector<CheckedInput>& out) {
  switch (p.kind) {
    case PatternKind::kBan:
      return false;
    case PatternKind::kStep:
      out.insert(out.end(), p.types.begin(), p.types.end());
      return p.min > 0;
    case PatternKind::kSequence:
      for (const CheckedPatternPtr& e : p.elements) {
        if (CollectFirst(*e, out)) return p.min > 0;
      }
      return false;
    default:
      break;
  }
  bool must = p.min > 0;
  for (const CheckedPatternPtr& e : p.elements) must = CollectFirst(*e, out) && must;
  return must;
}

std::vector<CheckedInput> FirstOf(const CheckedPattern& p) {
  std::vector<CheckedInput> out;
  CollectFirst(p, out);
  return out;
}

// ---- whether one start can have many threads ----

// The choices by which the threads of one start multiply with the events they meet.
class Choices {
 public:
  bool Multiply(const CheckedPattern& p, Side left, Side right, bool at_end, bool in_loop) {
    in_loop = in_loop || IsLoop(p);
    const Contiguity rounds =
        p.rounds.value_or(left.value_or(right.value_or(Contiguity::kRelaxed)));
    if (IsLoop(p) && rounds == Contiguity::kAny) return true;
    if (p.kind == PatternKind::kPermutation && rounds == Contiguity::kAny) return true;
    if (p.kind == PatternKind::kSequence) return OfSequence(p, left, right, at_end, in_loop);
    if (p.kind == PatternKind::kAlternation && in_loop && BranchesOverlap(p)) return true;
    return std::any_of(p.elements.begin(), p.elements.end(), [&](const CheckedPatternPtr& e) {
      return Multiply(*e, left, right, at_end && !IsLoop(p), in_loop);
    });
  }

 private:
  bool OfSequence(const CheckedPattern& p, Side left, Side right, bool at_end, bool in_loop) {
    for (size_t i = 0; i < p.elements.size(); ++i) {
      const CheckedPattern& e = *p.elements[i];
      if (e.kind == PatternKind::kBan) continue;
      const bool last = at_end && i + 1 == p.elements.size();
      const bool completes = last && e.kind == PatternKind::kStep && IsOnce(e);
      const Side l = i > 0 ? Side(p.operators[i - 1]) : left;
      const Side r = i + 1 < p.elements.size() ? Side(p.operators[i]) : right;
      if (i > 0 && l == Contiguity::kAny && !completes) return true;
      if (MayGoOnEitherWay(p, i, at_end, in_loop)) return true;
      if (Multiply(e, l, r, last, in_loop)) return true;
    }
    return false;
  }

  // Element i may go on or be left with the same event.
  bool MayGoOnEitherWay(const CheckedPattern& p, size_t i, bool at_end, bool in_loop) {
    const CheckedPattern& e = *p.elements[i];
    size_t next = i + 1;
    while (next < p.elements.size() && p.elements[next]->kind == PatternKind::kBan) ++next;
    if (next == p.elements.size()) return false;
    const CheckedPattern& after = *p.elements[next];
    const bool completes = at_end && next + 1 == p.elements.size() &&
                           after.kind == PatternKind::kStep && IsOnce(after);
    const bool choice = IsLoop(e) || (e.min == 0 && in_loop);
    return choice && !completes && Overlap(FirstOf(e), FirstOf(after));
  }

  bool BranchesOverlap(const CheckedPattern& p) {
    for (size_t i = 0; i < p.elements.size(); ++i) {
      for (size_t j = i + 1; j < p.elements.size(); ++j) {
        const CheckedPattern& a = *p.elements[i];
        const CheckedPattern& b = *p.elements[j];
        const bool same_binding =
            a.kind == PatternKind::kStep && b.kind == PatternKind::kStep && a.var == b.var;
        if (!same_binding && Overlap(FirstOf(a), FirstOf(b))) return true;
      }
    }
    return false;
  }
};

// ---- patterns ----

bool HasOpenLoop(const CheckedPattern& p) {
  return !p.max.has_value() ||
         std::any_of(p.elements.begin(), p.elements.end(),
                     [](const CheckedPatternPtr& e) { return HasOpenLoop(*e); });
}

// A ban at the end, in some branch: what waits for its time.
bool WaitsAtEnd(const CheckedPattern& p) {
  if (p.kind == PatternKind::kBan) return true;
  if (p.elements.empty()) return false;
  if (p.kind == PatternKind::kSequence) return WaitsAtEnd(*p.elements.back());
  return std::any_of(p.elements.begin(), p.elements.end(),
                     [](const CheckedPatternPtr& e) { return WaitsAtEnd(*e); });
}

Growth GrowthOfPattern(const CheckedRule& rule) {
  const CheckedPattern& p = *rule.pattern;
  const bool waits = WaitsAtEnd(p);
  const bool strict = IsBounded(p) && !HasGroupBound(p);
  if (strict && !waits) return Growth::kConstant;
  const bool multiply =
      Choices().Multiply(p, std::nullopt, std::nullopt, /*at_end=*/true, /*in_loop=*/false);
  if (rule.keep == KeepPolicy::kLatest && !waits) return Growth::kConstant;
  if (rule.keep == KeepPolicy::kFirst && !multiply && !HasOpenLoop(p)) return Growth::kConstant;
  if (rule.within.kind == WindowBound::Kind::kEvents && !waits) return Growth::kConstant;
  if (rule.window.kind == WindowSpec::Kind::kTumbling && rule.window.events > 0 && !waits) {
    return Growth::kConstant;
  }
  const bool bounded = rule.within.kind != WindowBound::Kind::kNone || rule.gap.has_value() ||
                       rule.window.kind != WindowSpec::Kind::kNone || IsBounded(p);
  if (!bounded) return Growth::kUnbounded;
  return multiply ? Growth::kWindowAndMatches : Growth::kWindow;
}

// ---- `from` rules ----

// A few numbers, however many events there are.
bool IsIncremental(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::kCount:
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
    case AggregateKind::kMin:
    case AggregateKind::kMax:
    case AggregateKind::kFirst:
    case AggregateKind::kLast:
      return true;
    default:
      return false;
  }
}

Growth GrowthOfFrom(const CheckedRule& rule) {
  const bool incremental = std::all_of(rule.aggregates.begin(), rule.aggregates.end(),
                                       [](const Aggregate& a) { return IsIncremental(a.kind); });
  switch (rule.window.kind) {
    case WindowSpec::Kind::kNone:
      return Growth::kConstant;
    case WindowSpec::Kind::kSliding:
      return rule.window.events > 0 ? Growth::kConstant : Growth::kWindow;
    case WindowSpec::Kind::kTumbling:
      return incremental || rule.window.events > 0 ? Growth::kConstant : Growth::kWindow;
    case WindowSpec::Kind::kUnbounded:
      return incremental ? Growth::kConstant : Growth::kUnbounded;
    default:
      return incremental ? Growth::kConstant : Growth::kWindow;
  }
}

// ---- when patterns report ----

struct Ends {
  bool once = false;           // with the event that completes it
  bool strict = false;         // complete, and a strict loop may go on
  bool relaxed = false;        // complete, and a relaxed loop may go on
  bool ban_due = false;        // at the time of a ban
  bool ban_to_window = false;  // a ban without a time
};

void Merge(const Ends& more, Ends& ends) {
  ends.once = ends.once || more.once;
  ends.strict = ends.strict || more.strict;
  ends.relaxed = ends.relaxed || more.relaxed;
  ends.ban_due = ends.ban_due || more.ban_due;
  ends.ban_to_window = ends.ban_to_window || more.ban_to_window;
}

// A complete match that may grow by a transition of `contiguity`.
void AddPending(Contiguity contiguity, Ends& ends) {
  ends.strict = ends.strict || contiguity == Contiguity::kStrict;
  ends.relaxed = ends.relaxed || contiguity == Contiguity::kRelaxed;
  ends.once = ends.once || contiguity == Contiguity::kAny;
}

void CollectEnds(const CheckedPattern& p, Side left, Ends& ends) {
  const Contiguity rounds = p.rounds.value_or(left.value_or(Contiguity::kRelaxed));
  const bool may_grow = !p.reluctant && p.max != std::optional<uint64_t>(p.min) && IsLoop(p);
  if (p.kind == PatternKind::kBan) {
    (p.limit == BanPlan::Limit::kNone ? ends.ban_to_window : ends.ban_due) = true;
    return;
  }
  if (may_grow) AddPending(rounds, ends);
  if (p.kind == PatternKind::kStep || p.kind == PatternKind::kPermutation) {
    ends.once = ends.once || !may_grow || p.max.has_value();
    return;
  }
  if (p.kind != PatternKind::kSequence) {
    Ends inner;
    for (const CheckedPatternPtr& e : p.elements) CollectEnds(*e, left, inner);
    inner.once = inner.once && (!may_grow || p.max.has_value());
    Merge(inner, ends);
    return;
  }
  for (size_t i = p.elements.size(); i-- > 0;) {
    const CheckedPattern& e = *p.elements[i];
    const Side l = i > 0 ? Side(p.operators[i - 1]) : left;
    const bool is_last = i + 1 == p.elements.size();
    if (e.kind == PatternKind::kBan && !is_last) continue;  // guards what is optional
    Ends inner;
    CollectEnds(e, l, inner);
    if (!is_last) inner.once = false;  // what is optional after it may still come
    Merge(inner, ends);
    if (e.kind == PatternKind::kBan || e.min > 0) return;
    if (e.reluctant) {
      ends.once = true;
      return;
    }
    AddPending(l.value_or(Contiguity::kRelaxed), ends);
  }
}

ReportTimes TimesOfPattern(const CheckedRule& rule) {
  Ends ends;
  CollectEnds(*rule.pattern, std::nullopt, ends);
  if (rule.report_each && (ends.strict || ends.relaxed)) {
    ends.strict = false;
    ends.relaxed = false;
    ends.once = true;
  }
  const bool has_window = rule.within.kind != WindowBound::Kind::kNone || rule.gap.has_value() ||
                          rule.window.kind != WindowSpec::Kind::kNone ||
                          HasGroupBound(*rule.pattern);
  ReportTimes times;
  times.at_once = ends.once;
  times.when_it_stops = ends.strict || (ends.relaxed && !rule.until.empty());
  times.at_deadline = ends.ban_due;
  times.at_window_end = ends.ban_to_window || (ends.relaxed && has_window);
  times.at_input_end = ends.relaxed && !has_window;
  for (const CheckedEmit& emit : rule.emits) {
    if (emit.kind == EmitKind::kOnTimeout) times.at_window_end = true;
  }
  return times;
}

ReportTimes TimesOfFrom(const CheckedRule& rule) {
  ReportTimes times;
  if (rule.having_for > 0) {
    times.at_deadline = true;
    return times;
  }
  switch (rule.window.kind) {
    case WindowSpec::Kind::kNone:
    case WindowSpec::Kind::kUnbounded:
      times.at_once = true;
      break;
    case WindowSpec::Kind::kSliding:
      times.at_once = true;
      times.at_deadline = rule.on_change && rule.window.events == 0;  // when events leave
      break;
    default:
      (rule.report_each ? times.at_once : times.at_window_end) = true;
  }
  return times;
}

}  // namespace

StateBound StateBoundOf(const CheckedRule& rule) {
  StateBound bound;
  bound.per_key = !rule.keys.empty();
  bound.growth = rule.pattern != nullptr ? GrowthOfPattern(rule) : GrowthOfFrom(rule);
  return bound;
}

ReportTimes ReportTimesOf(const CheckedRule& rule) {
  return rule.pattern != nullptr ? TimesOfPattern(rule) : TimesOfFrom(rule);
}

std::string ToText(const StateBound& bound) {
  const bool keys = bound.per_key;
  switch (bound.growth) {
    case Growth::kConstant:
      return keys ? "constant per key" : "constant";
    case Growth::kWindow:
      return keys ? "by window, per key" : "by window";
    case Growth::kWindowAndMatches:
      return keys ? "by window and matches, per key" : "by window and matches";
    case Growth::kUnbounded:
      break;
  }
  return keys ? "unbounded, per key" : "unbounded";
}

std::string ToText(const ReportTimes& times) {
  std::vector<std::string> out;
  if (times.at_once) out.push_back("at once");
  if (times.when_it_stops) out.push_back("when it can grow no further");
  if (times.at_deadline) out.push_back("at a deadline");
  if (times.at_window_end) out.push_back("at the window's end");
  if (times.at_input_end) out.push_back("at the end of the input");
  return absl::StrJoin(out, " or ");
}

}  // namespace spate
