// PatternSteps: which steps of a pattern accept an event, ready to be asked fast.
//
// For each event type the steps that can accept it are listed once. What a step asks of the event
// alone is a bit of the batch (PredicateBits); what it asks of earlier events too is a Program, for
// which the values of bound events are collected from a thread's chain.
// Thread-safety: not thread-safe (scratch). Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_PATTERN_STEPS_H_
#define SPATE_RUNTIME_MATCH_PATTERN_STEPS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/binding_chain.h"
#include "runtime/match/machine.h"
#include "runtime/match/running_aggregates.h"
#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"
#include "runtime/store/event_store.h"

namespace spate {

class PatternSteps {
 public:
  // What one step asks of events of one type.
  struct Entry {
    uint32_t step;
    PredicateId predicate;
    int32_t residual = -1;  // index of its program, or -1
  };

  static absl::StatusOr<std::unique_ptr<PatternSteps>> Create(const RulePlan& rule,
                                                              EvalIssues* issues);

  // Begins with an event: afterwards Local(step) says whether the step accepts it as far as the
  // event alone decides. Returns whether any step may accept it.
  bool SetEvent(const Arrival& event);
  bool Local(uint32_t step) const { return local_[step] != kNo; }
  bool HasResidual(uint32_t step) const { return local_[step] >= 0; }
  // Its residual reads running aggregates: Residual needs the event in the store.
  bool ReadsAggregates(uint32_t step) const {
    return running_ != nullptr && HasResidual(step) &&
           residuals_[static_cast<size_t>(local_[step])].reads_aggregates;
  }

  // Whether the step's residual holds for the event after the chain `before`. `stored`: the event
  // in the store, where ReadsAggregates.
  bool Residual(uint32_t step, const Arrival& event, EventRef stored, const BindingChain& chain,
                ChainId before, const EventStore& store, absl::Span<const Value> keys,
                absl::Span<const EventRef> history);

  // What the ban's limit (a duration or a time) is after the chain `match`; maybe null.
  Value Limit(uint32_t ban, const BindingChain& chain, ChainId match, const EventStore& store,
              absl::Span<const Value> keys);

  // To be told of each new node of the chain, and of its compaction: aggregates that conditions
  // read are kept beside it.
  void Extended(const BindingChain& chain, ChainId id, const EventStore& store) {
    if (running_ != nullptr) running_->Extend(chain, id, store);
  }
  void Compacted(const BindingChain& chain) {
    if (running_ != nullptr) running_->Forward(chain);
  }

  // Whether the event is what the rule's `until` names, or ends its window.
  bool IsUntil(const Arrival& event) const { return AnyOf(pattern_->until, event); }
  bool IsEnding(const Arrival& event) const { return AnyOf(pattern_->ending, event); }

  // Whether the match `chain` fulfils what `where` asks of it as a whole.
  bool Accepts(const BindingChain& chain, ChainId match, const EventStore& store,
               absl::Span<const Value> keys);

  // How many events back `prev` looks at most; 0: the rule does not use it.
  uint32_t history() const { return history_; }

 private:
  static constexpr int32_t kNo = -2;  // the step does not accept the event

  struct Condition {
    Program program;
    bool reads_aggregates = false;
  };
  explicit PatternSteps(const PatternPlan& pattern) : pattern_(&pattern) {}

  static absl::StatusOr<Condition> CompileCondition(const Expr& e);
  absl::Status AddSteps();
  bool AnyOf(const std::vector<StepInput>& inputs, const Arrival& event) const {
    for (const StepInput& in : inputs) {
      if (in.type == event.type() && event.bits->Test(in.predicate, event.row)) return true;
    }
    return false;
  }
  // What the condition reads of the chain, and in aggregates of an event behind it (or kNoEvent).
  EvalContext Context(const Condition& condition, const BindingChain& chain, ChainId id,
                      Binding current, const EventStore& store, absl::Span<const Value> keys);

  const PatternPlan* pattern_;
  TypeTable<std::vector<Entry>> by_type_;
  std::vector<Condition> residuals_;
  std::optional<Condition> accept_;
  std::vector<std::optional<Condition>> limits_;  // by ban
  std::unique_ptr<RunningAggregates> running_;    // null: conditions read none
  std::vector<int32_t> local_;                    // by step: kNo, -1 or its residual
  std::vector<uint32_t> set_;                     // steps that are not kNo
  uint32_t history_ = 0;
  EvalIssues* issues_ = nullptr;
  Arena scratch_;
  std::vector<Value> bound_;
  std::vector<Value> prev_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_PATTERN_STEPS_H_
