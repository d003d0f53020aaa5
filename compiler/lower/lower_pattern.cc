#include "compiler/lower/lower_pattern.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/lower/bound_variables.h"
#include "compiler/lower/conditions.h"

namespace spate {
namespace {

class PatternLowering {
 public:
  PatternLowering(const CheckedRule& rule, Automaton automaton, PredicateTable* predicates)
      : rule_(rule),
        automaton_(std::move(automaton)),
        predicates_(*predicates),
        bound_(automaton_, rule.variables.size()),
        plan_(std::make_unique<PatternPlan>()) {}

  std::unique_ptr<PatternPlan> Run() {
    for (const CheckedVariable& v : rule_.variables) {
      plan_->variables.push_back({v.name, v.optional, v.repeated, v.is_ban});
    }
    for (uint32_t s = 0; s < automaton_.steps.size(); ++s) plan_->steps.push_back(LowerStep(s));
    for (BanPlan& ban : automaton_.bans) {
      ban.limit_value = automaton_.steps[ban.step]->limit_value;
    }
    plan_->accept_condition = AcceptCondition();
    Clauses();
    plan_->can_pend = !rule_.report_each && CanPend();
    plan_->states = std::move(automaton_.states);
    plan_->start = automaton_.start;
    plan_->groups = std::move(automaton_.groups);
    plan_->bans = std::move(automaton_.bans);
    plan_->permutations = std::move(automaton_.permutations);
    RunningAggregates();
    return std::move(plan_);
  }

 private:
  void Clauses() {
    plan_->within = rule_.within;
    plan_->gap = rule_.gap.value_or(-1);
    plan_->window = rule_.window;
    plan_->ending = LowerEventInputs(rule_.ending, &predicates_);
    plan_->until = LowerEventInputs(rule_.until, &predicates_);
    plan_->keep = rule_.keep;
    plan_->policy = rule_.policy;
    plan_->report_each = rule_.report_each;
    for (const CheckedEmit& e : rule_.emits) {
      plan_->has_timeout |= e.kind == EmitKind::kOnTimeout;
    }
    for (const StepPlan& s : plan_->steps) {
      for (const StepInput& i : s.inputs) plan_->has_residuals |= i.residual != nullptr;
    }
  }

  StepPlan LowerStep(uint32_t index) {
    const CheckedPattern& step = *automaton_.steps[index];
    StepPlan result;
    result.var = BindingName(index);
    result.origin = ToOrigin(step.span);
    for (const CheckedInput& input : step.types) {
      std::vector<ExprPtr> conjuncts;
      AppendConjuncts(input.condition, &conjuncts);
      for (const CheckedWhere& where : rule_.where) AddWhere(where, index, input.type, &conjuncts);
      std::vector<ExprPtr> local;
      std::vector<ExprPtr> residual;
      for (ExprPtr& c : conjuncts) (IsLocal(*c) ? local : residual).push_back(std::move(c));
      result.inputs.push_back({input.type,
                               predicates_.Intern(input.type, Conjunction(std::move(local))),
                               Conjunction(std::move(residual))});
    }
    return result;
  }

  // What names the events of a step: its variable, or the names that it shares with groups.
  VarId BindingName(uint32_t step) {
    if (automaton_.steps[step]->kind == CheckedPattern::Kind::kBan) return VarId();
    if (automaton_.names_of_step[step].empty()) return automaton_.steps[step]->var;
    const std::vector<VarId> names = NamesOfStep(automaton_, step);
    const auto [it, added] = shared_.emplace(names, VarId());
    if (added) {
      it->second = VarId(rule_.variables.size() + plan_->shared_names.size());
      plan_->shared_names.push_back(names);
    }
    return it->second;
  }

  // A `where` conjunct at a step that binds one of its variables: tested when the others are bound.
  void AddWhere(const CheckedWhere& where, uint32_t step, TypeId type,
                std::vector<ExprPtr>* conjuncts) const {
    if (where.at_end || automaton_.steps[step]->kind == CheckedPattern::Kind::kBan) return;
    const std::vector<VarId> names = NamesOfStep(automaton_, step);
    const auto binds = [&](VarId v) {
      return std::find(names.begin(), names.end(), v) != names.end();
    };
    if (std::none_of(where.variables.begin(), where.variables.end(), binds)) return;
    std::vector<VarId> maybe;
    for (VarId other : where.variables) {
      if (binds(other)) continue;
      if (!bound_.MayBefore(step, other)) return;
      if (!bound_.MustBefore(step, other)) maybe.push_back(other);
    }
    ExprPtr condition = where.condition;
    for (VarId name : names) condition = AtStep(condition, name, type);
    conjuncts->push_back(UnlessUnbound(std::move(condition), maybe));
  }

  // `where` conjuncts with an aggregate or navigation, with a variable that a match may leave
  // unbound, and those without any variable.
  ExprPtr AcceptCondition() const {
    std::vector<ExprPtr> conjuncts;
    for (const CheckedWhere& where : rule_.where) {
      bool needed = where.at_end || where.variables.empty();
      for (size_t s = 0; s < automaton_.states.size(); ++s) {
        if (!automaton_.states[s].accepting && automaton_.states[s].waits.empty()) continue;
        for (VarId v : where.variables) needed |= !bound_.Must(s, v);
      }
      if (needed) conjuncts.push_back(where.condition);
    }
    return Conjunction(std::move(conjuncts));
  }

  bool CanPend() const {
    for (const State& s : automaton_.states) {
      if (!s.accepting) continue;
      for (size_t i = 0; i < s.transitions.size(); ++i) {
        const bool greedy = ((s.greedy >> i) & 1) != 0;
        if (greedy && s.transitions[i].contiguity != Contiguity::kAny) return true;
      }
    }
    return false;
  }

  void RunningAggregates() {
    std::vector<bool> read(rule_.aggregates.size(), false);
    const auto mark = [&](const ExprPtr& root) {
      if (root == nullptr) return;
      EachNode(*root, [&](const Expr& e) {
        if (e.op == Op::kAggregate) read[e.index] = true;
      });
    };
    mark(plan_->accept_condition);
    for (const BanPlan& b : plan_->bans) mark(b.limit_value);
    for (const StepPlan& s : plan_->steps) {
      for (const StepInput& in : s.inputs) mark(in.residual);
    }
    for (uint32_t i = 0; i < read.size(); ++i) {
      if (read[i]) plan_->running_aggregates.push_back(i);
    }
  }

  const CheckedRule& rule_;
  Automaton automaton_;
  PredicateTable& predicates_;
  BoundVariables bound_;
  std::unique_ptr<PatternPlan> plan_;
  std::map<std::vector<VarId>, VarId> shared_;  // names of an event -> how bindings name it
};

}  // namespace

std::unique_ptr<PatternPlan> LowerPattern(const CheckedRule& rule, Automaton automaton,
                                          PredicateTable* predicates) {
  return PatternLowering(rule, std::move(automaton), predicates).Run();
}

std::vector<StepInput> LowerEventInputs(const std::vector<CheckedInput>& inputs,
                                        PredicateTable* predicates) {
  std::vector<StepInput> result;
  for (const CheckedInput& in : inputs) {
    result.push_back({in.type, predicates->Intern(in.type, in.condition), nullptr});
  }
  return result;
}

}  // namespace spate
