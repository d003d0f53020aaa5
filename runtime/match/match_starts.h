// MatchStarts: what a match counts its window from, and how old it may be, for matchers that merge
// threads.
//
// A start is the time of the first event or its place in the partition's input, as the rule's
// window asks. Thread-safety: constant after construction. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_MATCH_STARTS_H_
#define SPATE_RUNTIME_MATCH_MATCH_STARTS_H_

#include <cstdint>
#include <limits>

#include "runtime/model/plan.h"
#include "windows/time.h"

namespace spate {

class MatchStarts {
 public:
  explicit MatchStarts(const WindowBound& within) : within_(within) {}

  bool unbounded() const { return within_.kind == WindowBound::Kind::kNone; }
  // Whether starts are places in the input; else the count of an event does not matter.
  bool counts_events() const { return within_.kind == WindowBound::Kind::kEvents; }

  // The start of a match that begins with the event number `count` of the input.
  int64_t Of(uint64_t count, Time time) const {
    return counts_events() ? static_cast<int64_t>(count) : time;
  }

  // The earliest start that the window still holds at that event.
  int64_t Oldest(uint64_t count, Time time) const {
    switch (within_.kind) {
      case WindowBound::Kind::kNone:
        break;
      case WindowBound::Kind::kTime:
        return SaturatingSubtract(time, within_.duration);
      case WindowBound::Kind::kEvents:
        return SaturatingSubtract(static_cast<int64_t>(count) + 1,
                                  static_cast<int64_t>(within_.events));
    }
    return std::numeric_limits<int64_t>::min();
  }

 private:
  WindowBound within_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_MATCH_STARTS_H_
