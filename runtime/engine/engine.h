// Engine: events in, derived events out.
//
//   auto engine = spate::Engine::Create(compiled.plan, {});
//   auto subscription = (*engine)->Subscribe("Intrusion", [](const spate::DerivedEvent& e) {..});
//   auto login = (*engine)->Type("Login");
//   (*engine)->Push(*login, time, {spate::Value::String("ann"), ..});
//   (*engine)->Finish(spate::EndMode::kClose);
//
// One Engine belongs to one thread at a time. A push from inside a consumer is queued and taken
// after the event that is being worked on. Nothing is thrown; errors are absl::Status:
// InvalidArgument (a value of the wrong kind), FailedPrecondition (after Finish),
// ResourceExhausted (a rule's budget of partial matches is spent). Times are ns since the epoch.
// Tested by tests/runtime/engine/engine_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_ENGINE_H_
#define SPATE_RUNTIME_ENGINE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/engine/consumer.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/plan.h"
#include "runtime/model/table.h"

namespace spate {

class MatchObserver;

// The time of a row whose `at` attribute is null: such a row is rejected and counted.
inline constexpr Time kNullTime = kMinTime;

// What happens at the end of a finite input (docs/language.md, "Time").
enum class EndMode { kClose, kAdvance, kHold };

// An event that came after the watermark had passed its time.
struct LateEvent {
  const EventBatch& batch;
  size_t row;
  Time watermark;

  Time time() const { return batch.times[row]; }
  // "3s before the watermark 2026-01-31T08:00:10Z"
  std::string Reason() const;
};

struct EngineOptions {
  Duration lateness = 0;                    // how long events are held back to be put in order, ns
  bool keep_ids = false;                    // give events ids (event_id.h), also to consumers
  bool keep_matched = false;                // give consumers the events of each match
  size_t max_partial_matches = 10'000'000;  // of one rule; ResourceExhausted beyond
  bool merge_threads = true;                // optimisations that tests turn off to compare
  size_t index_from = 8;  // rules that read a type, from which on they are found by conditions
  // Partial matches at one place of a pattern that compares with earlier events, from which on they
  // are indexed by what is compared.
  size_t index_matches_from = 5;
  MatchObserver* observer = nullptr;       // of rule tests, with merge_threads off
  size_t max_waiting_events = 50'000'000;  // held back by `lateness`
  // The tables that the plan's rules look up, by name; each is needed (Table::Create).
  std::map<std::string, std::shared_ptr<const Table>> tables;
  // Called for each late event before it is dropped; may be null.
  std::function<void(const LateEvent& event)> on_late;
};

// An event type of one engine: a push with it looks nothing up.
class EventTypeHandle {
 public:
  TypeId id() const { return type_->id; }
  const EventType& type() const { return *type_; }

 private:
  friend class Engine;
  friend class SpeculativeEngine;
  explicit EventTypeHandle(const EventType* type) : type_(type) {}
  const EventType* type_;
};

// A part of the input with a watermark of its own (Engine::AddSource).
class SourceHandle {
 public:
  uint32_t id() const { return id_; }

 private:
  friend class Engine;
  explicit SourceHandle(uint32_t id) : id_(id) {}
  uint32_t id_;
};

class SubscriptionRegistry;

// Ends the subscription when it goes. May outlive the engine.
class Subscription {
 public:
  Subscription() = default;
  Subscription(Subscription&& other) noexcept;
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription();

 private:
  friend class Engine;
  std::weak_ptr<SubscriptionRegistry> registry_;
  uint64_t id_ = 0;
};

struct RuleStats {
  std::string name;
  uint64_t reports = 0;       // derived events
  uint64_t null_keys = 0;     // events that belong to no partition
  uint64_t live_threads = 0;  // partial matches now
  uint64_t open_at_end = 0;   // pending matches and windows not reported at the end
  uint64_t held_back = 0;     // reports that `limit` did not let pass
  uint64_t null_limits = 0;   // partial matches that ended because a ban's limit was null
};

// Values that became null on the way: overflow, division by zero, conversions out of range.
struct EvalIssue {
  RuleId rule;  // invalid: a computed attribute
  Origin origin;
  std::string what;  // "integer overflow"
  uint64_t count = 0;
};

struct EngineStats {
  uint64_t events = 0;  // taken, without derived ones
  uint64_t late = 0;
  uint64_t ignored = 0;     // of types that no rule reads
  uint64_t null_times = 0;  // rejected: the computed time attribute is null
  uint64_t derived = 0;
  Time watermark = kMinTime;
  std::vector<RuleStats> rules;
  std::vector<EvalIssue> issues;
};

class Engine {
 public:
  static absl::StatusOr<std::unique_ptr<Engine>> Create(std::shared_ptr<const Plan> plan,
                                                        const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const Plan& plan() const;

  // NotFound when no event type has that name.
  absl::StatusOr<EventTypeHandle> Type(absl::string_view name) const;

  // Calls `consumer` for each derived event of that type ("" for every type), in order of report.
  absl::StatusOr<Subscription> Subscribe(absl::string_view type, Consumer consumer);

  // Fills what the engine computes from the attributes of a batch that a reader has filled:
  // computed attributes that some rule reads, and `times` for a type with `at` (kNullTime where it
  // is null). The Push functions do this too; a caller that must know times before it pushes calls
  // it first.
  void Prepare(EventBatch* batch);

  // Takes one event. `values` has one element per field of the type, in its order; text and lists
  // are copied. `time` is used when the type has no `at`. An event before the watermark is late:
  // counted, handed to on_late, dropped.
  absl::Status Push(const EventTypeHandle& type, Time time, absl::Span<const Value> values);
  // Takes the rows of a batch in order. The engine fills the batch's sequences, computed attributes
  // and, for a type with `at`, times; for other types the caller has filled `times`.
  absl::Status Push(EventBatch& batch);
  // Takes rows of several types in the block's order.
  absl::Status Push(EventBlock& block);

  // Says that no event before `time` will come: what is due until then happens now.
  absl::Status AdvanceTo(Time time);

  // Adds a source of events, whose own order is kept to `lateness` (ns). The engine's watermark is
  // then the earliest of all sources' that are not idle, and events wait until it has reached them,
  // so that sources that are not equally fast are merged in order of time. Add all before the first
  // push: one that has not sent anything holds the watermark. InvalidArgument: a negative lateness.
  absl::StatusOr<SourceHandle> AddSource(Duration lateness = 0);
  // As above, for one source. What is pushed without a source is of one that is idle until then.
  absl::Status Push(const SourceHandle& source, const EventTypeHandle& type, Time time,
                    absl::Span<const Value> values);
  absl::Status Push(const SourceHandle& source, EventBatch& batch);
  absl::Status Push(const SourceHandle& source, EventBlock& block);
  absl::Status AdvanceTo(const SourceHandle& source, Time time);
  // Says that nothing is expected of the source until its next event: it no longer holds the
  // watermark. An event with which it wakes up behind the watermark is late.
  absl::Status SetIdle(const SourceHandle& source);

  // Ends the input. No push may follow.
  absl::Status Finish(EndMode mode);

  EngineStats Stats() const;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_ENGINE_H_
