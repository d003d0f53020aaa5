// SpeculativeEngine: derived events at once, also when events come out of order.
//
// An Engine with a lateness waits until events are in order. This one does not: an event is taken
// when it comes. One that should have come before others makes the partitions of the rules that
// read it run again with the event in its place; what they had derived and should not have is
// retracted, what is missing is derived, and so on in the rules that read that. What stands in the
// end, derived events less retracted ones, is what an Engine with the same lateness derives. An
// event that is more than `lateness` behind is late, as there.
//
// An event in order costs somewhat more than in an Engine. One out of order costs as much as what
// its partitions keep: the input that can still matter within the lateness, which for most rules is
// that of the last window (docs/limits.md). What became null is counted again with each replay.
// Not thread-safe. Tested by tests/runtime/engine/speculative_test.cc and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_SPECULATIVE_H_
#define SPATE_RUNTIME_ENGINE_SPECULATIVE_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/engine/engine.h"

namespace spate {

class SpeculativeEngine {
 public:
  // Called for each event that is derived (`retracted` false) and for each that no longer holds:
  // after an event out of order first for all that is retracted, then for what is derived. The
  // event is valid during the call; ids and matched events are given as EngineOptions ask.
  using Consumer = std::function<void(const DerivedEvent& event, bool retracted)>;

  // Errors as of Engine::Create.
  static absl::StatusOr<std::unique_ptr<SpeculativeEngine>> Create(std::shared_ptr<const Plan> plan,
                                                                   const EngineOptions& options,
                                                                   Consumer consumer);
  ~SpeculativeEngine();
  SpeculativeEngine(const SpeculativeEngine&) = delete;
  SpeculativeEngine& operator=(const SpeculativeEngine&) = delete;

  // As of Engine, but for several sources. None may be called from the consumer.
  absl::StatusOr<EventTypeHandle> Type(absl::string_view name) const;
  void Prepare(EventBatch* batch);
  absl::Status Push(const EventTypeHandle& type, Time time, absl::Span<const Value> values);
  absl::Status Push(EventBatch& batch);
  absl::Status Push(EventBlock& block);
  absl::Status AdvanceTo(Time time);
  absl::Status Finish(EndMode mode);

  // `derived` and `reports`: what stands.
  EngineStats Stats() const;
  uint64_t retracted() const;  // events
  // How often a partition was run again, and over how many events.
  uint64_t replays() const;
  uint64_t replayed_events() const;
  // Events of the input and derived ones that are kept for replays, once for each partition.
  uint64_t kept_events() const;

 private:
  class Impl;
  explicit SpeculativeEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SPECULATIVE_H_
