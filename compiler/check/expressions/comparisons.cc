// Comparisons: `==` to `>=`, `in`, `like`, `matches`, `between` and `is`.
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"
#include "runtime/base/regex.h"

namespace spate {
namespace {

using B = ast::BinaryOp;

struct ComparisonOp {
  Op op;
  bool negated = false;
  bool fold = false;
};

ComparisonOp Decode(B op) {
  switch (op) {
    case B::kEq:
      return {Op::kEq};
    case B::kNe:
      return {Op::kNe};
    case B::kLt:
      return {Op::kLt};
    case B::kLe:
      return {Op::kLe};
    case B::kGt:
      return {Op::kGt};
    case B::kGe:
      return {Op::kGe};
    case B::kEqFold:
      return {Op::kEq, false, true};
    case B::kNeFold:
      return {Op::kNe, false, true};
    case B::kIn:
      return {Op::kIn};
    case B::kNotIn:
      return {Op::kIn, true};
    case B::kInFold:
      return {Op::kIn, false, true};
    case B::kNotInFold:
      return {Op::kIn, true, true};
    case B::kLike:
      return {Op::kLike};
    case B::kNotLike:
      return {Op::kLike, true};
    case B::kLikeFold:
      return {Op::kLike, false, true};
    case B::kNotLikeFold:
      return {Op::kLike, true, true};
    case B::kMatches:
      return {Op::kMatches};
    case B::kNotMatches:
      return {Op::kMatches, true};
    case B::kMatchesFold:
      return {Op::kMatches, false, true};
    default:
      return {Op::kMatches, true, true};
  }
}

bool IsOrdering(Op op) { return op == Op::kLt || op == Op::kLe || op == Op::kGt || op == Op::kGe; }

bool IsOrdered(Kind k) {
  return IsNumeric(k) || k == Kind::kString || k == Kind::kTime || k == Kind::kDuration;
}

ExprPtr MakeComparison(const ComparisonOp& c, bool nullable, ExprPtr a, ExprPtr b, Span span) {
  ExprPtr e =
      MakeOp(c.op, Type::Of(Kind::kBool, nullable), {std::move(a), std::move(b)}, span, c.fold);
  return c.negated ? MakeNot(std::move(e), span) : e;
}

}  // namespace

ExprPtr ExpressionChecker::ApplyComparison(const ast::Binary& node, Span span, const Operand& left,
                                           const Operand& right) {
  ComparisonOp c = Decode(node.op);
  ExprPtr a = left.expr;
  ExprPtr b = right.expr;
  if (a->type.kind == Kind::kNull || b->type.kind == Kind::kNull) {
    return ReportNullComparison(node, left, right);
  }
  if ((a->type.kind == Kind::kList) != (b->type.kind == Kind::kList)) {
    return ReportListComparison(node, left, right);
  }
  if (ExprPtr converted = Convert(context_, left.ast, a, b->type)) {
    a = converted;
  } else if (ExprPtr other = Convert(context_, right.ast, b, a->type)) {
    b = other;
  } else {
    return ReportUnlike(node, left, right);
  }
  if (AnyError({a, b})) return ErrorExpr(span);
  if (c.fold && a->type.kind != Kind::kString) {
    return Fail(DiagnosticCode::kTypeMismatch, node.op_span,
                absl::StrCat(Quoted(context_.sources.Text(node.op_span)),
                             " ignores the case of text, and this is ", Quoted(TypeName(a->type))));
  }
  if (IsOrdering(c.op) && !IsOrdered(a->type.kind)) {
    return Fail(DiagnosticCode::kTypeMismatch, node.op_span,
                absl::StrCat("values of type ", Quoted(TypeName(a->type)), " have no order"));
  }
  return MakeComparison(c, a->type.nullable || b->type.nullable, a, b, span);
}

ExprPtr ExpressionChecker::ReportNullComparison(const ast::Binary& node, const Operand& left,
                                                const Operand& right) {
  Span span = Join(left.ast != nullptr ? left.ast->span : node.op_span,
                   right.ast != nullptr ? right.ast->span : node.op_span);
  Diagnostic& d =
      context_.Report(DiagnosticCode::kCompareWithNull, span, "a comparison with null never holds");
  bool equality = node.op == B::kEq || node.op == B::kNe;
  if (!equality) d.label = "null is neither smaller nor larger than anything";
  const Operand& other = left.expr->type.kind == Kind::kNull ? right : left;
  if (equality && other.ast != nullptr) {
    std::string text(context_.sources.Text(other.ast->span));
    std::string fixed = absl::StrCat(text, node.op == B::kEq ? " is null" : " is not null");
    d.fix = Fix{absl::StrCat("write ", Quoted(fixed)), span, fixed};
  }
  return ErrorExpr(span);
}

ExprPtr ExpressionChecker::ReportListComparison(const ast::Binary& node, const Operand& left,
                                                const Operand& right) {
  Span span = node.op_span;
  Diagnostic& d =
      context_.Report(DiagnosticCode::kListWithElement, span, "a list is compared with an element");
  bool list_left = left.expr->type.kind == Kind::kList;
  const Operand& list = list_left ? left : right;
  const Operand& element = list_left ? right : left;
  d.label =
      absl::StrCat(Quoted(TypeName(left.expr->type)), " and ", Quoted(TypeName(right.expr->type)));
  bool equality = node.op == B::kEq || node.op == B::kNe;
  if (!equality || list.ast == nullptr || element.ast == nullptr) {
    d.fix = Fix{"`any(xs)` and `all(xs)` compare the elements", std::nullopt, ""};
    return ErrorExpr(span);
  }
  std::string fixed =
      absl::StrCat(context_.sources.Text(element.ast->span),
                   node.op == B::kEq ? " in " : " not in ", context_.sources.Text(list.ast->span));
  d.fix = Fix{absl::StrCat("write ", Quoted(fixed)), Join(left.ast->span, right.ast->span), fixed};
  return ErrorExpr(span);
}

ExprPtr ExpressionChecker::ReportUnlike(const ast::Binary& node, const Operand& left,
                                        const Operand& right) {
  const Type& a = left.expr->type;
  const Type& b = right.expr->type;
  Diagnostic& d =
      context_.Report(DiagnosticCode::kUnlikeComparison, node.op_span,
                      absl::StrCat("a comparison of unlike types: ", Quoted(TypeName(a)), " and ",
                                   Quoted(TypeName(b))));
  if (left.ast != nullptr) d.labels.push_back({left.ast->span, Quoted(TypeName(a))});
  if (right.ast != nullptr) d.labels.push_back({right.ast->span, Quoted(TypeName(b))});
  for (const auto& [literal, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    if (literal->ast == nullptr) continue;
    const ast::Expr& bare = Bare(*literal->ast);
    if (const auto* text = std::get_if<ast::TextLit>(&bare.node)) {
      bool digits =
          !text->value.empty() && text->value.find_first_not_of("0123456789") == std::string::npos;
      if (digits && IsNumeric(other->expr->type.kind)) {
        d.fix = Fix{absl::StrCat("write ", Quoted(text->value)), bare.span, text->value};
      }
    } else if (std::holds_alternative<ast::IntLit>(bare.node) &&
               other->expr->type.kind == Kind::kString) {
      std::string quoted = absl::StrCat("\"", context_.sources.Text(bare.span), "\"");
      d.fix = Fix{absl::StrCat("write ", Quoted(quoted)), bare.span, quoted};
    }
  }
  if (!d.fix.has_value() && (a.kind == Kind::kString || b.kind == Kind::kString)) {
    d.fix =
        Fix{"`string(x)`, `int(x)`, `float(x)`, `ip(x)` and `time(x)` convert", std::nullopt, ""};
  }
  return ErrorExpr(node.op_span);
}

ExprPtr ExpressionChecker::ApplyIn(const ast::Binary& node, Span span, const Operand& left,
                                   const Operand& right) {
  ComparisonOp c = Decode(node.op);
  ExprPtr a = left.expr;
  ExprPtr b = right.expr;
  if (a->type.kind == Kind::kNull) return ReportNullComparison(node, left, right);
  if (b->type.kind != Kind::kList) {
    Diagnostic& d = context_.Report(
        DiagnosticCode::kTypeMismatch, right.ast != nullptr ? right.ast->span : node.op_span,
        absl::StrCat("`in` needs a list, and this is ", Quoted(TypeName(b->type))));
    d.label = "not a list";
    if (b->type.kind == Kind::kString) {
      d.fix = Fix{"`contains(text, part)` looks inside a text", std::nullopt, ""};
    }
    return ErrorExpr(span);
  }
  if (a->type.kind == Kind::kList && b->type.element != Kind::kList) {
    return Fail(DiagnosticCode::kListWithElement, node.op_span, "a list in a list",
                "`any(xs) in ys` tests the elements of `xs`");
  }
  Type list_of = Type::ListOf(a->type.AsNullable(false), false);
  if (ExprPtr list = Convert(context_, right.ast, b, list_of)) {
    b = list;
  } else if (ExprPtr element = Convert(context_, left.ast, a, b->type.Element())) {
    a = element;
  } else {
    return ReportUnlike(node, left, right);
  }
  if (AnyError({a, b})) return ErrorExpr(span);
  if (c.fold && a->type.kind != Kind::kString) {
    return Fail(
        DiagnosticCode::kTypeMismatch, node.op_span,
        absl::StrCat("`in~` ignores the case of text, and this is ", Quoted(TypeName(a->type))));
  }
  bool nullable = a->type.nullable || b->type.nullable || b->type.element_nullable;
  return MakeComparison(c, nullable, a, b, span);
}

ExprPtr ExpressionChecker::ApplyTextMatch(const ast::Binary& node, Span span, const Operand& left,
                                          const Operand& right) {
  ComparisonOp c = Decode(node.op);
  std::string op(context_.sources.Text(node.op_span));
  ExprPtr a = left.expr;
  ExprPtr b = right.expr;
  if (a->type.kind == Kind::kNull) return ReportNullComparison(node, left, right);
  if (a->type.kind != Kind::kString) {
    Diagnostic& d = context_.Report(
        DiagnosticCode::kTypeMismatch, left.ast != nullptr ? left.ast->span : node.op_span,
        absl::StrCat(Quoted(op), " needs text, and this is ", Quoted(TypeName(a->type))));
    d.label = "not text";
    if (a->type.kind == Kind::kList) {
      d.fix = Fix{absl::StrCat("`any(xs) ", op, " ..` tests the elements"), std::nullopt, ""};
    }
    return ErrorExpr(span);
  }
  bool text = b->type.kind == Kind::kString;
  bool texts = b->type.kind == Kind::kList && b->type.element == Kind::kString;
  if (!text && !texts) {
    return Fail(DiagnosticCode::kTypeMismatch,
                right.ast != nullptr ? right.ast->span : node.op_span,
                absl::StrCat(Quoted(op), " needs text or a list of text on its right, and this is ",
                             Quoted(TypeName(b->type))));
  }
  if (c.op == Op::kMatches && right.ast != nullptr && !CheckRegexes(*right.ast, b)) {
    return ErrorExpr(span);
  }
  bool nullable = a->type.nullable || b->type.nullable || b->type.element_nullable;
  return MakeComparison(c, nullable, a, b, span);
}

bool ExpressionChecker::CheckRegexes(const ast::Expr& source, const ExprPtr& pattern) {
  if (pattern->op != Op::kConst || pattern->constant.is_null()) return true;
  auto check = [&](const Constant& c, Span span) {
    const auto* text = std::get_if<std::string>(&c.data);
    if (text == nullptr) return true;
    absl::Status status = CheckRegex(*text);
    if (status.ok()) return true;
    Fail(DiagnosticCode::kBadRegex, span, "this pattern cannot be read",
         std::string(status.message()));
    return false;
  };
  if (pattern->type.kind == Kind::kString) return check(pattern->constant, source.span);
  bool ok = true;
  const auto* list = std::get_if<ast::ListLit>(&Bare(source).node);
  size_t i = 0;
  for (const Constant& c : std::get<std::vector<Constant>>(pattern->constant.data)) {
    bool placed = list != nullptr && i < list->elements.size();
    ok = check(c, placed ? list->elements[i]->span : source.span) && ok;
    ++i;
  }
  return ok;
}

ExprPtr ExpressionChecker::CheckBetween(const ast::Expr& e, const ast::Between& node) {
  Operand low{node.low.get(), Check(*node.low)};
  Operand high{node.high.get(), Check(*node.high)};
  if (AnyError({low.expr, high.expr})) return ErrorExpr(e.span);
  const auto between = [&](const Operand& value) {
    return ApplyBetween(e, node, value, low, high);
  };
  if (IsQuantified(*node.value)) return CheckQuantified(*node.value, e.span, between);
  return between({node.value.get(), Check(*node.value)});
}

ExprPtr ExpressionChecker::ApplyBetween(const ast::Expr& e, const ast::Between& node,
                                        const Operand& value, const Operand& low,
                                        const Operand& high) {
  if (IsError(value.expr)) return value.expr;
  ast::Binary at_least{B::kGe, node.low->span, nullptr, nullptr};
  ast::Binary at_most{B::kLe, node.high->span, nullptr, nullptr};
  ExprPtr a = ApplyComparison(at_least, e.span, value, low);
  ExprPtr b = ApplyComparison(at_most, e.span, value, high);
  if (AnyError({a, b})) return ErrorExpr(e.span);
  ExprPtr both = MakeAnd({a, b}, e.span);
  return node.negated ? MakeNot(both, e.span) : both;
}

ExprPtr ExpressionChecker::CheckIs(const ast::Expr& e, const ast::Is& node) {
  ExprPtr result;
  if (node.test == ast::IsTest::kNull) {
    std::optional<Path> path = ResolvePath(Bare(*node.value));
    if (path.has_value() && !path->event.poisoned) result = RecordIsNull(*path, e.span);
    if (result == nullptr) result = RecordPartIsNull(*node.value, e.span);
    if (result != nullptr && IsError(result)) return result;
  }
  auto test = [&](const Operand& x) {
    if (node.test == ast::IsTest::kNull) {
      return MakeOp(Op::kIsNull, Type::Of(Kind::kBool), {x.expr}, e.span);
    }
    Op op = node.test == ast::IsTest::kTrue ? Op::kIsTrue : Op::kIsFalse;
    ExprPtr condition = x.ast != nullptr ? ToCondition(*x.ast, x.expr) : x.expr;
    return MakeOp(op, Type::Of(Kind::kBool), {condition}, e.span);
  };
  if (result == nullptr) {
    result = IsQuantified(*node.value) ? CheckQuantified(*node.value, e.span, test)
                                       : test({node.value.get(), Check(*node.value)});
  }
  return node.negated ? MakeNot(result, e.span) : result;
}

}  // namespace spate
