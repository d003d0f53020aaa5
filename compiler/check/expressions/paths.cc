// Paths: what a name, and the attributes after it, stand for.
//
// A bare name is, in this order: parameter of the fn or lambda, attribute of the current event,
// variable, key, const or param, table.
#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/constants.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {

const Local* ExpressionChecker::FindLocal(absl::string_view name) const {
  for (auto it = scope_.locals.rbegin(); it != scope_.locals.rend(); ++it) {
    if (it->name == name) return &*it;
  }
  return nullptr;
}

std::optional<VarId> ExpressionChecker::FindVariable(absl::string_view name) const {
  if (scope_.rule == nullptr || scope_.in_fn) return std::nullopt;
  return scope_.rule->FindVariable(name);
}

EventRef ExpressionChecker::CurrentEvent() const {
  EventRef ref;
  ref.current = true;
  ref.types = {*scope_.current};
  ref.poisoned = context_.poisoned(*scope_.current);
  return ref;
}

// The current event is one of the variable's.
bool ExpressionChecker::IsOwn(VarId var) const {
  if (!scope_.current.has_value()) return false;
  return var == scope_.own ||
         std::find(scope_.groups.begin(), scope_.groups.end(), var) != scope_.groups.end();
}

EventRef ExpressionChecker::VariableEvent(VarId var, Span span) {
  bool navigated = scope_.navigated == var && scope_.navigated.valid();
  if (IsOwn(var) && !navigated) return CurrentEvent();
  const CheckedVariable& v = scope_.rule->variables[var.index()];
  EventRef ref;
  ref.var = var;
  ref.types = v.types;
  ref.nullable = v.optional || (scope_.is_timeout && !scope_.rule->first[var.index()]);
  if (navigated) {
    ref.nav = scope_.nav;
    ref.offset = scope_.offset;
    ref.nullable = ref.nullable || scope_.offset > 0;
  }
  for (TypeId t : v.types) ref.poisoned = ref.poisoned || context_.poisoned(t);
  if (!CanName(var, span)) ref.poisoned = true;
  return ref;
}

// Reports a variable that means nothing here.
bool ExpressionChecker::CanName(VarId var, Span span) {
  if (IsOwn(var)) return true;
  const CheckedVariable& v = scope_.rule->variables[var.index()];
  Label bound_here{scope_.rule->variable_spans[var.index()], "bound here"};
  if (!scope_.no_variables.empty()) {
    Diagnostic& d =
        context_.Report(DiagnosticCode::kNotBoundYet, span,
                        absl::StrCat(scope_.no_variables, ", and ", Quoted(v.name), " is another"));
    d.label = "cannot be named here";
    d.labels.push_back(std::move(bound_here));
    return false;
  }
  if (v.is_ban) {
    Diagnostic& d = context_.Report(
        DiagnosticCode::kBanVariable, span,
        absl::StrCat("a ban binds nothing, so there is no ", Quoted(v.name), " here"));
    d.label = "seen in the ban's own condition and by `by`";
    d.labels.push_back({bound_here.span, "the ban"});
    return false;
  }
  if (scope_.bound.empty() || scope_.bound[var.index()]) return true;
  const bool sibling = !scope_.siblings.empty() && scope_.siblings[var.index()];
  Diagnostic& d = context_.Report(
      DiagnosticCode::kNotBoundYet, span,
      absl::StrCat(Quoted(v.name), sibling ? " may not be bound yet here: a permutation takes its "
                                             "steps in any order"
                                           : " is not bound yet here"));
  d.label = "a condition names variables bound earlier; `where` can name all";
  d.labels.push_back(std::move(bound_here));
  if (sibling) d.fix = Fix{"write this comparison in `where`", std::nullopt, ""};
  return false;
}

// `first(v)`, `last(v)`, `last(v, n)`, `v[n]`: one event of a variable.
std::optional<EventRef> ExpressionChecker::ResolveNavigation(const ast::Expr& e) {
  const ast::Expr* object = nullptr;
  const ast::Expr* number = nullptr;
  Nav nav = Nav::kLast;
  const ast::Expr& bare = Bare(e);
  if (const auto* index = std::get_if<ast::Index>(&bare.node)) {
    object = index->object.get();
    number = index->index.get();
    nav = Nav::kFirst;
  } else if (const auto* call = std::get_if<ast::Call>(&bare.node)) {
    if (call->function.text != "first" && call->function.text != "last") return std::nullopt;
    if (call->arguments.empty() || call->arguments.size() > 2) return std::nullopt;
    for (const ast::Argument& a : call->arguments) {
      if (a.value == nullptr || a.where != nullptr) return std::nullopt;
    }
    object = call->arguments[0].value.get();
    if (call->arguments.size() == 2) number = call->arguments[1].value.get();
    nav = call->function.text == "first" ? Nav::kFirst : Nav::kLast;
  } else {
    return std::nullopt;
  }
  const auto* name = std::get_if<ast::NameRef>(&Bare(*object).node);
  if (name == nullptr || FindLocal(name->name.text) != nullptr) return std::nullopt;
  std::optional<VarId> var = FindVariable(name->name.text);
  if (!var.has_value()) return std::nullopt;
  if (scope_.navigates != nullptr) *scope_.navigates = true;
  int64_t n = 0;
  if (number != nullptr) {
    ExprPtr value = CheckConstant(*number, Type::Of(Kind::kInt), "the number of an event");
    if (IsError(value)) {
      EventRef poisoned;
      poisoned.poisoned = true;
      return poisoned;
    }
    n = std::get<int64_t>(value->constant.data);
  }
  if (std::holds_alternative<ast::Index>(bare.node) && n < 0) {
    nav = Nav::kLast;
    n = -(n + 1);
  }
  constexpr int64_t kMaxOffset = 1 << 20;
  VarId saved_var = std::exchange(scope_.navigated, *var);
  Nav saved_nav = std::exchange(scope_.nav, nav);
  uint32_t saved_offset =
      std::exchange(scope_.offset, static_cast<uint32_t>(std::clamp<int64_t>(n, 0, kMaxOffset)));
  EventRef ref = VariableEvent(*var, bare.span);
  scope_.navigated = saved_var;
  scope_.nav = saved_nav;
  scope_.offset = saved_offset;
  return ref;
}

std::optional<ExpressionChecker::Path> ExpressionChecker::ResolvePath(const ast::Expr& e) {
  std::vector<const ast::Name*> members;
  const ast::Expr* root = &e;
  while (const auto* m = std::get_if<ast::Member>(&root->node)) {
    members.push_back(&m->member);
    root = m->object.get();
  }
  std::reverse(members.begin(), members.end());
  Path path;
  path.name = {std::string(context_.sources.Text(e.span)), e.span};
  auto add = [&path](absl::string_view part) {
    absl::StrAppend(&path.attribute, path.attribute.empty() ? "" : ".", part);
  };
  const auto* ref = std::get_if<ast::NameRef>(&root->node);
  if (ref == nullptr) {
    std::optional<EventRef> event = ResolveNavigation(*root);
    if (!event.has_value()) return std::nullopt;
    path.event = *std::move(event);
    for (const ast::Name* m : members) add(m->text);
    return path;
  }
  const std::string& name = ref->name.text;
  if (const Local* local = FindLocal(name)) {
    if (!local->event.has_value()) return std::nullopt;
    path.event = *local->event;
  } else if (scope_.current.has_value() && !scope_.in_fn &&
             (HasTopLevel(context_.type(*scope_.current), name) ||
              (name == "time" && members.empty()))) {
    path.event = CurrentEvent();
    add(name);
  } else if (std::optional<VarId> var = FindVariable(name)) {
    path.event = VariableEvent(*var, ref->name.span);
  } else {
    return std::nullopt;
  }
  for (const ast::Name* m : members) add(m->text);
  return path;
}

ExprPtr ExpressionChecker::CheckPath(const ast::Expr& e) {
  if (std::optional<Path> path = ResolvePath(e)) return AttributeOf(*path, e.span);
  if (const auto* ref = std::get_if<ast::NameRef>(&e.node)) return ResolveName(ref->name);
  const auto& member = std::get<ast::Member>(e.node);
  // Not an event's attribute: a table's, a record's, or none.
  const ast::Expr* root = member.object.get();
  std::string attribute = member.member.text;
  while (const auto* m = std::get_if<ast::Member>(&root->node)) {
    attribute = absl::StrCat(m->member.text, ".", attribute);
    root = m->object.get();
  }
  if (const auto* row = std::get_if<ast::Index>(&Bare(*root).node)) {
    if (const TableInfo* table = TableOf(*row->object)) {
      return CheckTableValue(*row, *table, attribute, e.span);
    }
  }
  ExprPtr object = Check(*root);
  if (IsError(object)) return ErrorExpr(e.span);
  if (object->type.kind == Kind::kRecord) return RecordAttribute(object, attribute, e.span);
  return Fail(DiagnosticCode::kNotAValue, member.member.span,
              absl::StrCat("a value of type ", Quoted(TypeName(object->type)), " has no attribute ",
                           Quoted(member.member.text)),
              "only events and records have attributes");
}

ExprPtr ExpressionChecker::ResolveName(const ast::Name& name) {
  if (const Local* local = FindLocal(name.text)) return local->value;
  if (scope_.current.has_value() && context_.poisoned(*scope_.current)) {
    return ErrorExpr(name.span);
  }
  if (scope_.rule != nullptr && !scope_.in_fn) {
    for (size_t i = 0; i < scope_.rule->keys.size(); ++i) {
      const CheckedKey& key = scope_.rule->keys[i];
      if (key.name != name.text) continue;
      Expr e;
      e.op = Op::kKey;
      e.index = static_cast<uint32_t>(i);
      e.type = key.type.AsNullable(false);  // an event whose key is null is in no partition
      e.origin = ToOrigin(name.span);
      return Finish(std::move(e));
    }
  }
  if (ConstantInfo* constant = context_.FindConstant(name.text, scope_.file)) {
    ExprPtr value = ConstantValue(context_, *constant);
    if (IsError(value)) return ErrorExpr(name.span);
    return MakeConstant(value->constant, value->type, name.span);
  }
  if (const TableInfo* table = context_.FindTable(name.text, scope_.file)) {
    if (table->poisoned) return ErrorExpr(name.span);
    return Fail(DiagnosticCode::kNotAValue, name.span,
                absl::StrCat(Quoted(name.text), " is a table, not a value"),
                absl::StrCat("write `", name.text, "[key].column` or `key in ", name.text, "`"));
  }
  return ReportUndefinedName(name);
}

ExprPtr ExpressionChecker::ReportUndefinedName(const ast::Name& name) {
  std::vector<std::string> candidates;
  for (const Local& l : scope_.locals) candidates.push_back(l.name);
  const bool sees_rule = !scope_.in_fn;
  if (scope_.current.has_value() && sees_rule) {
    for (const Field& f : context_.type(*scope_.current).fields) {
      candidates.emplace_back(FirstPart(f.name));
    }
  }
  if (scope_.rule != nullptr && sees_rule) {
    for (const CheckedVariable& v : scope_.rule->variables) candidates.push_back(v.name);
    for (const CheckedKey& k : scope_.rule->keys) candidates.push_back(k.name);
  }
  context_.constants.ForEach([&](const std::string& c, uint32_t file, const ConstantInfo&) {
    if (context_.visible[scope_.file].count(file) != 0) candidates.push_back(c);
  });
  Diagnostic& d = context_.Report(DiagnosticCode::kUndefinedName, name.span,
                                  absl::StrCat("undefined name ", Quoted(name.text)));
  if (scope_.current.has_value() && sees_rule) {
    d.label = absl::StrCat("not an attribute of ", Quoted(context_.type(*scope_.current).name),
                           ", nor another name");
  } else if (scope_.place == Place::kConstant) {
    d.label = "not a constant; only those can stand here";
  } else if (context_.FindType(name.text).has_value()) {
    d.label = "an event type; name a variable of the rule";
  } else if (scope_.place == Place::kEmit || scope_.place == Place::kWhere ||
             scope_.place == Place::kHaving) {
    d.label = "not a variable, key or constant; an attribute needs its variable, `v.attribute`";
  }
  if (IsFunctionName(name.text)) {
    d.label = "a function; its arguments stand in parentheses";
    if (name.text == "count") d.fix = Fix{"did you mean `count()`?", name.span, "count()"};
  } else {
    SuggestName(d, name, candidates);
  }
  return ErrorExpr(name.span);
}

}  // namespace spate
