// Lists: `any(xs) op y`, `any(xs, x => cond)`, `all`, `count_if`.
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {

// `any(xs)` or `all(xs)`: to be compared element by element.
bool ExpressionChecker::IsQuantified(const ast::Expr& e) const {
  const auto* call = std::get_if<ast::Call>(&Bare(e).node);
  return call != nullptr && (call->function.text == "any" || call->function.text == "all") &&
         call->arguments.size() == 1 && call->arguments[0].value != nullptr;
}

// The first argument, which must be a list.
ExprPtr ExpressionChecker::CheckFirstList(const ast::Call& call) {
  const ast::Expr& argument = *call.arguments[0].value;
  ExprPtr list = Check(argument);
  if (IsError(list) || list->type.kind == Kind::kList) return list;
  return Fail(DiagnosticCode::kTypeMismatch, argument.span,
              absl::StrCat(Quoted(call.function.text), " needs a list, and this is ",
                           Quoted(TypeName(list->type))),
              "not a list");
}

// What stands for each element of the list in the expression that is evaluated for it.
ExprPtr ExpressionChecker::ElementOf(const Expr& list, Span span) {
  Expr element;
  element.op = Op::kLocal;
  element.index = scope_.lambda_depth;
  element.type = list.type.Element();
  element.origin = ToOrigin(span);
  return Finish(std::move(element));
}

ExprPtr ExpressionChecker::CheckQuantified(const ast::Expr& quantified, Span span,
                                           const WithElement& with) {
  const auto& call = std::get<ast::Call>(Bare(quantified).node);
  ExprPtr list = CheckFirstList(call);
  if (IsError(list)) return ErrorExpr(span);
  ExprPtr element = ElementOf(*list, span);
  ++scope_.lambda_depth;
  ExprPtr body = with(Operand{nullptr, std::move(element)});
  --scope_.lambda_depth;
  if (IsError(body)) return body;
  Expr e;
  e.op = call.function.text == "any" ? Op::kAny : Op::kAll;
  e.index = scope_.lambda_depth;
  e.type = Type::Of(Kind::kBool, list->type.nullable || body->type.nullable);
  e.origin = ToOrigin(span);
  e.args = {std::move(list), std::move(body)};
  return Finish(std::move(e));
}

// any(xs, x => cond), all(..), count_if(..).
ExprPtr ExpressionChecker::CheckLambdaCall(const ast::Expr& e, const ast::Call& call) {
  const std::string& name = call.function.text;
  if (call.arguments.size() == 1 && name != "count_if") {
    return Fail(DiagnosticCode::kWrongArguments, e.span,
                absl::StrCat(Quoted(absl::StrCat(name, "(xs)")), " is compared with something"),
                absl::StrCat("write `", name, "(xs) == y` or `", name, "(xs, x => condition)`"));
  }
  if (call.arguments.size() != 2 || call.arguments[0].value == nullptr ||
      call.arguments[1].lambda_body == nullptr || call.arguments[1].lambda_params.size() != 1) {
    return Fail(DiagnosticCode::kWrongArguments, e.span,
                absl::StrCat(Quoted(name), " needs a list and a condition"),
                absl::StrCat("write `", name, "(xs, x => condition)`"));
  }
  ExprPtr list = CheckFirstList(call);
  if (IsError(list)) return list;
  const ast::Name& param = call.arguments[1].lambda_params[0];
  scope_.locals.push_back({param.text, ElementOf(*list, param.span), std::nullopt});
  ++scope_.lambda_depth;
  ExprPtr body = CheckCondition(*call.arguments[1].lambda_body);
  --scope_.lambda_depth;
  scope_.locals.pop_back();
  if (IsError(body)) return body;
  Expr node;
  node.op = name == "any" ? Op::kAny : name == "all" ? Op::kAll : Op::kCountIf;
  node.index = scope_.lambda_depth;
  bool nullable = list->type.nullable || (name != "count_if" && body->type.nullable);
  node.type = Type::Of(name == "count_if" ? Kind::kInt : Kind::kBool, nullable);
  node.origin = ToOrigin(e.span);
  node.args = {std::move(list), std::move(body)};
  return Finish(std::move(node));
}

}  // namespace spate
