// Dump of expressions.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/dump_parts.h"
#include "runtime/base/overload.h"
#include "windows/time.h"

namespace spate {
namespace dump {
namespace {

absl::string_view Text(ast::BinaryOp op) {
  static constexpr absl::string_view kTexts[] = {
      "or",       "and",          "unless",   "==",    "!=",        "<",       "<=",
      ">",        ">=",           "==~",      "!=~",   "in",        "not in",  "in~",
      "not in~",  "like",         "not like", "like~", "not like~", "matches", "not matches",
      "matches~", "not matches~", "??",       "+",     "-",         "*",       "/",
      "%"};
  return kTexts[static_cast<size_t>(op)];
}

std::string OfArgument(const ast::Argument& argument) {
  if (argument.lambda_body != nullptr) {
    std::vector<std::string> parts;
    for (const ast::Name& name : argument.lambda_params) parts.push_back(name.text);
    parts.push_back(Of(argument.lambda_body));
    return Form("=>", parts);
  }
  if (argument.where == nullptr) return Of(argument.value);
  return Form("where", {Of(argument.value), Of(argument.where)});
}

std::string OfCall(const ast::Call& call) {
  std::vector<std::string> parts{call.function.text};
  for (const ast::Argument& argument : call.arguments) parts.push_back(OfArgument(argument));
  return Form("call", parts);
}

std::string OfList(const ast::ListLit& list) {
  std::vector<std::string> parts;
  for (const ast::ExprPtr& element : list.elements) parts.push_back(Of(element));
  return Form("list", parts);
}

std::string OfIs(const ast::Is& is) {
  const absl::string_view test = is.test == ast::IsTest::kNull   ? "null"
                                 : is.test == ast::IsTest::kTrue ? "true"
                                                                 : "false";
  return Form(absl::StrCat(is.negated ? "is-not-" : "is-", test), {Of(is.value)});
}

}  // namespace

std::string Of(const ast::ExprPtr& expr) { return expr == nullptr ? "" : Dump(*expr); }

}  // namespace dump

std::string Dump(const ast::Expr& expr) {
  using dump::Form;
  using dump::Of;
  return std::visit(
      Overload{
          [](const ast::NullLit&) { return std::string("null"); },
          [](const ast::BoolLit& e) { return std::string(e.value ? "true" : "false"); },
          [](const ast::IntLit& e) { return absl::StrCat(e.value); },
          [](const ast::FloatLit& e) { return absl::StrFormat("%.17gf", e.value); },
          [](const ast::TextLit& e) { return dump::Quote(e.value); },
          [](const ast::DurationLit& e) { return FormatDuration(e.value); },
          [](const ast::TimeLit& e) { return absl::StrCat("@", FormatTime(e.value)); },
          [](const ast::ListLit& e) { return dump::OfList(e); },
          [](const ast::NameRef& e) { return e.name.text; },
          [](const ast::Member& e) {
            return Form(".", {Of(e.object), e.member.text});
          },
          [](const ast::Index& e) {
            return Form("[]", {Of(e.object), Of(e.index)});
          },
          [](const ast::Call& e) { return dump::OfCall(e); },
          [](const ast::Unary& e) {
            return Form(e.op == ast::UnaryOp::kNot ? "not" : "neg", {Of(e.operand)});
          },
          [](const ast::Binary& e) {
            return Form(dump::Text(e.op), {Of(e.left), Of(e.right)});
          },
          [](const ast::Between& e) {
            return Form(e.negated ? "not between" : "between",
                        {Of(e.value), Of(e.low), Of(e.high)});
          },
          [](const ast::Is& e) { return dump::OfIs(e); },
          [](const ast::If& e) {
            return Form("if", {Of(e.condition), Of(e.then_value), Of(e.else_value)});
          },
          [](const ast::Parenthesized& e) { return Form("paren", {Of(e.inner)}); },
      },
      expr.node);
}

}  // namespace spate
