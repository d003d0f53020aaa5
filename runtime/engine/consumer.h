// DerivedEvent and Consumer: what comes out of an engine.
//
// Thread-safety: a consumer is called on the thread that pushes. Values borrow from the engine and
// are valid during the call only. Tested by tests/runtime/engine/engine_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_CONSUMER_H_
#define SPATE_RUNTIME_ENGINE_CONSUMER_H_

#include <functional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/model/event_id.h"
#include "runtime/model/plan.h"
#include "runtime/model/schema.h"
#include "runtime/model/value.h"
#include "windows/time.h"

namespace spate {

// One event bound in a match, for EngineOptions::keep_matched.
struct MatchedEvent {
  VarId var;  // invalid: a step without a variable
  const EventType* type;
  Time time;                       // ns since the epoch
  absl::Span<const Value> values;  // one per field of `type`
  EventId id = {};                 // with keep_ids
};

struct DerivedEvent {
  const EventType* type;
  Time time;  // completion time of the match, ns since the epoch
  const RulePlan* rule;
  absl::Span<const Value> values;          // one per field of `type`
  absl::Span<const MatchedEvent> matched;  // in order; empty unless keep_matched
  EventId id = {};                         // known with keep_ids (EngineOptions)
  absl::Span<const EventId> sources = {};  // of the events it came from, in order; with keep_ids

  // The value of the attribute with this dotted name; null when there is none.
  Value Get(absl::string_view field) const;
};

using Consumer = std::function<void(const DerivedEvent&)>;

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_CONSUMER_H_
