// EventId: which event this is, the same whenever the same input is run.
//
// An input event's id is its number: the place, from 1, among the events that were pushed (late and
// ignored ones count, so that it does not depend on the rules), or what the caller gave with the
// batch. A derived event's id is a hash of the rule's name, the number of its `emit`, its time and
// the ids of the events it came from. Thread-safety: values. Tested by
// tests/runtime/model/event_id_test.cc.
#ifndef SPATE_RUNTIME_MODEL_EVENT_ID_H_
#define SPATE_RUNTIME_MODEL_EVENT_ID_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace spate {

struct EventId {
  uint64_t high = 0;  // 0: an input event; of derived events it never is
  uint64_t low = 0;   // of an input event its number; 0 and 0: not known

  static EventId OfNumber(uint64_t number) { return {0, number}; }
  bool known() const { return high != 0 || low != 0; }
  friend bool operator==(const EventId&, const EventId&) = default;
};

// `17` of an input event, 32 hexadecimal digits of a derived one.
std::string FormatEventId(const EventId& id);

// Makes the id of a derived event from what it depends on, in order. The result is the same on
// every machine and in every run.
class EventIdHash {
 public:
  void Add(uint64_t v);
  void Add(absl::string_view text);
  void Add(const EventId& id) {
    Add(id.high);
    Add(id.low);
  }
  EventId Finish() const;

 private:
  uint64_t a_ = 0x9e3779b97f4a7c15;
  uint64_t b_ = 0xd1b54a32d192ed03;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_EVENT_ID_H_
