#include "compiler/check/fns.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/expressions/walk.h"
#include "compiler/check/scope.h"

namespace spate {
namespace {

// The body has a meaning only inside a rule: it aggregates or navigates over what is bound there.
bool NeedsRule(const ast::Expr& e) {
  bool needs = false;
  if (const auto* call = std::get_if<ast::Call>(&e.node)) {
    static const auto* const kOfRules = new std::set<std::string>{
        "prev", "first", "last", "match_count", "window_start", "window_end"};
    needs = ExpressionChecker::IsAggregate(*call) || kOfRules->count(call->function.text) != 0;
  }
  ForEachPart(e, [&](const ast::Expr& part) { needs = needs || NeedsRule(part); });
  return needs;
}

// A value of the parameter's type, which no call has given.
Local Unknown(CheckContext& context, const ast::FnParam& param) {
  Local local{param.name.text, nullptr, std::nullopt};
  if (std::optional<TypeId> event = context.FindType(param.type.name.text)) {
    local.event.emplace();
    local.event->current = true;
    local.event->poisoned = context.poisoned(*event);
    local.event->types = {*event};
    local.value = ErrorExpr(param.name.span);
    return local;
  }
  Expr value;
  value.op = Op::kField;
  value.type = CheckTypeExpr(context, param.type);
  value.origin = ToOrigin(param.name.span);
  local.value = Finish(std::move(value));
  return local;
}

void CheckAlone(CheckContext& context, FnInfo& fn) {
  const ast::FnDecl& decl = *fn.decl;
  Scope scope;
  scope.file = decl.name.span.file;
  scope.place = Place::kEvent;
  scope.in_fn = true;
  for (const ast::FnParam& param : decl.params) scope.locals.push_back(Unknown(context, param));
  if (NeedsRule(*decl.body)) return;
  fn.busy = true;
  ExpressionChecker body(context, std::move(scope));
  if (decl.result.has_value()) {
    const Type result = CheckTypeExpr(context, *decl.result);
    body.CheckAs(*decl.body, result, absl::StrCat("the result of ", Quoted(decl.name.text)));
  } else {
    body.Check(*decl.body);
  }
  fn.busy = false;
}

void CheckName(CheckContext& context, const ast::Name& name) {
  if (!ExpressionChecker::IsFunctionName(name.text)) return;
  context
      .Report(DiagnosticCode::kHidesFunction, name.span,
              absl::StrCat("the fn ", Quoted(name.text), " hides a function of the library"))
      .label = "calls of this name mean the fn; another name says so";
}

void CheckParameters(CheckContext& context, FnInfo& fn) {
  std::map<std::string, Span> seen;
  for (const ast::FnParam& param : fn.decl->params) {
    const auto [it, is_new] = seen.emplace(param.name.text, param.name.span);
    if (is_new) continue;
    Diagnostic& d = context.Report(
        DiagnosticCode::kDuplicateName, param.name.span,
        absl::StrCat("the parameter ", Quoted(param.name.text), " is declared twice"));
    d.labels.push_back({it->second, "first declared here"});
    fn.poisoned = true;
  }
}

}  // namespace

void CheckFnHeads(CheckContext& context) {
  context.fns.ForEach([&](const std::string&, uint32_t, FnInfo& fn) {
    CheckName(context, fn.decl->name);
    CheckParameters(context, fn);
  });
}

void CheckUncalledFns(CheckContext& context) {
  context.fns.ForEach([&](const std::string&, uint32_t, FnInfo& fn) {
    if (!fn.used && !fn.poisoned && fn.decl->body != nullptr) CheckAlone(context, fn);
  });
}

}  // namespace spate
