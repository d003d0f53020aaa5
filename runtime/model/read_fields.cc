#include "runtime/model/read_fields.h"

#include "absl/functional/function_ref.h"

namespace spate {
namespace {

using FieldSink = absl::FunctionRef<void(TypeId, FieldId)>;

// Tells the attributes that `root` reads: of bound events, and of the current one, of type
// `current` (an invalid type: current events do not count).
void Mark(const Expr* root, TypeId current, FieldSink mark) {
  if (root == nullptr) return;
  EachNode(*root, [&](const Expr& e) {
    if (e.op == Op::kField && current.valid()) mark(current, e.field);
    for (const TypeField& f : e.fields) mark(f.type, f.field);
  });
}

void MarkKept(const RulePlan& rule, FieldSink mark) {
  for (const EmitPlan& e : rule.emits) {
    for (const ExprPtr& v : e.values) Mark(v.get(), TypeId(), mark);
  }
  for (const Aggregate& a : rule.aggregates) {
    for (const Aggregate::Input& in : a.inputs) {
      Mark(in.value.get(), in.type, mark);
      Mark(in.where.get(), in.type, mark);
    }
  }
  if (rule.from != nullptr) Mark(rule.from->having.get(), TypeId(), mark);
  if (rule.pattern == nullptr) return;
  Mark(rule.pattern->accept_condition.get(), TypeId(), mark);
  for (const BanPlan& b : rule.pattern->bans) Mark(b.limit_value.get(), TypeId(), mark);
  for (const StepPlan& s : rule.pattern->steps) {
    for (const StepInput& in : s.inputs) Mark(in.residual.get(), TypeId(), mark);
  }
}

// prev(x) reads x of an earlier event: of every type that the rule reads.
void MarkPrev(const RulePlan& rule, FieldSink mark) {
  if (rule.pattern == nullptr) return;
  for (const StepPlan& s : rule.pattern->steps) {
    for (const StepInput& in : s.inputs) {
      if (in.residual == nullptr) continue;
      EachNode(*in.residual, [&](const Expr& e) {
        if (e.op == Op::kPrev) Mark(e.args[0].get(), in.type, mark);
      });
    }
  }
}

}  // namespace

TypeTable<std::vector<bool>> KeptFields(const Plan& plan, const RulePlan& rule) {
  TypeTable<std::vector<bool>> fields;
  const auto mark = [&](TypeId type, FieldId field) {
    std::vector<bool>& of_type = fields[type];
    of_type.resize(plan.types[type.index()].fields.size());
    of_type[field.index()] = true;
  };
  MarkKept(rule, mark);
  MarkPrev(rule, mark);
  return fields;
}

void ComputeReadFields(Plan* plan) {
  std::vector<std::vector<bool>> fields;
  for (const EventType& t : plan->types) fields.emplace_back(t.fields.size(), false);
  const auto mark = [&](TypeId type, FieldId field) { fields[type.index()][field.index()] = true; };
  for (const Predicate& p : plan->predicates) Mark(p.condition.get(), p.type, mark);
  for (const RulePlan& rule : plan->rules) {
    MarkKept(rule, mark);
    for (const RuleInput& in : rule.inputs) {
      for (const ExprPtr& k : in.keys) Mark(k.get(), in.type, mark);
      for (const KeyView& view : in.views) {
        for (const ExprPtr& k : view.keys) Mark(k.get(), in.type, mark);
      }
    }
    if (rule.pattern == nullptr) continue;
    for (const StepPlan& s : rule.pattern->steps) {
      for (const StepInput& in : s.inputs) Mark(in.residual.get(), in.type, mark);
    }
  }
  for (EventType& t : plan->types) {
    std::vector<bool>& read = fields[t.id.index()];
    if (t.time_field.valid()) read[t.time_field.index()] = true;
    // A computed attribute depends on earlier ones of the order only: one pass from the back.
    for (size_t i = t.computed_order.size(); i-- > 0;) {
      const FieldId f = t.computed_order[i];
      if (read[f.index()]) Mark(t.fields[f.index()].computed.get(), t.id, mark);
    }
  }
  plan->read_fields = std::move(fields);
}

}  // namespace spate
