// The values that conditions and `emit` read of bound events: `a.x`, `first(b.x)`, `b[-1].x`.
//
// Thread-safety: pure functions. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_BOUND_VALUES_H_
#define SPATE_RUNTIME_MATCH_BOUND_VALUES_H_

#include <vector>

#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/binding_chain.h"
#include "runtime/match/machine.h"
#include "runtime/store/event_store.h"

namespace spate {

// The attribute of a stored event that `fields` names for its type (or its time); null when its
// type has none.
Value FieldOf(EventRef event, const std::vector<TypeField>& fields, bool is_time,
              const EventStore& store, Arena* scratch);

// What `ref` reads among the events of a chain, or null when there is no such event.
Value BoundInChain(const BoundRef& ref, const PatternPlan& pattern, const BindingChain& chain,
                   ChainId id, const EventStore& store, Arena* scratch);

// The same among the bindings of a match, which are in the order of the events. `pattern` is null
// for a `from` rule.
Value BoundInMatch(const BoundRef& ref, const PatternPlan* pattern,
                   absl::Span<const Binding> bindings, const EventStore& store, Arena* scratch);

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_BOUND_VALUES_H_
