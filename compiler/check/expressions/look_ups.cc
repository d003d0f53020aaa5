// Look-ups: `Table[key].column`, `key in Table`, and attributes of records in lists.
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {

// The table that a lone name means, unless it is a nearer name.
const TableInfo* ExpressionChecker::TableOf(const ast::Expr& e) {
  const auto* ref = std::get_if<ast::NameRef>(&Bare(e).node);
  if (ref == nullptr || FindLocal(ref->name.text) != nullptr) return nullptr;
  const TableInfo* table = context_.FindTable(ref->name.text, scope_.file);
  if (table == nullptr || ResolvePath(Bare(e)).has_value()) return nullptr;
  return table;
}

// The values that make up a key: one, or a list literal with one for each key column. `checked` is
// `written` when that has been checked already (of a quantified list: its element), or null.
std::optional<std::vector<ExprPtr>> ExpressionChecker::TableKey(const ast::Expr& written,
                                                                const ExprPtr& checked,
                                                                const TableInfo& table) {
  const TablePlan& plan = context_.table_plans[table.index];
  std::vector<const ast::Expr*> parts = {&written};
  const auto* list = std::get_if<ast::ListLit>(&Bare(written).node);
  if (list != nullptr && checked == nullptr && plan.keys.size() > 1) {
    parts.clear();
    for (const ast::ExprPtr& e : list->elements) parts.push_back(e.get());
  }
  if (parts.size() != plan.keys.size()) {
    Fail(DiagnosticCode::kWrongArguments, written.span,
         absl::StrCat("the key of ", Quoted(plan.name), " has ", plan.keys.size(), " parts"),
         "write them as a list, `[a, b]`");
    return std::nullopt;
  }
  std::vector<ExprPtr> key;
  for (size_t i = 0; i < parts.size(); ++i) {
    const NamedType& column = plan.columns[plan.keys[i]];
    ExprPtr value = checked != nullptr ? checked : Check(*parts[i]);
    key.push_back(ToType(*parts[i], value, column.type.AsNullable(),
                         absl::StrCat("the key ", Quoted(column.name))));
  }
  if (AnyError(key)) return std::nullopt;
  return key;
}

// `key in Table`: null when the key is.
ExprPtr ExpressionChecker::CheckInTable(const ast::Binary& node, Span span,
                                        const ast::Expr& key_ast, const Operand& key,
                                        const TableInfo& table) {
  if (table.poisoned || (key.expr != nullptr && IsError(key.expr))) return ErrorExpr(span);
  std::optional<std::vector<ExprPtr>> values = TableKey(key_ast, key.expr, table);
  if (!values.has_value()) return ErrorExpr(span);
  Expr e;
  e.op = Op::kInTable;
  e.index = table.index;
  e.type = Type::Of(Kind::kBool);
  for (const ExprPtr& v : *values) e.type.nullable = e.type.nullable || v->type.nullable;
  e.origin = ToOrigin(span);
  e.args = *std::move(values);
  ExprPtr found = Finish(std::move(e));
  return node.op == ast::BinaryOp::kNotIn ? MakeNot(std::move(found), span) : found;
}

// `Table[key].column`: null when there is no such row.
ExprPtr ExpressionChecker::CheckTableValue(const ast::Index& row, const TableInfo& table,
                                           absl::string_view column, Span span) {
  if (table.poisoned) return ErrorExpr(span);
  std::optional<std::vector<ExprPtr>> key = TableKey(*row.index, nullptr, table);
  if (!key.has_value()) return ErrorExpr(span);
  const TablePlan& plan = context_.table_plans[table.index];
  std::vector<std::string> names;
  for (size_t i = 0; i < plan.columns.size(); ++i) {
    names.push_back(plan.columns[i].name);
    if (plan.columns[i].name != column) continue;
    Expr e;
    e.op = Op::kTableValue;
    e.index = table.index;
    e.offset = static_cast<uint32_t>(i);
    e.type = plan.columns[i].type.AsNullable();
    e.origin = ToOrigin(span);
    e.args = *std::move(key);
    return Finish(std::move(e));
  }
  Diagnostic& d = context_.Report(
      DiagnosticCode::kUndefinedAttribute, span,
      absl::StrCat("the table ", Quoted(plan.name), " has no column ", Quoted(column)));
  SuggestName(d, ast::Name{std::string(column), Span{}}, names);
  return ErrorExpr(span);
}

std::optional<std::vector<std::pair<std::string, ExprPtr>>> ExpressionChecker::CheckRecord(
    const ast::Expr& e) {
  std::optional<Path> path = ResolvePath(Bare(e));
  if (!path.has_value() || path->event.poisoned || path->attribute.empty()) return std::nullopt;
  for (TypeId t : path->event.types) {
    if (!IsRecord(context_.type(t), path->attribute)) return std::nullopt;
  }
  std::vector<std::pair<std::string, ExprPtr>> parts;
  const std::string prefix = absl::StrCat(path->attribute, ".");
  for (const Field& f : context_.type(path->event.types[0]).fields) {
    if (!absl::StartsWith(f.name, prefix)) continue;
    Path part = *path;
    part.attribute = f.name;
    parts.emplace_back(f.name.substr(prefix.size()), AttributeOf(part, e.span));
  }
  return parts;
}

// `x.a.b` of a record value: its attribute with that dotted name.
ExprPtr ExpressionChecker::RecordAttribute(const ExprPtr& record, absl::string_view attribute,
                                           Span span) {
  const absl::Span<const NamedType> attributes = record->type.Attributes();
  std::vector<std::string> names;
  bool is_record = false;
  for (size_t i = 0; i < attributes.size(); ++i) {
    names.push_back(attributes[i].name);
    is_record = is_record || absl::StartsWith(attributes[i].name, absl::StrCat(attribute, "."));
    if (attributes[i].name != attribute) continue;
    return MakeAttribute(record, i, span);
  }
  if (is_record) {
    return Fail(DiagnosticCode::kNotAValue, span,
                absl::StrCat(Quoted(attribute), " is a record, not a value"),
                "name one of its attributes");
  }
  Diagnostic& d = context_.Report(DiagnosticCode::kUndefinedAttribute, span,
                                  absl::StrCat("a record ", Quoted(TypeName(record->type)),
                                               " has no attribute ", Quoted(attribute)));
  SuggestName(d, ast::Name{std::string(attribute), Span{}}, names);
  return ErrorExpr(span);
}

// `x.b is null` where `b` is a record in the record value `x`: when all its attributes are. Null
// (nothing reported) when `e` is no such path.
ExprPtr ExpressionChecker::RecordPartIsNull(const ast::Expr& e, Span span) {
  const auto* member = std::get_if<ast::Member>(&Bare(e).node);
  if (member == nullptr || ResolvePath(Bare(e)).has_value()) return nullptr;
  std::string prefix = absl::StrCat(member->member.text, ".");
  const ast::Expr* root = member->object.get();
  while (const auto* m = std::get_if<ast::Member>(&root->node)) {
    prefix = absl::StrCat(m->member.text, ".", prefix);
    root = m->object.get();
  }
  const auto* index = std::get_if<ast::Index>(&Bare(*root).node);
  if (index != nullptr && TableOf(*index->object) != nullptr) return nullptr;
  ExprPtr record = Check(*root);
  if (IsError(record)) return record;
  std::vector<ExprPtr> tests;
  for (const NamedType& a : record->type.Attributes()) {
    if (!absl::StartsWith(a.name, prefix)) continue;
    tests.push_back(
        MakeOp(Op::kIsNull, Type::Of(Kind::kBool), {RecordAttribute(record, a.name, span)}, span));
  }
  return MakeAnd(std::move(tests), span);
}

}  // namespace spate
