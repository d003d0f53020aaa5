// RunningAggregates: the aggregates that conditions read, kept as threads take events.
//
// Each node of a BindingChain has the totals of the events up to it, made from those of its parent:
// so a condition over a loop costs the same however long the loop has become, and threads that
// share their beginning share its totals. Count, sum, average, variance and the extremes of what
// fits into a word are kept that way; the rest (text, percentiles, lists ..) is computed by a pass
// over the chain (MatchAggregates).
//
// Not thread-safe. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_RUNNING_AGGREGATES_H_
#define SPATE_RUNTIME_MATCH_RUNNING_AGGREGATES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/match/binding_chain.h"
#include "runtime/match/machine.h"
#include "runtime/match/match_aggregates.h"
#include "runtime/model/plan.h"
#include "runtime/store/event_store.h"
#include "windows/aggregates.h"

namespace spate {

class RunningAggregates {
 public:
  // Of the rule's aggregates those that its pattern says are read. All must outlive the object.
  static absl::StatusOr<std::unique_ptr<RunningAggregates>> Create(const RulePlan& rule,
                                                                   EvalIssues* issues);

  // A thread took an event: `id` is the new node of the chain, which holds it.
  void Extend(const BindingChain& chain, ChainId id, const EventStore& store);

  // The values over the events of a chain and, if it has an event, `current` behind them. One value
  // for each of the rule's aggregates, of which those that are not read are null; valid until the
  // next call. Text and lists live in `arena` or the store.
  const std::vector<Value>& Evaluate(const BindingChain& chain, ChainId id, Binding current,
                                     const EventStore& store, Arena* arena);

  // After chain.EndCompaction: moves the totals to where their nodes are.
  void Forward(const BindingChain& chain);

 private:
  // What one aggregate keeps of the values so far, nulls apart.
  struct Total {
    int64_t count = 0;
    WideSum whole;
    double floating = 0;
    Moments moments;
    Value best;
    Kind kind = Kind::kNull;
  };
  struct Kept {
    const Aggregate* aggregate;
    uint32_t number;  // in the rule
  };
  RunningAggregates() = default;

  static bool IsKept(const Aggregate& a);
  static void Take(const Aggregate& a, const Value& value, Total* total);
  static Value Result(const Aggregate& a, const Total& total, EvalIssues* issues);
  const Total& TotalAt(ChainId id, size_t i) const { return totals_[id * kept_.size() + i]; }

  EvalIssues* issues_ = nullptr;
  std::vector<Kept> kept_;
  std::vector<Aggregate> kept_list_;   // for the arguments of kept_
  std::vector<Aggregate> other_list_;  // by a pass
  std::vector<uint32_t> other_numbers_;
  std::unique_ptr<MatchAggregates> arguments_;  // of kept_list_
  std::unique_ptr<MatchAggregates> others_;     // null: none
  std::vector<Total> totals_;                   // kept_.size() for each node of the chain
  std::vector<Total> moved_;
  std::vector<Value> values_;
  std::vector<Value> other_values_;
  std::vector<Binding> bindings_;
  Arena scratch_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_RUNNING_AGGREGATES_H_
