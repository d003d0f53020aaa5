// prev(x), prev(x, n): an attribute of an earlier event of the rule's input.
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

constexpr int64_t kMaxBefore = 10'000;  // events that a partition keeps for it

}  // namespace

// The attribute that `e` names of the current event, or of another event of the input; "" for what
// is no such path.
std::string ExpressionChecker::PrevAttribute(const ast::Expr& e) {
  if (std::optional<Path> path = ResolvePath(e)) {
    return path->event.current ? path->attribute : "";
  }
  std::string attribute;
  const ast::Expr* root = &e;
  while (const auto* m = std::get_if<ast::Member>(&root->node)) {
    attribute = absl::StrCat(".", m->member.text, attribute);
    root = m->object.get();
  }
  const auto* name = std::get_if<ast::NameRef>(&root->node);
  return name == nullptr ? "" : name->name.text + attribute;
}

ExprPtr ExpressionChecker::CheckPrev(const ast::Expr& e, const ast::Call& call) {
  bool values = !call.arguments.empty() && call.arguments.size() <= 2;
  for (const ast::Argument& a : call.arguments) {
    values = values && a.value != nullptr && a.where == nullptr;
  }
  if (!values) {
    return Fail(DiagnosticCode::kWrongArguments, e.span,
                "`prev` takes an attribute and a number of events");
  }
  if (scope_.place != Place::kStep || !scope_.current.has_value()) {
    return Fail(DiagnosticCode::kAggregatePlace, e.span, "`prev` has no event before it here",
                "it is for the conditions of steps");
  }
  int64_t n = 1;
  if (call.arguments.size() == 2) {
    const ast::Expr& number = *call.arguments[1].value;
    ExprPtr value = CheckConstant(number, Type::Of(Kind::kInt), "the number of events");
    if (IsError(value)) return value;
    n = std::get<int64_t>(value->constant.data);
    if (n < 1 || n > kMaxBefore) {
      return Fail(DiagnosticCode::kWrongArguments, number.span,
                  absl::StrCat("`prev` looks 1 to ", kMaxBefore, " events back"));
    }
  }
  const ast::Expr& written = Bare(*call.arguments[0].value);
  bool is_path = std::holds_alternative<ast::NameRef>(written.node) ||
                 std::holds_alternative<ast::Member>(written.node);
  std::string attribute = is_path ? PrevAttribute(written) : "";
  if (attribute.empty()) {
    return Fail(DiagnosticCode::kWrongArguments, written.span,
                "`prev` takes an attribute of the event before", "write `prev(x) + 1`, say");
  }
  Expr value;
  value.op = Op::kBound;
  value.origin = ToOrigin(written.span);
  for (TypeId id : scope_.rule->input_types) {
    const EventType& type = context_.type(id);
    FieldId field = type.FindField(attribute);
    if (!field.valid()) continue;
    const Type& t = type.fields[field.index()].type;
    if (!value.fields.empty() && (t.kind != value.type.kind || t.element != value.type.element ||
                                  t.parts != value.type.parts)) {
      return Fail(DiagnosticCode::kTypeMismatch, written.span,
                  absl::StrCat(Quoted(attribute), " is ", Quoted(TypeName(value.type)), " or ",
                               Quoted(TypeName(t)), ", by the type of the event"));
    }
    value.type = t;
    value.fields.push_back({id, field});
  }
  if (value.fields.empty() && attribute == "time") {
    value.op = Op::kBoundTime;
    value.type = Type::Of(Kind::kTime);
  } else if (value.fields.empty()) {
    return Check(written);  // reports it
  }
  value.type.nullable = true;
  Expr node;
  node.op = Op::kPrev;
  node.type = value.type;
  node.offset = static_cast<uint32_t>(n);
  node.fields = value.fields;
  node.origin = ToOrigin(e.span);
  node.args = {Finish(std::move(value))};
  return Finish(std::move(node));
}

}  // namespace spate
