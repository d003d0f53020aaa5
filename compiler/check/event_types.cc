// Event types: records are flattened, depth first, into dotted attributes.
#include "compiler/check/event_types.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

const std::map<std::string, Kind>& ScalarNames() {
  static const auto* const names = new std::map<std::string, Kind>{
      {"bool", Kind::kBool},     {"int", Kind::kInt},   {"float", Kind::kFloat},
      {"string", Kind::kString}, {"time", Kind::kTime}, {"duration", Kind::kDuration},
      {"ip", Kind::kIp},
  };
  return *names;
}

// Writes the attributes of one event type.
class AttributeWriter {
 public:
  AttributeWriter(CheckContext& context, TypeId id)
      : context_(context), type_(context.types[id.index()]) {}

  void Write(const std::vector<ast::RecordField>& fields, const std::string& prefix,
             bool nullable) {
    std::map<std::string, Span> seen;
    std::map<std::string, ast::Name> lower;
    for (const ast::RecordField& f : fields) {
      auto [it, is_new] = seen.emplace(f.name.text, f.name.span);
      if (!is_new) {
        Diagnostic& d = context_.Report(
            DiagnosticCode::kDuplicateName, f.name.span,
            absl::StrCat("the attribute ", Quoted(f.name.text), " is declared twice"));
        d.labels.push_back({it->second, "first declared here"});
        continue;
      }
      WarnSimilar(f.name, lower);
      WriteOne(f, prefix, nullable);
    }
  }

 private:
  void WriteOne(const ast::RecordField& f, const std::string& prefix, bool nullable) {
    std::string path = prefix + f.name.text;
    if (f.type.is_record) {
      Write(f.type.record, path + ".", nullable || f.type.nullable);
      return;
    }
    Field field;
    field.name = path;
    field.type = CheckTypeExpr(context_, f.type, type_.sparse);
    if (nullable) field.type.nullable = true;
    type_.fields.push_back(std::move(field));
  }

  void WarnSimilar(const ast::Name& name, std::map<std::string, ast::Name>& lower) {
    auto [it, is_new] = lower.emplace(absl::AsciiStrToLower(name.text), name);
    if (is_new) return;
    Diagnostic& d = context_.Report(
        DiagnosticCode::kSimilarNames, name.span,
        absl::StrCat(Quoted(name.text), " and ", Quoted(it->second.text), " differ only in case"));
    d.labels.push_back({it->second.span, "the other one"});
  }

  CheckContext& context_;
  EventType& type_;
};

void SetTimeAttribute(CheckContext& context, EventType& type, const ast::Name& at) {
  FieldId field = type.FindField(at.text);
  if (!field.valid()) {
    Diagnostic& d =
        context.Report(DiagnosticCode::kBadTimeAttribute, at.span,
                       absl::StrCat(Quoted(type.name), " has no attribute ", Quoted(at.text)));
    std::vector<std::string> names;
    for (const Field& f : type.fields) names.push_back(f.name);
    SuggestName(d, at, names);
    return;
  }
  const Type& t = type.fields[field.index()].type;
  if (t.kind != Kind::kTime && t.kind != Kind::kError) {
    Diagnostic& d = context.Report(
        DiagnosticCode::kBadTimeAttribute, at.span,
        absl::StrCat("`at` needs a time, and ", Quoted(at.text), " is ", Quoted(TypeName(t))));
    d.label = "not a time";
    return;
  }
  type.time_field = field;
}

// Visits the written fields with their dotted names.
template <typename F>
void ForEachField(const std::vector<ast::RecordField>& fields, const std::string& prefix, F f) {
  for (const ast::RecordField& field : fields) {
    std::string path = prefix + field.name.text;
    if (field.type.is_record) {
      ForEachField(field.type.record, path + ".", f);
    } else {
      f(path, field);
    }
  }
}

void CollectFields(const Expr& e, std::set<uint32_t>& fields) {
  if (e.op == Op::kField) fields.insert(e.field.value);
  for (const ExprPtr& a : e.args) CollectFields(*a, fields);
}

// Orders computed attributes so that each stands after those it reads; reports circles.
class ComputedOrder {
 public:
  ComputedOrder(CheckContext& context, EventType& type, const std::map<uint32_t, Span>& spans)
      : context_(context), type_(type), spans_(spans) {}

  void Run() {
    for (const auto& [field, span] : spans_) Visit(field);
  }

 private:
  void Visit(uint32_t field) {
    auto found = spans_.find(field);
    if (found == spans_.end()) return;
    Progress& progress = progress_[field];
    if (progress == Progress::kDone) return;
    if (progress == Progress::kBusy) {
      Diagnostic& d =
          context_.Report(DiagnosticCode::kCircularDefinition, found->second,
                          absl::StrCat("the computed attribute ", Quoted(type_.fields[field].name),
                                       " depends on itself"));
      d.label = "needs itself";
      return;
    }
    progress = Progress::kBusy;
    std::set<uint32_t> reads;
    CollectFields(*type_.fields[field].computed, reads);
    for (uint32_t r : reads) Visit(r);
    progress_[field] = Progress::kDone;
    type_.computed_order.push_back(FieldId(field));
  }

  CheckContext& context_;
  EventType& type_;
  const std::map<uint32_t, Span>& spans_;
  std::map<uint32_t, Progress> progress_;
};

// Visits the records that are computed as a whole with their dotted names.
template <typename F>
void ForEachComputedRecord(const std::vector<ast::RecordField>& fields, const std::string& prefix,
                           F f) {
  for (const ast::RecordField& field : fields) {
    if (!field.type.is_record) continue;
    const std::string path = prefix + field.name.text;
    if (field.computed != nullptr) {
      f(path, field);
    } else {
      ForEachComputedRecord(field.type.record, path + ".", f);
    }
  }
}

ExprPtr CheckComputed(CheckContext& context, TypeId id, const std::string& path,
                      const ast::RecordField& f, const Type& target) {
  Scope scope;
  scope.file = f.name.span.file;
  scope.place = Place::kEvent;
  scope.current = id;
  return ExpressionChecker(context, scope).CheckAs(*f.computed, target, Quoted(path));
}

// Each attribute of the record is one of the record value's, which is that of a list, say.
void CheckComputedRecord(CheckContext& context, TypeId id, const std::string& path,
                         const ast::RecordField& f, std::map<uint32_t, Span>* spans) {
  const Type target = CheckTypeExpr(context, f.type, context.type(id).sparse);
  const ExprPtr value = CheckComputed(context, id, path, f, target);
  for (size_t i = 0; i < target.Attributes().size(); ++i) {
    const FieldId field =
        context.type(id).FindField(absl::StrCat(path, ".", target.Attributes()[i].name));
    if (!field.valid()) continue;
    context.types[id.index()].fields[field.index()].computed =
        IsError(value) ? value : MakeAttribute(value, i, f.computed->span);
    spans->emplace(field.value, f.name.span);
  }
}

void CheckComputedOf(CheckContext& context, TypeId id) {
  const ast::EventDecl* decl = context.type_infos[id.index()].decl;
  if (decl == nullptr) return;
  std::map<uint32_t, Span> spans;
  ForEachField(decl->fields, "", [&](const std::string& path, const ast::RecordField& f) {
    FieldId field = context.type(id).FindField(path);
    if (f.computed == nullptr || !field.valid()) return;
    const Type declared = context.type(id).fields[field.index()].type;
    ExprPtr value = CheckComputed(context, id, path, f, declared);
    context.types[id.index()].fields[field.index()].computed = std::move(value);
    spans.emplace(field.value, f.name.span);
  });
  ForEachComputedRecord(decl->fields, "", [&](const std::string& path, const ast::RecordField& f) {
    CheckComputedRecord(context, id, path, f, &spans);
  });
  ComputedOrder(context, context.types[id.index()], spans).Run();
}

}  // namespace

bool AppendAttributes(CheckContext& context, const ast::RecordField& f, const std::string& prefix,
                      bool nullable, std::vector<NamedType>* attributes) {
  const std::string path = prefix + f.name.text;
  if (f.computed != nullptr) {
    context
        .Report(DiagnosticCode::kTypeMismatch, f.name.span,
                absl::StrCat(Quoted(path), " cannot be computed"))
        .label = "only attributes of an event can";
    return false;
  }
  if (f.type.is_record) {
    bool ok = true;
    for (const ast::RecordField& inner : f.type.record) {
      ok = AppendAttributes(context, inner, path + ".", nullable || f.type.nullable, attributes) &&
           ok;
    }
    return ok;
  }
  for (const NamedType& other : *attributes) {
    if (other.name != path) continue;
    context.Report(DiagnosticCode::kDuplicateName, f.name.span,
                   absl::StrCat(Quoted(path), " is declared twice"));
    return false;
  }
  Type type = CheckTypeExpr(context, f.type, nullable);
  if (nullable) type.nullable = true;
  attributes->push_back({path, type});
  return type.kind != Kind::kError;
}

Type CheckTypeExpr(CheckContext& context, const ast::TypeExpr& written, bool sparse) {
  if (written.element != nullptr) {
    const Type element = CheckTypeExpr(context, *written.element, sparse);
    return element.kind == Kind::kError ? Type() : Type::ListOf(element, written.nullable);
  }
  if (written.is_record) {
    std::vector<NamedType> attributes;
    bool ok = true;
    for (const ast::RecordField& f : written.record) {
      ok = AppendAttributes(context, f, "", sparse, &attributes) && ok;
    }
    return ok ? Type::RecordOf(std::move(attributes), written.nullable) : Type();
  }
  auto it = ScalarNames().find(written.name.text);
  if (it != ScalarNames().end()) return Type::Of(it->second, written.nullable);
  Diagnostic& d = context.Report(DiagnosticCode::kUnknownScalarType, written.name.span,
                                 absl::StrCat("unknown type ", Quoted(written.name.text)));
  d.label = "the types are bool int float string time duration ip, lists `[T]` and records";
  std::vector<std::string> names;
  for (const auto& [name, kind] : ScalarNames()) names.push_back(name);
  SuggestName(d, written.name, names);
  return Type();
}

void DeclareAttributes(CheckContext& context) {
  for (EventType& type : context.types) {
    const ast::EventDecl* decl = context.type_infos[type.id.index()].decl;
    if (decl == nullptr) continue;
    type.sparse = decl->sparse;
    type.internal = decl->internal;
    AttributeWriter(context, type.id).Write(decl->fields, "", decl->sparse);
    if (decl->at.has_value()) SetTimeAttribute(context, type, *decl->at);
    type.has_time_attribute = HasTopLevel(type, "time");
  }
}

void CheckComputedAttributes(CheckContext& context) {
  for (size_t i = 0; i < context.types.size(); ++i) CheckComputedOf(context, TypeId(i));
}

bool IsRecord(const EventType& type, absl::string_view path) {
  std::string prefix = absl::StrCat(path, ".");
  for (const Field& f : type.fields) {
    if (absl::StartsWith(f.name, prefix)) return true;
  }
  return false;
}

bool HasTopLevel(const EventType& type, absl::string_view name) {
  return type.FindField(name).valid() || IsRecord(type, name);
}

absl::string_view FirstPart(absl::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

}  // namespace spate
