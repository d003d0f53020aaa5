// WindowSpec: which window a rule asks for. Data only; alignment.h says where windows lie.
//
// Thread-safety: values. Tested by tests/windows/alignment_test.cc.
#ifndef SPATE_WINDOWS_WINDOW_SPEC_H_
#define SPATE_WINDOWS_WINDOW_SPEC_H_

#include <cstdint>
#include <string>

#include "windows/time.h"

namespace spate {

// `5m`, or `2 weeks` by the calendar.
struct Period {
  enum class Unit : uint8_t { kFixed, kDays, kWeeks, kMonths, kYears } unit = Unit::kFixed;
  Duration duration = 0;  // kFixed
  int64_t count = 0;      // of the unit, when it is not kFixed
  friend bool operator==(const Period&, const Period&) = default;
};

struct WindowSpec {
  enum class Kind : uint8_t {
    kNone,
    kTumbling,
    kSliding,
    kHopping,
    kSession,
    kEnding,
    kUnbounded,
  } kind = Kind::kNone;
  uint64_t events = 0;  // tumbling, sliding: `N events`; 0: by time
  Period size;          // tumbling, sliding, hopping by time; session: the gap
  Period every;         // hopping
  Period offset;        // tumbling, hopping
  Duration max = 0;     // session: its longest time, included; 0: no cap
  std::string zone;     // tumbling, hopping: a name of the tz database; empty: UTC
};

}  // namespace spate

#endif  // SPATE_WINDOWS_WINDOW_SPEC_H_
