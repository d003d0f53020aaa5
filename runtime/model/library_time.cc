// Times, durations and addresses in the library.
#include <cstdio>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "runtime/model/arithmetic.h"
#include "runtime/model/cidr.h"
#include "runtime/model/library.h"
#include "windows/time.h"

namespace spate {
namespace {

using Args = absl::Span<const Value>;

constexpr Type kInt = Type::Of(Kind::kInt);
constexpr Type kTime = Type::Of(Kind::kTime);
constexpr Type kDuration = Type::Of(Kind::kDuration);
constexpr Type kFloat = Type::Of(Kind::kFloat);
constexpr Type kText = Type::Of(Kind::kString);

// The clock and calendar of args[0], in the zone args[1] or UTC; nullopt for an unknown zone.
std::optional<absl::CivilSecond> CivilOf(Args a) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (a.size() > 1 && !absl::LoadTimeZone(std::string(a[1].text()), &zone)) return std::nullopt;
  return absl::ToCivilSecond(absl::FromUnixNanos(a[0].i), zone);
}

Value Hour(Args a, Arena*, EvalFault*) {
  const auto civil = CivilOf(a);
  return civil.has_value() ? Value::Int(civil->hour()) : Value::Null();
}

Value Minute(Args a, Arena*, EvalFault*) {
  const auto civil = CivilOf(a);
  return civil.has_value() ? Value::Int(civil->minute()) : Value::Null();
}

// ISO 8601: Monday is 1, Sunday 7.
Value Weekday(Args a, Arena*, EvalFault*) {
  const auto civil = CivilOf(a);
  if (!civil.has_value()) return Value::Null();
  return Value::Int(static_cast<int>(absl::GetWeekday(*civil)) + 1);
}

Value DateText(Args a, Arena* arena, EvalFault*) {
  const auto civil = CivilOf(a);
  if (!civil.has_value()) return Value::Null();
  char text[32];
  const int size = std::snprintf(text, sizeof(text), "%04d-%02d-%02d",
                                 static_cast<int>(civil->year()), civil->month(), civil->day());
  return Value::String(arena->Copy(absl::string_view(text, static_cast<size_t>(size))));
}

Value Trunc(Args a, Arena*, EvalFault* fault) {
  if (a[1].i <= 0) return Fault(EvalFault::kOutOfRange, fault);
  const Value rest = FloorModulo(a[0].i, a[1].i, Kind::kDuration, fault);
  if (rest.is_null()) return rest;
  return Arithmetic(Op::kSub, a[0], rest, nullptr, fault);
}

template <Duration kUnit>
Value In(Args a, Arena*, EvalFault*) {
  return Value::Float(static_cast<double>(a[0].i) / static_cast<double>(kUnit));
}

// A range that is none holds no address.
bool InNet(const Value& address, const Value& net) {
  const auto parsed = CidrNet::Parse(net.text());
  return parsed.has_value() && parsed->Contains(address.text());
}

Value CidrOf(Args a, Arena*, EvalFault*) {
  for (const Value& net : a.subspan(1)) {
    if (InNet(a[0], net)) return Value::Bool(true);
  }
  return Value::Bool(false);
}

Value CidrOfList(Args a, Arena*, EvalFault*) {
  bool saw_null = false;
  for (const Value& net : a[1].elements()) {
    if (net.is_null()) {
      saw_null = true;
    } else if (InNet(a[0], net)) {
      return Value::Bool(true);
    }
  }
  return saw_null ? Value::Null() : Value::Bool(false);
}

void AddCidr(std::vector<LibraryRow>* rows) {
  constexpr absl::string_view kDoc =
      "Whether the address lies in one of the ranges: `cidr(source, \"10.0.0.0/8\", \"::1\")`.";
  rows->push_back({{"cidr",
                    {Type::Of(Kind::kIp), kText},
                    2,
                    true,
                    Type::Of(Kind::kBool),
                    false,
                    "cidr(address: ip, nets: string..) -> bool",
                    kDoc},
                   CidrOf});
  rows->push_back({{"cidr",
                    {Type::Of(Kind::kIp), Type::ListOf(Kind::kString)},
                    2,
                    false,
                    Type::Of(Kind::kBool),
                    false,
                    "cidr(address: ip, nets: [string]) -> bool",
                    kDoc},
                   CidrOfList});
}

}  // namespace

std::vector<LibraryRow> TimeLibrary() {
  std::vector<LibraryRow> rows = {
      {{"hour",
        {kTime, kText},
        1,
        false,
        kInt,
        false,
        "hour(t: time, zone: string?) -> int",
        "The hour of the day, 0 to 23, in UTC or a zone: `hour(ts, \"Europe/Paris\")`."},
       Hour},
      {{"minute",
        {kTime, kText},
        1,
        false,
        kInt,
        false,
        "minute(t: time, zone: string?) -> int",
        "The minute of the hour, 0 to 59: `minute(@2026-01-31T08:15)` is 15."},
       Minute},
      {{"weekday",
        {kTime, kText},
        1,
        false,
        kInt,
        false,
        "weekday(t: time, zone: string?) -> int",
        "The day of the week, 1 (Monday) to 7 (Sunday): `weekday(@2026-01-31)` is 6."},
       Weekday},
      {{"date",
        {kTime, kText},
        1,
        false,
        kText,
        false,
        "date(t: time, zone: string?) -> string",
        "The day as text: `date(@2026-01-31T08:00)` is `\"2026-01-31\"`."},
       DateText},
      {{"trunc",
        {kTime, kDuration},
        2,
        false,
        kTime,
        false,
        "trunc(t: time, to: duration) -> time",
        "The time rounded down to a multiple of a duration since the epoch: `trunc(ts, 15m)`."},
       Trunc},
      {{"hours",
        {kDuration},
        1,
        false,
        kFloat,
        false,
        "hours(d: duration) -> float",
        "The duration in hours: `hours(90m)` is 1.5."},
       In<kHour>},
      {{"minutes",
        {kDuration},
        1,
        false,
        kFloat,
        false,
        "minutes(d: duration) -> float",
        "The duration in minutes: `minutes(90s)` is 1.5."},
       In<kMinute>},
      {{"seconds",
        {kDuration},
        1,
        false,
        kFloat,
        false,
        "seconds(d: duration) -> float",
        "The duration in seconds: `seconds(1500ms)` is 1.5."},
       In<kSecond>},
  };
  AddCidr(&rows);
  return rows;
}

}  // namespace spate
