// TestClock: how a test's times are shown: since its start, or as they are.
//
// Thread-safety: a value. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_TEST_CLOCK_H_
#define SPATE_COMPILER_TESTING_TEST_CLOCK_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "windows/time.h"

namespace spate {

struct TestClock {
  Time start = 0;         // ns since the epoch
  bool absolute = false;  // the test says times of day
  Time now = 0;           // where the clock stands at the end of the test

  std::string Text(Time time) const {
    if (absolute) return absl::StrCat("@", FormatTime(time));
    return FormatDuration(SaturatingSubtract(time, start));
  }
};

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_TEST_CLOCK_H_
