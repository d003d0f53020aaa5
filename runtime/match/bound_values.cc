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
EventRef FindInChain(const BoundRef& ref, const BindingChain& chain, ChainId id) {
  uint32_t to_skip = ref.offset;
  if (ref.nav == Nav::kFirst) {
    uint32_t count = 0;
    for (ChainId i = id; i != kNoChain; i = chain[i].parent) {
      if (chain[i].var == ref.var.value) ++count;
    }
    if (ref.offset >= count) return kNoEvent;
    to_skip = count - 1 - ref.offset;
  }
  for (; id != kNoChain; id = chain[id].parent) {
    if (chain[id].var == ref.var.value && to_skip-- == 0) return chain[id].event;
  }
  return kNoEvent;
}

EventRef FindInMatch(const BoundRef& ref, absl::Span<const Binding> bindings) {
  uint32_t to_skip = ref.offset;
  if (ref.nav == Nav::kFirst) {
    for (const Binding& b : bindings) {
      if (b.var == ref.var && to_skip-- == 0) return b.event;
    }
    return kNoEvent;
  }
  for (auto b = bindings.rbegin(); b != bindings.rend(); ++b) {
    if (b->var == ref.var && to_skip-- == 0) return b->event;
  }
  return kNoEvent;
}

}  // namespace

Value BoundInChain(const BoundRef& ref, const BindingChain& chain, ChainId id,
                   const EventStore& store, Arena* scratch) {
  const EventRef event = FindInChain(ref, chain, id);
  if (event == kNoEvent) return Value::Null();
  return FieldOf(event, ref.fields, ref.is_time, store, scratch);
}

Value BoundInMatch(const BoundRef& ref, absl::Span<const Binding> bindings, const EventStore& store,
                   Arena* scratch) {
  const EventRef event = FindInMatch(ref, bindings);
  if (event == kNoEvent) return Value::Null();
  return FieldOf(event, ref.fields, ref.is_time, store, scratch);
}

}  // namespace spate
