#include "runtime/engine/derive.h"

#include <utility>

#include "runtime/match/bound_values.h"

namespace spate {

absl::StatusOr<std::unique_ptr<Deriver>> Deriver::Create(const Plan& plan, const RulePlan& rule,
                                                         EvalIssues* issues) {
  std::unique_ptr<Deriver> deriver(new Deriver());
  deriver->plan_ = &plan;
  deriver->rule_ = &rule;
  deriver->issues_ = issues;
  for (const EmitPlan& e : rule.emits) {
    Emit emit{&e, {}};
    for (const ExprPtr& value : e.values) {
      emit.values.emplace_back();
      if (value == nullptr) continue;
      absl::StatusOr<Program> program = Program::Compile(*value);
      if (!program.ok()) return program.status();
      emit.values.back() = *std::move(program);
    }
    deriver->emits_.push_back(std::move(emit));
  }
  if (rule.pattern != nullptr && !rule.aggregates.empty()) {
    absl::StatusOr<std::unique_ptr<MatchAggregates>> aggregates =
        MatchAggregates::Create(rule.aggregates, *rule.pattern, issues);
    if (!aggregates.ok()) return aggregates.status();
    deriver->aggregates_ = *std::move(aggregates);
  }
  return deriver;
}

void Deriver::Begin(const Report& report) {
  scratch_.Reset();
  if (aggregates_ != nullptr && report.aggregates.empty()) {
    aggregates_->Evaluate(report.bindings, report.match_count, *report.store, &scratch_,
                          &aggregate_values_);
  }
}

const std::vector<Value>& Deriver::Evaluate(size_t index, const Report& report) {
  const Emit& emit = emits_[index];
  const EventType& type = plan_->types[emit.plan->type.index()];
  values_.assign(type.fields.size(), Value::Null());
  EvalContext context;
  context.keys = report.keys.data();
  const bool computed = aggregates_ != nullptr && report.aggregates.empty();
  context.aggregates = computed ? aggregate_values_.data() : report.aggregates.data();
  context.window_start = report.window_start;
  context.window_end = report.window_end;
  context.time = report.time;
  context.scratch = &scratch_;
  context.issues = issues_;
  const Binding left{VarId(0u), report.newest_left};
  const bool none_left = report.bindings.empty() && report.newest_left != kNoEvent;
  const absl::Span<const Binding> bindings =
      none_left ? absl::MakeConstSpan(&left, 1) : report.bindings;
  for (size_t f = 0; f < values_.size(); ++f) {
    if (f < emit.values.size() && emit.values[f].has_value()) {
      const Program& program = *emit.values[f];
      bound_.clear();
      for (const BoundRef& ref : program.bound_refs()) {
        bound_.push_back(
            BoundInMatch(ref, rule_->pattern.get(), bindings, *report.store, &scratch_));
      }
      context.bound = bound_.data();
      values_[f] = program.Eval(context);
    } else if (FieldId(f) == type.time_field) {
      values_[f] = Value::OfTime(report.time);
    }
  }
  return values_;
}

absl::Span<const EventId> Deriver::Sources(const Report& report) {
  sources_.clear();
  for (const Binding& b : report.bindings) sources_.push_back(report.store->IdOf(b.event));
  if (sources_.empty() && report.newest_left != kNoEvent) {
    sources_.push_back(report.store->IdOf(report.newest_left));
  }
  return sources_;
}

EventId DerivedId(absl::string_view rule, size_t emit, Time time,
                  absl::Span<const EventId> sources) {
  EventIdHash hash;
  hash.Add(rule);
  hash.Add(static_cast<uint64_t>(emit));
  hash.Add(static_cast<uint64_t>(time));
  for (const EventId& source : sources) hash.Add(source);
  return hash.Finish();
}

absl::Span<const MatchedEvent> Deriver::Matched(const Report& report) {
  matched_.clear();
  matched_scratch_.Reset();
  for (const Binding& b : report.bindings) {
    const EventType& type = report.store->TypeOf(b.event);
    Value* values = matched_scratch_.AllocateArray<Value>(type.fields.size());
    for (size_t f = 0; f < type.fields.size(); ++f) {
      values[f] = report.store->Get(b.event, FieldId(f), &matched_scratch_);
    }
    matched_.push_back({b.var, &type, report.store->TimeOf(b.event),
                        absl::Span<const Value>(values, type.fields.size()),
                        report.store->IdOf(b.event)});
  }
  return matched_;
}

}  // namespace spate
