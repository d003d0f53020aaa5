// Emits: names of attributes, then their types against the declared or inferred ones.
#include "compiler/check/emits.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

bool IsEnvelope(absl::string_view name) {
  return name == "type" || name == "time" || name == "rule" || name == "event_id" ||
         name == "matched";
}

// Finds or adds the event type that an emit names; invalid when it cannot be emitted (reported).
TypeId EmittedType(CheckContext& context, const ast::Name& name, const std::string& rule) {
  auto fail = [&](absl::string_view why) {
    Diagnostic& d = context.Report(DiagnosticCode::kCannotEmit, name.span,
                                   absl::StrCat(Quoted(name.text), " cannot be emitted"));
    d.label = std::string(why);
    return TypeId();
  };
  if (std::optional<TypeId> id = context.FindType(name.text)) {
    return context.type(*id).clock ? fail("a clock makes these events") : *id;
  }
  if (context.FindView(name.text, name.span.file) != nullptr) {
    return fail("a view is a name for events that are there");
  }
  if (name.text != rule && context.rule_names.count(name.text) != 0) {
    return fail("the name of another rule");
  }
  return context.AddType(name.text, {name.span});
}

EmitKind KindOf(ast::EmitKind written) {
  switch (written) {
    case ast::EmitKind::kSummary:
      return EmitKind::kSummary;
    case ast::EmitKind::kElse:
      return EmitKind::kElse;
    case ast::EmitKind::kOnTimeout:
      return EmitKind::kOnTimeout;
    case ast::EmitKind::kPlain:
      break;
  }
  return EmitKind::kReport;
}

class EmitChecker {
 public:
  EmitChecker(CheckContext& context, RuleNames& names, PendingEmit& emit, uint32_t file)
      : context_(context), names_(names), emit_(emit), file_(file) {}

  void Fields(const std::vector<ast::EmitField>& fields, const std::string& prefix) {
    for (const ast::EmitField& f : fields) {
      std::optional<ast::Name> name = NameOf(f);
      if (!name.has_value() || (prefix.empty() && IsOfEnvelope(f, *name))) continue;
      if (f.value == nullptr) {
        Fields(f.record, absl::StrCat(prefix, name->text, "."));
        continue;
      }
      ast::Name dotted{prefix + name->text, name->span};
      if (!IsNew(dotted)) continue;
      if (auto parts = ExpressionChecker(context_, EmitScope()).CheckRecord(*f.value)) {
        for (auto& [part, value] : *parts) AddPart(dotted, part, std::move(value));
        continue;
      }
      ExprPtr value = Value(dotted, *f.value);
      if (value != nullptr) Add(dotted, std::move(value));
    }
  }

  // Attributes of a declared type that must not be left out.
  void Missing() {
    const EventType& type = context_.type(emit_.type);
    if (!type.declared || has_unknown_) return;
    for (size_t i = 0; i < type.fields.size(); ++i) {
      const Field& f = type.fields[i];
      bool filled = FieldId(i) == type.time_field || f.computed != nullptr || f.type.nullable;
      if (filled || seen_.count(f.name) != 0) continue;
      Diagnostic& d = context_.Report(
          DiagnosticCode::kMissingAttribute, emit_.span,
          absl::StrCat("the attribute ", Quoted(f.name), " of ", Quoted(type.name), " is missing"));
      d.label = absl::StrCat("of type ", Quoted(TypeName(f.type)), ", which is not nullable");
      d.labels.push_back({context_.type_infos[type.id.index()].span, "declared here"});
    }
  }

 private:
  // An attribute; a record gives one for each of its own.
  void Add(const ast::Name& name, ExprPtr value) {
    if (value->type.kind != Kind::kRecord) {
      emit_.attributes.push_back({name.text, name.span, std::move(value)});
      return;
    }
    const size_t attributes = value->type.Attributes().size();
    for (size_t i = 0; i < attributes; ++i) {
      AddPart(name, value->type.Attributes()[i].name, MakeAttribute(value, i, name.span));
    }
  }

  void AddPart(const ast::Name& record, absl::string_view attribute, ExprPtr value) {
    const ast::Name dotted{absl::StrCat(record.text, ".", attribute), record.span};
    if (!IsNew(dotted) || IsError(value)) return;
    const EventType& type = context_.type(emit_.type);
    if (type.declared) value = AsDeclared(type, dotted, value);
    if (value != nullptr) emit_.attributes.push_back({dotted.text, dotted.span, std::move(value)});
  }

  // A record's attribute as the declared type has it; null when it does not fit (reported).
  ExprPtr AsDeclared(const EventType& type, const ast::Name& name, const ExprPtr& value) {
    const FieldId field = type.FindField(name.text);
    if (!field.valid()) {
      ReportUnknown(name, type);
      return nullptr;
    }
    const Type& target = type.fields[field.index()].type;
    ExprPtr converted = Convert(context_, nullptr, value, target);
    if (converted != nullptr && (target.nullable || !converted->type.nullable)) return converted;
    context_.Report(
        converted == nullptr ? DiagnosticCode::kTypeMismatch : DiagnosticCode::kMayBeNull,
        name.span,
        absl::StrCat(Quoted(name.text), " is ", Quoted(TypeName(target)), ", and this is ",
                     Quoted(TypeName(value->type))));
    return nullptr;
  }

  // The label, or the last word of the path.
  std::optional<ast::Name> NameOf(const ast::EmitField& f) {
    if (f.label.has_value()) return *f.label;
    if (f.value != nullptr) {
      const ast::Expr& bare = Bare(*f.value);
      if (const auto* n = std::get_if<ast::NameRef>(&bare.node)) return n->name;
      if (const auto* m = std::get_if<ast::Member>(&bare.node)) return m->member;
    }
    Diagnostic& d =
        context_.Report(DiagnosticCode::kAttributeNeedsName, f.span, "this attribute needs a name");
    d.label = "write `name: ..`";
    return std::nullopt;
  }

  bool IsOfEnvelope(const ast::EmitField& f, const ast::Name& name) {
    if (!IsEnvelope(name.text)) return false;
    Diagnostic& d = context_.Report(
        DiagnosticCode::kEnvelopeName, name.span,
        absl::StrCat(Quoted(name.text), " belongs to the envelope and cannot be emitted"));
    std::string renamed = absl::StrCat("event_", name.text == "event_id" ? "ref" : name.text);
    if (f.label.has_value()) {
      d.fix = Fix{absl::StrCat("rename it, to ", Quoted(renamed), " say"), name.span, renamed};
    } else {
      std::string fixed = absl::StrCat(renamed, ": ", context_.sources.Text(f.value->span));
      d.fix = Fix{absl::StrCat("rename it, ", Quoted(fixed), " say"), f.value->span, fixed};
    }
    return true;
  }

  bool IsNew(const ast::Name& name) {
    auto [it, is_new] = seen_.emplace(name.text, name.span);
    if (is_new) return true;
    Diagnostic& d =
        context_.Report(DiagnosticCode::kDuplicateName, name.span,
                        absl::StrCat("the attribute ", Quoted(name.text), " is emitted twice"));
    d.labels.push_back({it->second, "first emitted here"});
    return false;
  }

  Scope EmitScope() const {
    Scope scope;
    scope.file = file_;
    scope.place = Place::kEmit;
    scope.rule = &names_;
    scope.is_summary = emit_.kind == EmitKind::kSummary;
    scope.is_timeout = emit_.kind == EmitKind::kOnTimeout;
    return scope;
  }

  // Null when there is nothing to keep (reported, or an attribute that cannot be emitted).
  ExprPtr Value(const ast::Name& name, const ast::Expr& written) {
    ExpressionChecker checker(context_, EmitScope());
    const EventType& type = context_.type(emit_.type);
    if (!type.declared) return checker.Check(written);
    FieldId field = type.FindField(name.text);
    if (!field.valid()) {
      ExprPtr value = checker.Check(written);
      if (IsRecord(type, name.text) && value->type.kind == Kind::kRecord) return value;
      ReportUnknown(name, type);
      return nullptr;
    }
    const Field& f = type.fields[field.index()];
    if (field == type.time_field || f.computed != nullptr) {
      Diagnostic& d = context_.Report(
          DiagnosticCode::kFilledAttribute, name.span,
          field == type.time_field
              ? absl::StrCat(Quoted(name.text), " is filled with the time of the match")
              : absl::StrCat(Quoted(name.text), " is computed from other attributes"));
      d.label = "leave it out";
      return nullptr;
    }
    return checker.CheckAs(written, f.type, Quoted(name.text));
  }

  void ReportUnknown(const ast::Name& name, const EventType& type) {
    has_unknown_ = true;
    std::vector<std::string> names;
    for (const Field& f : type.fields) names.push_back(f.name);
    Diagnostic& d =
        context_.Report(DiagnosticCode::kUndefinedAttribute, name.span,
                        absl::StrCat(Quoted(type.name), " has no attribute ", Quoted(name.text)));
    d.labels.push_back({context_.type_infos[type.id.index()].span, "declared here"});
    SuggestName(d, name, names);
  }

  CheckContext& context_;
  RuleNames& names_;
  PendingEmit& emit_;
  uint32_t file_;
  std::map<std::string, Span> seen_;
  bool has_unknown_ = false;  // most likely what is missing under another name
};

// A rule without `emit`: an event with the rule's name and its keys.
PendingEmit EmitKeys(CheckContext& context, const ast::RuleDecl& rule, TypeId type,
                     RuleNames& names) {
  PendingEmit emit;
  emit.type = type;
  emit.span = rule.name.span;
  for (size_t i = 0; i < names.keys.size(); ++i) {
    const CheckedKey& key = names.keys[i];
    if (IsEnvelope(key.name)) {
      Diagnostic& d = context.Report(
          DiagnosticCode::kEnvelopeName, rule.by[i].span,
          absl::StrCat(Quoted(key.name), " belongs to the envelope and cannot be emitted"));
      d.label = "write `as name`";
      continue;
    }
    Expr e;
    e.op = Op::kKey;
    e.index = static_cast<uint32_t>(i);
    e.type = key.type.AsNullable(false);
    e.origin = ToOrigin(rule.by[i].span);
    emit.attributes.push_back({key.name, rule.by[i].span, Finish(std::move(e))});
  }
  return emit;
}

}  // namespace

std::vector<std::vector<TypeId>> DeclareEmitted(CheckContext& context) {
  std::vector<std::vector<TypeId>> by_rule;
  for (const RuleInfo& rule : context.rules) {
    std::vector<TypeId>& types = by_rule.emplace_back();
    for (const ast::EmitClause& emit : rule.decl->emits) {
      types.push_back(EmittedType(context, emit.type, rule.decl->name.text));
    }
    if (rule.decl->emits.empty()) {
      types.push_back(EmittedType(context, rule.decl->name, rule.decl->name.text));
    }
    for (TypeId t : types) {
      if (t.valid()) context.types[t.index()].derived = true;
    }
  }
  return by_rule;
}

std::vector<PendingEmit> CheckEmits(CheckContext& context, const ast::RuleDecl& rule,
                                    const std::vector<TypeId>& types, RuleNames& names) {
  std::vector<PendingEmit> emits;
  if (rule.emits.empty()) {
    if (types[0].valid()) emits.push_back(EmitKeys(context, rule, types[0], names));
    return emits;
  }
  for (size_t i = 0; i < rule.emits.size(); ++i) {
    if (!types[i].valid()) continue;
    PendingEmit& emit = emits.emplace_back();
    emit.kind = KindOf(rule.emits[i].kind);
    emit.type = types[i];
    emit.span = rule.emits[i].type.span;
    EmitChecker checker(context, names, emit, rule.name.span.file);
    checker.Fields(rule.emits[i].fields, "");
    checker.Missing();
  }
  return emits;
}

void InferredTypes::Add(const std::vector<PendingEmit>& emits) {
  for (const PendingEmit& e : emits) {
    if (!context_.type(e.type).declared) emits_[e.type].push_back(e);
  }
}

void InferredTypes::Finish(TypeId id) {
  auto it = emits_.find(id);
  if (it == emits_.end() || context_.poisoned(id)) return;
  std::vector<PendingEmit> emits = std::move(it->second);
  emits_.erase(it);
  std::vector<Field> fields;
  for (const EmittedAttribute& a : emits[0].attributes) {
    Field field;
    field.name = a.name;
    field.type = a.value->type;
    fields.push_back(std::move(field));
  }
  for (size_t i = 1; i < emits.size(); ++i) {
    if (!Agree(id, emits[0], emits[i], fields)) break;
  }
  for (Field& f : fields) {
    if (f.type.kind == Kind::kError) context_.type_infos[id.index()].poisoned = true;
    if (f.type.kind == Kind::kNull) f.type = Type::Of(Kind::kString, true);  // always null
  }
  context_.types[id.index()].fields = std::move(fields);
}

void InferredTypes::FinishAll() {
  while (!emits_.empty()) {
    TypeId id = emits_.begin()->first;
    Finish(id);
    emits_.erase(id);
  }
}

bool InferredTypes::Agree(TypeId type, const PendingEmit& first, const PendingEmit& other,
                          std::vector<Field>& fields) {
  std::string fault;
  for (const EmittedAttribute& a : other.attributes) {
    auto it = std::find_if(fields.begin(), fields.end(),
                           [&](const Field& f) { return f.name == a.name; });
    if (it == fields.end()) {
      fault = absl::StrCat(Quoted(a.name), " is here only");
      continue;
    }
    std::optional<Type> both = UnifyTypes(it->type, a.value->type);
    bool numbers = both.has_value() && IsNumeric(it->type.kind) && IsNumeric(a.value->type.kind) &&
                   it->type.kind != a.value->type.kind;
    if (!both.has_value() || numbers) {
      fault = absl::StrCat(Quoted(a.name), " is ", Quoted(TypeName(a.value->type)), " here and ",
                           Quoted(TypeName(it->type)), " there");
      continue;
    }
    it->type = *both;
  }
  for (const Field& f : fields) {
    bool has = std::any_of(other.attributes.begin(), other.attributes.end(),
                           [&](const EmittedAttribute& a) { return a.name == f.name; });
    if (!has) fault = absl::StrCat(Quoted(f.name), " is missing here");
  }
  if (fault.empty()) return true;
  Diagnostic& d = context_.Report(
      DiagnosticCode::kEmitsDisagree, other.span,
      absl::StrCat("the emits of ", Quoted(context_.type(type).name), " do not agree"));
  d.label = fault;
  d.labels.push_back({first.span, "first emitted here"});
  d.fix = Fix{"declare the event, or give the types two names", std::nullopt, ""};
  context_.type_infos[type.index()].poisoned = true;
  return false;
}

CheckedEmit FinishEmit(const CheckContext& context, const PendingEmit& emit) {
  CheckedEmit out;
  out.kind = emit.kind;
  out.type = emit.type;
  out.span = emit.span;
  for (const Field& f : context.type(emit.type).fields) {
    auto it = std::find_if(emit.attributes.begin(), emit.attributes.end(),
                           [&](const EmittedAttribute& a) { return a.name == f.name; });
    ExprPtr value = it == emit.attributes.end() ? nullptr : it->value;
    if (value != nullptr && value->op == Op::kConst && value->constant.is_null()) value = nullptr;
    out.values.push_back(std::move(value));
  }
  return out;
}

}  // namespace spate
