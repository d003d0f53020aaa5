#include "windows/time.h"

#include <array>

namespace spate {
namespace {

__extension__ typedef __int128 Int128;  // for products of 64 bits, checked afterwards

std::optional<int64_t> Narrow(Int128 v) {
  if (v < kMinTime || v > kMaxTime) return std::nullopt;
  return static_cast<int64_t>(v);
}

bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr std::array<int, 13> kDaysBeforeMonth = {0,   31,  59,  90,  120, 151, 181,
                                                  212, 243, 273, 304, 334, 365};
constexpr int64_t kDaysTo1970 = 719528;  // from 0000-01-01, Gregorian backwards

// Days from 0000-01-01 to the first day of `year` >= 0.
int64_t DaysBeforeYear(int64_t year) {
  if (year == 0) return 0;
  const int64_t y = year - 1;
  return 365 * year + y / 4 - y / 100 + y / 400 + 1;  // + 1: the year 0 is a leap year
}

int64_t DaysBeforeMonth(int64_t year, int64_t month) {
  return kDaysBeforeMonth[static_cast<size_t>(month - 1)] + (month > 2 && IsLeapYear(year) ? 1 : 0);
}

struct Date {
  int64_t year, month, day;
};

// The date of a day counted from 0000-01-01; days >= 0.
Date DateOfDay(int64_t days) {
  int64_t year = days * 400 / 146097;  // right, or one too far at the turn of a year
  while (DaysBeforeYear(year) > days) --year;
  while (DaysBeforeYear(year + 1) <= days) ++year;
  const int64_t in_year = days - DaysBeforeYear(year);
  int64_t month = in_year / 32 + 1;  // right, or one too early
  if (month < 12 && DaysBeforeMonth(year, month + 1) <= in_year) ++month;
  return {year, month, in_year - DaysBeforeMonth(year, month) + 1};
}

// Reads a text from left to right.
class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool PeekDigit() const { return peek() >= '0' && peek() <= '9'; }
  bool Take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Exactly `digits` digits with a value from `low` to `high`.
  bool TakeNumber(int digits, int64_t low, int64_t high, int64_t* out) {
    int64_t v = 0;
    for (int i = 0; i < digits; ++i) {
      if (!PeekDigit()) return false;
      v = 10 * v + (text_[at_++] - '0');
    }
    *out = v;
    return v >= low && v <= high;
  }
  int TakeDigit() { return text_[at_++] - '0'; }
  absl::string_view TakeLetters() {
    const size_t begin = at_;
    while (!done() && text_[at_] >= 'a' && text_[at_] <= 'z') ++at_;
    return text_.substr(begin, at_ - begin);
  }

 private:
  absl::string_view text_;
  size_t at_ = 0;
};

// `.5`, one digit or more, as nanoseconds; digits after the ninth are dropped.
bool TakeFraction(Reader* in, int64_t* nanos) {
  if (!in->Take('.')) return true;
  if (!in->PeekDigit()) return false;
  int64_t unit = kSecond / 10;
  while (in->PeekDigit()) {
    *nanos += unit * in->TakeDigit();
    unit /= 10;
  }
  return true;
}

// `Z`, `+01:00` or nothing, as the offset from UTC in minutes.
bool TakeZone(Reader* in, int64_t* minutes) {
  if (in->done() || in->Take('Z') || in->Take('z')) return true;
  const bool west = in->peek() == '-';
  int64_t hour = 0;
  int64_t minute = 0;
  if (!in->Take('+') && !in->Take('-')) return false;
  if (!in->TakeNumber(2, 0, 23, &hour) || !in->Take(':') || !in->TakeNumber(2, 0, 59, &minute)) {
    return false;
  }
  *minutes = (west ? -1 : 1) * (60 * hour + minute);
  return true;
}

std::optional<Duration> UnitOf(absl::string_view name) {
  if (name == "ns") return kNanosecond;
  if (name == "us") return kMicrosecond;
  if (name == "ms") return kMillisecond;
  if (name == "s") return kSecond;
  if (name == "m") return kMinute;
  if (name == "h") return kHour;
  if (name == "d") return kDay;
  if (name == "w") return kWeek;
  return std::nullopt;
}

// One number with its unit, in ns; nullopt when it is none or no whole number of ns.
std::optional<Int128> TakeComponent(Reader* in) {
  constexpr Int128 kLimit = static_cast<Int128>(1) << 63;
  constexpr int kMaxFraction = 18;
  if (!in->PeekDigit()) return std::nullopt;
  Int128 whole = 0;
  while (in->PeekDigit()) {
    whole = 10 * whole + in->TakeDigit();
    if (whole > kLimit) return std::nullopt;
  }
  Int128 fraction = 0;
  Int128 scale = 1;
  if (in->Take('.')) {
    if (!in->PeekDigit()) return std::nullopt;
    for (int i = 0; in->PeekDigit(); ++i) {
      if (i == kMaxFraction) return std::nullopt;
      fraction = 10 * fraction + in->TakeDigit();
      scale *= 10;
    }
  }
  const std::optional<Duration> unit = UnitOf(in->TakeLetters());
  if (!unit.has_value() || fraction * *unit % scale != 0) return std::nullopt;
  return whole * *unit + fraction * *unit / scale;
}

void AppendPadded(int64_t v, int width, std::string* out) {
  char digits[20];
  for (int i = width - 1; i >= 0; --i) {
    digits[i] = static_cast<char>('0' + v % 10);
    v /= 10;
  }
  out->append(digits, static_cast<size_t>(width));
}

}  // namespace

std::optional<int64_t> CheckedAdd(int64_t a, int64_t b) {
  int64_t r = 0;
  if (__builtin_add_overflow(a, b, &r)) return std::nullopt;
  return r;
}

std::optional<int64_t> CheckedSubtract(int64_t a, int64_t b) {
  int64_t r = 0;
  if (__builtin_sub_overflow(a, b, &r)) return std::nullopt;
  return r;
}

std::optional<int64_t> CheckedMultiply(int64_t a, int64_t b) {
  int64_t r = 0;
  if (__builtin_mul_overflow(a, b, &r)) return std::nullopt;
  return r;
}

std::optional<Time> ParseTime(absl::string_view text) {
  Reader in(text);
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nanos = 0, zone = 0;
  if (!in.TakeNumber(4, 0, 9999, &year) || !in.Take('-') || !in.TakeNumber(2, 1, 12, &month) ||
      !in.Take('-')) {
    return std::nullopt;
  }
  const int64_t days_in_month =
      month == 12 ? 31 : DaysBeforeMonth(year, month + 1) - DaysBeforeMonth(year, month);
  if (!in.TakeNumber(2, 1, days_in_month, &day)) return std::nullopt;
  if (!in.done()) {
    if (!in.Take('T') && !in.Take(' ') && !in.Take('t')) return std::nullopt;
    if (!in.TakeNumber(2, 0, 23, &hour) || !in.Take(':') || !in.TakeNumber(2, 0, 59, &minute)) {
      return std::nullopt;
    }
    if (in.Take(':') && (!in.TakeNumber(2, 0, 59, &second) || !TakeFraction(&in, &nanos))) {
      return std::nullopt;
    }
    if (!TakeZone(&in, &zone) || !in.done()) return std::nullopt;
  }
  const int64_t days = DaysBeforeYear(year) + DaysBeforeMonth(year, month) + day - 1 - kDaysTo1970;
  const int64_t minutes = (days * 24 + hour) * 60 + minute - zone;
  return Narrow(static_cast<Int128>(minutes) * kMinute + second * kSecond + nanos);
}

std::optional<Duration> ParseDuration(absl::string_view text) {
  Reader in(text);
  const bool negative = in.Take('-');
  Int128 sum = 0;
  do {
    const std::optional<Int128> part = TakeComponent(&in);
    if (!part.has_value()) return std::nullopt;
    sum += *part;
    // Checked in each round, so that no number of parts overflows the sum.
    if (sum > static_cast<Int128>(kMaxTime) + 1) return std::nullopt;
  } while (!in.done());
  return Narrow(negative ? -sum : sum);
}

void AppendTime(Time time, std::string* out) {
  int64_t days = time / kDay;
  int64_t rest = time % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const Date date = DateOfDay(days + kDaysTo1970);
  AppendPadded(date.year, 4, out);
  out->push_back('-');
  AppendPadded(date.month, 2, out);
  out->push_back('-');
  AppendPadded(date.day, 2, out);
  out->push_back('T');
  AppendPadded(rest / kHour, 2, out);
  out->push_back(':');
  AppendPadded(rest / kMinute % 60, 2, out);
  out->push_back(':');
  AppendPadded(rest / kSecond % 60, 2, out);
  if (const int64_t nanos = rest % kSecond; nanos != 0) {
    out->push_back('.');
    if (nanos % kMillisecond == 0) {
      AppendPadded(nanos / kMillisecond, 3, out);
    } else if (nanos % kMicrosecond == 0) {
      AppendPadded(nanos / kMicrosecond, 6, out);
    } else {
      AppendPadded(nanos, 9, out);
    }
  }
  out->push_back('Z');
}

std::string FormatTime(Time time) {
  std::string out;
  AppendTime(time, &out);
  return out;
}

void AppendDuration(Duration duration, std::string* out) {
  struct Unit {
    uint64_t size;
    absl::string_view name;
  };
  static constexpr Unit kUnits[] = {{kDay, "d"},        {kHour, "h"},         {kMinute, "m"},
                                    {kSecond, "s"},     {kMillisecond, "ms"}, {kMicrosecond, "us"},
                                    {kNanosecond, "ns"}};
  if (duration == 0) {
    out->append("0s");
    return;
  }
  uint64_t rest = static_cast<uint64_t>(duration);
  if (duration < 0) {
    out->push_back('-');
    rest = -rest;  // right for the smallest duration too
  }
  for (const Unit& unit : kUnits) {
    if (rest < unit.size) continue;
    out->append(std::to_string(rest / unit.size));
    out->append(unit.name.data(), unit.name.size());
    rest %= unit.size;
  }
}

std::string FormatDuration(Duration duration) {
  std::string out;
  AppendDuration(duration, &out);
  return out;
}

}  // namespace spate
