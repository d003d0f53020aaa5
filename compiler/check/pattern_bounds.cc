// PatternBounds: walks over checked patterns.
#include "compiler/check/pattern_bounds.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

using PatternKind = CheckedPattern::Kind;
using Side = std::optional<Contiguity>;  // the operator on one side of an element

bool IsExact(const CheckedPattern& p) { return p.max.has_value() && *p.max == p.min; }

class BoundedWalk {
 public:
  // The operator on the left of `p` was looked at by the caller.
  bool Visit(const CheckedPattern& p, Side left, Side right) {
    if (p.kind == PatternKind::kBan) return true;  // at the end it waits for a time (bans.h)
    const bool bounded_inside = p.bound.kind != WindowBound::Kind::kNone || p.gap.has_value();
    if (!bounded_inside && !VisitElements(p, left, right)) return false;
    begun_ = true;
    const Contiguity rounds =
        p.rounds.value_or(left.value_or(right.value_or(Contiguity::kRelaxed)));
    if (p.kind == PatternKind::kPermutation && rounds != Contiguity::kStrict) return false;
    if (!p.max.has_value()) return false;
    return *p.max == 1 || rounds == Contiguity::kStrict;
  }

 private:
  bool VisitElements(const CheckedPattern& p, Side left, Side right) {
    const bool sequence = p.kind == PatternKind::kSequence;
    const bool begun_before = begun_;
    for (size_t i = 0; i < p.elements.size(); ++i) {
      const CheckedPattern& e = *p.elements[i];
      if (p.kind == PatternKind::kAlternation) begun_ = begun_before;
      // A step that something is before waits unless it must be the very next event.
      const bool waits = sequence && i > 0 && e.kind != PatternKind::kBan && begun_ &&
                         p.operators[i - 1] != Contiguity::kStrict;
      if (waits) return false;
      const Side l = sequence && i > 0 ? Side(p.operators[i - 1]) : left;
      const Side r = sequence && i + 1 < p.elements.size() ? Side(p.operators[i]) : right;
      if (!Visit(e, l, r)) return false;
    }
    return true;
  }

  bool begun_ = false;  // some step was passed
};

}  // namespace

bool IsBounded(const CheckedPattern& pattern) {
  return BoundedWalk().Visit(pattern, std::nullopt, std::nullopt);
}

bool HasGroupBound(const CheckedPattern& p) {
  if (p.bound.kind != WindowBound::Kind::kNone || p.gap.has_value()) return true;
  return std::any_of(p.elements.begin(), p.elements.end(),
                     [](const CheckedPatternPtr& e) { return HasGroupBound(*e); });
}

bool BeginsWith(const CheckedPattern& p, VarId var) {
  if (p.min == 0) return false;
  switch (p.kind) {
    case PatternKind::kStep:
      return p.var == var;
    case PatternKind::kAlternation:
    case PatternKind::kPermutation:
      return std::all_of(p.elements.begin(), p.elements.end(),
                         [&](const CheckedPatternPtr& e) { return BeginsWith(*e, var); });
    case PatternKind::kBan:
      return false;
    default:
      break;
  }
  if (p.var == var && var.valid()) return true;
  for (const CheckedPatternPtr& e : p.elements) {
    if (e->kind != PatternKind::kBan) return BeginsWith(*e, var);
  }
  return false;
}

const CheckedPattern* LargerThanKeepLatest(const CheckedPattern& pattern) {
  if (!IsExact(pattern) || pattern.kind == PatternKind::kPermutation) return &pattern;
  for (const CheckedPatternPtr& e : pattern.elements) {
    if (const CheckedPattern* larger = LargerThanKeepLatest(*e)) return larger;
  }
  return nullptr;
}

void CheckNeedsWindow(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule) {
  const bool has_bound = decl.bounds.within.has_value() || decl.bounds.gap.has_value() ||
                         decl.window.has_value() || rule.keep == KeepPolicy::kLatest;
  if (has_bound || IsBounded(*rule.pattern)) return;
  Diagnostic& d = context.Report(
      DiagnosticCode::kNeedsWindow, decl.name.span,
      absl::StrCat("rule ", Quoted(rule.name),
                   " needs a window, `gap`, `keep latest`, or the words `within unbounded`"));
  d.label = "without one, what was begun would be kept for ever";
  d.labels.push_back({decl.match->span, "something in this pattern waits without end"});
  d.fix = Fix{"write `within 10m`, say, after the pattern", std::nullopt, ""};
}

}  // namespace spate
