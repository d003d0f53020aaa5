#include "compiler/check/test_events.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

// What a literal is made of: an event type's attributes, or a table's columns.
struct Shape {
  std::string name;  // as messages say it: "`Login`"
  std::optional<Span> declared;
  std::vector<NamedType> attributes;
};

// One literal: its attributes with their values.
class LiteralChecker {
 public:
  LiteralChecker(CheckContext& context, const Shape& shape) : context_(context), shape_(shape) {}

  void Fields(const std::vector<ast::EmitField>& fields, const std::string& prefix) {
    for (const ast::EmitField& f : fields) {
      const std::optional<ast::Name> name = NameOf(f);
      if (!name.has_value()) {
        has_unknown_ = true;
        continue;
      }
      ast::Name dotted{prefix + name->text, name->span};
      if (f.value == nullptr) {
        Fields(f.record, absl::StrCat(dotted.text, "."));
      } else if (IsNew(dotted)) {
        Add(dotted, *f.value);
      }
    }
  }

  // By index of the attribute, in the order in which they are written.
  std::vector<std::pair<size_t, Constant>> values;

  bool Has(absl::string_view name) const { return seen_.count(std::string(name)) != 0; }
  Span SpanOf(absl::string_view name) const { return seen_.at(std::string(name)); }
  // Something is not known: most likely what is missing, under another name.
  bool has_unknown() const { return has_unknown_; }
  bool failed() const { return failed_; }

 private:
  std::optional<ast::Name> NameOf(const ast::EmitField& f) {
    if (f.label.has_value()) return *f.label;
    context_.Report(DiagnosticCode::kAttributeNeedsName, f.span, "this attribute needs a name")
        .label = "write `name: value`";
    failed_ = true;
    return std::nullopt;
  }

  bool IsNew(const ast::Name& name) {
    const auto [it, is_new] = seen_.emplace(name.text, name.span);
    if (is_new) return true;
    Diagnostic& d =
        context_.Report(DiagnosticCode::kDuplicateName, name.span,
                        absl::StrCat("the attribute ", Quoted(name.text), " is given twice"));
    d.labels.push_back({it->second, "first given here"});
    failed_ = true;
    return false;
  }

  void Add(const ast::Name& name, const ast::Expr& written) {
    for (size_t i = 0; i < shape_.attributes.size(); ++i) {
      const NamedType& attribute = shape_.attributes[i];
      if (attribute.name != name.text) continue;
      std::optional<Constant> value =
          CheckTestValue(context_, written, attribute.type, Quoted(name.text));
      if (value.has_value()) {
        values.emplace_back(i, *std::move(value));
      } else {
        failed_ = true;
      }
      return;
    }
    has_unknown_ = failed_ = true;
    std::vector<std::string> names;
    for (const NamedType& attribute : shape_.attributes) names.push_back(attribute.name);
    Diagnostic& d =
        context_.Report(DiagnosticCode::kUndefinedAttribute, name.span,
                        absl::StrCat(shape_.name, " has no attribute ", Quoted(name.text)));
    if (shape_.declared.has_value()) d.labels.push_back({*shape_.declared, "declared here"});
    SuggestName(d, name, names);
  }

  CheckContext& context_;
  const Shape& shape_;
  std::map<std::string, Span> seen_;
  bool has_unknown_ = false;
  bool failed_ = false;
};

Shape ShapeOf(const CheckContext& context, TypeId id) {
  const EventType& type = context.type(id);
  Shape shape{Quoted(type.name), context.type_infos[id.index()].span, {}};
  for (const Field& f : type.fields) shape.attributes.push_back({f.name, f.type});
  return shape;
}

void ReportMissing(CheckContext& context, const Shape& shape, const NamedType& attribute,
                   Span span) {
  Diagnostic& d = context.Report(
      DiagnosticCode::kMissingAttribute, span,
      absl::StrCat("the attribute ", Quoted(attribute.name), " of ", shape.name, " is missing"));
  d.label = absl::StrCat("of type ", Quoted(TypeName(attribute.type)), ", which is not nullable");
  if (shape.declared.has_value()) d.labels.push_back({*shape.declared, "declared here"});
}

std::vector<TestAttribute> TakeAttributes(LiteralChecker* checker) {
  std::vector<TestAttribute> attributes;
  for (auto& [index, value] : checker->values) {
    attributes.push_back({FieldId(index), std::move(value)});
  }
  return attributes;
}

// What is computed has no value of its own to give or to compare.
void RefuseComputed(CheckContext& context, const EventType& type, const LiteralChecker& checker) {
  for (const Field& f : type.fields) {
    if (f.computed == nullptr || !checker.Has(f.name)) continue;
    context
        .Report(DiagnosticCode::kFilledAttribute, checker.SpanOf(f.name),
                absl::StrCat(Quoted(f.name), " is computed from other attributes"))
        .label = "leave it out";
  }
}

}  // namespace

std::optional<TypeId> TestEventType(CheckContext& context, const ast::Name& name) {
  const auto refuse = [&](absl::string_view why) {
    context
        .Report(DiagnosticCode::kBadTestLine, name.span,
                absl::StrCat("a test cannot make events of ", Quoted(name.text)))
        .label = std::string(why);
    return std::nullopt;
  };
  if (std::optional<TypeId> id = context.FindType(name.text)) {
    if (context.poisoned(*id)) return std::nullopt;
    if (context.type(*id).clock) return refuse("a clock makes them, when time passes");
    return id;
  }
  if (context.FindView(name.text, name.span.file) != nullptr) {
    return refuse("a view is a name for events of another type; name that");
  }
  context.ReportUndefinedType(name);
  return std::nullopt;
}

std::vector<TestAttribute> CheckFedEvent(CheckContext& context, TypeId id,
                                         const ast::EventLiteral& literal) {
  const Shape shape = ShapeOf(context, id);
  const EventType& type = context.type(id);
  LiteralChecker checker(context, shape);
  checker.Fields(literal.fields, "");
  RefuseComputed(context, type, checker);
  for (size_t i = 0; i < type.fields.size() && !checker.has_unknown(); ++i) {
    const Field& f = type.fields[i];
    const bool filled = FieldId(i) == type.time_field || f.computed != nullptr || f.type.nullable;
    if (filled || checker.Has(f.name)) continue;
    ReportMissing(context, shape, {f.name, f.type}, literal.type.span);
  }
  return TakeAttributes(&checker);
}

std::vector<TestAttribute> CheckExpectedEvent(CheckContext& context, TypeId id,
                                              const ast::EventLiteral& literal) {
  const Shape shape = ShapeOf(context, id);
  LiteralChecker checker(context, shape);
  checker.Fields(literal.fields, "");
  RefuseComputed(context, context.type(id), checker);
  return TakeAttributes(&checker);
}

std::optional<std::vector<Constant>> CheckTableRow(CheckContext& context, const TablePlan& table,
                                                   const ast::Name& name,
                                                   const std::vector<ast::EmitField>& fields) {
  const Shape shape{absl::StrCat("the table ", Quoted(table.name)), std::nullopt, table.columns};
  LiteralChecker checker(context, shape);
  checker.Fields(fields, "");
  bool missing = false;
  for (const NamedType& column : table.columns) {
    if (checker.Has(column.name) || column.type.nullable || checker.has_unknown()) continue;
    ReportMissing(context, shape, column, name.span);
    missing = true;
  }
  if (missing || checker.failed()) return std::nullopt;
  std::vector<Constant> row(table.columns.size());
  for (auto& [index, value] : checker.values) row[index] = std::move(value);
  return row;
}

std::optional<Constant> CheckTestValue(CheckContext& context, const ast::Expr& written,
                                       const Type& type, absl::string_view what) {
  Scope scope;
  scope.file = written.span.file;
  ExpressionChecker checker(context, scope);
  const ExprPtr value = checker.CheckConstant(written, type, what);
  if (IsError(value) || value->op != Op::kConst) return std::nullopt;
  return value->constant;
}

}  // namespace spate
