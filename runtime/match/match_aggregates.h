// MatchAggregates: aggregates over the events of one match, for `emit`.
//
// Evaluated once per report, over the events in their order. Not thread-safe (scratch).
// Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_MATCH_AGGREGATES_H_
#define SPATE_RUNTIME_MATCH_MATCH_AGGREGATES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/model/expr.h"

namespace spate {

class MatchAggregates {
 public:
  // `aggregates` and `pattern`, of the rule whose matches they are, must outlive the object.
  static absl::StatusOr<std::unique_ptr<MatchAggregates>> Create(
      const std::vector<Aggregate>& aggregates, const PatternPlan& pattern, EvalIssues* issues);

  // Puts one value per aggregate into `out`; text and lists live in `arena` or the store.
  // `match_count`: of how many matches the bindings are.
  void Evaluate(absl::Span<const Binding> bindings, uint64_t match_count, const EventStore& store,
                Arena* arena, std::vector<Value>* out);

 private:
  struct Input {
    TypeId type;
    std::optional<Program> value;
    std::optional<Program> where;
  };
  struct Compiled {
    const Aggregate* aggregate;
    std::vector<Input> inputs;
  };
  explicit MatchAggregates(const PatternPlan& pattern) : pattern_(pattern) {}
  void Collect(const Compiled& c, absl::Span<const Binding> bindings, const EventStore& store,
               Arena* arena);
  const Value* FieldsOf(EventRef event, const EventStore& store, Arena* arena);

  const PatternPlan& pattern_;
  std::vector<Compiled> compiled_;
  EvalIssues* issues_ = nullptr;
  std::vector<Value> collected_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_MATCH_AGGREGATES_H_
