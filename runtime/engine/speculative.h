// SpeculativeEngine: derived events at once, also when events come out of order.
//
// An Engine with a lateness waits until events are in order. This one does not: an event is taken
// when it comes. One that should have come before others makes the engine replay its input with the
// event in its place; what has been derived and should not have been is retracted, what is missing
// is derived. What stands in the end, derived events less retracted ones, is what an Engine with
// the same lateness derives. An event that is more than `lateness` behind is late, as there.
//
// The price: the input and what was derived of it are kept for as long as the engine lives, and an
// event out of order costs as much as all that came before it. For short inputs, or for one engine
// a partition; where events are often out of order, wait for them.
// Not thread-safe. Tested by tests/runtime/engine/speculative_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_SPECULATIVE_H_
#define SPATE_RUNTIME_ENGINE_SPECULATIVE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/engine/engine.h"

namespace spate {

class SpeculativeEngine {
 public:
  // Called for each event that is derived (`retracted` false) and for each that no longer holds.
  // The event is valid during the call, and has neither matched events nor ids.
  using Consumer = std::function<void(const DerivedEvent& event, bool retracted)>;

  // Errors as of Engine::Create.
  static absl::StatusOr<std::unique_ptr<SpeculativeEngine>> Create(std::shared_ptr<const Plan> plan,
                                                                   const EngineOptions& options,
                                                                   Consumer consumer);

  absl::StatusOr<EventTypeHandle> Type(absl::string_view name) const { return live_->Type(name); }

  // As of Engine. None may be called from the consumer.
  absl::Status Push(const EventTypeHandle& type, Time time, absl::Span<const Value> values);
  absl::Status AdvanceTo(Time time);
  absl::Status Finish(EndMode mode);

  // Of the run in order, with the late events.
  EngineStats Stats() const;
  uint64_t replays() const { return replays_; }

 private:
  struct Input {
    EventTypeHandle type;
    Time time;
    absl::Span<const Value> values;
  };
  struct Output {
    const EventType* type;
    Time time;
    const RulePlan* rule;
    absl::Span<const Value> values;
    std::string key;  // equal for equal events
  };

  SpeculativeEngine(std::shared_ptr<const Plan> plan, const EngineOptions& options,
                    Consumer consumer);
  absl::Status Start();
  absl::Status Replay();
  void Take(const DerivedEvent& event);
  void Deliver(const Output& output, bool retracted) const;
  absl::StatusOr<Time> TimeOf(const EventTypeHandle& type, Time time,
                              absl::Span<const Value> values);
  static absl::Span<const Value> Keep(absl::Span<const Value> values, Arena* arena);

  std::shared_ptr<const Plan> plan_;
  EngineOptions options_;
  Consumer consumer_;
  std::unique_ptr<Engine> live_;
  Subscription subscription_;
  bool replaying_ = false;
  std::vector<Input> log_;       // by time, then arrival
  Arena log_content_;            // what it refers to
  std::vector<Output> derived_;  // what stands
  std::unique_ptr<Arena> derived_content_ = std::make_unique<Arena>();
  Time last_ = kMinTime;
  Time advanced_ = kMinTime;
  uint64_t late_ = 0;
  uint64_t replays_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SPECULATIVE_H_
