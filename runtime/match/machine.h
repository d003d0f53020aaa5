// Machine: the state of one rule, fed with the events that the rule reads, in order.
//
// The engine calls OnEvent for each event of the rule's input, and Fire when the watermark makes
// the machine's next deadline due; both give their matches to a ReportSink, in the order of the
// language reference. There is one machine per rule and engine. Not thread-safe.
// Tested by tests/runtime/match and tests/property.
#ifndef SPATE_RUNTIME_MATCH_MACHINE_H_
#define SPATE_RUNTIME_MATCH_MACHINE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/plan.h"
#include "runtime/store/event_store.h"
#include "windows/deadline_queue.h"
#include "windows/time.h"

namespace spate {

// What each predicate of the plan says of the rows of one batch; filled by the engine for the
// predicates of the batch's type.
struct PredicateBits {
  std::vector<const uint64_t*> masks;  // by PredicateId; of another type's: anything
  // Which rules each row goes to, as Router finds them: of row r numbers row_routes[r] to
  // row_routes[r + 1] of `routes`. Only where many rules read the type.
  std::vector<uint32_t> row_routes;
  std::vector<uint32_t> routes;
  bool Test(PredicateId p, size_t row) const {
    return !p.valid() || ((masks[p.index()][row >> 6] >> (row & 63)) & 1) != 0;
  }
};

// An event on its way through the machines.
struct Arrival {
  const EventBatch* batch = nullptr;
  size_t row = 0;
  const PredicateBits* bits = nullptr;
  const KeyView* view = nullptr;  // where steps have keys of their own: those that may take it
  uint32_t place = kUnexpected;   // in the group of events that Machine::Expect was given
  const Value* only = nullptr;    // the keys of the one partition that takes it; null: all its own

  static constexpr uint32_t kUnexpected = ~uint32_t{0};
  Time time() const { return batch->times[row]; }
  uint64_t sequence() const { return batch->sequences[row]; }
  TypeId type() const { return batch->type_id(); }
};

// When time alone makes something happen. An exclusive deadline is due when the watermark reaches
// it, before the events of that time; an inclusive one when the watermark has passed it.
struct Deadline {
  Time time = kMaxTime;
  bool inclusive = true;
  bool none = true;

  static Deadline None() { return {}; }
  static Deadline Exclusive(Time t) { return {t, false, false}; }
  static Deadline Inclusive(Time t) { return {t, true, false}; }
  // That of a DeadlineQueue.
  static Deadline Of(const std::optional<PartitionDeadline>& next) {
    return next.has_value() ? Deadline{next->time, next->inclusive, false} : None();
  }
  bool DueAt(Time watermark) const {
    return !none && (inclusive ? time < watermark : time <= watermark);
  }
  // Order of firing: by time, exclusive ends first; "none" last.
  friend bool operator<(const Deadline& a, const Deadline& b) {
    if (a.none != b.none) return b.none;
    if (a.time != b.time) return a.time < b.time;
    return !a.inclusive && b.inclusive;
  }
  friend bool operator==(const Deadline&, const Deadline&) = default;
};

struct Binding {
  VarId var;  // invalid: a step without a variable
  EventRef event;
};

// A match or window that is reported now.
struct Report {
  EmitKind kind = EmitKind::kReport;  // which of the rule's `emit`s it is for
  Time time = 0;
  const EventStore* store = nullptr;   // where `bindings` live
  absl::Span<const Binding> bindings;  // in order of the events. `from` rules: the newest
                                       // event last; all of the window with keep_matched
  absl::Span<const Value> keys;        // one per KeyPlan
  // One per RulePlan::aggregates: of `from` rules, and of summaries without `bindings`.
  absl::Span<const Value> aggregates;
  // `from` rules: what `r.x` reads when all events have left the window; kNoEvent: nothing.
  EventRef newest_left = kNoEvent;
  uint64_t match_count = 1;  // `emit summary`: of how many matches `bindings` are
  Time window_start = 0;     // `from` rules with a window
  Time window_end = 0;
};

class ReportSink {
 public:
  virtual ~ReportSink() = default;
  // False when the rule's `limit` holds the report back.
  virtual bool OnReport(const Report& report) = 0;
};

// How the input ends, for one machine.
enum class FinishMode {
  kReport,      // `close`: report what is complete, at the clock or the window's end if earlier
  kNoDeadline,  // `advance`: report what has no deadline; deadlines are fired by the engine
  kCount,       // `hold`: report nothing
};

class MatchObserver;

struct MachineOptions {
  bool keep_matched = false;
  bool merge_threads = true;  // optimisations: off for comparison in tests
  size_t max_partial_matches = 10'000'000;
  size_t index_matches_from = 5;      // as in EngineOptions
  MatchObserver* observer = nullptr;  // of rule tests: see observer.h
};

struct MachineStats {
  uint64_t null_keys = 0;
  uint64_t live = 0;         // partial matches, or open windows
  uint64_t open = 0;         // pending matches or open windows that a finish did not report
  uint64_t null_limits = 0;  // partial matches that ended because a ban's limit was null
};

class Machine {
 public:
  virtual ~Machine() = default;

  // Which events of a type can change anything: those for which one of the predicates holds;
  // nullopt: all. The others need not be given to the machine.
  virtual std::optional<std::vector<PredicateId>> Interest(TypeId type) const {
    static_cast<void>(type);
    return std::nullopt;
  }

  // Takes one event that the rule's input names (its `from` predicate has been tested).
  // ResourceExhausted: the budget of partial matches is spent.
  virtual absl::Status OnEvent(const Arrival& event, ReportSink* sink) = 0;

  // Says which events come next, so that their keys can be looked up together and their state be
  // brought near: those of `group` at `places`, in this order, each with its place in the group.
  // Some of them may not come after all, and others may come between. Worth calling only where
  // HasKeys; a new group takes the place of the last one.
  virtual void Expect(absl::Span<const Arrival> group, absl::Span<const uint32_t> places) {
    static_cast<void>(group);
    static_cast<void>(places);
  }
  virtual bool HasKeys() const { return false; }

  // Gives a partition its place in the order of first arrival, as if it had an event now.
  virtual void AddPartition(absl::Span<const Value> keys) = 0;
  // Whether nothing of what the partition has seen matters any more but for `prev`, bans at the
  // start and counts of events. May say no where that is not known.
  virtual bool AtRest(absl::Span<const Value> keys) const = 0;

  // The earliest thing that time alone will make happen.
  virtual Deadline NextDeadline() const = 0;
  // False: never anything.
  virtual bool HasDeadlines() const { return true; }

  // Makes happen all that is due exactly at `deadline`; the reports have its time.
  virtual absl::Status Fire(Deadline deadline, ReportSink* sink) = 0;

  // Ends the input with the clock at `clock`.
  virtual absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) = 0;

  virtual MachineStats Stats() const = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_MACHINE_H_
