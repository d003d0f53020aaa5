// Keys: one expression for each event type of the rule.
#include "compiler/check/keys.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/expressions/walk.h"
#include "compiler/check/views.h"

namespace spate {
namespace {

// The first path of an expression, in the order of the text: its words, or none.
std::vector<ast::Name> FirstPath(const ast::Expr& e) {
  std::vector<ast::Name> members;
  const ast::Expr* root = &e;
  while (const auto* m = std::get_if<ast::Member>(&root->node)) {
    members.push_back(m->member);
    root = m->object.get();
  }
  if (const auto* name = std::get_if<ast::NameRef>(&root->node)) {
    members.push_back(name->name);
    return {members.rbegin(), members.rend()};
  }
  std::vector<ast::Name> path;
  ForEachPart(*root, [&](const ast::Expr& part) {
    if (path.empty()) path = FirstPath(part);
  });
  return path;
}

class KeyChecker {
 public:
  KeyChecker(CheckContext& context, const std::vector<StepUse>& steps, const RuleNames& names,
             std::vector<CheckedInput>& input, uint32_t file)
      : context_(context), steps_(steps), names_(names), input_(input), file_(file) {}

  // nullopt: faulty (reported).
  std::optional<CheckedKey> Check(const ast::Key& key) {
    of_types_.clear();
    of_variables_.clear();
    for (const ast::KeyPart& part : key.parts) {
      if (!CheckPart(*part.value)) return std::nullopt;
    }
    if (!AllStepsHaveIt(key)) return std::nullopt;
    return Build(key);
  }

 private:
  enum class Qualifier { kNone, kVariable, kType };

  bool InputHas(absl::string_view attribute) const {
    return std::any_of(input_.begin(), input_.end(), [&](const CheckedInput& i) {
      return HasTopLevel(context_.type(i.type), attribute);
    });
  }

  bool CheckPart(const ast::Expr& e) {
    std::vector<ast::Name> path = FirstPath(e);
    Qualifier qualifier = Qualifier::kNone;
    std::vector<TypeId> types;
    VarId var;
    if (path.size() > 1 && !InputHas(path[0].text)) {
      if (std::optional<VarId> v = names_.FindVariable(path[0].text)) {
        qualifier = Qualifier::kVariable;
        var = *v;
        types = names_.variables[v->index()].types;
      } else if (context_.FindType(path[0].text).has_value() ||
                 context_.FindView(path[0].text, file_) != nullptr) {
        qualifier = Qualifier::kType;
        types = BaseTypes(context_, path[0]);
      }
    }
    if (qualifier == Qualifier::kNone) return CheckBarePart(e, path);
    for (TypeId t : types) {
      Scope scope = EventScope(t);
      EventRef current;
      current.current = true;
      current.types = {t};
      current.poisoned = context_.poisoned(t);
      scope.locals.push_back({path[0].text, ErrorExpr(e.span), current});
      if (!AddValue(e, t, std::move(scope), var)) return false;
    }
    return true;
  }

  // A bare name: for every type that has it.
  bool CheckBarePart(const ast::Expr& e, const std::vector<ast::Name>& path) {
    bool anywhere = path.empty() || InputHas(path[0].text);
    for (const CheckedInput& i : input_) {
      bool has = path.empty() || HasTopLevel(context_.type(i.type), path[0].text) ||
                 (path[0].text == "time" && path.size() == 1);
      if (anywhere && !has && !context_.poisoned(i.type)) continue;
      if (context_.type(i.type).clock) continue;
      if (!AddValue(e, i.type, EventScope(i.type), VarId())) return false;
    }
    return true;
  }

  Scope EventScope(TypeId type) const {
    Scope scope;
    scope.file = file_;
    scope.place = Place::kEvent;
    scope.current = type;
    return scope;
  }

  // The key of `type`, or of `only`'s events of that type.
  bool AddValue(const ast::Expr& e, TypeId type, Scope scope, VarId only) {
    ExpressionChecker checker(context_, std::move(scope));
    ExprPtr value = checker.Check(e);
    if (IsError(value)) return false;
    const bool is_new = only.valid() ? of_variables_.emplace(Taker{only, type}, value).second
                                     : of_types_.emplace(type, value).second;
    if (is_new) return true;
    const ExprPtr& other = only.valid() ? of_variables_[{only, type}] : of_types_[type];
    if (SameExpr(*other, *value)) return true;
    Diagnostic& d = context_.Report(
        DiagnosticCode::kKeyTypes, e.span,
        absl::StrCat("a second key for ", only.valid() ? Quoted(names_.variables[only.index()].name)
                                                       : Quoted(context_.type(type).name)));
    d.label = "one part of a key gives one value";
    d.labels.push_back({ToSpan(other->origin), "the first one"});
    return false;
  }

  // What `step` reads as the key of its events of type `t`, or null.
  ExprPtr ValueOf(const StepUse& step, TypeId t) const {
    if (auto own = of_variables_.find({step.var, t}); own != of_variables_.end()) {
      return own->second;
    }
    for (auto group = step.groups.rbegin(); group != step.groups.rend(); ++group) {
      auto it = of_variables_.find({*group, t});
      if (it != of_variables_.end()) return it->second;
    }
    auto it = of_types_.find(t);
    return it == of_types_.end() ? nullptr : it->second;
  }

  bool AllStepsHaveIt(const ast::Key& key) {
    for (const StepUse& step : steps_) {
      for (TypeId t : step.types) {
        // A clock event goes to every key.
        if (ValueOf(step, t) != nullptr || context_.poisoned(t) || context_.type(t).clock) continue;
        if (context_.type(t).clock) continue;  // its events go to all keys
        std::string name =
            step.var.valid() ? names_.variables[step.var.index()].name : context_.type(t).name;
        Diagnostic& d = context_.Report(DiagnosticCode::kMissingKey, key.span,
                                        absl::StrCat("`by` gives ", Quoted(name), " no key"));
        d.label = step.role == StepUse::Role::kBan ? "every step needs a key, and every ban"
                                                   : "every step needs a key";
        if (step.span.end > step.span.begin && !names_.is_from) {
          d.labels.push_back(
              {step.span, absl::StrCat(step.role == StepUse::Role::kStep ? "takes " : "looks for ",
                                       Quoted(context_.type(t).name))});
        }
        return false;
      }
    }
    return true;
  }

  // The one key of all steps that take `t`, or what is written for the type where they differ;
  // null: there is none.
  ExprPtr ValueOfType(TypeId t) const {
    auto written = of_types_.find(t);
    ExprPtr of_type = written == of_types_.end() ? nullptr : written->second;
    ExprPtr first;
    bool differ = false;
    bool used = false;  // `of_type`, by some step
    for (const StepUse& step : steps_) {
      if (std::find(step.types.begin(), step.types.end(), t) == step.types.end()) continue;
      const ExprPtr own = ValueOf(step, t);
      if (own == nullptr) continue;
      if (first == nullptr) first = own;
      differ = differ || !SameExpr(*first, *own);
      used = used || own == of_type;
    }
    if (first == nullptr) return of_type;
    if (!differ) return first;
    return used ? of_type : nullptr;
  }

  std::optional<CheckedKey> Build(const ast::Key& key) {
    CheckedKey out;
    for (const CheckedInput& i : input_) {
      ExprPtr value = ValueOfType(i.type);
      if (value == nullptr) continue;
      out.types.push_back(i.type);
      out.values.push_back(std::move(value));
    }
    for (const StepUse& step : steps_) {
      for (TypeId t : step.types) {
        if (!AddOfVariable(step, t, key, out)) return std::nullopt;
      }
    }
    if (!Unify(key, out)) return std::nullopt;
    return out;
  }

  // Where `step` has another key than its type.
  bool AddOfVariable(const StepUse& step, TypeId t, const ast::Key& key, CheckedKey& out) {
    ExprPtr own = ValueOf(step, t);
    ExprPtr shared = ValueOfType(t);
    if (own == nullptr || (shared != nullptr && SameExpr(*own, *shared))) return true;
    if (!step.var.valid()) {
      Diagnostic& d = context_.Report(DiagnosticCode::kMissingKey, step.span,
                                      "this step needs a variable, to have a key of its own");
      d.label =
          absl::StrCat("others that take ", Quoted(context_.type(t).name), " have another key");
      d.labels.push_back({key.span, "the key"});
      return false;
    }
    const bool known = std::any_of(
        out.of_variables.begin(), out.of_variables.end(),
        [&](const CheckedKey::OfVariable& o) { return o.var == step.var && o.type == t; });
    if (!known) out.of_variables.push_back({step.var, t, std::move(own)});
    return true;
  }

  // One type for all values.
  bool Unify(const ast::Key& key, CheckedKey& out) {
    std::vector<ExprPtr*> values;
    for (ExprPtr& value : out.values) values.push_back(&value);
    for (CheckedKey::OfVariable& o : out.of_variables) values.push_back(&o.value);
    std::optional<Type> type;
    for (ExprPtr* value : values) {
      const Type& t = (*value)->type;
      std::optional<Type> both = type.has_value() ? UnifyTypes(*type, t) : t;
      if (!both.has_value() || both->kind == Kind::kList || both->kind == Kind::kRecord ||
          both->kind == Kind::kNull) {
        Diagnostic& d = context_.Report(
            DiagnosticCode::kKeyTypes, key.span,
            both.has_value()
                ? absl::StrCat("a value of type ", Quoted(TypeName(*both)), " is no key")
                : absl::StrCat("a key is ", Quoted(TypeName(*type)), " and ", Quoted(TypeName(t))));
        d.label = "a key has one type";
        return false;
      }
      type = *both;
    }
    if (!type.has_value()) return false;
    for (ExprPtr* value : values) *value = Convert(context_, nullptr, *value, *type);
    out.type = *type;
    return true;
  }

  using Taker = std::pair<VarId, TypeId>;

  CheckContext& context_;
  const std::vector<StepUse>& steps_;
  const RuleNames& names_;
  std::vector<CheckedInput>& input_;
  uint32_t file_;
  std::map<TypeId, ExprPtr> of_types_;     // `by user`, `by A.x`
  std::map<Taker, ExprPtr> of_variables_;  // `by a.x`
};

// The last word of each key's first path; the whole path where two would be the same.
std::vector<std::string> KeyNames(CheckContext& context, const ast::RuleDecl& decl,
                                  const RuleNames& names) {
  std::vector<std::string> out;
  std::vector<std::string> whole;
  for (const ast::Key& key : decl.by) {
    std::vector<std::string> words;
    for (const ast::Name& n : FirstPath(*key.parts[0].value)) words.push_back(n.text);
    bool qualified = words.size() > 1 && (names.FindVariable(words[0]).has_value() ||
                                          context.FindType(words[0]).has_value());
    if (qualified) words.erase(words.begin());
    whole.push_back(absl::StrJoin(words, "_"));
    out.push_back(key.as.has_value() ? key.as->text : words.empty() ? "" : words.back());
  }
  std::vector<std::string> last = out;
  for (size_t i = 0; i < out.size(); ++i) {
    if (decl.by[i].as.has_value() || std::count(last.begin(), last.end(), last[i]) < 2) continue;
    out[i] = whole[i];
  }
  return out;
}

// An event of the type can be in a partition; a faulty key (reported) has them all.
bool HasType(const CheckedKey& key, TypeId type) {
  if (key.types.empty() && key.of_variables.empty()) return true;
  return std::count(key.types.begin(), key.types.end(), type) != 0 ||
         std::any_of(key.of_variables.begin(), key.of_variables.end(),
                     [&](const CheckedKey::OfVariable& o) { return o.type == type; });
}

}  // namespace

void CheckKeys(CheckContext& context, const ast::RuleDecl& decl, const std::vector<StepUse>& steps,
               RuleNames& names, std::vector<CheckedInput>& input) {
  std::vector<std::string> key_names = KeyNames(context, decl, names);
  KeyChecker checker(context, steps, names, input, decl.name.span.file);
  std::vector<CheckedKey> keys;
  for (size_t i = 0; i < decl.by.size(); ++i) {
    std::optional<CheckedKey> key = checker.Check(decl.by[i]);
    if (!key.has_value()) {  // its name stays known, its uses are silent
      key = CheckedKey{};
      key->type = Type();
    }
    key->name = key_names[i];
    if (key->name.empty()) {
      Diagnostic& d = context.Report(DiagnosticCode::kAttributeNeedsName, decl.by[i].span,
                                     "this key needs a name");
      d.label = "write `as name`";
    } else if (std::count(key_names.begin(), key_names.begin() + static_cast<long>(i), key->name) >
               0) {
      Diagnostic& d = context.Report(DiagnosticCode::kDuplicateName, decl.by[i].span,
                                     absl::StrCat("two keys are called ", Quoted(key->name)));
      d.label = "write `as name`";
    }
    keys.push_back(*std::move(key));
  }
  names.keys = std::move(keys);
  input.erase(std::remove_if(input.begin(), input.end(),
                             [&](const CheckedInput& i) {
                               return !context.type(i.type).clock &&
                                      std::any_of(
                                          names.keys.begin(), names.keys.end(),
                                          [&](const CheckedKey& k) { return !HasType(k, i.type); });
                             }),
              input.end());
}

}  // namespace spate
