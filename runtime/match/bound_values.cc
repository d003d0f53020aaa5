#include "runtime/match/bound_values.h"

namespace spate {

Value FieldOf(EventRef event, const std::vector<TypeField>& fields, bool is_time,
              const EventStore& store, Arena* scratch) {
  if (is_time) return Value::OfTime(store.TimeOf(event));
  const TypeId type = store.TypeOf(event).id;
  for (const TypeField& f : fields) {
    if (f.type == type) return store.Get(event, f.field, scratch);
  }
  return Value::Null();
}

namespace {

// The event number `offset` of `var` from the first or from the last; kNoEvent when there is none.
EventRef FindInChain(const BoundRef& ref, const PatternPlan& pattern, const BindingChain& chain,
                     ChainId id) {
  const auto named = [&](ChainId i) {
    return pattern.Names(BindingChain::VarOf(chain[i]), ref.var);
  };
  uint32_t to_skip = ref.offset;
  if (ref.nav == Nav::kFirst) {
    uint32_t count = 0;
    for (ChainId i = id; i != kNoChain; i = chain[i].parent) {
      if (named(i)) ++count;
    }
    if (ref.offset >= count) return kNoEvent;
    to_skip = count - 1 - ref.offset;
  }
  for (; id != kNoChain; id = chain[id].parent) {
    if (named(id) && to_skip-- == 0) return chain[id].event;
  }
  return kNoEvent;
}

EventRef FindInMatch(const BoundRef& ref, const PatternPlan* pattern,
                     absl::Span<const Binding> bindings) {
  const auto named = [&](const Binding& b) {
    return b.var == ref.var || (pattern != nullptr && pattern->Names(b.var, ref.var));
  };
  uint32_t to_skip = ref.offset;
  if (ref.nav == Nav::kFirst) {
    for (const Binding& b : bindings) {
      if (named(b) && to_skip-- == 0) return b.event;
    }
    return kNoEvent;
  }
  for (auto b = bindings.rbegin(); b != bindings.rend(); ++b) {
    if (named(*b) && to_skip-- == 0) return b->event;
  }
  return kNoEvent;
}

}  // namespace

Value BoundInChain(const BoundRef& ref, const PatternPlan& pattern, const BindingChain& chain,
                   ChainId id, const EventStore& store, Arena* scratch) {
  const EventRef event = FindInChain(ref, pattern, chain, id);
  if (event == kNoEvent) return Value::Null();
  return FieldOf(event, ref.fields, ref.is_time, store, scratch);
}

Value BoundInMatch(const BoundRef& ref, const PatternPlan* pattern,
                   absl::Span<const Binding> bindings, const EventStore& store, Arena* scratch) {
  const EventRef event = FindInMatch(ref, pattern, bindings);
  if (event == kNoEvent) return Value::Null();
  return FieldOf(event, ref.fields, ref.is_time, store, scratch);
}

}  // namespace spate
