#include "compiler/lower/lower.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "compiler/lower/automaton.h"
#include "compiler/lower/conditions.h"
#include "runtime/model/read_fields.h"

namespace spate {
namespace {

Origin ToOrigin(Span span) { return {span.file, span.begin, span.end}; }

// Conditions on one event, each once for all rules.
class PredicateTable {
 public:
  explicit PredicateTable(std::vector<Predicate>* predicates) : predicates_(*predicates) {}

  PredicateId Intern(TypeId type, ExprPtr condition) {
    if (condition == nullptr) return PredicateId();
    std::vector<PredicateId>& bucket = by_hash_[HashExpr(*condition) ^ type.value];
    for (PredicateId id : bucket) {
      const Predicate& p = predicates_[id.index()];
      if (p.type == type && SameExpr(*p.condition, *condition)) return id;
    }
    bucket.push_back(PredicateId(predicates_.size()));
    predicates_.push_back({type, std::move(condition)});
    return bucket.back();
  }

 private:
  std::vector<Predicate>& predicates_;
  absl::flat_hash_map<uint64_t, std::vector<PredicateId>> by_hash_;
};

// For each state, which variables may and which must be bound when a thread stands there.
class BoundVariables {
 public:
  BoundVariables(const Automaton& automaton, size_t variables)
      : may_(automaton.states.size(), std::vector<bool>(variables, false)),
        must_(automaton.states.size(), std::vector<bool>(variables, true)) {
    must_[automaton.start.index()].assign(variables, false);
    bool changed = true;
    while (changed) {
      changed = false;
      for (size_t s = 0; s < automaton.states.size(); ++s) {
        for (const Transition& t : automaton.states[s].transitions) {
          changed |= Flow(s, automaton.steps[t.step]->var, t.target.index());
        }
      }
    }
  }
  bool May(size_t state, VarId v) const { return may_[state][v.index()]; }
  bool Must(size_t state, VarId v) const { return must_[state][v.index()]; }

 private:
  bool Flow(size_t from, VarId bound, size_t to) {
    bool changed = false;
    for (size_t v = 0; v < may_[from].size(); ++v) {
      const bool now = bound == VarId(v);
      if ((may_[from][v] || now) && !may_[to][v]) changed = may_[to][v] = true;
      if (!must_[from][v] && !now && must_[to][v]) {
        must_[to][v] = false;
        changed = true;
      }
    }
    return changed;
  }
  std::vector<std::vector<bool>> may_;
  std::vector<std::vector<bool>> must_;
};

class PatternLowering {
 public:
  PatternLowering(const CheckedRule& rule, Automaton automaton, PredicateTable* predicates)
      : rule_(rule),
        automaton_(std::move(automaton)),
        predicates_(*predicates),
        bound_(automaton_, rule.variables.size()) {}

  std::unique_ptr<PatternPlan> Run() {
    auto plan = std::make_unique<PatternPlan>();
    for (const CheckedVariable& v : rule_.variables) {
      plan->variables.push_back({v.name, v.optional, v.repeated});
    }
    for (uint32_t s = 0; s < automaton_.steps.size(); ++s) plan->steps.push_back(LowerStep(s));
    plan->accept_condition = AcceptCondition();
    plan->within = rule_.within;
    plan->policy = rule_.policy;
    plan->report_each = rule_.report_each;
    for (const StepPlan& s : plan->steps) {
      for (const StepInput& i : s.inputs) plan->has_residuals |= i.residual != nullptr;
    }
    plan->can_pend = !rule_.report_each && CanPend();
    plan->states = std::move(automaton_.states);
    plan->start = automaton_.start;
    plan->groups = std::move(automaton_.groups);
    return plan;
  }

 private:
  StepPlan LowerStep(uint32_t index) {
    const CheckedPattern& step = *automaton_.steps[index];
    StepPlan result;
    result.var = step.var;
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

  // A `where` conjunct at a step that binds one of its variables: tested when the others are bound.
  void AddWhere(const CheckedWhere& where, uint32_t step, TypeId type,
                std::vector<ExprPtr>* conjuncts) const {
    const VarId var = automaton_.steps[step]->var;
    if (!var.valid()) return;
    if (std::find(where.variables.begin(), where.variables.end(), var) == where.variables.end()) {
      return;
    }
    std::vector<VarId> maybe;
    for (VarId other : where.variables) {
      if (other == var) continue;
      if (!MayBeBoundBefore(step, other)) return;
      if (!MustBeBoundBefore(step, other)) maybe.push_back(other);
    }
    conjuncts->push_back(UnlessUnbound(AtStep(where.condition, var, type), maybe));
  }

  template <typename Test>
  bool AnyStateWith(uint32_t step, Test test) const {
    for (size_t s = 0; s < automaton_.states.size(); ++s) {
      for (const Transition& t : automaton_.states[s].transitions) {
        if (t.step == step && test(s)) return true;
      }
    }
    return false;
  }
  bool MayBeBoundBefore(uint32_t step, VarId v) const {
    return AnyStateWith(step, [&](size_t s) { return bound_.May(s, v); });
  }
  bool MustBeBoundBefore(uint32_t step, VarId v) const {
    return !AnyStateWith(step, [&](size_t s) { return !bound_.Must(s, v); });
  }

  // `where` conjuncts with a variable that a match may leave unbound; those without any variable.
  ExprPtr AcceptCondition() const {
    std::vector<ExprPtr> conjuncts;
    for (const CheckedWhere& where : rule_.where) {
      bool needed = where.variables.empty();
      for (size_t s = 0; s < automaton_.states.size(); ++s) {
        if (!automaton_.states[s].accepting) continue;
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

  const CheckedRule& rule_;
  Automaton automaton_;
  PredicateTable& predicates_;
  BoundVariables bound_;
};

std::vector<RuleInput> LowerInputs(const CheckedRule& rule, PredicateTable* predicates) {
  std::vector<RuleInput> inputs;
  for (const CheckedInput& in : rule.input) {
    RuleInput input{in.type, predicates->Intern(in.type, in.condition), {}};
    for (const CheckedKey& key : rule.keys) {
      const auto at = std::find(key.types.begin(), key.types.end(), in.type);
      input.keys.push_back(at == key.types.end()
                               ? nullptr
                               : key.values[static_cast<size_t>(at - key.types.begin())]);
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace

std::shared_ptr<const Plan> Lower(CheckedRules rules, const CompileOptions& options,
                                  const SourceMap& sources, Diagnostics* diagnostics) {
  auto plan = std::make_shared<Plan>();
  plan->types = std::move(rules.types);
  for (size_t i = 0; i < sources.size(); ++i) {
    plan->file_names.push_back(sources.Get(static_cast<uint32_t>(i)).name());
  }
  PredicateTable predicates(&plan->predicates);
  for (CheckedRule& rule : rules.rules) {
    RulePlan out;
    out.id = rule.id;
    out.name = rule.name;
    out.doc = rule.doc;
    out.annotations = rule.annotations;
    out.origin = ToOrigin(rule.span);
    out.layer = rule.layer;
    out.inputs = LowerInputs(rule, &predicates);
    for (const CheckedKey& k : rule.keys) out.keys.push_back({k.name, k.type});
    out.aggregates = rule.aggregates;
    for (const CheckedEmit& e : rule.emits) {
      out.emits.push_back({e.type, e.values, ToOrigin(e.span)});
    }
    if (rule.pattern == nullptr) {
      out.from = std::make_unique<FromPlan>();
      if (!rule.variables.empty()) out.from->variable = rule.variables[0].name;
      out.from->window = rule.window;
      out.from->having = rule.having;
    } else {
      std::string too_large;
      std::optional<Automaton> automaton =
          BuildAutomaton(*rule.pattern, options.max_states, &too_large);
      if (!automaton.has_value()) {
        diagnostics->Report(DiagnosticCode::kPatternTooLarge, rule.span,
                            absl::StrCat("the pattern of rule `", rule.name,
                                         "` is too large: it needs ", too_large));
        continue;
      }
      out.pattern = PatternLowering(rule, *std::move(automaton), &predicates).Run();
    }
    plan->layers = std::max(plan->layers, rule.layer + 1);
    plan->rules.push_back(std::move(out));
  }
  ComputeReadFields(plan.get());
  return plan;
}

}  // namespace spate
