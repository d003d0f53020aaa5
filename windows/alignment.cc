// Alignment: periods of the calendar are found by an estimate from civil fields, then put right.
#include "windows/alignment.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace spate {
namespace {

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
int64_t FloorMod(int64_t a, int64_t b) { return a % b < 0 ? a % b + b : a % b; }

constexpr absl::CivilDay kFirstDay(1970, 1, 1);
constexpr absl::CivilDay kFirstMonday(1969, 12, 29);

bool IsPlainZoneName(absl::string_view name) {
  if (absl::StartsWith(name, "/") || absl::StrContains(name, "..") || name == "localtime") {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("_+-/").find(c) != absl::string_view::npos;
  });
}

}  // namespace

absl::StatusOr<absl::TimeZone> FindZone(absl::string_view name) {
  if (name.empty()) return absl::UTCTimeZone();
  absl::TimeZone zone;
  if (IsPlainZoneName(name) && absl::LoadTimeZone(name, &zone)) return zone;
  return absl::NotFoundError(absl::StrCat("there is no time zone `", name, "`"));
}

absl::StatusOr<Alignment> Alignment::Create(const Period& every, Duration offset,
                                            absl::string_view zone_name) {
  absl::StatusOr<absl::TimeZone> zone = FindZone(zone_name);
  if (!zone.ok()) return zone.status();
  Alignment out(*zone);
  out.unit_ = every.unit;
  out.step_ = out.fixed() ? every.duration : every.count;
  if (out.step_ <= 0) return absl::InvalidArgumentError("a period must be more than zero");
  if (out.fixed()) {
    const Time local = absl::ToUnixNanos(absl::FromCivil(kFirstDay, *zone));
    out.origin_ =
        FloorMod(FloorMod(offset, out.step_) + FloorMod(local, out.step_) - out.step_, out.step_);
  } else if (out.step_ > kMaxCalendarCount) {
    return absl::InvalidArgumentError(
        absl::StrCat("a period of the calendar has at most ", kMaxCalendarCount, " units"));
  } else {
    out.offset_ = offset;
  }
  return out;
}

absl::StatusOr<Alignment> Alignment::Create(const WindowSpec& window) {
  if (window.offset.unit != Period::Unit::kFixed) {
    return absl::InvalidArgumentError("an offset is a duration");
  }
  if (window.kind == WindowSpec::Kind::kHopping) {
    if (window.size.unit != Period::Unit::kFixed || window.size.duration <= 0) {
      return absl::InvalidArgumentError("a hopping window has a size of more than zero");
    }
    absl::StatusOr<Alignment> out = Create(window.every, window.offset.duration, window.zone);
    if (out.ok()) out->length_ = window.size.duration;
    return out;
  }
  if (window.kind != WindowSpec::Kind::kTumbling || window.events > 0) {
    return absl::InvalidArgumentError("this kind of window is not aligned");
  }
  return Create(window.size, window.offset.duration, window.zone);
}

Time Alignment::Start(Time t) const {
  if (!fixed()) return CalendarPeriod(t).start;
  return SaturatingSubtract(t, FloorMod(FloorMod(t, step_) - origin_, step_));
}

Time Alignment::NextStart(Time t) const {
  if (!fixed()) return CalendarPeriod(t).end;
  return SaturatingAdd(t, step_ - FloorMod(FloorMod(t, step_) - origin_, step_));
}

Time Alignment::End(Time t) const { return Window(t).end; }

TimeInterval Alignment::Window(Time t) const {
  TimeInterval out = fixed() ? TimeInterval{Start(t), NextStart(t)} : CalendarPeriod(t);
  if (length_ > 0) out.end = SaturatingAdd(out.start, length_);
  return out;
}

TimeInterval Alignment::CalendarPeriod(Time t) const {
  const int64_t k = IndexOf(t);
  int64_t next = k + 1;  // a day that the zone never had is empty
  while (Boundary(next) <= t && Boundary(next) < kMaxTime) ++next;
  return {Boundary(k), Boundary(next)};
}

int64_t Alignment::IndexOf(Time t) const {
  int64_t k = NearIndex(t);
  while (Boundary(k) > t) --k;
  while (Boundary(k + 1) <= t && Boundary(k + 1) < kMaxTime) ++k;
  return k;
}

int64_t Alignment::NearIndex(Time t) const {
  const absl::CivilSecond civil = zone_.At(absl::FromUnixNanos(SaturatingSubtract(t, offset_))).cs;
  int64_t units = 0;
  switch (unit_) {
    case Period::Unit::kWeeks:
      units = FloorDiv(absl::CivilDay(civil) - kFirstMonday, 7);
      break;
    case Period::Unit::kMonths:
      units = absl::CivilMonth(civil) - absl::CivilMonth(kFirstDay);
      break;
    case Period::Unit::kYears:
      units = absl::CivilYear(civil) - absl::CivilYear(kFirstDay);
      break;
    default:
      units = absl::CivilDay(civil) - kFirstDay;
  }
  return FloorDiv(units, step_);
}

Time Alignment::Boundary(int64_t k) const {
  const int64_t units = k * step_;
  absl::CivilSecond civil;
  switch (unit_) {
    case Period::Unit::kWeeks:
      civil = absl::CivilSecond(kFirstMonday + 7 * units);
      break;
    case Period::Unit::kMonths:
      civil = absl::CivilSecond(absl::CivilMonth(kFirstDay) + units);
      break;
    case Period::Unit::kYears:
      civil = absl::CivilSecond(absl::CivilYear(kFirstDay) + units);
      break;
    default:
      civil = absl::CivilSecond(kFirstDay + units);
  }
  const int64_t seconds = FloorDiv(offset_, kSecond);
  return SaturatingAdd(absl::ToUnixNanos(absl::FromCivil(civil + seconds, zone_)),
                       offset_ - seconds * kSecond);
}

}  // namespace spate
