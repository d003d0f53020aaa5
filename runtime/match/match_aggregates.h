// MatchAggregates: aggregates over the events of one match, for `emit`.
//
// Evaluated once per report, over the events in their order. Not thread-safe (scratch).
// Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_MATCH_AGGREGATES_H_
#define SPATE_RUNTIME_MATCH_MATCH_AGGREGATES_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/model/expr.h"
#include "windows/aggregates.h"

namespace spate {

// The better of two values for min or max; `best` is null at first.
Value BetterOf(AggregateKind kind, const Value& best, const Value& value);

// What a sum or an average is made of.
struct SumParts {
  int64_t count = 0;
  WideSum whole;
  double floating = 0;
  Kind kind = Kind::kNull;  // of the values
};

// Null over nothing, or when 64 bits do not hold an integer sum.
Value SumOrAverage(const Aggregate& a, const SumParts& parts, EvalIssues* issues);

// The sample's variance or standard deviation.
Value SpreadOf(AggregateKind kind, const Moments& moments);

class MatchAggregates {
 public:
  // `aggregates` and `pattern`, of the rule whose matches they are, must outlive the object.
  static absl::StatusOr<std::unique_ptr<MatchAggregates>> Create(
      const std::vector<Aggregate>& aggregates, const PatternPlan& pattern, EvalIssues* issues);

  // Puts one value per aggregate into `out`; text and lists live in `arena` or the store.
  // `match_count`: of how many matches the bindings are.
  void Evaluate(absl::Span<const Binding> bindings, uint64_t match_count, const EventStore& store,
                Arena* arena, std::vector<Value>* out);

  // The argument of aggregate number `i` over one event; null when it has none there.
  Value Argument(size_t i, const Binding& binding, const EventStore& store, Arena* arena) {
    return ArgumentOf(compiled_[i], binding, store, arena).value_or(Value::Null());
  }

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
  std::optional<Value> ArgumentOf(const Compiled& c, const Binding& b, const EventStore& store,
                                  Arena* arena);
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
