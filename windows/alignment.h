// Alignment: where windows and clocks that are tied to the calendar begin and end.
//
// Boundaries of a fixed period D lie at k*D + offset for every whole k, counted from
// 1970-01-01T00:00 in the zone (UTC when none is named), so that all periods are equally long.
// Calendar periods follow the wall clock of the zone: days, months and years are counted from
// 1970-01-01, weeks from Monday, 1969-12-29, and the offset is added on the wall clock. A boundary
// in an hour that the clocks skip is the moment of the jump; in an hour that comes twice, the
// first. What lies beyond the range of Time is the bound of that range. Thread-safety: constant
// after Create. Tested by tests/windows/alignment_test.cc.
#ifndef SPATE_WINDOWS_ALIGNMENT_H_
#define SPATE_WINDOWS_ALIGNMENT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "windows/time.h"
#include "windows/tumbling.h"
#include "windows/window_spec.h"

namespace spate {

// The zone of this name in the tz database; "" is UTC. NotFound for an unknown name; names that
// depend on the machine ("localtime", paths of files) are unknown.
absl::StatusOr<absl::TimeZone> FindZone(absl::string_view name);

// Units that one period of the calendar may have.
inline constexpr int64_t kMaxCalendarCount = 100'000;

class Alignment {
 public:
  // Of a tumbling window by time, or a hopping one. InvalidArgument for other kinds and for periods
  // that are not positive, NotFound for an unknown zone.
  static absl::StatusOr<Alignment> Create(const WindowSpec& window);

  // Boundaries without windows: a clock.
  static absl::StatusOr<Alignment> Create(const Period& every, Duration offset,
                                          absl::string_view zone);

  // The last start at or before t: of a tumbling window, that of the window which holds t.
  Time Start(Time t) const;
  // The exclusive end of the window that begins at Start(t).
  Time End(Time t) const;
  // Both at once, for less than the price of both.
  TimeInterval Window(Time t) const;
  // The first start after t.
  Time NextStart(Time t) const;

 private:
  explicit Alignment(absl::TimeZone zone) : zone_(zone) {}

  bool fixed() const { return unit_ == Period::Unit::kFixed; }
  TimeInterval CalendarPeriod(Time t) const;
  // The kth boundary, and a k close to that of the period which holds t.
  Time Boundary(int64_t k) const;
  int64_t NearIndex(Time t) const;
  int64_t IndexOf(Time t) const;

  absl::TimeZone zone_;
  Period::Unit unit_ = Period::Unit::kFixed;
  int64_t step_ = 1;     // between starts: ns, or the count of units
  Duration origin_ = 0;  // fixed: the place of a boundary, in [0, step)
  Duration offset_ = 0;  // calendar: on the wall clock
  Duration length_ = 0;  // hopping: of a window; 0: until the next start
};

}  // namespace spate

#endif  // SPATE_WINDOWS_ALIGNMENT_H_
