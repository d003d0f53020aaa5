// Event time: Time and Duration as 64 bits of nanoseconds.
//
// Time counts nanoseconds since 1970-01-01T00:00:00Z (about 1677 to 2262); Duration is a signed
// span of nanoseconds. Arithmetic that would overflow gives nullopt (Checked*) or the nearest
// bound (Saturating*); nothing wraps silently. Text forms: times are RFC 3339 in UTC with a
// fraction of 0, 3, 6 or 9 digits; durations are sums of units, `1d12h`, `1s500ms`.
// Thread-safety: values and pure functions. Tested by tests/windows/time_test.cc.
#ifndef SPATE_WINDOWS_TIME_H_
#define SPATE_WINDOWS_TIME_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace spate {

using Time = int64_t;      // nanoseconds since the epoch
using Duration = int64_t;  // nanoseconds

inline constexpr Duration kNanosecond = 1;
inline constexpr Duration kMicrosecond = 1000 * kNanosecond;
inline constexpr Duration kMillisecond = 1000 * kMicrosecond;
inline constexpr Duration kSecond = 1000 * kMillisecond;
inline constexpr Duration kMinute = 60 * kSecond;
inline constexpr Duration kHour = 60 * kMinute;
inline constexpr Duration kDay = 24 * kHour;
inline constexpr Duration kWeek = 7 * kDay;

inline constexpr Time kMinTime = std::numeric_limits<int64_t>::min();
inline constexpr Time kMaxTime = std::numeric_limits<int64_t>::max();

std::optional<int64_t> CheckedAdd(int64_t a, int64_t b);
std::optional<int64_t> CheckedSubtract(int64_t a, int64_t b);
std::optional<int64_t> CheckedMultiply(int64_t a, int64_t b);
inline int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? kMinTime : kMaxTime;
}
inline int64_t SaturatingSubtract(int64_t a, int64_t b) {
  int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return b < 0 ? kMaxTime : kMinTime;
}

// Reads RFC 3339 (`2026-01-31T08:00:00.5+01:00`; a missing zone is UTC), `YYYY-MM-DD`,
// `YYYY-MM-DDThh:mm`, and the same with a space for the `T`. nullopt when it is no such time, a
// field is out of its range, or the time does not fit into 64 bits of nanoseconds.
std::optional<Time> ParseTime(absl::string_view text);

// Reads a sum of units (`1h30m`, `1.5s`, `-2s`); units are ns us ms s m h d w.
std::optional<Duration> ParseDuration(absl::string_view text);

// Appends / returns RFC 3339 in UTC with a fraction of 0, 3, 6 or 9 digits.
void AppendTime(Time time, std::string* out);
std::string FormatTime(Time time);

// Appends / returns the sum of units from days down, largest first: `1d12h`, `1s500ms`, `0s`,
// `-2m`.
void AppendDuration(Duration duration, std::string* out);
std::string FormatDuration(Duration duration);

}  // namespace spate

#endif  // SPATE_WINDOWS_TIME_H_
