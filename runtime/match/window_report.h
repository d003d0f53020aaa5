// WindowReporter: judges `having` over a window, and reports it.
//
// Aggregates that `having` does not read, and the events of the window, are only fetched for a
// window that is reported. Not thread-safe (scratch).
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_REPORT_H_
#define SPATE_RUNTIME_MATCH_WINDOW_REPORT_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/match/window_aggregates.h"
#include "runtime/model/plan.h"
#include "runtime/store/event_store.h"

namespace spate {

// The events of a window that `having`, `emit` or the consumer read: the `first` oldest and the
// `last` newest ones, which `r.x` (the newest), `first(r.x)`, `last(r.x, n)` and `r[n].x` name.
struct WindowEventsRead {
  size_t first = 0;
  size_t last = 0;
  bool all = false;
  bool none() const { return !all && first + last == 0; }
  bool newest_only() const { return !all && first == 0 && last <= 1; }
};

// One window at the moment when it could be reported.
struct WindowView {
  Time time = 0;
  Time start = 0;
  Time end = 0;
  absl::Span<const Value> keys;
  const WindowContent& content;
  const Arrival* newest = nullptr;  // the newest event, if it is still at hand
  // The events that are read, oldest first, in the reporter's store. Called at most once.
  absl::FunctionRef<absl::Span<const Binding>()> bindings;
  EventRef newest_left = kNoEvent;  // of a window that events have left: the newest one ever
};

class WindowReporter {
 public:
  // What must be kept of a window's events.
  static WindowEventsRead EventsRead(const RulePlan& rule, bool keep_matched);
  static std::vector<EventStore::KeptType> KeptTypes(const Plan& plan, const RulePlan& rule,
                                                     bool keep_matched);

  // All arguments must outlive the result.
  // `observer` may be null.
  static absl::StatusOr<std::unique_ptr<WindowReporter>> Create(const RulePlan& rule,
                                                                const WindowAggregates& aggregates,
                                                                const EventStore& store,
                                                                MatchObserver* observer,
                                                                EvalIssues* issues);

  // Whether `having` holds over the window.
  bool Judge(const WindowView& window);
  // Reports the window that was judged last; false when the rule's `limit` holds it back.
  bool Report(const WindowView& window, EmitKind kind, ReportSink* sink);

 private:
  WindowReporter(const RulePlan& rule, const WindowAggregates& aggregates, const EventStore& store,
                 MatchObserver* observer, EvalIssues* issues)
      : rule_(rule),
        observer_(observer),
        aggregates_(aggregates),
        store_(store),
        issues_(issues),
        values_(rule.aggregates.size()),
        in_having_(rule.aggregates.size(), false) {}
  bool Having(const WindowView& window);
  void Observe(const WindowView& window, bool holds);
  Value BoundValue(const BoundRef& ref, const WindowView& window);
  Value BoundOf(const BoundRef& ref, const WindowView& window);
  void FindAggregates(bool of_having, const WindowContent& content);
  absl::Span<const Binding> BindingsOf(const WindowView& window);

  const RulePlan& rule_;
  MatchObserver* const observer_;
  const WindowAggregates& aggregates_;
  const EventStore& store_;
  EvalIssues* issues_;
  std::optional<Program> having_;
  std::vector<Value> values_;    // by aggregate
  std::vector<bool> in_having_;  // by aggregate: `having` reads it
  std::vector<Value> bound_;
  std::optional<absl::Span<const Binding>> bindings_;  // of the window that is looked at
  Arena scratch_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_REPORT_H_
