// Subscriptions: who wants which derived events.
//
// A consumer may subscribe and unsubscribe from inside a call. Not thread-safe.
// Tested by tests/runtime/engine/engine_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_SUBSCRIPTIONS_H_
#define SPATE_RUNTIME_ENGINE_SUBSCRIPTIONS_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/engine/engine.h"

namespace spate {

class SubscriptionRegistry {
 public:
  uint64_t Add(TypeId type, Consumer consumer) {
    entries_.push_back(std::make_unique<Entry>(Entry{++last_id_, type, std::move(consumer), true}));
    return last_id_;
  }

  void Remove(uint64_t id) {
    for (auto& e : entries_) {
      if (e->id == id) e->live = false;
    }
    if (depth_ == 0) Sweep();
  }

  bool Wants(TypeId type) const {
    for (const auto& e : entries_) {
      if (e->live && (!e->type.valid() || e->type == type)) return true;
    }
    return false;
  }

  void Deliver(const DerivedEvent& event) {
    ++depth_;
    // By index: a consumer may add subscriptions, which see later events only.
    const size_t n = entries_.size();
    for (size_t i = 0; i < n; ++i) {
      Entry& e = *entries_[i];
      if (e.live && (!e.type.valid() || e.type == event.type->id)) e.consumer(event);
    }
    if (--depth_ == 0) Sweep();
  }

 private:
  struct Entry {
    uint64_t id;
    TypeId type;  // invalid: every type
    Consumer consumer;
    bool live;
  };

  void Sweep() {
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(),
                                  [](const std::unique_ptr<Entry>& e) { return !e->live; }),
                   entries_.end());
  }

  std::vector<std::unique_ptr<Entry>> entries_;
  uint64_t last_id_ = 0;
  int depth_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SUBSCRIPTIONS_H_
