#include "runtime/match/pattern_steps.h"

#include <algorithm>
#include <utility>

#include "runtime/match/bound_values.h"

namespace spate {

absl::StatusOr<std::unique_ptr<PatternSteps>> PatternSteps::Create(const Plan& plan,
                                                                   const RulePlan& rule,
                                                                   EvalIssues* issues) {
  std::unique_ptr<PatternSteps> steps(new PatternSteps());
  const PatternPlan& pattern = *rule.pattern;
  steps->issues_ = issues;
  steps->by_type_.resize(plan.types.size());
  steps->local_.assign(pattern.steps.size(), kNo);
  for (uint32_t s = 0; s < pattern.steps.size(); ++s) {
    for (const StepInput& input : pattern.steps[s].inputs) {
      Entry entry{s, input.predicate, -1};
      if (input.residual != nullptr) {
        absl::StatusOr<Program> program = Program::Compile(*input.residual);
        if (!program.ok()) return program.status();
        for (const PrevRef& ref : program->prev_refs()) {
          steps->history_ = std::max(steps->history_, ref.offset);
        }
        entry.residual = static_cast<int32_t>(steps->residuals_.size());
        steps->residuals_.push_back(*std::move(program));
      }
      steps->by_type_[input.type.index()].push_back(entry);
    }
  }
  if (pattern.accept_condition != nullptr) {
    absl::StatusOr<Program> program = Program::Compile(*pattern.accept_condition);
    if (!program.ok()) return program.status();
    steps->accept_ = *std::move(program);
  }
  return steps;
}

bool PatternSteps::SetEvent(const Arrival& event) {
  for (uint32_t s : set_) local_[s] = kNo;
  set_.clear();
  for (const Entry& e : by_type_[event.type().index()]) {
    if (!event.bits->Test(e.predicate, event.row)) continue;
    local_[e.step] = e.residual;
    set_.push_back(e.step);
  }
  return !set_.empty();
}

void PatternSteps::CollectBound(const Program& program, const BindingChain& chain, ChainId id,
                                const EventStore& store) {
  bound_.clear();
  for (const BoundRef& ref : program.bound_refs()) {
    bound_.push_back(BoundInChain(ref, chain, id, store, &scratch_));
  }
}

bool PatternSteps::Residual(uint32_t step, const Arrival& event, const BindingChain& chain,
                            ChainId before, const EventStore& store, absl::Span<const Value> keys,
                            absl::Span<const EventRef> history) {
  const Program& program = residuals_[static_cast<size_t>(local_[step])];
  scratch_.Reset();
  CollectBound(program, chain, before, store);
  prev_.clear();
  for (const PrevRef& ref : program.prev_refs()) {
    prev_.push_back(ref.offset <= history.size()
                        ? FieldOf(history[history.size() - ref.offset], ref.fields, ref.is_time,
                                  store, &scratch_)
                        : Value::Null());
  }
  EvalContext context;
  context.batch = event.batch;
  context.row = event.row;
  context.time = event.time();
  context.bound = bound_.data();
  context.prev = prev_.data();
  context.keys = keys.data();
  context.scratch = &scratch_;
  context.issues = issues_;
  return program.Holds(context);
}

bool PatternSteps::Accepts(const BindingChain& chain, ChainId match, const EventStore& store,
                           absl::Span<const Value> keys) {
  if (!accept_.has_value()) return true;
  scratch_.Reset();
  CollectBound(*accept_, chain, match, store);
  EvalContext context;
  context.bound = bound_.data();
  context.keys = keys.data();
  context.scratch = &scratch_;
  context.issues = issues_;
  return accept_->Holds(context);
}

}  // namespace spate
