// Tumbling windows: [k*D, k*D + D) for every whole k, aligned to the epoch.
//
// Defined for every time, those before 1970 included; an edge beyond the range of Time is the
// bound of that range. Thread-safety: pure functions. Tested by tests/windows/tumbling_test.cc.
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

// The tumbling window of `size` > 0 that holds `t`.
inline TimeInterval TumblingWindow(Time t, Duration size) {
  const Duration into = t % size < 0 ? t % size + size : t % size;  // 0 <= into < size
  return {SaturatingSubtract(t, into), SaturatingAdd(t, size - into)};
}

}  // namespace spate

#endif  // SPATE_WINDOWS_TUMBLING_H_
