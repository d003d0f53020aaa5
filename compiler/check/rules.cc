// Rules: input, names, keys, pattern or window, then what is reported.
#include "compiler/check/rules.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/bans.h"
#include "compiler/check/clauses.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/keys.h"
#include "compiler/check/lints.h"
#include "compiler/check/pattern_bounds.h"
#include "compiler/check/pattern_lints.h"
#include "compiler/check/patterns.h"
#include "compiler/check/views.h"
#include "compiler/check/windows.h"

namespace spate {
namespace {

bool HasBound(const CheckedRule& rule) {
  return rule.within.kind != WindowBound::Kind::kNone || rule.gap.has_value() ||
         rule.window.kind != WindowSpec::Kind::kNone;
}

class RuleChecker {
 public:
  RuleChecker(CheckContext& context, const ast::Declaration& declaration, const ast::RuleDecl& decl,
              RuleResult& result)
      : context_(context),
        declaration_(declaration),
        decl_(decl),
        file_(decl.name.span.file),
        result_(result),
        rule_(result.rule) {}

  void Check(const std::vector<TypeId>& emitted) {
    Annotations();
    if (decl_.match != nullptr) {
      CheckMatch();
    } else {
      CheckFrom();
    }
    if (decl_.limit.has_value()) rule_.limit = CheckLimit(context_, *decl_.limit, file_);
    result_.emits = CheckEmits(context_, decl_, emitted, names_);
    rule_.keys = std::move(names_.keys);
    rule_.variables = std::move(names_.variables);
    rule_.aggregates = std::move(names_.aggregates);
    if (decl_.match != nullptr) LintPatternRule(context_, decl_, rule_);
  }

 private:
  void Annotations() {
    for (const ast::Annotation& a : declaration_.annotations) {
      AnnotationPlan plan;
      plan.name = a.name.text;
      Scope scope;
      scope.file = file_;
      for (const ast::ExprPtr& argument : a.arguments) {
        ExpressionChecker checker(context_, scope);
        ExprPtr value = checker.Check(*argument);
        if (IsError(value)) continue;
        if (value->op != Op::kConst) {
          context_.Report(DiagnosticCode::kNotConstant, argument->span,
                          "an annotation's argument must be constant");
          continue;
        }
        plan.arguments.push_back(value->constant);
      }
      rule_.annotations.push_back(std::move(plan));
    }
  }

  // ---- pattern rules ----

  void CheckMatch() {
    const std::vector<StepUse> steps = AllSteps();
    PatternInput(steps);
    for (const CheckedInput& i : rule_.input) names_.input_types.push_back(i.type);
    Admitted(steps);
    VariableNames();
    CheckKeys(context_, decl_, steps, names_, rule_.input);
    rule_.pattern = CheckPattern(context_, *decl_.match, names_, file_);
    for (size_t v = 0; v < names_.variables.size(); ++v) {
      names_.first.push_back(BeginsWith(*rule_.pattern, VarId(v)));
    }
    for (const ast::ExprPtr& where : decl_.where) Where(*where);
    PatternClauses();
    if (CheckBans(context_, rule_)) CheckNeedsWindow(context_, decl_, rule_);
  }

  std::vector<StepUse> AllSteps() {
    std::vector<StepUse> steps = CollectSteps(context_, *decl_.match, names_);
    if (decl_.window.has_value() && !decl_.window->ending.empty()) {
      steps.push_back(EndingStep(context_, *decl_.window));
    }
    if (decl_.until.has_value()) steps.push_back(UntilStep(context_, *decl_.until));
    return steps;
  }

  void PatternClauses() {
    if (decl_.bounds.within.has_value()) {
      rule_.within = CheckWithin(context_, *decl_.bounds.within, file_);
    }
    if (decl_.bounds.gap.has_value()) rule_.gap = CheckGap(context_, *decl_.bounds.gap, file_);
    if (decl_.window.has_value()) CheckWindow(context_, *decl_.window, file_, rule_);
    if (decl_.until.has_value()) rule_.until = CheckUntil(context_, *decl_.until, names_, file_);
    rule_.report_each = decl_.report.has_value() && decl_.report->when == ast::ReportWhen::kEach;
    if (decl_.keep.has_value()) Keep(*decl_.keep);
    if (decl_.after_match.has_value()) Policy(*decl_.after_match);
    for (const ast::EmitClause& emit : decl_.emits) PatternEmit(emit);
  }

  void Keep(const ast::KeepClause& clause) {
    if (clause.keep == ast::Keep::kAll) return;
    if (clause.keep == ast::Keep::kFirst) {
      rule_.keep = KeepPolicy::kFirst;
      return;
    }
    rule_.keep = KeepPolicy::kLatest;
    rule_.policy.kind = SkipPolicy::Kind::kNoSkip;  // unless `after match` says otherwise
    const CheckedPattern* larger = LargerThanKeepLatest(*rule_.pattern);
    if (larger == nullptr) return;
    Diagnostic& d = context_.Report(
        DiagnosticCode::kClausePlace, clause.span,
        "`keep latest` is for patterns of steps, exact counts, alternatives and bans");
    d.label = "does not go with this pattern";
    d.labels.push_back({larger->span, "is none of these"});
  }

  // Emits that need something of the rule.
  void PatternEmit(const ast::EmitClause& emit) {
    if (emit.kind == ast::EmitKind::kSummary && rule_.policy.kind != SkipPolicy::Kind::kNoSkip) {
      Diagnostic& d = context_.Report(DiagnosticCode::kClausePlace, emit.span,
                                      "`emit summary` goes with `after match no skip`");
      d.label = "it is over all matches, and this rule skips some";
      d.fix = Fix{"write `after match no skip`", std::nullopt, ""};
    }
    if (emit.kind == ast::EmitKind::kOnTimeout && !HasBound(rule_) &&
        !HasGroupBound(*rule_.pattern)) {
      Diagnostic& d = context_.Report(DiagnosticCode::kCannotReport, emit.span,
                                      "`on timeout` can never report");
      d.label = "no window or `gap` ends what was begun";
      d.fix = Fix{"write `within 10m`, say, after the pattern", std::nullopt, ""};
    }
  }

  // What `from` admits, or all types and views that the pattern mentions.
  void PatternInput(const std::vector<StepUse>& steps) {
    if (decl_.from.has_value()) {
      Scope scope;
      scope.file = file_;
      scope.place = Place::kEvent;
      for (const ast::TypeUse& use : decl_.from->alternatives) {
        MergeInputs(rule_.input, ExpandUse(context_, use, scope));
      }
      return;
    }
    for (const StepUse& step : steps) {
      for (const ast::TypeUse* use : step.uses) {
        MergeInputs(rule_.input, ExpandName(context_, use->type));
      }
    }
  }

  void Admitted(const std::vector<StepUse>& steps) {
    if (!decl_.from.has_value()) return;
    for (const StepUse& step : steps) {
      bool admitted = step.types.empty();
      for (TypeId t : step.types) {
        admitted = admitted || context_.poisoned(t) ||
                   std::any_of(rule_.input.begin(), rule_.input.end(),
                               [&](const CheckedInput& i) { return i.type == t; });
      }
      if (admitted) continue;
      Diagnostic& d = context_.Report(
          DiagnosticCode::kNotAdmitted, step.span,
          absl::StrCat("`from` does not admit ", Quoted(context_.type(step.types[0]).name)));
      d.label = step.role == StepUse::Role::kStep ? "this step can never take an event"
                                                  : "this can never see an event";
      d.labels.push_back({decl_.from->span, "only these events are the rule's input"});
    }
  }

  // A variable must not have the name of an attribute of one of the rule's types.
  void VariableNames() {
    for (size_t i = 0; i < names_.variables.size(); ++i) {
      const std::string& name = names_.variables[i].name;
      for (const CheckedInput& input : rule_.input) {
        if (name.empty() || !HasTopLevel(context_.type(input.type), name)) continue;
        Diagnostic& d = context_.Report(
            DiagnosticCode::kVariableIsAttribute, names_.variable_spans[i],
            absl::StrCat("the variable ", Quoted(name), " has the name of an attribute of ",
                         Quoted(context_.type(input.type).name)));
        d.label = "which of them would the name mean?";
        d.fix = Fix{absl::StrCat("rename it, to ", Quoted(absl::StrCat(name, "1")), " say"),
                    names_.variable_spans[i], absl::StrCat(name, "1")};
        break;
      }
    }
  }

  void Where(const ast::Expr& written) {
    std::vector<ExprPtr> all;
    WhereConjuncts(written, all);
    LintCondition(context_, *MakeAnd(std::move(all), written.span));
  }

  // Each conjunct for itself, since it matters which of them navigate.
  void WhereConjuncts(const ast::Expr& written, std::vector<ExprPtr>& all) {
    const ast::Expr& bare = Bare(written);
    const auto* binary = std::get_if<ast::Binary>(&bare.node);
    if (binary != nullptr && binary->op == ast::BinaryOp::kAnd) {
      WhereConjuncts(*binary->left, all);
      WhereConjuncts(*binary->right, all);
      return;
    }
    bool navigates = false;
    Scope scope;
    scope.file = file_;
    scope.place = Place::kWhere;
    scope.rule = &names_;
    scope.navigates = &navigates;
    ExprPtr condition = ExpressionChecker(context_, scope).CheckCondition(bare);
    all.push_back(condition);
    std::vector<ExprPtr> conjuncts = {condition};
    if (condition->op == Op::kAnd) conjuncts = condition->args;
    for (ExprPtr& conjunct : conjuncts) {
      CheckedWhere where;
      std::set<VarId> variables;
      CollectVariables(*conjunct, variables);
      where.condition = std::move(conjunct);
      where.variables.assign(variables.begin(), variables.end());
      where.at_end = navigates;
      rule_.where.push_back(std::move(where));
    }
  }

  void CollectVariables(const Expr& e, std::set<VarId>& variables) const {
    if (e.op == Op::kBound || e.op == Op::kBoundTime) variables.insert(e.var);
    if (e.op == Op::kAggregate) {
      const VarId var = names_.aggregates[e.index].var;
      if (var.valid()) variables.insert(var);
    }
    for (const ExprPtr& a : e.args) CollectVariables(*a, variables);
  }

  void Policy(const ast::AfterMatchClause& clause) {
    using P = SkipPolicy::Kind;
    switch (clause.policy) {
      case ast::AfterMatch::kSkipPastLastEvent:
        rule_.policy.kind = P::kPastLastEvent;
        return;
      case ast::AfterMatch::kSkipToNextEvent:
        rule_.policy.kind = P::kToNextEvent;
        return;
      case ast::AfterMatch::kNoSkip:
        rule_.policy.kind = P::kNoSkip;
        return;
      case ast::AfterMatch::kSkipToFirst:
        rule_.policy.kind = P::kToFirst;
        break;
      case ast::AfterMatch::kSkipToLast:
        rule_.policy.kind = P::kToLast;
        break;
    }
    std::optional<VarId> var = names_.FindVariable(clause.variable.text);
    if (!var.has_value() || names_.variables[var->index()].is_ban) {
      std::vector<std::string> candidates;
      for (const CheckedVariable& v : names_.variables) {
        if (!v.is_ban) candidates.push_back(v.name);
      }
      Diagnostic& d =
          context_.Report(DiagnosticCode::kUndefinedName, clause.variable.span,
                          absl::StrCat("undefined variable ", Quoted(clause.variable.text)));
      d.label = "no step has this variable";
      SuggestName(d, clause.variable, candidates);
      return;
    }
    rule_.policy.var = *var;
    bool first = rule_.policy.kind == P::kToFirst;
    if (!BeginsWith(*rule_.pattern, *var)) return;
    if (!first && names_.variables[var->index()].repeated) return;
    Diagnostic& d = context_.Report(DiagnosticCode::kCannotAdvance, clause.span,
                                    absl::StrCat("`skip to ", first ? "first " : "last ",
                                                 clause.variable.text, "` can never advance"));
    d.label = "every match starts at it";
    d.labels.push_back({names_.variable_spans[var->index()], "the first event of a match"});
  }

  // ---- `from` rules ----

  void CheckFrom() {
    names_.is_from = true;
    const ast::FromClause& from = *decl_.from;
    bool named = from.variable.has_value();
    names_.variables.push_back({named ? from.variable->text : "", {}, false, true});
    names_.variable_spans.push_back(named ? from.variable->span : from.span);
    StepUse step;
    step.var = VarId(0u);
    for (const ast::TypeUse& use : from.alternatives) {
      for (TypeId t : BaseTypes(context_, use.type)) {
        if (std::find(step.types.begin(), step.types.end(), t) == step.types.end()) {
          step.types.push_back(t);
        }
      }
    }
    names_.variables[0].types = step.types;
    FromInput(from);
    VariableNames();
    std::vector<StepUse> steps = {std::move(step)};
    std::vector<CheckedInput> read = rule_.input;
    if (decl_.window.has_value()) {
      CheckWindow(context_, *decl_.window, file_, rule_);
      names_.window = rule_.window;
      if (!rule_.ending.empty()) steps.push_back(EndingStep(context_, *decl_.window));
      MergeInputs(read, rule_.ending);
    }
    CheckKeys(context_, decl_, steps, names_, read);
    rule_.on_change = decl_.on_change.has_value();
    rule_.report_each = decl_.report.has_value() && decl_.report->when == ast::ReportWhen::kEach;
    if (!decl_.having.has_value()) return;
    names_.may_be_empty = rule_.window.kind == WindowSpec::Kind::kSliding &&
                          rule_.window.events == 0 &&
                          (rule_.on_change || decl_.having->for_duration != nullptr);
    CheckHaving(*decl_.having);
  }

  void CheckHaving(const ast::HavingClause& having) {
    Scope scope;
    scope.file = file_;
    scope.place = Place::kHaving;
    scope.rule = &names_;
    rule_.having = ExpressionChecker(context_, scope).CheckCondition(*having.condition);
    LintCondition(context_, *rule_.having);
    if (having.for_duration != nullptr) {
      rule_.having_for = CheckHavingFor(context_, *having.for_duration, file_);
    }
  }

  void FromInput(const ast::FromClause& from) {
    Scope scope;
    scope.file = file_;
    scope.place = Place::kEvent;
    scope.rule = &names_;
    scope.own = VarId(0u);
    for (const ast::TypeUse& use : from.alternatives) {
      MergeInputs(rule_.input, ExpandUse(context_, use, scope));
    }
    for (CheckedInput& input : rule_.input) {
      scope.current = input.type;
      for (const ast::ExprPtr& where : decl_.where) {
        ExprPtr condition = ExpressionChecker(context_, scope).CheckCondition(*where);
        input.condition = MakeAnd({input.condition, condition}, where->span);
      }
    }
    LintInputs(context_, rule_.input);
  }

  CheckContext& context_;
  const ast::Declaration& declaration_;
  const ast::RuleDecl& decl_;
  uint32_t file_;
  RuleResult& result_;
  CheckedRule& rule_;
  RuleNames names_;
};

}  // namespace

namespace {

bool Contains(Span outer, Span inner) {
  return outer.file == inner.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

// The parser reported a fault in the rule: what else is wrong may only follow from it.
bool HasSyntaxFault(const CheckContext& context, const RuleInfo& rule) {
  if (rule.declaration->incomplete) return true;
  const std::vector<Diagnostic>& all = context.diagnostics.all();
  return std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) {
    bool syntax = CodeText(d.code).substr(0, 3) == "E01";
    return syntax && Contains(rule.declaration->span, d.span);
  });
}

}  // namespace

RuleResult CheckRule(CheckContext& context, size_t index, const std::vector<TypeId>& emitted) {
  RuleResult result;
  const RuleInfo& info = context.rules[index];
  result.rule.name = info.decl->name.text;
  result.rule.id = RuleId(index);
  result.rule.span = info.decl->name.span;
  result.rule.doc = info.declaration->doc;
  result.refused = HasSyntaxFault(context, info) || CheckClauses(context, *info.decl);
  if (!result.refused) {
    RuleChecker(context, *info.declaration, *info.decl, result).Check(emitted);
  }
  return result;
}

}  // namespace spate
