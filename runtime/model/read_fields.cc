#include "runtime/model/read_fields.h"

namespace spate {
namespace {

// Marks the attributes that `root` reads: of bound events, and of the current one, of type
// `current` (an invalid type: current events do not count).
void Mark(const Expr* root, TypeId current, FieldSet* fields) {
  if (root == nullptr) return;
  std::vector<const Expr*> open{root};
  while (!open.empty()) {
    const Expr* e = open.back();
    open.pop_back();
    if (e->op == Op::kField && current.valid()) {
      (*fields)[current.index()][e->field.index()] = true;
    }
    for (const TypeField& f : e->fields) (*fields)[f.type.index()][f.field.index()] = true;
    for (const ExprPtr& arg : e->args) open.push_back(arg.get());
  }
}

FieldSet NoFields(const Plan& plan) {
  FieldSet fields;
  for (const EventType& t : plan.types) fields.emplace_back(t.fields.size(), false);
  return fields;
}

void MarkKept(const RulePlan& rule, FieldSet* fields) {
  for (const EmitPlan& e : rule.emits) {
    for (const ExprPtr& v : e.values) Mark(v.get(), TypeId(), fields);
  }
  for (const Aggregate& a : rule.aggregates) {
    for (const Aggregate::Input& in : a.inputs) {
      Mark(in.value.get(), in.type, fields);
      Mark(in.where.get(), in.type, fields);
    }
  }
  if (rule.from != nullptr) Mark(rule.from->having.get(), TypeId(), fields);
  if (rule.pattern == nullptr) return;
  Mark(rule.pattern->accept_condition.get(), TypeId(), fields);
  for (const BanPlan& b : rule.pattern->bans) Mark(b.limit_value.get(), TypeId(), fields);
  for (const StepPlan& s : rule.pattern->steps) {
    for (const StepInput& in : s.inputs) Mark(in.residual.get(), TypeId(), fields);
  }
}

// prev(x) reads x of an earlier event: of every type that the rule reads.
void MarkPrev(const RulePlan& rule, FieldSet* fields) {
  if (rule.pattern == nullptr) return;
  for (const StepPlan& s : rule.pattern->steps) {
    for (const StepInput& in : s.inputs) {
      std::vector<const Expr*> open;
      if (in.residual != nullptr) open.push_back(in.residual.get());
      while (!open.empty()) {
        const Expr* e = open.back();
        open.pop_back();
        if (e->op == Op::kPrev) Mark(e->args[0].get(), in.type, fields);
        for (const ExprPtr& arg : e->args) open.push_back(arg.get());
      }
    }
  }
}

}  // namespace

FieldSet KeptFields(const Plan& plan, const RulePlan& rule) {
  FieldSet fields = NoFields(plan);
  MarkKept(rule, &fields);
  MarkPrev(rule, &fields);
  return fields;
}

void ComputeReadFields(Plan* plan) {
  FieldSet fields = NoFields(*plan);
  for (const Predicate& p : plan->predicates) Mark(p.condition.get(), p.type, &fields);
  for (const RulePlan& rule : plan->rules) {
    MarkKept(rule, &fields);
    for (const RuleInput& in : rule.inputs) {
      for (const ExprPtr& k : in.keys) Mark(k.get(), in.type, &fields);
      for (const KeyView& view : in.views) {
        for (const ExprPtr& k : view.keys) Mark(k.get(), in.type, &fields);
      }
    }
    if (rule.pattern == nullptr) continue;
    for (const StepPlan& s : rule.pattern->steps) {
      for (const StepInput& in : s.inputs) Mark(in.residual.get(), in.type, &fields);
    }
  }
  for (EventType& t : plan->types) {
    std::vector<bool>& read = fields[t.id.index()];
    if (t.time_field.valid()) read[t.time_field.index()] = true;
    // A computed attribute depends on earlier ones of the order only: one pass from the back.
    for (size_t i = t.computed_order.size(); i-- > 0;) {
      const FieldId f = t.computed_order[i];
      if (read[f.index()]) Mark(t.fields[f.index()].computed.get(), t.id, &fields);
    }
  }
  plan->read_fields = std::move(fields);
}

}  // namespace spate
