// Subscriptions: who wants which derived events.
//
// A consumer may subscribe and unsubscribe from inside a call. Not thread-safe.
// Tested by tests/runtime/engine/engine_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_SUBSCRIPTIONS_H_
#define SPATE_RUNTIME_ENGINE_SUBSCRIPTIONS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/engine/engine.h"

namespace spate {

struct Subscription::Registry {
  struct Entry {
    uint64_t id;
    TypeId type;  // invalid: every type
    Consumer consumer;
    bool live = true;
  };

  uint64_t Add(TypeId type, Consumer consumer) {
    entries.push_back(std::make_unique<Entry>(Entry{++last_id, type, std::move(consumer)}));
    return last_id;
  }

  void Remove(uint64_t id) {
    for (auto& e : entries) {
      if (e->id == id) e->live = false;
    }
    if (depth == 0) Sweep();
  }

  bool Wants(TypeId type) const {
    for (const auto& e : entries) {
      if (e->live && (!e->type.valid() || e->type == type)) return true;
    }
    return false;
  }

  void Deliver(const DerivedEvent& event) {
    ++depth;
    // By index: a consumer may add subscriptions, which see later events only.
    const size_t n = entries.size();
    for (size_t i = 0; i < n; ++i) {
      Entry& e = *entries[i];
      if (e.live && (!e.type.valid() || e.type == event.type->id)) e.consumer(event);
    }
    if (--depth == 0) Sweep();
  }

  void Sweep() {
    entries.erase(std::remove_if(entries.begin(), entries.end(),
                                 [](const std::unique_ptr<Entry>& e) { return !e->live; }),
                  entries.end());
  }

  std::vector<std::unique_ptr<Entry>> entries;
  uint64_t last_id = 0;
  int depth = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SUBSCRIPTIONS_H_
