// Slices of time: [k*D, k*D + D) for every whole k, counted from the epoch.
//
// Defined for every time, those before 1970 included. alignment.h says where windows lie.
// Thread-safety: pure functions. Tested by tests/windows/tumbling_test.cc.
#ifndef SPATE_WINDOWS_TUMBLING_H_
#define SPATE_WINDOWS_TUMBLING_H_

#include "windows/time.h"

namespace spate {

struct TimeInterval {
  Time start = 0;  // ns since the epoch, inclusive
  Time end = 0;    // exclusive
  friend constexpr bool operator==(const TimeInterval&, const TimeInterval&) = default;
};

// floor(t / size), for size > 0.
constexpr int64_t TumblingIndex(Time t, Duration size) { return t / size - (t % size < 0 ? 1 : 0); }

}  // namespace spate

#endif  // SPATE_WINDOWS_TUMBLING_H_
