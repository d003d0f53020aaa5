// Where the windows of a rule lie in time.
//
// By the clock aligned to the epoch, by the calendar in the rule's zone. Written with
// absl::TimeZone and otherwise independent of windows/. Pure functions.
// Tested by tests/reference/calendar_test.cc.
#ifndef SPATE_TESTS_REFERENCE_CALENDAR_H_
#define SPATE_TESTS_REFERENCE_CALENDAR_H_

#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

struct TimeSpan {
  Time begin = 0;  // included
  Time end = 0;    // excluded
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

// `window tumbling` of the rule that holds `time`.
TimeSpan TumblingWindow(const Rule& rule, Time time);

// `window hopping` of the rule: all that hold `time`, the earliest first.
std::vector<TimeSpan> HoppingWindows(const Rule& rule, Time time);

// The clock's first tick at `time` or after it.
Time NextTick(const Clock& clock, Time time);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_CALENDAR_H_
