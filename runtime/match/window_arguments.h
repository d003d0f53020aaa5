// WindowArguments: what an event contributes to the aggregates of a `from` rule, or of a summary.
//
// Aggregates over the same value and `where` share one argument: `sum(r.x)`, `avg(r.x)` and
// `count(r.x)` evaluate `r.x` once. Not thread-safe (scratch).
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_ARGUMENTS_H_
#define SPATE_RUNTIME_MATCH_WINDOW_ARGUMENTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"

namespace spate {

// Whether two aggregates have the same argument: value and `where`, for each event type.
bool SameArgument(const Aggregate& a, const Aggregate& b);

class WindowArguments {
 public:
  static constexpr uint32_t kEveryEvent = ~uint32_t{0};

  // `plan`, `rule` and `issues` must outlive the result.
  static absl::StatusOr<std::unique_ptr<WindowArguments>> Create(const RulePlan& rule,
                                                                 EvalIssues* issues);

  // The argument of an aggregate of the rule; kEveryEvent for `count()`, which needs none.
  uint32_t ArgumentOf(size_t aggregate) const { return argument_of_[aggregate]; }
  size_t size() const { return representatives_.size(); }

  // One value for each argument: absent where the event is left out by `where`, a present null
  // where the value is null, `true` where only events are counted. Borrows from the batch and
  // until the next call.
  absl::Span<const Value> Evaluate(const Arrival& event);

 private:
  // How one argument is got from events of one type.
  struct Source {
    enum class Kind : uint8_t { kAbsent, kEvent, kField, kProgram } kind = Kind::kAbsent;
    FieldId field;
    std::optional<Program> value;
    std::optional<Program> where;
  };
  WindowArguments() = default;
  absl::Status AddArgument(const Aggregate& aggregate);
  static absl::StatusOr<Source> MakeSource(const Aggregate::Input& input);
  Value Get(const Source& source, const Arrival& event, const EvalContext& context) const;

  std::vector<uint32_t> argument_of_;              // by aggregate
  std::vector<const Aggregate*> representatives_;  // by argument
  TypeTable<std::vector<Source>> by_type_;         // by argument
  std::vector<Value> values_;
  bool has_programs_ = false;
  Arena scratch_;
  EvalIssues* issues_ = nullptr;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_ARGUMENTS_H_
