// Patterns, pass 2: each condition in the scope of what is bound before it. Pass 1 is
// pattern_variables.cc.
#include "compiler/check/patterns.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/quantifiers.h"
#include "compiler/check/views.h"
#include "compiler/check/windows.h"

namespace spate {
namespace {

constexpr size_t kMaxPermuted = 16;

using PatternKind = CheckedPattern::Kind;

// Parentheses that change nothing.
bool IsPlainGroup(const CheckedPattern& p) {
  return p.kind == PatternKind::kGroup && p.min == 1 && p.max == std::optional<uint64_t>(1) &&
         !p.rounds.has_value() && !p.var.valid() && !p.gap.has_value() &&
         p.bound.kind == WindowBound::Kind::kNone;
}

bool IsBansOnly(const CheckedPattern& p) {
  if (p.kind == PatternKind::kSequence) {
    return std::all_of(p.elements.begin(), p.elements.end(),
                       [](const CheckedPatternPtr& e) { return e->kind == PatternKind::kBan; });
  }
  return p.kind == PatternKind::kBan;
}

// What is inside plain parentheses.
CheckedPatternPtr Unwrapped(CheckedPatternPtr p) {
  while (IsPlainGroup(*p)) {
    CheckedPatternPtr inner = std::move(p->elements[0]);
    p = std::move(inner);
  }
  return p;
}

// `(A){2}` as `A{2}`; anything else without plain parentheses.
CheckedPatternPtr WithoutGroup(CheckedPatternPtr p) {
  p = Unwrapped(std::move(p));
  const bool counts_only = p->kind == PatternKind::kGroup && !p->rounds.has_value() &&
                           !p->var.valid() && !p->gap.has_value() &&
                           p->bound.kind == WindowBound::Kind::kNone;
  if (!counts_only) return p;
  p->elements[0] = Unwrapped(std::move(p->elements[0]));
  CheckedPattern& inner = *p->elements[0];
  const bool once = inner.min == 1 && inner.max == std::optional<uint64_t>(1);
  if (inner.kind != PatternKind::kStep || !once) return p;
  inner.min = p->min;
  inner.max = p->max;
  return std::move(p->elements[0]);
}

void CollectNames(const ast::Pattern& p, const RuleNames& names, std::vector<VarId>& out) {
  if (p.variable.has_value()) {
    if (std::optional<VarId> v = names.FindVariable(p.variable->text)) out.push_back(*v);
  }
  auto all = [&](const std::vector<ast::PatternPtr>& elements) {
    for (const ast::PatternPtr& e : elements) CollectNames(*e, names, out);
  };
  if (const auto* a = std::get_if<ast::Alternation>(&p.node)) all(a->elements);
  if (const auto* g = std::get_if<ast::Group>(&p.node)) CollectNames(*g->inner, names, out);
}

class PatternChecker {
 public:
  PatternChecker(CheckContext& context, RuleNames& names, uint32_t file)
      : context_(context), names_(names), file_(file) {}

  struct Around {
    const ast::Name* name = nullptr;  // of the group around, when it names the steps in it
    bool permuted = false;            // an element of a permutation: alternatives are one step
    std::vector<bool> siblings;       // by VarId: of the other elements
  };

  // `bound`: by VarId, what is bound before; what `p` binds is added.
  CheckedPatternPtr Visit(const ast::Pattern& p, Around place, std::vector<bool>& bound) {
    if (const auto* ban = std::get_if<ast::Ban>(&p.node)) return VisitBan(p, *ban, bound);
    const bool names_group = p.variable.has_value() && !NamesStepsOnly(p);
    if (names_group) place.name = nullptr;
    if (p.variable.has_value() && !names_group) place.name = &*p.variable;
    const bool one_step = std::holds_alternative<ast::Step>(p.node) ||
                          ((place.name != nullptr || place.permuted) && AsOneStep(p).has_value());
    CheckedPatternPtr out;
    if (one_step) {
      out = VisitStep(p, place, bound);
    } else if (names_group) {
      const VarId var = *names_.FindVariable(p.variable->text);
      groups_.push_back(var);
      out = VisitGroup(p, std::get<ast::Group>(p.node), place, bound);
      groups_.pop_back();
      out->var = var;
      bound[var.index()] = true;
    } else if (const auto* g = std::get_if<ast::Group>(&p.node)) {
      out = VisitGroup(p, *g, place, bound);
    } else {
      out = VisitLarger(p, place, bound);
    }
    return out;
  }

 private:
  CheckedPatternPtr Make(const ast::Pattern& p, PatternKind kind) {
    auto out = std::make_unique<CheckedPattern>();
    out->kind = kind;
    out->span = p.span;
    const Counts counts = CountsOf(context_, p.quantifier);
    out->min = counts.min;
    out->max = counts.max;
    out->reluctant = p.quantifier.reluctant;
    out->rounds = ToContiguity(p.quantifier.contiguity);
    return out;
  }

  Scope StepScope(const ast::Name* name, const Around& place, const std::vector<bool>& bound) {
    Scope scope;
    scope.file = file_;
    scope.place = Place::kStep;
    scope.rule = &names_;
    scope.bound = bound;
    scope.siblings = place.siblings;
    if (name != nullptr) scope.own = *names_.FindVariable(name->text);
    return scope;
  }

  CheckedPatternPtr VisitStep(const ast::Pattern& p, const Around& place,
                              std::vector<bool>& bound) {
    CheckedPatternPtr out = Make(p, PatternKind::kStep);
    Scope scope = StepScope(place.name, place, bound);
    scope.groups = groups_;
    out->var = scope.own;
    // `e: (A | B)` is `(e: A | e: B)`.
    const auto uses = AsOneStep(p).value_or(std::vector<const ast::TypeUse*>());
    for (const ast::TypeUse* use : uses) {
      CheckedPattern* step = out.get();
      if (uses.size() > 1) {
        out->kind = PatternKind::kAlternation;
        out->elements.push_back(std::make_unique<CheckedPattern>());
        step = out->elements.back().get();
        step->span = use->span;
        step->var = scope.own;
      }
      MergeInputs(step->types, ExpandUse(context_, *use, scope));
    }
    if (!scope.own.valid()) return out;
    bound[scope.own.index()] = true;
    return names_.variables[scope.own.index()].is_group ? AsGroup(std::move(out)) : std::move(out);
  }

  // A step that shares its name with a group in another branch: a group of one step.
  static CheckedPatternPtr AsGroup(CheckedPatternPtr step) {
    auto group = std::make_unique<CheckedPattern>();
    group->kind = PatternKind::kGroup;
    group->span = step->span;
    group->var = std::exchange(step->var, VarId());
    for (CheckedPatternPtr& e : step->elements) e->var = VarId();
    group->elements.push_back(std::move(step));
    return group;
  }

  CheckedPatternPtr VisitGroup(const ast::Pattern& p, const ast::Group& g, const Around& place,
                               std::vector<bool>& bound) {
    CheckedPatternPtr out = Make(p, PatternKind::kGroup);
    out->elements.push_back(Visit(*g.inner, place, bound));
    if (g.bounds.within.has_value()) out->bound = CheckWithin(context_, *g.bounds.within, file_);
    if (g.bounds.gap.has_value()) out->gap = CheckGap(context_, *g.bounds.gap, file_);
    // `( A & B ) strict`
    CheckedPattern* inner = out->elements[0].get();
    while (IsPlainGroup(*inner)) inner = inner->elements[0].get();
    if (inner->kind == PatternKind::kPermutation && p.quantifier.is_default &&
        out->rounds.has_value()) {
      inner->rounds = out->rounds;
      out->rounds.reset();
    }
    return out;
  }

  CheckedPatternPtr VisitLarger(const ast::Pattern& p, const Around& place,
                                std::vector<bool>& bound) {
    if (const auto* s = std::get_if<ast::Sequence>(&p.node)) {
      return VisitSequence(p, *s, place, bound);
    }
    if (const auto* s = std::get_if<ast::Permutation>(&p.node)) {
      return VisitPermutation(p, *s, place, bound);
    }
    return VisitAlternation(p, std::get<ast::Alternation>(p.node), place, bound);
  }

  CheckedPatternPtr VisitSequence(const ast::Pattern& p, const ast::Sequence& s,
                                  const Around& place, std::vector<bool>& bound) {
    CheckedPatternPtr out = Make(p, PatternKind::kSequence);
    for (size_t i = 0; i < s.elements.size(); ++i) {
      if (i > 0) out->operators.push_back(ToContiguity(s.ops[i - 1]));
      CheckedPatternPtr element = Visit(*s.elements[i], place, bound);
      const CheckedPattern* bare = element.get();
      while (IsPlainGroup(*bare)) bare = bare->elements[0].get();
      if (!IsBansOnly(*bare)) {
        out->elements.push_back(std::move(element));
        continue;
      }
      // Parentheses around bans change nothing.
      element = Unwrapped(std::move(element));
      if (element->kind == PatternKind::kBan) {
        out->elements.push_back(std::move(element));
        continue;
      }
      for (CheckedPatternPtr& e : element->elements) out->elements.push_back(std::move(e));
      out->operators.insert(out->operators.end(), element->operators.begin(),
                            element->operators.end());
    }
    return out;
  }

  CheckedPatternPtr VisitAlternation(const ast::Pattern& p, const ast::Alternation& a,
                                     const Around& place, std::vector<bool>& bound) {
    CheckedPatternPtr out = Make(p, PatternKind::kAlternation);
    std::vector<bool> after = bound;
    for (const ast::PatternPtr& e : a.elements) {
      std::vector<bool> branch = bound;
      out->elements.push_back(Visit(*e, place, branch));
      for (size_t i = 0; i < branch.size(); ++i) after[i] = after[i] || branch[i];
    }
    bound = after;
    return out;
  }

  CheckedPatternPtr VisitPermutation(const ast::Pattern& p, const ast::Permutation& permutation,
                                     const Around& place, std::vector<bool>& bound) {
    CheckedPatternPtr out = Make(p, PatternKind::kPermutation);
    std::vector<bool> all(bound.size(), false);
    for (const ast::PatternPtr& e : permutation.elements) {
      std::vector<VarId> names;
      CollectNames(*e, names_, names);
      for (VarId v : names) all[v.index()] = true;
    }
    std::vector<bool> after = bound;
    Around inner = place;
    inner.permuted = true;
    inner.siblings = all;
    for (const ast::PatternPtr& e : permutation.elements) {
      std::vector<bool> before = bound;
      CheckedPatternPtr element = WithoutGroup(Visit(*e, inner, before));
      if (!IsPermuted(*element)) ReportLarger(e->span);
      out->elements.push_back(std::move(element));
      for (size_t i = 0; i < before.size(); ++i) after[i] = after[i] || before[i];
    }
    bound = after;
    if (permutation.elements.size() > kMaxPermuted) {
      Diagnostic& d =
          context_.Report(DiagnosticCode::kBadPermutation, p.span,
                          absl::StrCat("a permutation of more than ", kMaxPermuted, " steps"));
      d.label = absl::StrCat("has ", permutation.elements.size());
      d.fix = Fix{"put steps that are alike together with a count, `A{3}`", std::nullopt, ""};
    }
    return out;
  }

  // A step, or alternatives under one variable, with an exact count.
  static bool IsPermuted(const CheckedPattern& p) {
    if (!p.max.has_value() || *p.max != p.min) return false;
    return p.kind == PatternKind::kStep ||
           (p.kind == PatternKind::kAlternation &&
            std::all_of(p.elements.begin(), p.elements.end(), [&](const CheckedPatternPtr& e) {
              return e->kind == PatternKind::kStep && e->var == p.var && e->min == 1 &&
                     e->max == std::optional<uint64_t>(1);
            }));
  }

  void ReportLarger(Span span) {
    Diagnostic& d = context_.Report(DiagnosticCode::kBadPermutation, span,
                                    "a permutation is of steps and of steps with exact counts");
    d.label = "write alternatives: `(A -> B) | (B -> A)`";
  }

  CheckedPatternPtr VisitBan(const ast::Pattern& p, const ast::Ban& ban, std::vector<bool> bound) {
    CheckedPatternPtr out = Make(p, PatternKind::kBan);
    for (VarId group : groups_) bound[group.index()] = true;  // what it has by now
    const ast::Name* name = BanVariable(ban);
    const Scope scope = StepScope(name, {}, bound);
    out->var = scope.own;
    for (const ast::TypeUse* use : BannedUses(ban)) {
      MergeInputs(out->types, ExpandUse(context_, *use, scope));
    }
    if (ban.ever) out->limit = BanPlan::Limit::kEver;
    const Scope limit = StepScope(nullptr, {}, bound);
    if (ban.for_duration != nullptr) {
      out->limit = BanPlan::Limit::kFor;
      out->limit_value = Limit(limit, *ban.for_duration, Kind::kDuration, "`for`");
    } else if (ban.before_time != nullptr) {
      out->limit = BanPlan::Limit::kBefore;
      out->limit_value = Limit(limit, *ban.before_time, Kind::kTime, "`before`");
    }
    return out;
  }

  // A duration or time over what is bound before; null ends the thread.
  ExprPtr Limit(const Scope& scope, const ast::Expr& e, Kind kind, absl::string_view what) {
    ExpressionChecker checker(context_, scope);
    ExprPtr value = checker.CheckAs(e, Type::Of(kind, /*nullable=*/true), what);
    if (kind != Kind::kDuration || !IsConstant(value)) return value;
    if (std::get<int64_t>(value->constant.data) >= 0) return value;
    Diagnostic& d = context_.Report(DiagnosticCode::kBadBound, e.span,
                                    absl::StrCat(what, " must not be negative"));
    d.label = "too small";
    return ErrorExpr(e.span);
  }

  CheckContext& context_;
  RuleNames& names_;
  uint32_t file_;
  std::vector<VarId> groups_;  // named ones around the place
};

}  // namespace

CheckedPatternPtr CheckPattern(CheckContext& context, const ast::Pattern& pattern, RuleNames& names,
                               uint32_t file) {
  std::vector<bool> bound(names.variables.size(), false);
  CheckedPatternPtr out = PatternChecker(context, names, file).Visit(pattern, {}, bound);
  return IsBansOnly(*out) ? Unwrapped(std::move(out)) : std::move(out);
}

std::vector<CheckedInput> CheckUntil(CheckContext& context, const ast::UntilClause& until,
                                     RuleNames& names, uint32_t file) {
  Scope scope;
  scope.file = file;
  scope.place = Place::kStep;
  scope.rule = &names;
  scope.bound.assign(names.variables.size(), false);
  scope.no_variables = "`until` looks at one event alone";
  std::vector<CheckedInput> inputs;
  for (const ast::TypeUse& use : until.alternatives) {
    MergeInputs(inputs, ExpandUse(context, use, scope));
  }
  return inputs;
}

}  // namespace spate
