#include "tests/reference/calendar.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace spate::reference {
namespace {

absl::TimeZone ZoneOf(const std::string& name) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!name.empty()) absl::LoadTimeZone(name, &zone);
  return zone;
}

// The moment at which the wall clock shows `second`: where it never does, the jump over it; where
// it does twice, the first.
Time OnTheClock(absl::CivilSecond second, const absl::TimeZone& zone) {
  absl::TimeZone::TimeInfo info = zone.At(second);
  bool skipped = info.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixNanos(skipped ? info.trans : info.pre);
}

// The civil second `n` units after the one from which the unit is counted.
absl::CivilSecond Counted(const std::string& unit, int64_t n) {
  if (unit == "day") return absl::CivilSecond(absl::CivilDay(1970, 1, 1) + n);
  if (unit == "week") return absl::CivilSecond(absl::CivilDay(1969, 12, 29) + 7 * n);
  if (unit == "month") return absl::CivilSecond(absl::CivilMonth(1970, 1) + n);
  return absl::CivilSecond(absl::CivilYear(1970) + n);
}

int64_t ApproximateLength(const std::string& unit) {
  const int64_t day = 86'400 * kSecond;
  return unit == "day" ? day : unit == "week" ? 7 * day : unit == "month" ? 30 * day : 365 * day;
}

// Boundaries every `step`, moved by `offset`, in a zone.
class Boundaries {
 public:
  Boundaries(const Period& step, const Period& offset, const std::string& zone)
      : step_(step), offset_(offset.amount), zone_(ZoneOf(zone)) {}

  Time At(int64_t k) const {
    if (step_.unit.empty()) {
      Time origin = OnTheClock(absl::CivilSecond(1970, 1, 1), zone_);
      return origin + offset_ + k * step_.amount;
    }
    absl::CivilSecond second = Counted(step_.unit, k * step_.amount) + offset_ / kSecond;
    return OnTheClock(second, zone_) + offset_ % kSecond;
  }

  // The last one at or before `time`.
  int64_t Before(Time time) const {
    int64_t length = step_.unit.empty() ? 1 : ApproximateLength(step_.unit);
    int64_t k = (time - offset_) / (length * step_.amount);
    while (At(k) > time) --k;
    while (At(k + 1) <= time) ++k;
    return k;
  }

 private:
  Period step_;
  int64_t offset_;
  absl::TimeZone zone_;
};

}  // namespace

TimeSpan TumblingWindow(const Rule& rule, Time time) {
  Boundaries boundaries({rule.calendar, rule.window_size}, rule.offset, rule.zone);
  int64_t k = boundaries.Before(time);
  return {boundaries.At(k), boundaries.At(k + 1)};
}

std::vector<TimeSpan> HoppingWindows(const Rule& rule, Time time) {
  Boundaries boundaries(rule.every, rule.offset, rule.zone);
  std::vector<TimeSpan> out;
  for (int64_t k = boundaries.Before(time);; --k) {
    TimeSpan span{boundaries.At(k), boundaries.At(k) + rule.window_size};
    if (span.end <= time) break;
    out.push_back(span);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Time NextTick(const Clock& clock, Time time) {
  Boundaries boundaries(clock.every, clock.offset, clock.zone);
  int64_t k = boundaries.Before(time);
  return boundaries.At(k) == time ? time : boundaries.At(k + 1);
}

}  // namespace spate::reference
