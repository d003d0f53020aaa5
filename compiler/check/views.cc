// Views: checked when first used, since they may stand over types that rules derive.
#include "compiler/check/views.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

void CollectBaseTypes(Program& program, const ast::Name& name, std::set<const ast::ViewDecl*>& seen,
                      std::vector<TypeId>& types) {
  auto add = [&](TypeId id) {
    if (std::find(types.begin(), types.end(), id) == types.end()) types.push_back(id);
  };
  if (std::optional<TypeId> id = program.FindType(name.text)) {
    add(*id);
  } else if (ViewInfo* view = program.FindView(name.text, name.span.file)) {
    if (!seen.insert(view->decl).second) return;
    for (const ast::TypeUse& use : view->decl->alternatives) {
      CollectBaseTypes(program, use.type, seen, types);
    }
  } else {
    add(program.ReportUndefinedType(name));
  }
}

// Views over views may double a condition again and again.
void LimitSize(Program& program, Span span, CheckedInput& input) {
  if (input.condition == nullptr || IsError(input.condition) || !IsTooLarge(*input.condition)) {
    return;
  }
  program.Report(DiagnosticCode::kExpressionTooDeep, span,
                 "this condition is too large, with the views it goes through");
  input.condition = ErrorExpr(span);
}

const std::vector<CheckedInput>& ViewInputs(Program& program, ViewInfo& view) {
  if (view.progress == Progress::kDone) return view.inputs;
  if (view.progress == Progress::kBusy) {
    Diagnostic& d = program.Report(
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
    MergeInputs(inputs, ExpandUse(program, use, scope));
  }
  for (CheckedInput& input : inputs) LimitSize(program, view.decl->name.span, input);
  view.inputs = std::move(inputs);
  view.progress = Progress::kDone;
  return view.inputs;
}

}  // namespace

std::vector<TypeId> BaseTypes(Program& program, const ast::Name& name) {
  std::set<const ast::ViewDecl*> seen;
  std::vector<TypeId> types;
  CollectBaseTypes(program, name, seen, types);
  return types;
}

std::vector<CheckedInput> ExpandName(Program& program, const ast::Name& name) {
  if (std::optional<TypeId> id = program.FindType(name.text)) return {{*id, nullptr}};
  if (ViewInfo* view = program.FindView(name.text, name.span.file)) {
    return ViewInputs(program, *view);
  }
  return {{program.ReportUndefinedType(name), nullptr}};
}

std::vector<CheckedInput> ExpandUse(Program& program, const ast::TypeUse& use, const Scope& scope) {
  std::vector<CheckedInput> inputs = ExpandName(program, use.type);
  if (use.condition == nullptr) return inputs;
  for (CheckedInput& input : inputs) {
    Scope inner = scope;
    inner.current = input.type;
    ExpressionChecker checker(program, std::move(inner));
    ExprPtr own = checker.CheckCondition(*use.condition);
    input.condition = MakeAnd({input.condition, own}, use.condition->span);
    LimitSize(program, use.condition->span, input);
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

void CheckUnusedViews(Program& program) {
  program.views.ForEach(
      [&](const std::string&, uint32_t, ViewInfo& view) { ViewInputs(program, view); });
}

}  // namespace spate
