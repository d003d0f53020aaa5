// Views: checked when first used, since they may stand over types that rules derive.
#include "compiler/check/views.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

void CollectBaseTypes(CheckContext& context, const ast::Name& name,
                      std::set<const ast::ViewDecl*>& seen, std::vector<TypeId>& types) {
  auto add = [&](TypeId id) {
    if (std::find(types.begin(), types.end(), id) == types.end()) types.push_back(id);
  };
  if (std::optional<TypeId> id = context.FindType(name.text)) {
    add(*id);
  } else if (ViewInfo* view = context.FindView(name.text, name.span.file)) {
    view->used = true;
    if (!seen.insert(view->decl).second) return;
    for (const ast::TypeUse& use : view->decl->alternatives) {
      CollectBaseTypes(context, use.type, seen, types);
    }
  } else {
    add(context.ReportUndefinedType(name));
  }
}

// Views over views may double a condition again and again.
void LimitSize(CheckContext& context, Span span, CheckedInput& input) {
  if (input.condition == nullptr || IsError(input.condition) || !IsTooLarge(*input.condition)) {
    return;
  }
  context.Report(DiagnosticCode::kExpressionTooDeep, span,
                 "this condition is too large, with the views it goes through");
  input.condition = ErrorExpr(span);
}

const std::vector<CheckedInput>& ViewInputs(CheckContext& context, ViewInfo& view) {
  if (view.progress == Progress::kDone) return view.inputs;
  if (view.progress == Progress::kBusy) {
    Diagnostic& d = context.Report(
        DiagnosticCode::kCircularDefinition, view.decl->name.span,
        absl::StrCat("the view ", Quoted(view.decl->name.text), " depends on itself"));
    d.label = "needs itself";
    return view.inputs;
  }
  view.progress = Progress::kBusy;
  Scope scope;
  scope.file = view.decl->name.span.file;
  scope.place = Place::kEvent;
  std::vector<CheckedInput> inputs;
  for (const ast::TypeUse& use : view.decl->alternatives) {
    MergeInputs(inputs, ExpandUse(context, use, scope));
  }
  for (CheckedInput& input : inputs) LimitSize(context, view.decl->name.span, input);
  view.inputs = std::move(inputs);
  view.progress = Progress::kDone;
  return view.inputs;
}

}  // namespace

std::vector<TypeId> BaseTypes(CheckContext& context, const ast::Name& name) {
  std::set<const ast::ViewDecl*> seen;
  std::vector<TypeId> types;
  CollectBaseTypes(context, name, seen, types);
  return types;
}

std::vector<CheckedInput> ExpandName(CheckContext& context, const ast::Name& name) {
  if (std::optional<TypeId> id = context.FindType(name.text)) return {{*id, nullptr}};
  if (ViewInfo* view = context.FindView(name.text, name.span.file)) {
    view->used = true;
    return ViewInputs(context, *view);
  }
  return {{context.ReportUndefinedType(name), nullptr}};
}

std::vector<CheckedInput> ExpandUse(CheckContext& context, const ast::TypeUse& use,
                                    const Scope& scope) {
  std::vector<CheckedInput> inputs = ExpandName(context, use.type);
  if (use.condition == nullptr) return inputs;
  for (CheckedInput& input : inputs) {
    Scope inner = scope;
    inner.current = input.type;
    ExpressionChecker checker(context, std::move(inner));
    ExprPtr own = checker.CheckCondition(*use.condition);
    input.condition = MakeAnd({input.condition, own}, use.condition->span);
    LimitSize(context, use.condition->span, input);
  }
  return inputs;
}

void MergeInputs(std::vector<CheckedInput>& inputs, std::vector<CheckedInput> more) {
  for (CheckedInput& m : more) {
    auto it = std::find_if(inputs.begin(), inputs.end(),
                           [&](const CheckedInput& i) { return i.type == m.type; });
    if (it == inputs.end()) {
      inputs.push_back(std::move(m));
    } else if (it->condition != m.condition) {
      Span span = it->condition == nullptr ? Span{} : ToSpan(it->condition->origin);
      it->condition = MakeOr({it->condition, m.condition}, span);
    }
  }
}

void CheckUnusedViews(CheckContext& context) {
  context.views.ForEach(
      [&](const std::string&, uint32_t, ViewInfo& view) { ViewInputs(context, view); });
}

}  // namespace spate
