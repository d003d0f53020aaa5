// PatternLints: each lint is a walk of its own over the checked pattern.
#include "compiler/check/pattern_lints.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/lints.h"
#include "compiler/check/pattern_needs.h"
#include "runtime/model/comparison.h"

namespace spate {
namespace {

using PatternKind = CheckedPattern::Kind;

// `wide` takes, by its condition, all that `narrow` takes.
bool Covers(const CheckedInput& wide, const CheckedInput& narrow) {
  if (wide.type != narrow.type) return false;
  const std::vector<ExprPtr> known = ConjunctsOf(narrow.condition);
  const std::vector<ExprPtr> asked = ConjunctsOf(wide.condition);
  auto is_error = [](const ExprPtr& e) { return IsError(e); };
  if (std::any_of(known.begin(), known.end(), is_error)) return false;
  return std::all_of(asked.begin(), asked.end(), [&](const ExprPtr& a) {
    return std::any_of(known.begin(), known.end(),
                       [&](const ExprPtr& k) { return SameExpr(*a, *k); });
  });
}

// ---- conditions ----

void LintConditions(CheckContext& context, const CheckedPattern& pattern) {
  LintInputs(context, pattern.types);
  for (const CheckedPatternPtr& e : pattern.elements) LintConditions(context, *e);
}

// ---- loops ----

// `loop` accepts, by its conditions, all that `next` accepts of some type.
bool Swallows(const CheckedPattern& loop, const CheckedPattern& next) {
  for (const CheckedInput& l : loop.types) {
    for (const CheckedInput& n : next.types) {
      if (Covers(l, n)) return true;
    }
  }
  return false;
}

void LintLoops(CheckContext& context, const CheckedPattern& p) {
  for (const CheckedPatternPtr& e : p.elements) LintLoops(context, *e);
  if (p.kind != PatternKind::kSequence) return;
  for (size_t i = 0; i + 1 < p.elements.size(); ++i) {
    const CheckedPattern& loop = *p.elements[i];
    const CheckedPattern& next = *p.elements[i + 1];
    const bool both_steps = loop.kind == PatternKind::kStep && next.kind == PatternKind::kStep;
    if (!both_steps || loop.reluctant || loop.max.has_value() || next.min == 0) continue;
    if (!Swallows(loop, next)) continue;
    Diagnostic& d = context.Report(DiagnosticCode::kLoopSwallows, loop.span,
                                   "this loop accepts what the step after it accepts");
    d.label = "it ends at the first such event that completes the match";
    d.labels.push_back({next.span, "the step after it"});
    d.fix = Fix{"give the loop a condition that the step does not fulfil", std::nullopt, ""};
  }
}

// ---- equalities that should be keys ----

bool IsKey(const Expr& attribute, const std::vector<CheckedKey>& keys) {
  auto names = [&](const ExprPtr& value) {
    return value->op == Op::kField && value->field == attribute.field;
  };
  for (const CheckedKey& key : keys) {
    if (std::any_of(key.values.begin(), key.values.end(), names)) return true;
    for (const CheckedKey::OfVariable& o : key.of_variables) {
      if (names(o.value)) return true;
    }
  }
  return false;
}

// `x == a.x` in the condition of a step, both plain attributes.
struct Equality {
  const Expr* attribute = nullptr;  // null: it is none
  VarId earlier;
};

Equality EqualityWithEarlier(const Expr& e) {
  if (e.op != Op::kEq) return {};
  const Expr& a = *e.args[0];
  const Expr& b = *e.args[1];
  if (a.op == Op::kField && b.op == Op::kBound) return {&a, b.var};
  if (a.op == Op::kBound && b.op == Op::kField) return {&b, a.var};
  return {};
}

// Whether a step comes at once after what binds `earlier`, in one sequence joined by `,`: nothing
// of another value can be under way between them.
bool ComesAtOnce(const CheckedPattern& p, VarId earlier,
                 absl::FunctionRef<bool(const CheckedPattern&)> is_step) {
  for (const CheckedPatternPtr& e : p.elements) {
    if (ComesAtOnce(*e, earlier, is_step)) return true;
  }
  if (p.kind != PatternKind::kSequence) return false;
  bool at_once = false;
  for (size_t i = 0; i < p.elements.size(); ++i) {
    const CheckedPattern& e = *p.elements[i];
    const bool is_strict = i > 0 && p.operators[i - 1] == Contiguity::kStrict &&
                           e.rounds.value_or(Contiguity::kStrict) == Contiguity::kStrict;
    at_once &= is_strict && e.kind == PatternKind::kStep;
    if (at_once && is_step(e)) return true;
    at_once |= e.kind == PatternKind::kStep && e.var == earlier && e.min > 0;
  }
  return false;
}

void ReportNoKey(CheckContext& context, const Expr& equality) {
  Diagnostic& d =
      context.Report(DiagnosticCode::kEqualityIsNoKey, ToSpan(equality.origin),
                     "this equality is no key, so a match of one value discards what was "
                     "begun for another");
  d.label = "not in `by`";
  d.fix = Fix{"name it in `by`, or write `after match no skip`", std::nullopt, ""};
}

// `where a.x == b.x` of two variables.
void LintEqualities(CheckContext& context, const CheckedRule& rule) {
  auto is_key = [&](const Expr& bound) {
    return std::any_of(bound.fields.begin(), bound.fields.end(), [&](const TypeField& f) {
      Expr attribute;
      attribute.field = f.field;
      return IsKey(attribute, rule.keys);
    });
  };
  for (const CheckedWhere& where : rule.where) {
    const Expr& e = *where.condition;
    if (e.op != Op::kEq || where.at_end) continue;
    const Expr& a = *e.args[0];
    const Expr& b = *e.args[1];
    const bool of_two = a.op == Op::kBound && b.op == Op::kBound && a.var != b.var;
    if (!of_two || is_key(a) || is_key(b)) continue;
    const auto at_once = [&](VarId first, VarId second) {
      return ComesAtOnce(*rule.pattern, first,
                         [&](const CheckedPattern& step) { return step.var == second; });
    };
    if (!at_once(a.var, b.var) && !at_once(b.var, a.var)) ReportNoKey(context, e);
  }
}

void LintEqualities(CheckContext& context, const CheckedPattern& p, const CheckedRule& rule) {
  if (p.kind == PatternKind::kBan) return;  // what is banned says nothing of other matches
  for (const CheckedInput& input : p.types) {
    for (const ExprPtr& c : ConjunctsOf(input.condition)) {
      const Equality equality = EqualityWithEarlier(*c);
      if (equality.attribute == nullptr || IsKey(*equality.attribute, rule.keys)) continue;
      const bool at_once = ComesAtOnce(*rule.pattern, equality.earlier,
                                       [&](const CheckedPattern& step) { return &step == &p; });
      if (!at_once) ReportNoKey(context, *c);
    }
  }
  for (const CheckedPatternPtr& e : p.elements) LintEqualities(context, *e, rule);
}

// ---- windows ----

void ReportTooShort(CheckContext& context, Span window, Span pattern, std::string message,
                    std::string needs) {
  Diagnostic& d = context.Report(DiagnosticCode::kWindowTooShort, window, std::move(message));
  d.label = "no match can be complete";
  d.labels.push_back({pattern, std::move(needs)});
}

void LintBound(CheckContext& context, const WindowBound& bound, Span span,
               const CheckedPattern& pattern, const PatternNeeds& needs) {
  if (bound.kind == WindowBound::Kind::kTime && bound.duration < needs.time) {
    ReportTooShort(context, span, pattern.span, "this window is shorter than what must fit into it",
                   absl::StrCat("takes ", FormatDuration(needs.time), " at least"));
  } else if (bound.kind == WindowBound::Kind::kEvents && bound.events < needs.events) {
    ReportTooShort(context, span, pattern.span,
                   "this window has room for fewer events than a match",
                   absl::StrCat("takes ", needs.events, " events at least"));
  }
}

void LintGap(CheckContext& context, const std::optional<Duration>& gap, Span span,
             const CheckedPattern& pattern, const PatternNeeds& needs) {
  if (!gap.has_value() || *gap >= needs.silence) return;
  ReportTooShort(context, span, pattern.span, "this gap is shorter than a silence that must fit in",
                 absl::StrCat("waits ", FormatDuration(needs.silence), " between two events"));
}

void LintGroups(CheckContext& context, const CheckedPattern& p) {
  if (p.kind == PatternKind::kGroup) {
    const PatternNeeds needs = NeedsOfRound(p);
    LintBound(context, p.bound, p.span, *p.elements[0], needs);
    LintGap(context, p.gap, p.span, *p.elements[0], needs);
  }
  for (const CheckedPatternPtr& e : p.elements) LintGroups(context, *e);
}

void LintWindows(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule) {
  const PatternNeeds needs = NeedsOf(*rule.pattern);
  if (decl.bounds.within.has_value()) {
    LintBound(context, rule.within, decl.bounds.within->span, *rule.pattern, needs);
  }
  if (decl.bounds.gap.has_value()) {
    LintGap(context, rule.gap, decl.bounds.gap->span, *rule.pattern, needs);
  }
  LintGroups(context, *rule.pattern);
  if (decl.window.has_value() && rule.window.kind == WindowSpec::Kind::kTumbling) {
    WindowBound bound;
    if (rule.window.events > 0) {
      bound = {WindowBound::Kind::kEvents, 0, rule.window.events};
    } else if (rule.window.size.unit == Period::Unit::kFixed) {
      bound = {WindowBound::Kind::kTime, rule.window.size.duration, 0};
    }
    LintBound(context, bound, decl.window->span, *rule.pattern, needs);
  }
}

// ---- what can never be reported ----

// Every event that `step` takes is one of `until`, which discards what was begun first.
bool IsDiscarded(const CheckedPattern& step, const std::vector<CheckedInput>& until) {
  return std::all_of(step.types.begin(), step.types.end(), [&](const CheckedInput& s) {
    return std::any_of(until.begin(), until.end(),
                       [&](const CheckedInput& u) { return Covers(u, s); });
  });
}

// `A -> B until B`: B discards the A before it could complete.
void CheckUntilLetsPass(CheckContext& context, const CheckedRule& rule, Span until) {
  if (rule.until.empty() || rule.pattern->kind != PatternKind::kSequence) return;
  bool begun = false;
  for (const CheckedPatternPtr& e : rule.pattern->elements) {
    if (e->kind == PatternKind::kStep && e->min > 0 && begun && IsDiscarded(*e, rule.until)) {
      Diagnostic& d = context.Report(DiagnosticCode::kCannotReport, until,
                                     "`until` discards every match before it is complete");
      d.label = "acts before the event is taken";
      d.labels.push_back({e->span, "takes only events that end what was begun"});
      return;
    }
    begun = begun || (e->kind != PatternKind::kBan && e->min > 0);
  }
}

// Pairs of variables of which one match never binds both: of different branches of one `|` that is
// not repeated.
using Pairs = std::set<std::pair<VarId, VarId>>;

void CollectBound(const CheckedPattern& p, std::set<VarId>& out) {
  if (p.var.valid() && p.kind != PatternKind::kBan) out.insert(p.var);
  for (const CheckedPatternPtr& e : p.elements) CollectBound(*e, out);
}

void CollectExclusive(const CheckedPattern& p, Pairs& out) {
  if (p.max != std::optional<uint64_t>(1)) return;
  if (p.kind == PatternKind::kAlternation) {
    std::vector<std::set<VarId>> branches;
    for (const CheckedPatternPtr& e : p.elements) CollectBound(*e, branches.emplace_back());
    for (size_t i = 0; i < branches.size(); ++i) {
      for (VarId a : branches[i]) {
        for (size_t j = 0; j < branches.size(); ++j) {
          for (VarId b : branches[j]) {
            if (i != j && branches[j].count(a) == 0 && branches[i].count(b) == 0)
              out.insert({a, b});
          }
        }
      }
    }
  }
  for (const CheckedPatternPtr& e : p.elements) CollectExclusive(*e, out);
}

// Null when one of its parts is.
bool IsStrict(const Expr& e) {
  const bool strict = IsComparison(e.op) || e.op == Op::kBound || e.op == Op::kBoundTime ||
                      e.op == Op::kConst || (e.op >= Op::kAdd && e.op <= Op::kToFloat);
  return strict &&
         std::all_of(e.args.begin(), e.args.end(), [](const ExprPtr& a) { return IsStrict(*a); });
}

// False when it cannot (reported).
bool CheckWhereCanHold(CheckContext& context, const CheckedRule& rule) {
  Pairs exclusive;
  CollectExclusive(*rule.pattern, exclusive);
  if (exclusive.empty()) return true;
  for (const CheckedWhere& where : rule.where) {
    if (!IsStrict(*where.condition)) continue;
    for (VarId a : where.variables) {
      for (VarId b : where.variables) {
        if (exclusive.count({a, b}) == 0) continue;
        Diagnostic& d = context.Report(
            DiagnosticCode::kCannotReport, ToSpan(where.condition->origin),
            absl::StrCat("no match binds both ", Quoted(rule.variables[a.index()].name), " and ",
                         Quoted(rule.variables[b.index()].name)));
        d.label = "so this is null, and no match is reported";
        d.fix =
            Fix{"write it as a condition inside a branch, or with `is null or`", std::nullopt, ""};
        return false;
      }
    }
  }
  return true;
}

}  // namespace

void LintPatternRule(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule) {
  LintConditions(context, *rule.pattern);
  LintInputs(context, rule.until);
  LintLoops(context, *rule.pattern);
  LintWindows(context, decl, rule);
  const bool skips = rule.policy.kind != SkipPolicy::Kind::kNoSkip &&
                     rule.policy.kind != SkipPolicy::Kind::kToNextEvent;
  if (skips) LintEqualities(context, *rule.pattern, rule);
  if (decl.until.has_value()) CheckUntilLetsPass(context, rule, decl.until->span);
  if (CheckWhereCanHold(context, rule) && skips) LintEqualities(context, rule);
}

}  // namespace spate
