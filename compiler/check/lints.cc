// Lints: over checked expressions, so that constants and views are seen through.
#include "compiler/check/lints.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/expressions/walk.h"
#include "runtime/model/comparison.h"

namespace spate {
namespace {

bool IsAttribute(const Expr& e) { return e.op == Op::kField || e.op == Op::kBound; }

// ---- comparisons of one attribute that cannot hold together ----

// What a conjunct says of an attribute: `attribute op value`.
struct Limit {
  const Expr* attribute;
  Op op;
  const Constant* value;
  Origin origin;
};

std::optional<Limit> LimitOf(const Expr& e) {
  bool comparison =
      e.op == Op::kEq || e.op == Op::kLt || e.op == Op::kLe || e.op == Op::kGt || e.op == Op::kGe;
  if (!comparison || e.fold) return std::nullopt;
  const Expr& a = *e.args[0];
  const Expr& b = *e.args[1];
  if (IsAttribute(a) && IsConstant(e.args[1])) return Limit{&a, e.op, &b.constant, e.origin};
  if (IsAttribute(b) && IsConstant(e.args[0])) {
    return Limit{&b, Mirrored(e.op), &a.constant, e.origin};
  }
  return std::nullopt;
}

// -1, 0, 1; nullopt for kinds without an order that is known here.
std::optional<int> Compare(const Constant& a, const Constant& b) {
  if (a.data.index() != b.data.index()) return std::nullopt;
  auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (const auto* i = std::get_if<int64_t>(&a.data)) return sign(*i, std::get<int64_t>(b.data));
  if (const auto* f = std::get_if<double>(&a.data)) return sign(*f, std::get<double>(b.data));
  if (const auto* s = std::get_if<std::string>(&a.data)) {
    return sign(*s, std::get<std::string>(b.data));
  }
  return std::nullopt;
}

bool IsLower(Op op) { return op == Op::kGt || op == Op::kGe || op == Op::kEq; }
bool IsUpper(Op op) { return op == Op::kLt || op == Op::kLe || op == Op::kEq; }

// No value is in both: `x > 5` and `x < 3`, `x == 1` and `x == 2`.
bool Contradict(const Limit& a, const Limit& b) {
  if (!SameExpr(*a.attribute, *b.attribute)) return false;
  std::optional<int> order = Compare(*a.value, *b.value);
  if (!order.has_value()) return false;
  bool strict = a.op == Op::kLt || a.op == Op::kGt || b.op == Op::kLt || b.op == Op::kGt;
  if (IsLower(a.op) && IsUpper(b.op) && (*order > 0 || (*order == 0 && strict))) return true;
  return IsUpper(a.op) && IsLower(b.op) && (*order < 0 || (*order == 0 && strict));
}

void LintContradictions(CheckContext& context, const std::vector<ExprPtr>& conjuncts) {
  constexpr size_t kMostCompared = 64;  // pairs are compared
  std::vector<Limit> limits;
  for (const ExprPtr& c : conjuncts) {
    std::optional<Limit> limit = LimitOf(*c);
    if (!limit.has_value() || limits.size() >= kMostCompared) continue;
    for (const Limit& other : limits) {
      if (!Contradict(other, *limit) || other.origin == limit->origin) continue;
      Diagnostic& d = context.Report(DiagnosticCode::kNeverHolds, ToSpan(limit->origin),
                                     "this condition never holds");
      d.label = "cannot hold together with the other one";
      d.labels.push_back({ToSpan(other.origin), "the other one"});
      break;
    }
    limits.push_back(*limit);
  }
}

// ---- negations over null ----

bool IsTextTest(Op op) {
  return op == Op::kEq || op == Op::kIn || op == Op::kLike || op == Op::kMatches || op == Op::kLt ||
         op == Op::kLe || op == Op::kGt || op == Op::kGe;
}

// Some conjunct holds only when `attribute` is there.
bool IsKnownPresent(const Expr& attribute, const std::vector<ExprPtr>& conjuncts) {
  for (const ExprPtr& c : conjuncts) {
    if (c->op == Op::kNot) {
      const Expr& inner = *c->args[0];
      if (inner.op == Op::kIsNull && SameExpr(*inner.args[0], attribute)) return true;
    } else if (IsTextTest(c->op)) {
      for (const ExprPtr& a : c->args) {
        if (SameExpr(*a, attribute)) return true;
      }
    }
  }
  return false;
}

// `not (k like "x")`, `k not in [..]` where k may be null: such an event is not taken.
void LintNegations(CheckContext& context, const std::vector<ExprPtr>& conjuncts) {
  for (const ExprPtr& c : conjuncts) {
    if (c->op != Op::kNot || !IsTextTest(c->args[0]->op)) continue;
    for (const ExprPtr& a : c->args[0]->args) {
      if (!IsAttribute(*a) || !a->type.nullable || IsKnownPresent(*a, conjuncts)) continue;
      Span span = ToSpan(c->origin);
      Diagnostic& d =
          context.Report(DiagnosticCode::kNegationOverNull, span,
                         absl::StrCat("this does not hold where ",
                                      Quoted(context.sources.Text(ToSpan(a->origin))), " is null"));
      d.label = "a comparison with null is null, and so is its negation";
      d.fix =
          Fix{"write `.. unless <the comparison>` or `(<the comparison>) is not true` where "
              "such events are meant too, or add `is not null`",
              std::nullopt, ""};
      break;
    }
  }
}

// ---- loops ----

// `loop` accepts, by its conditions, all that `next` accepts of some type.
bool Swallows(const CheckedPattern& loop, const CheckedPattern& next) {
  for (const CheckedInput& l : loop.types) {
    for (const CheckedInput& n : next.types) {
      if (l.type != n.type || (n.condition != nullptr && IsError(n.condition))) continue;
      if (l.condition == nullptr) return true;
      if (n.condition != nullptr && SameExpr(*l.condition, *n.condition)) return true;
    }
  }
  return false;
}

void LintSequence(CheckContext& context, const CheckedPattern& sequence) {
  for (size_t i = 0; i + 1 < sequence.elements.size(); ++i) {
    const CheckedPattern& loop = *sequence.elements[i];
    const CheckedPattern& next = *sequence.elements[i + 1];
    bool both_steps =
        loop.kind == CheckedPattern::Kind::kStep && next.kind == CheckedPattern::Kind::kStep;
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
  for (const CheckedKey& key : keys) {
    for (const ExprPtr& value : key.values) {
      if (value->op == Op::kField && value->field == attribute.field) return true;
    }
  }
  return false;
}

// `x == a.x` in the condition of a step, both plain attributes.
const Expr* EqualityWithEarlier(const Expr& e) {
  if (e.op != Op::kEq) return nullptr;
  const Expr& a = *e.args[0];
  const Expr& b = *e.args[1];
  if (a.op == Op::kField && b.op == Op::kBound) return &a;
  if (a.op == Op::kBound && b.op == Op::kField) return &b;
  return nullptr;
}

void LintEqualities(CheckContext& context, const CheckedPattern& p,
                    const std::vector<CheckedKey>& keys) {
  for (const CheckedInput& input : p.types) {
    if (input.condition == nullptr) continue;
    std::vector<ExprPtr> conjuncts = {input.condition};
    if (input.condition->op == Op::kAnd) conjuncts = input.condition->args;
    for (const ExprPtr& c : conjuncts) {
      const Expr* attribute = EqualityWithEarlier(*c);
      if (attribute == nullptr || IsKey(*attribute, keys)) continue;
      Diagnostic& d =
          context.Report(DiagnosticCode::kEqualityIsNoKey, ToSpan(c->origin),
                         "this equality is no key, so a match of one value discards what was "
                         "begun for another");
      d.label = "not in `by`";
      d.fix = Fix{"name it in `by`, or write `after match no skip`", std::nullopt, ""};
    }
  }
  for (const CheckedPatternPtr& e : p.elements) LintEqualities(context, *e, keys);
}

// A fn that is never called uses its names all the same.
void MarkUsed(CheckContext& context, const ast::Expr& e, uint32_t file) {
  if (const auto* n = std::get_if<ast::NameRef>(&e.node)) {
    if (ConstantInfo* c = context.FindConstant(n->name.text, file)) c->used = true;
  }
  ForEachPart(e, [&](const ast::Expr& part) { MarkUsed(context, part, file); });
}

}  // namespace

void LintCondition(CheckContext& context, const Expr& condition) {
  if (condition.type.kind == Kind::kError) return;
  std::vector<ExprPtr> conjuncts;
  if (condition.op == Op::kAnd) {
    conjuncts = condition.args;
  } else {
    conjuncts.push_back(std::make_shared<Expr>(condition));
  }
  LintContradictions(context, conjuncts);
  LintNegations(context, conjuncts);
}

void LintPattern(CheckContext& context, const CheckedPattern& pattern) {
  for (const CheckedInput& input : pattern.types) {
    if (input.condition != nullptr) LintCondition(context, *input.condition);
  }
  if (pattern.kind == CheckedPattern::Kind::kSequence) LintSequence(context, pattern);
  for (const CheckedPatternPtr& e : pattern.elements) LintPattern(context, *e);
}

void LintPartition(CheckContext& context, const CheckedRule& rule,
                   const std::vector<CheckedKey>& keys) {
  bool skips = rule.policy.kind != SkipPolicy::Kind::kNoSkip &&
               rule.policy.kind != SkipPolicy::Kind::kToNextEvent;
  if (skips) LintEqualities(context, *rule.pattern, keys);
}

void LintUnused(CheckContext& context) {
  if (context.diagnostics.has_errors()) return;  // what was not checked may use it
  context.fns.ForEach([&](const std::string&, uint32_t file, FnInfo& fn) {
    if (fn.decl->body != nullptr) MarkUsed(context, *fn.decl->body, file);
  });
  context.constants.ForEach([&](const std::string& name, uint32_t file, ConstantInfo& constant) {
    if (constant.used || context.imported.count(file) != 0) return;
    Diagnostic& d = context.Report(DiagnosticCode::kUnusedName, constant.name.span,
                                   absl::StrCat("the ", constant.is_param ? "param " : "const ",
                                                Quoted(name), " is not used"));
    d.label = "nothing names it";
  });
}

}  // namespace spate
