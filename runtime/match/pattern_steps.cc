#include "runtime/match/pattern_steps.h"

#include <algorithm>
#include <utility>

#include "runtime/match/bound_values.h"

namespace spate {

absl::StatusOr<PatternSteps::Condition> PatternSteps::CompileCondition(const Expr& e) {
  absl::StatusOr<Program> program = Program::Compile(e);
  if (!program.ok()) return program.status();
  const bool reads_aggregates =
      AnyNode(e, [](const Expr& node) { return node.op == Op::kAggregate; });
  return Condition{*std::move(program), reads_aggregates};
}

absl::StatusOr<std::unique_ptr<PatternSteps>> PatternSteps::Create(const RulePlan& rule,
                                                                   EvalIssues* issues) {
  const PatternPlan& pattern = *rule.pattern;
  std::unique_ptr<PatternSteps> steps(new PatternSteps(pattern));
  steps->issues_ = issues;
  if (absl::Status s = steps->AddSteps(); !s.ok()) return s;
  for (const BanPlan& ban : pattern.bans) {
    steps->limits_.emplace_back();
    if (ban.limit_value == nullptr) continue;
    absl::StatusOr<Condition> limit = CompileCondition(*ban.limit_value);
    if (!limit.ok()) return limit.status();
    steps->limits_.back() = *std::move(limit);
  }
  if (pattern.accept_condition != nullptr) {
    absl::StatusOr<Condition> accept = CompileCondition(*pattern.accept_condition);
    if (!accept.ok()) return accept.status();
    steps->accept_ = *std::move(accept);
  }
  if (pattern.running_aggregates.empty()) return steps;
  absl::StatusOr<std::unique_ptr<RunningAggregates>> running =
      RunningAggregates::Create(rule, issues);
  if (!running.ok()) return running.status();
  steps->running_ = *std::move(running);
  return steps;
}

absl::Status PatternSteps::AddSteps() {
  local_.assign(pattern_->steps.size(), kNo);
  for (uint32_t s = 0; s < pattern_->steps.size(); ++s) {
    for (const StepInput& input : pattern_->steps[s].inputs) {
      Entry entry{s, input.predicate, -1};
      if (input.residual != nullptr) {
        absl::StatusOr<Condition> residual = CompileCondition(*input.residual);
        if (!residual.ok()) return residual.status();
        for (const PrevRef& ref : residual->program.prev_refs()) {
          history_ = std::max(history_, ref.offset);
        }
        entry.residual = static_cast<int32_t>(residuals_.size());
        residuals_.push_back(*std::move(residual));
      }
      by_type_[input.type].push_back(entry);
    }
  }
  return absl::OkStatus();
}

bool PatternSteps::SetEvent(const Arrival& event) {
  for (uint32_t s : set_) local_[s] = kNo;
  set_.clear();
  const std::vector<Entry>* entries = by_type_.Find(event.type());
  if (entries == nullptr) return false;
  for (const Entry& e : *entries) {
    if (!event.bits->Test(e.predicate, event.row)) continue;
    if (event.view != nullptr &&
        !std::binary_search(event.view->steps.begin(), event.view->steps.end(), e.step)) {
      continue;
    }
    local_[e.step] = e.residual;
    set_.push_back(e.step);
  }
  return !set_.empty();
}

EvalContext PatternSteps::Context(const Condition& condition, const BindingChain& chain, ChainId id,
                                  Binding current, const EventStore& store,
                                  absl::Span<const Value> keys) {
  EvalContext context;
  scratch_.Reset();
  if (condition.reads_aggregates) {
    context.aggregates = running_->Evaluate(chain, id, current, store, &scratch_).data();
  }
  bound_.clear();
  for (const BoundRef& ref : condition.program.bound_refs()) {
    bound_.push_back(BoundInChain(ref, *pattern_, chain, id, store, &scratch_));
  }
  context.bound = bound_.data();
  context.keys = keys.data();
  context.scratch = &scratch_;
  context.issues = issues_;
  return context;
}

bool PatternSteps::Residual(uint32_t step, const Arrival& event, EventRef stored,
                            const BindingChain& chain, ChainId before, const EventStore& store,
                            absl::Span<const Value> keys, absl::Span<const EventRef> history) {
  const Condition& condition = residuals_[static_cast<size_t>(local_[step])];
  EvalContext context =
      Context(condition, chain, before, {pattern_->steps[step].var, stored}, store, keys);
  prev_.clear();
  for (const PrevRef& ref : condition.program.prev_refs()) {
    prev_.push_back(ref.offset <= history.size()
                        ? FieldOf(history[history.size() - ref.offset], ref.fields, ref.is_time,
                                  store, &scratch_)
                        : Value::Null());
  }
  context.batch = event.batch;
  context.row = event.row;
  context.time = event.time();
  context.prev = prev_.data();
  return condition.program.Holds(context);
}

Value PatternSteps::Limit(uint32_t ban, const BindingChain& chain, ChainId match,
                          const EventStore& store, absl::Span<const Value> keys) {
  const Condition& limit = *limits_[ban];
  return limit.program.Eval(Context(limit, chain, match, {VarId(), kNoEvent}, store, keys));
}

bool PatternSteps::Accepts(const BindingChain& chain, ChainId match, const EventStore& store,
                           absl::Span<const Value> keys) {
  if (!accept_.has_value()) return true;
  return accept_->program.Holds(Context(*accept_, chain, match, {VarId(), kNoEvent}, store, keys));
}

}  // namespace spate
