// Keys: one expression for each event type of the rule.
#include "compiler/check/keys.h"

#include <algorithm>
#include <map>
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
    covered_.assign(steps_.size(), {});
    values_.clear();
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

  bool AddValue(const ast::Expr& e, TypeId type, Scope scope, VarId only) {
    ExpressionChecker checker(context_, std::move(scope));
    ExprPtr value = checker.Check(e);
    if (IsError(value)) return false;
    auto [it, is_new] = values_.emplace(type, value);
    if (!is_new && !SameExpr(*it->second, *value)) {
      context_.ReportNotSupported(e.span, "a key for each variable of one type");
      return false;
    }
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (!only.valid() || steps_[i].var == only) covered_[i].push_back(type);
    }
    return true;
  }

  bool AllStepsHaveIt(const ast::Key& key) {
    for (size_t i = 0; i < steps_.size(); ++i) {
      for (TypeId t : steps_[i].types) {
        const std::vector<TypeId>& has = covered_[i];
        if (std::find(has.begin(), has.end(), t) != has.end() || context_.poisoned(t)) continue;
        bool named = steps_[i].var.valid();
        std::string step =
            named ? names_.variables[steps_[i].var.index()].name : context_.type(t).name;
        Diagnostic& d = context_.Report(DiagnosticCode::kMissingKey, key.span,
                                        absl::StrCat("`by` gives ", Quoted(step), " no key"));
        d.label = "every step needs a key";
        if (steps_[i].pattern != nullptr) {
          d.labels.push_back(
              {steps_[i].pattern->span, absl::StrCat("takes ", Quoted(context_.type(t).name))});
        }
        return false;
      }
    }
    return true;
  }

  std::optional<CheckedKey> Build(const ast::Key& key) {
    CheckedKey out;
    std::optional<Type> type;
    for (const CheckedInput& i : input_) {
      auto it = values_.find(i.type);
      if (it == values_.end()) continue;
      std::optional<Type> both =
          type.has_value() ? UnifyTypes(*type, it->second->type) : it->second->type;
      if (!both.has_value() || both->kind == Kind::kList || both->kind == Kind::kNull) {
        Diagnostic& d = context_.Report(
            DiagnosticCode::kKeyTypes, key.span,
            both.has_value()
                ? absl::StrCat("a value of type ", Quoted(TypeName(*both)), " is no key")
                : absl::StrCat("a key is ", Quoted(TypeName(*type)), " and ",
                               Quoted(TypeName(it->second->type))));
        d.label = "a key has one type";
        return std::nullopt;
      }
      type = *both;
      out.types.push_back(i.type);
      out.values.push_back(it->second);
    }
    if (!type.has_value()) return std::nullopt;
    for (ExprPtr& value : out.values) value = Convert(context_, nullptr, value, *type);
    out.type = *type;
    return out;
  }

  CheckContext& context_;
  const std::vector<StepUse>& steps_;
  const RuleNames& names_;
  std::vector<CheckedInput>& input_;
  uint32_t file_;
  std::map<TypeId, ExprPtr> values_;
  std::vector<std::vector<TypeId>> covered_;  // by step: the types that have the key there
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
                               return std::any_of(
                                   names.keys.begin(), names.keys.end(), [&](const CheckedKey& k) {
                                     return !k.types.empty() &&
                                            std::count(k.types.begin(), k.types.end(), i.type) == 0;
                                   });
                             }),
              input.end());
}

}  // namespace spate
