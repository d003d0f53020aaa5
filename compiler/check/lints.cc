// Lints: over checked expressions, so that constants and views are seen through.
#include "compiler/check/lints.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
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

// A conjunct that holds or fails whatever the event; with `other`, that fails beside another one.
struct Finding {
  Origin origin;
  bool holds = false;
  std::optional<Origin> other;
};

void FindContradictions(const std::vector<ExprPtr>& conjuncts, std::vector<Finding>& findings) {
  constexpr size_t kMostCompared = 64;  // pairs are compared
  std::vector<Limit> limits;
  for (const ExprPtr& c : conjuncts) {
    std::optional<Limit> limit = LimitOf(*c);
    if (!limit.has_value() || limits.size() >= kMostCompared) continue;
    for (const Limit& other : limits) {
      if (!Contradict(other, *limit) || other.origin == limit->origin) continue;
      findings.push_back({limit->origin, false, other.origin});
      break;
    }
    limits.push_back(*limit);
  }
}

// ---- conditions that say nothing ----

// Written without a name: what a param or const makes of a condition is no slip.
bool IsOfLiterals(absl::string_view text) {
  static constexpr absl::string_view kWords[] = {"true", "false", "null", "and", "or", "not"};
  for (size_t i = 0; i < text.size();) {
    if (!absl::ascii_isalnum(text[i]) && text[i] != '_' && text[i] != '`') {
      ++i;
      continue;
    }
    const size_t begin = i;
    while (i < text.size() && (absl::ascii_isalnum(text[i]) || text[i] == '_')) ++i;
    if (i == begin) return false;  // a name between back-quotes
    const absl::string_view word = text.substr(begin, i - begin);
    const bool known = absl::ascii_isdigit(word[0]) ||
                       std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
    if (!known) return false;
  }
  return true;
}

bool IsPresent(const Expr& e) { return !e.type.nullable && e.type.kind != Kind::kError; }

// `x != 1 or x != 2`, `x > 1 or x < 5`: one of them holds for every value.
bool CoverAll(const Expr& either) {
  for (size_t i = 0; i < either.args.size(); ++i) {
    for (size_t j = i + 1; j < either.args.size(); ++j) {
      const Expr& a = *either.args[i];
      const Expr& b = *either.args[j];
      if (a.op == Op::kNe && b.op == Op::kNe && !a.fold && !b.fold) {
        if (IsAttribute(*a.args[0]) && IsPresent(*a.args[0]) && IsConstant(a.args[1]) &&
            SameExpr(*a.args[0], *b.args[0]) && IsConstant(b.args[1]) &&
            Compare(a.args[1]->constant, b.args[1]->constant).value_or(0) != 0) {
          return true;
        }
        continue;
      }
      std::optional<Limit> lower = LimitOf(a);
      std::optional<Limit> upper = LimitOf(b);
      if (!lower.has_value() || !upper.has_value()) continue;
      if (lower->op == Op::kLt || lower->op == Op::kLe) std::swap(lower, upper);
      const bool sides = (lower->op == Op::kGt || lower->op == Op::kGe) &&
                         (upper->op == Op::kLt || upper->op == Op::kLe);
      if (!sides || !SameExpr(*lower->attribute, *upper->attribute)) continue;
      if (!IsPresent(*lower->attribute) || lower->attribute->type.kind == Kind::kFloat) continue;
      const int order = Compare(*lower->value, *upper->value).value_or(1);
      if (order < 0 || (order == 0 && (lower->op == Op::kGe || upper->op == Op::kLe))) return true;
    }
  }
  return false;
}

// What a conjunct is whatever the event; nullopt: that depends.
std::optional<bool> KnownOutcome(const CheckContext& context, const Expr& c) {
  if (c.op == Op::kConst) {
    if (!IsOfLiterals(context.sources.Text(ToSpan(c.origin)))) return std::nullopt;
    const int64_t* value = std::get_if<int64_t>(&c.constant.data);
    return value != nullptr && *value != 0;
  }
  if (c.op == Op::kOr && CoverAll(c)) return true;
  const bool with_itself =
      IsComparison(c.op) && IsAttribute(*c.args[0]) && SameExpr(*c.args[0], *c.args[1]);
  if (!with_itself) return std::nullopt;
  if (c.op == Op::kNe || c.op == Op::kLt || c.op == Op::kGt) return false;
  if (!IsPresent(*c.args[0]) || c.args[0]->type.kind == Kind::kFloat) return std::nullopt;
  return true;
}

void FindOutcomes(const CheckContext& context, const std::vector<ExprPtr>& conjuncts,
                  std::vector<Finding>& findings) {
  for (const ExprPtr& c : conjuncts) {
    const std::optional<bool> outcome = KnownOutcome(context, *c);
    if (outcome.has_value()) findings.push_back({c->origin, *outcome, std::nullopt});
  }
}

void ReportFinding(CheckContext& context, const Finding& f) {
  if (f.holds) {
    context.Report(DiagnosticCode::kAlwaysHolds, ToSpan(f.origin), "this condition always holds")
        .label = "says nothing of the event";
    return;
  }
  Diagnostic& d =
      context.Report(DiagnosticCode::kNeverHolds, ToSpan(f.origin), "this condition never holds");
  d.label = "whatever the event";
  if (!f.other.has_value()) return;
  d.label = "cannot hold together with the other one";
  d.labels.push_back({ToSpan(*f.other), "the other one"});
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

// A fn that is never called uses its names all the same.
void MarkUsed(CheckContext& context, const ast::Expr& e, uint32_t file) {
  if (const auto* n = std::get_if<ast::NameRef>(&e.node)) {
    if (ConstantInfo* c = context.FindConstant(n->name.text, file)) c->used = true;
  }
  if (const auto* call = std::get_if<ast::Call>(&e.node)) {
    if (FnInfo* fn = context.FindFn(call->function.text, file)) fn->used = true;
  }
  ForEachPart(e, [&](const ast::Expr& part) { MarkUsed(context, part, file); });
}

}  // namespace

std::vector<ExprPtr> ConjunctsOf(const ExprPtr& condition) {
  if (condition == nullptr) return {};
  if (condition->op == Op::kAnd) return condition->args;
  return {condition};
}

bool CannotBothHold(const Expr& a, const Expr& b) {
  if (a.op == Op::kNot && SameExpr(*a.args[0], b)) return true;
  if (b.op == Op::kNot && SameExpr(*b.args[0], a)) return true;
  const bool opposite =
      (a.op == Op::kEq && b.op == Op::kNe) || (a.op == Op::kNe && b.op == Op::kEq);
  if (opposite && a.fold == b.fold && SameExpr(*a.args[0], *b.args[0]) &&
      SameExpr(*a.args[1], *b.args[1])) {
    return true;
  }
  const std::optional<Limit> one = LimitOf(a);
  const std::optional<Limit> other = LimitOf(b);
  return one.has_value() && other.has_value() && Contradict(*one, *other);
}

void LintCondition(CheckContext& context, const Expr& condition) {
  CheckedInput input;
  input.condition = std::make_shared<Expr>(condition);
  LintInputs(context, {input});
}

void LintInputs(CheckContext& context, const std::vector<CheckedInput>& inputs) {
  std::vector<std::vector<ExprPtr>> conjuncts;
  std::vector<std::vector<Finding>> findings;
  for (const CheckedInput& input : inputs) {
    if (input.condition != nullptr && input.condition->type.kind == Kind::kError) return;
    conjuncts.push_back(ConjunctsOf(input.condition));
    findings.emplace_back();
    FindOutcomes(context, conjuncts.back(), findings.back());
    FindContradictions(conjuncts.back(), findings.back());
    LintNegations(context, conjuncts.back());
  }
  // What is found in one type says nothing of a condition that other types share.
  auto holds_in = [&](size_t i, const Finding& f) {
    const bool has = std::any_of(conjuncts[i].begin(), conjuncts[i].end(),
                                 [&](const ExprPtr& c) { return c->origin == f.origin; });
    return !has || std::any_of(findings[i].begin(), findings[i].end(), [&](const Finding& g) {
      return g.origin == f.origin && g.holds == f.holds;
    });
  };
  for (const std::vector<Finding>& of_type : findings) {
    for (const Finding& f : of_type) {
      bool everywhere = true;
      for (size_t i = 0; i < inputs.size(); ++i) everywhere = everywhere && holds_in(i, f);
      if (everywhere) ReportFinding(context, f);
    }
  }
}

void LintUnused(CheckContext& context) {
  if (context.diagnostics.has_errors()) return;  // what was not checked may use it
  std::set<uint32_t> with_rules;                 // a file without is there for others
  for (const RuleInfo& rule : context.rules) with_rules.insert(rule.decl->name.span.file);
  context.fns.ForEach([&](const std::string&, uint32_t file, FnInfo& fn) {
    if (fn.decl->body != nullptr) MarkUsed(context, *fn.decl->body, file);
  });
  auto report = [&](uint32_t file, Span span, absl::string_view kind, const std::string& name) {
    if (context.imported.count(file) != 0 || with_rules.count(file) == 0) return;
    Diagnostic& d = context.Report(DiagnosticCode::kUnusedName, span,
                                   absl::StrCat("the ", kind, " ", Quoted(name), " is not used"));
    d.label = "nothing names it";
  };
  context.constants.ForEach([&](const std::string& name, uint32_t file, ConstantInfo& constant) {
    if (constant.used) return;
    report(file, constant.name.span, constant.is_param ? "param" : "const", name);
  });
  context.fns.ForEach([&](const std::string& name, uint32_t file, FnInfo& fn) {
    if (!fn.used) report(file, fn.decl->name.span, "fn", name);
  });
  context.views.ForEach([&](const std::string& name, uint32_t file, ViewInfo& view) {
    if (!view.used) report(file, view.decl->name.span, "view", name);
  });
}

}  // namespace spate
