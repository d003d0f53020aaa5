// Deriver: turns the reports of one rule into derived events by its `emit`s.
//
// Not thread-safe (scratch). Tested by tests/runtime/engine and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_DERIVE_H_
#define SPATE_RUNTIME_ENGINE_DERIVE_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/engine/consumer.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/match/match_aggregates.h"
#include "runtime/model/plan.h"

namespace spate {

class Deriver {
 public:
  static absl::StatusOr<std::unique_ptr<Deriver>> Create(const Plan& plan, const RulePlan& rule,
                                                         EvalIssues* issues);

  // Computes one derived event for each `emit` of the report's kind, in order, and calls
  // `take(number of the emit, type, values)` for each. Values are valid during the call.
  template <typename Take>
  void Derive(const Report& report, Take&& take) {
    Begin(report);
    for (size_t i = 0; i < emits_.size(); ++i) {
      if (emits_[i].plan->kind != report.kind) continue;
      take(i, emits_[i].plan->type, absl::Span<const Value>(Evaluate(i, report)));
    }
  }

  // The events of a report, for DerivedEvent::matched; valid until the next report.
  absl::Span<const MatchedEvent> Matched(const Report& report);

  // The ids of the events of a report, in order; valid until the next report. Of a window that has
  // lost all its events: of the last one.
  absl::Span<const EventId> Sources(const Report& report);

 private:
  struct Emit {
    const EmitPlan* plan;
    std::vector<std::optional<Program>> values;  // by field
  };
  Deriver() = default;
  void Begin(const Report& report);
  const std::vector<Value>& Evaluate(size_t emit, const Report& report);

  const Plan* plan_ = nullptr;
  const RulePlan* rule_ = nullptr;
  std::vector<Emit> emits_;
  std::unique_ptr<MatchAggregates> aggregates_;  // of a pattern rule that has any
  EvalIssues* issues_ = nullptr;
  Arena scratch_;
  Arena matched_scratch_;
  std::vector<Value> bound_;
  std::vector<Value> aggregate_values_;
  std::vector<Value> values_;
  std::vector<MatchedEvent> matched_;
  std::vector<EventId> sources_;
};

// The id of a derived event: of emit number `emit` of a rule, at `time`, from these events.
EventId DerivedId(absl::string_view rule, size_t emit, Time time,
                  absl::Span<const EventId> sources);

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_DERIVE_H_
