#include "compiler/lower/lower.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/check/views.h"
#include "compiler/lower/automaton.h"
#include "compiler/lower/lower_pattern.h"
#include "compiler/lower/predicate_table.h"
#include "runtime/model/read_fields.h"

namespace spate {
namespace {

// The key's value for an event of `type`; null where the key has none for it.
ExprPtr KeyOfType(const CheckedKey& key, TypeId type) {
  const auto at = std::find(key.types.begin(), key.types.end(), type);
  return at == key.types.end() ? nullptr : key.values[static_cast<size_t>(at - key.types.begin())];
}

// The key's value for an event of `type` that the step or ban of `var` takes.
ExprPtr KeyOfStep(const CheckedKey& key, VarId var, TypeId type) {
  for (const CheckedKey::OfVariable& of : key.of_variables) {
    if (of.var == var && of.type == type) return of.value;
  }
  return KeyOfType(key, type);
}

bool SameKeys(const std::vector<ExprPtr>& a, const std::vector<ExprPtr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ExprPtr& x, const ExprPtr& y) {
    return x == y || (x != nullptr && y != nullptr && SameExpr(*x, *y));
  });
}

// The numbers of steps as they are written; those of bans are numbered behind the others.
std::vector<uint32_t> AsWritten(const std::vector<const CheckedPattern*>& steps) {
  std::vector<uint32_t> order(steps.size());
  std::iota(order.begin(), order.end(), uint32_t{0});
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return steps[a]->span.begin < steps[b]->span.begin;
  });
  return order;
}

// Which keys the steps give an event of `type`, and which steps give the same; as they are written,
// since the partitions of one event arrive in this order.
std::vector<KeyView> KeyViews(const CheckedRule& rule,
                              const std::vector<const CheckedPattern*>& steps, TypeId type) {
  std::vector<KeyView> views;
  for (const uint32_t s : AsWritten(steps)) {
    const bool takes = std::any_of(steps[s]->types.begin(), steps[s]->types.end(),
                                   [&](const CheckedInput& in) { return in.type == type; });
    if (!takes) continue;
    std::vector<ExprPtr> keys;
    for (const CheckedKey& key : rule.keys) keys.push_back(KeyOfStep(key, steps[s]->var, type));
    auto view = std::find_if(views.begin(), views.end(),
                             [&](const KeyView& v) { return SameKeys(v.keys, keys); });
    if (view == views.end()) view = views.insert(views.end(), {std::move(keys), {}});
    view->steps.push_back(s);
  }
  for (KeyView& v : views) std::sort(v.steps.begin(), v.steps.end());
  return views;
}

// `read`: the rule's input, with what closes the windows of a `from` rule. `steps`: of the pattern,
// by their number; empty for a `from` rule.
std::vector<RuleInput> LowerInputs(const CheckedRule& rule, const std::vector<CheckedInput>& read,
                                   const std::vector<const CheckedPattern*>& steps,
                                   const std::vector<EventType>& types,
                                   PredicateTable* predicates) {
  const bool by_variable =
      std::any_of(rule.keys.begin(), rule.keys.end(),
                  [](const CheckedKey& key) { return !key.of_variables.empty(); });
  std::vector<RuleInput> inputs;
  for (const CheckedInput& in : read) {
    RuleInput input;
    input.type = in.type;
    input.predicate = predicates->Intern(in.type, in.condition);
    input.every_key = types[in.type.index()].clock && !rule.keys.empty();
    if (input.every_key) {
      inputs.push_back(std::move(input));
      continue;
    }
    if (by_variable) {
      input.views = KeyViews(rule, steps, in.type);
    } else {
      for (const CheckedKey& key : rule.keys) input.keys.push_back(KeyOfType(key, in.type));
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::unique_ptr<FromPlan> LowerFrom(const CheckedRule& rule, PredicateTable* predicates) {
  auto from = std::make_unique<FromPlan>();
  if (!rule.variables.empty()) from->variable = rule.variables[0].name;
  from->window = rule.window;
  from->ending = LowerEventInputs(rule.ending, predicates);
  if (!rule.ending.empty()) from->members = LowerEventInputs(rule.input, predicates);
  from->having = rule.having;
  from->having_for = rule.having_for;
  from->on_change = rule.on_change;
  from->report_each = rule.report_each;
  return from;
}

// What is the same for both kinds of rules.
RulePlan LowerHead(const CheckedRule& rule) {
  RulePlan out;
  out.id = rule.id;
  out.name = rule.name;
  out.doc = rule.doc;
  out.annotations = rule.annotations;
  out.origin = ToOrigin(rule.span);
  out.layer = rule.layer;
  for (const CheckedKey& k : rule.keys) out.keys.push_back({k.name, k.type});
  out.aggregates = rule.aggregates;
  for (const CheckedEmit& e : rule.emits) {
    out.emits.push_back({e.kind, e.type, e.values, ToOrigin(e.span)});
  }
  if (rule.limit.has_value()) out.limit = {rule.limit->count, rule.limit->per, rule.limit->ever};
  return out;
}

}  // namespace

std::shared_ptr<const Plan> Lower(CheckedRules rules, const CompileOptions& options,
                                  const SourceMap& sources, Diagnostics* diagnostics) {
  auto plan = std::make_shared<Plan>();
  plan->types = std::move(rules.types);
  plan->clocks = std::move(rules.clocks);
  for (size_t i = 0; i < sources.size(); ++i) {
    plan->file_names.push_back(sources.Get(static_cast<uint32_t>(i)).name());
  }
  plan->tables = std::move(rules.tables);
  PredicateTable predicates(&plan->predicates);
  for (CheckedRule& rule : rules.rules) {
    RulePlan out = LowerHead(rule);
    if (rule.pattern == nullptr) {
      out.from = LowerFrom(rule, &predicates);
      std::vector<CheckedInput> read = rule.input;
      MergeInputs(read, rule.ending);
      out.inputs = LowerInputs(rule, read, {}, plan->types, &predicates);
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
      out.inputs = LowerInputs(rule, rule.input, automaton->steps, plan->types, &predicates);
      out.pattern = LowerPattern(rule, *std::move(automaton), &predicates);
    }
    plan->layers = std::max(plan->layers, rule.layer + 1);
    plan->rules.push_back(std::move(out));
  }
  ComputeReadFields(plan.get());
  return plan;
}

}  // namespace spate
