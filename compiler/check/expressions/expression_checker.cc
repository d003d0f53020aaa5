// ExpressionChecker: the dispatch, literals, lists and `if`.
#include "compiler/check/expressions/expression_checker.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/convert.h"
#include "runtime/base/overload.h"

namespace spate {
namespace {

constexpr int kMaxDepth = 500;

}  // namespace

ExpressionChecker::ExpressionChecker(CheckContext& context, Scope scope)
    : context_(context), scope_(std::move(scope)) {}

ExprPtr ExpressionChecker::Check(const ast::Expr& e) {
  if (depth_ >= kMaxDepth) {
    return Fail(DiagnosticCode::kExpressionTooDeep, e.span,
                absl::StrCat("an expression is nested more than ", kMaxDepth, " levels deep"));
  }
  ++depth_;
  ExprPtr result = CheckNode(e);
  --depth_;
  return result;
}

ExprPtr ExpressionChecker::CheckNode(const ast::Expr& e) {
  Span s = e.span;
  return std::visit(
      Overload{
          [&](const ast::NullLit&) {
            return MakeConstant(Constant::Null(), Type::Of(Kind::kNull, true), s);
          },
          [&](const ast::BoolLit& n) {
            return MakeConstant(Constant::Bool(n.value), Type::Of(Kind::kBool), s);
          },
          [&](const ast::IntLit& n) {
            return MakeConstant(Constant::Int(n.value), Type::Of(Kind::kInt), s);
          },
          [&](const ast::FloatLit& n) {
            return MakeConstant(Constant::Float(n.value), Type::Of(Kind::kFloat), s);
          },
          [&](const ast::TextLit& n) {
            return MakeConstant(Constant::String(n.value), Type::Of(Kind::kString), s);
          },
          [&](const ast::DurationLit& n) {
            return MakeConstant(Constant::Integral(n.value, Kind::kDuration),
                                Type::Of(Kind::kDuration), s);
          },
          [&](const ast::TimeLit& n) {
            return MakeConstant(Constant::Integral(n.value, Kind::kTime), Type::Of(Kind::kTime), s);
          },
          [&](const ast::ListLit& n) { return CheckLiteralList(e, n); },
          [&](const ast::NameRef&) { return CheckPath(e); },
          [&](const ast::Member&) { return CheckPath(e); },
          [&](const ast::Index& n) { return CheckIndex(e, n); },
          [&](const ast::Call& n) { return CheckCall(e, n); },
          [&](const ast::Unary& n) { return CheckUnary(e, n); },
          [&](const ast::Binary&) { return CheckBinary(e); },
          [&](const ast::Between& n) { return CheckBetween(e, n); },
          [&](const ast::Is& n) { return CheckIs(e, n); },
          [&](const ast::If& n) { return CheckIf(e, n); },
          [&](const ast::Parenthesized& n) { return Check(*n.inner); },
      },
      e.node);
}

ExprPtr ExpressionChecker::CheckCondition(const ast::Expr& e) { return ToCondition(e, Check(e)); }

ExprPtr ExpressionChecker::CheckAs(const ast::Expr& e, const Type& target, absl::string_view what) {
  return ToType(e, Check(e), target, what);
}

ExprPtr ExpressionChecker::ToType(const ast::Expr& source, const ExprPtr& e, const Type& target,
                                  absl::string_view what) {
  if (IsError(e) || target.kind == Kind::kError) return ErrorExpr(source.span);
  ExprPtr converted = Convert(context_, &source, e, target);
  if (converted == nullptr) {
    return Fail(DiagnosticCode::kTypeMismatch, source.span,
                absl::StrCat(what, " is ", Quoted(TypeName(target)), ", and this is ",
                             Quoted(TypeName(e->type))),
                absl::StrCat("expected ", Quoted(TypeName(target))));
  }
  if (!target.nullable && converted->type.nullable) {
    Diagnostic& d = context_.Report(DiagnosticCode::kMayBeNull, source.span,
                                    absl::StrCat("this may be null, and ", what, " must not be"));
    d.label = absl::StrCat("of type ", Quoted(TypeName(converted->type)));
    d.fix = Fix{"`x ?? default` gives a value for null", std::nullopt, ""};
    return ErrorExpr(source.span);
  }
  return converted;
}

ExprPtr ExpressionChecker::CheckConstant(const ast::Expr& e, const Type& target,
                                         absl::string_view what) {
  ExprPtr value = target.kind == Kind::kError ? Check(e) : CheckAs(e, target, what);
  if (IsError(value) || value->op == Op::kConst) return value;
  return Fail(DiagnosticCode::kNotConstant, e.span, absl::StrCat(what, " must be constant"),
              scope_.place == Place::kConstant ? "has no value: it overflows, or divides by zero"
                                               : "depends on an event");
}

ExprPtr ExpressionChecker::CheckLiteralList(const ast::Expr& e, const ast::ListLit& list) {
  std::vector<ExprPtr> elements;
  Type element = Type::Of(Kind::kNull);
  bool nullable = false;
  for (const ast::ExprPtr& written : list.elements) {
    ExprPtr x = Check(*written);
    if (IsError(x)) return x;
    nullable = nullable || x->type.nullable;
    std::optional<Type> both = UnifyTypes(element, x->type.AsNullable(false));
    if (!both.has_value()) {
      return Fail(DiagnosticCode::kTypeMismatch, written->span,
                  absl::StrCat("an element of type ", Quoted(TypeName(x->type)), " in a list of ",
                               Quoted(TypeName(element))),
                  "of another type");
    }
    element = both->AsNullable(false);
    elements.push_back(std::move(x));
  }
  for (ExprPtr& x : elements) {
    if (ExprPtr converted = Convert(context_, nullptr, x, element)) {
      x = std::move(converted);
    } else {
      return Fail(DiagnosticCode::kTypeMismatch, ToSpan(x->origin),
                  absl::StrCat("an element of type ", Quoted(TypeName(x->type)), " in a list of ",
                               Quoted(TypeName(element))),
                  "of another type");
    }
  }
  return MakeOp(Op::kList, Type::ListOf(element.AsNullable(nullable), false), std::move(elements),
                e.span);
}

ExprPtr ExpressionChecker::CheckIf(const ast::Expr& e, const ast::If& node) {
  ExprPtr condition = CheckCondition(*node.condition);
  ExprPtr yes = Check(*node.then_value);
  ExprPtr no = Check(*node.else_value);
  if (AnyError({condition, yes, no})) return ErrorExpr(e.span);
  std::optional<Type> type = UnifyTypes(yes->type, no->type);
  if (!type.has_value()) {
    // A text literal beside a time, say.
    if (ExprPtr c = Convert(context_, node.then_value.get(), yes, no->type)) yes = c;
    if (ExprPtr c = Convert(context_, node.else_value.get(), no, yes->type)) no = c;
    type = UnifyTypes(yes->type, no->type);
  }
  if (!type.has_value()) {
    return Fail(DiagnosticCode::kTypeMismatch, node.else_value->span,
                absl::StrCat("`then` gives ", Quoted(TypeName(yes->type)), " and `else` gives ",
                             Quoted(TypeName(no->type))),
                "of another type");
  }
  yes = Convert(context_, node.then_value.get(), yes, *type);
  no = Convert(context_, node.else_value.get(), no, *type);
  return MakeOp(Op::kIf, *type, {condition, yes, no}, e.span);
}

ExprPtr ExpressionChecker::CheckIndex(const ast::Expr& e, const ast::Index& node) {
  if (ResolveNavigation(e).has_value()) {
    return Fail(DiagnosticCode::kNotAValue, e.span, "an event is no value",
                "name one of its attributes");
  }
  if (const TableInfo* table = TableOf(*node.object)) {
    if (table->poisoned) return ErrorExpr(e.span);
    return Fail(DiagnosticCode::kNotAValue, e.span, "a row of a table is no value",
                "name one of its columns");
  }
  ExprPtr list = Check(*node.object);
  ExprPtr index = CheckAs(*node.index, Type::Of(Kind::kInt, true), "an index");
  if (AnyError({list, index})) return ErrorExpr(e.span);
  if (list->type.kind != Kind::kList) {
    return Fail(DiagnosticCode::kTypeMismatch, node.object->span,
                absl::StrCat("only a list has `[..]`, and this is ", Quoted(TypeName(list->type))),
                "not a list");
  }
  return MakeOp(Op::kIndex, list->type.Element().AsNullable(), {list, index}, e.span);
}

ExprPtr ExpressionChecker::Fail(DiagnosticCode code, Span span, std::string message,
                                std::string label) {
  context_.Report(code, span, std::move(message)).label = std::move(label);
  return ErrorExpr(span);
}

}  // namespace spate
