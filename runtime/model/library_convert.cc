// Conversions of the library: from and to text, and hashes. What cannot be converted is null.
#include <charconv>
#include <cmath>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "runtime/model/library.h"
#include "windows/time.h"

namespace spate {
namespace {

using Args = absl::Span<const Value>;

constexpr Type kText = Type::Of(Kind::kString);
constexpr Type kAny = Type::Of(Kind::kError);
constexpr Type kInt = Type::Of(Kind::kInt);

// Appends what `string(v)` is. False when there is none: null, or a float that is not finite.
bool AppendText(const Value& v, std::string* out) {
  switch (v.kind) {
    case Kind::kBool:
      absl::StrAppend(out, v.i != 0 ? "true" : "false");
      return true;
    case Kind::kInt:
      absl::StrAppend(out, v.i);
      return true;
    case Kind::kFloat:
      if (!std::isfinite(v.f)) return false;
      AppendFloat(v.f, out);
      return true;
    case Kind::kString:
      absl::StrAppend(out, v.text());
      return true;
    case Kind::kTime:
      AppendTime(v.i, out);
      return true;
    case Kind::kDuration:
      AppendDuration(v.i, out);
      return true;
    case Kind::kIp:
      absl::StrAppend(out, FormatIp(v.text()));
      return true;
    case Kind::kList:
      absl::StrAppend(out, "[");
      for (uint32_t i = 0; i < v.size; ++i) {
        if (i > 0) absl::StrAppend(out, ", ");
        if (!AppendText(v.list[i], out)) absl::StrAppend(out, "null");
      }
      absl::StrAppend(out, "]");
      return true;
    default:
      return false;
  }
}

Value Concat(Args a, Arena* arena, EvalFault*) {
  std::string text;
  for (const Value& v : a) {
    if (!AppendText(v, &text)) return Value::Null();
  }
  return Value::String(arena->Copy(text));
}

Value ToText(Args a, Arena* arena, EvalFault* fault) {
  return a[0].kind == Kind::kString ? a[0] : Concat(a, arena, fault);
}

Value TextToInt(Args a, Arena*, EvalFault*) {
  const int64_t base = a.size() > 1 ? a[1].i : 10;
  if (base < 2 || base > 36) return Value::Null();
  absl::string_view digits = a[0].text();
  if (absl::StartsWith(digits, "+")) digits.remove_prefix(1);
  const bool negative = absl::StartsWith(digits, "-") && digits.size() == a[0].size;
  if (negative) digits.remove_prefix(1);
  if (base == 16 && absl::StartsWithIgnoreCase(digits, "0x")) digits.remove_prefix(2);
  if (digits.empty() || digits[0] == '-') return Value::Null();
  // Read as a magnitude, so that the smallest int can be read and a second sign cannot.
  uint64_t magnitude = 0;
  const char* const end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, magnitude, static_cast<int>(base));
  constexpr uint64_t kLimit = uint64_t{1} << 63;
  if (result.ec != std::errc() || result.ptr != end || magnitude > kLimit - (negative ? 0 : 1)) {
    return Value::Null();
  }
  return Value::Int(static_cast<int64_t>(negative ? -magnitude : magnitude));
}

Value FloatToInt(Args a, Arena*, EvalFault* fault) {
  constexpr double kBound = 9223372036854775808.0;  // 2^63
  const double whole = std::trunc(a[0].f);
  if (!(whole >= -kBound && whole < kBound)) {
    *fault = EvalFault::kOutOfRange;
    return Value::Null();
  }
  return Value::Int(static_cast<int64_t>(whole));
}

Value BoolToInt(Args a, Arena*, EvalFault*) { return Value::Int(a[0].i); }

Value TextToFloat(Args a, Arena*, EvalFault*) {
  double v = 0;
  const absl::string_view text = a[0].text();
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, v);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(v)) return Value::Null();
  return Value::Float(v);
}

Value IntToFloat(Args a, Arena*, EvalFault*) { return ToFloat(a[0]); }

Value TextToIp(Args a, Arena* arena, EvalFault*) {
  char bytes[16];
  if (!ParseIp(a[0].text(), bytes)) return Value::Null();
  return Value::Ip(arena->Copy(absl::string_view(bytes, 16)).data());
}

Value TextToTime(Args a, Arena*, EvalFault*) {
  const auto time = ParseTime(a[0].text());
  return time.has_value() ? Value::OfTime(*time) : Value::Null();
}

Value TextToDuration(Args a, Arena*, EvalFault*) {
  const auto duration = ParseDuration(a[0].text());
  return duration.has_value() ? Value::OfDuration(*duration) : Value::Null();
}

// FNV-1a with 64 bits over the texts of the arguments, each closed by a byte that no text holds:
// the same in every run and on every machine, unlike the hashes of our tables.
Value Hash(Args a, Arena*, EvalFault*) {
  uint64_t h = 0xcbf29ce484222325;
  std::string text;
  for (const Value& v : a) {
    text.clear();
    if (!AppendText(v, &text)) return Value::Null();
    text.push_back('\xff');
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return Value::Int(static_cast<int64_t>(h));
}

}  // namespace

std::vector<LibraryRow> ConvertLibrary() {
  return {
      {{"concat",
        {kAny},
        1,
        true,
        kText,
        false,
        "concat(values: any..) -> string",
        "The texts of all arguments joined: `concat(\"a\", 1)` is `\"a1\"`."},
       Concat},
      {{"string",
        {kAny},
        1,
        false,
        kText,
        false,
        "string(value: any) -> string",
        "The value as text, as it is printed: `string(1.0)` is `\"1.0\"`."},
       ToText},
      {{"int",
        {kText, kInt},
        1,
        false,
        kInt.AsNullable(),
        false,
        "int(text: string, base: int?) -> int?",
        "The number that the text says, with a base from 2 to 36, else 10: `int(\"ff\", 16)` is "
        "255."},
       TextToInt},
      {{"int",
        {Type::Of(Kind::kFloat)},
        1,
        false,
        kInt.AsNullable(),
        false,
        "int(number: float) -> int?",
        "The number without its fraction: `int(-2.7)` is -2."},
       FloatToInt},
      {{"int",
        {Type::Of(Kind::kBool)},
        1,
        false,
        kInt,
        false,
        "int(value: bool) -> int",
        "1 for true, 0 for false: `int(true)` is 1."},
       BoolToInt},
      {{"float",
        {kText},
        1,
        false,
        Type::Of(Kind::kFloat, true),
        false,
        "float(text: string) -> float?",
        "The number that the text says: `float(\"2.5e3\")` is 2500.0."},
       TextToFloat},
      {{"float",
        {kInt},
        1,
        false,
        Type::Of(Kind::kFloat),
        false,
        "float(number: int) -> float",
        "The number as a float: `float(2)` is 2.0."},
       IntToFloat},
      {{"ip",
        {kText},
        1,
        false,
        Type::Of(Kind::kIp, true),
        false,
        "ip(text: string) -> ip?",
        "The address that the text says: `ip(\"10.0.0.9\")`."},
       TextToIp},
      {{"time",
        {kText},
        1,
        false,
        Type::Of(Kind::kTime, true),
        false,
        "time(text: string) -> time?",
        "The time that the text says, in RFC 3339 or `YYYY-MM-DD`: `time(\"2026-01-31\")`."},
       TextToTime},
      {{"duration",
        {kText},
        1,
        false,
        Type::Of(Kind::kDuration, true),
        false,
        "duration(text: string) -> duration?",
        "The duration that the text says: `duration(\"1h30m\")` is 1h30m."},
       TextToDuration},
      {{"hash",
        {kAny},
        1,
        true,
        kInt,
        false,
        "hash(values: any..) -> int",
        "A hash of the arguments' texts, the same in every run: `mod(hash(user), 100) < 5` takes "
        "about every twentieth user."},
       Hash},
  };
}

}  // namespace spate
