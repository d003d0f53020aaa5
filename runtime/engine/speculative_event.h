// SpeculativeEvent: an event with its content and its place in the order of all events.
//
// Of events that may have to be taken again the order must be known whenever they were made. A
// Place says it: first by time; of one time what ends before it (0), clock events (1), the input in
// order of arrival (2), and what ends with it, layer by layer (3); of what one of these moments
// causes, breadth first, by the rules that derived it (docs/language.md, "Derived events").
// Thread-safety: values. Tested by tests/runtime/engine/speculative_event_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_SPECULATIVE_EVENT_H_
#define SPATE_RUNTIME_ENGINE_SPECULATIVE_EVENT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/engine/consumer.h"
#include "runtime/model/event_id.h"
#include "runtime/model/plan.h"
#include "windows/time.h"

namespace spate {

struct PartitionStart;

// One derivation on the way from a moment to an event.
struct PlaceStep {
  uint32_t rank = 0;                      // of the rule that derived it
  const PartitionStart* start = nullptr;  // of the partition
  uint32_t report = 0;                    // number of the report there in this moment
  uint32_t emit = 0;                      // number of the rule's `emit`
  friend bool operator==(const PlaceStep&, const PlaceStep&) = default;
};

struct Place {
  enum Phase : uint64_t { kExclusive, kClock, kInput, kInclusive };
  static Place Of(Time time, Phase phase, uint64_t number) {
    return {time, static_cast<uint64_t>(phase) << 56 | number, {}};
  }

  Time time = kMinTime;         // of the moment
  uint64_t moment = 0;          // phase, and in it: clock, arrival or layer
  std::vector<PlaceStep> path;  // from the moment's event; empty: it is that event
  friend bool operator==(const Place&, const Place&) = default;
};

// Where a partition has its place among those of its rule: by first arrival, and of one event that
// begins several by the order of their keys. Its address is the partition's identity.
struct PartitionStart {
  Place first;
  uint32_t view = 0;
};

bool operator<(const Place& a, const Place& b);
bool operator<(const PartitionStart& a, const PartitionStart& b);

struct SpeculativeEvent {
  const EventType* type = nullptr;
  Time time = 0;
  Place place;
  EventId id;                      // with keep_ids
  absl::Span<const Value> values;  // in `content`
  // Of a derived event.
  const RulePlan* rule = nullptr;
  std::vector<MatchedEvent> matched;  // with keep_matched; values in `content`
  std::vector<EventId> sources;       // with keep_ids
  EventId print;                      // equal for events of which a consumer is told the same
  Arena content{0};
  mutable bool evaluated = false;  // what became null on the way has been counted

  DerivedEvent View() const { return {type, time, rule, values, matched, id, sources}; }
};
using EventPtr = std::shared_ptr<const SpeculativeEvent>;

// Copies an event of the input.
std::shared_ptr<SpeculativeEvent> KeepInput(const EventType& type, Time time,
                                            absl::Span<const Value> values, const EventId& id);
// Copies a derived event; `emit` is the number of the rule's `emit`.
std::shared_ptr<SpeculativeEvent> KeepDerived(const DerivedEvent& event, uint32_t emit);

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SPECULATIVE_EVENT_H_
