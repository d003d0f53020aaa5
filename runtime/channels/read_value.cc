#include "runtime/channels/read_value.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"

namespace spate {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Two digits as a number, or a number above 99.
uint32_t TwoDigits(const char* p) {
  const uint32_t tens = static_cast<uint8_t>(p[0] - '0');
  const uint32_t ones = static_cast<uint8_t>(p[1] - '0');
  return tens <= 9 && ones <= 9 ? 10 * tens + ones : 100;
}

// `.123` (dot included) as nanoseconds: 1 to 9 digits, nothing else.
bool ReadFraction(absl::string_view text, int64_t* nanoseconds) {
  if (text.size() < 2 || text.size() > 10) return false;
  int64_t value = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (!IsDigit(text[i])) return false;
    value = 10 * value + (text[i] - '0');
  }
  constexpr int64_t kUnit[] = {100'000'000, 10'000'000, 1'000'000, 100'000, 10'000,
                               1'000,       100,        10,        1};
  *nanoseconds = value * kUnit[text.size() - 2];
  return true;
}

// A number with a fraction or an exponent, as nanoseconds; exact for up to nine digits after the
// point.
bool ReadEpochNumber(absl::string_view text, Duration unit, Time* out) {
  const size_t point = text.find('.');
  int64_t whole = 0;
  if (point != absl::string_view::npos && point > 0 && ReadInt(text.substr(0, point), &whole)) {
    int64_t fraction = 0;
    const std::optional<int64_t> scaled = CheckedMultiply(whole, unit);
    if (scaled.has_value() && ReadFraction(text.substr(point), &fraction)) {
      const int64_t part = fraction / (kSecond / unit);
      const std::optional<int64_t> sum =
          text[0] == '-' ? CheckedSubtract(*scaled, part) : CheckedAdd(*scaled, part);
      if (!sum.has_value()) return false;
      *out = *sum;
      return true;
    }
  }
  double number = 0;
  if (!ReadFloat(text, &number)) return false;
  number *= static_cast<double>(unit);
  if (!(std::abs(number) < 9.2e18)) return false;
  *out = std::llround(number);
  return true;
}

}  // namespace

absl::string_view TrimBlanks(absl::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

bool ReadBool(absl::string_view text, int64_t* out) {
  if (text == "true" || text == "false") {  // as most are written
    *out = text.size() == 4 ? 1 : 0;
    return true;
  }
  text = TrimBlanks(text);
  if (absl::EqualsIgnoreCase(text, "true")) {
    *out = 1;
  } else if (absl::EqualsIgnoreCase(text, "false")) {
    *out = 0;
  } else {
    return false;
  }
  return true;
}

bool ReadInt(absl::string_view text, int64_t* out) {
  text = TrimBlanks(text);
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return false;
  *out = value;
  return true;
}

bool ReadFloat(absl::string_view text, double* out) {
  text = TrimBlanks(text);
  if (text.empty()) return false;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range && stop == end) {
    if (!absl::SimpleAtod(text, &value)) return false;  // so small that it is 0, or infinite
  } else if (error != std::errc() || stop != end) {
    return false;
  }
  if (!std::isfinite(value)) return false;
  *out = value;
  return true;
}

bool ReadDuration(absl::string_view text, int64_t* out) {
  const std::optional<Duration> duration = ParseDuration(TrimBlanks(text));
  if (!duration.has_value()) return false;
  *out = *duration;
  return true;
}

bool TimeReader::Read(absl::string_view text, Time* out) {
  return ReadClock(text, out) || ReadSlow(TrimBlanks(text), out);
}

bool TimeReader::ReadClock(absl::string_view text, Time* out) {
  const char* p = text.data();
  if (text.size() < 19 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':') {
    return false;
  }
  if (!has_date_ || std::memcmp(date_, p, sizeof(date_)) != 0) {
    const std::optional<Time> midnight = ParseTime(text.substr(0, 10));
    if (!midnight.has_value() || *midnight > kMaxTime - kDay) return false;
    std::memcpy(date_, p, sizeof(date_));
    midnight_ = *midnight;
    has_date_ = true;
  }
  const uint32_t hour = TwoDigits(p + 11);
  const uint32_t minute = TwoDigits(p + 14);
  const uint32_t second = TwoDigits(p + 17);
  if (hour > 23 || minute > 59 || second > 59) return false;
  absl::string_view tail = text.substr(19);
  if (!tail.empty() && tail.back() == 'Z') tail.remove_suffix(1);
  int64_t fraction = 0;
  if (!tail.empty() && (tail[0] != '.' || !ReadFraction(tail, &fraction))) return false;
  *out = midnight_ + (int64_t{hour} * 3600 + minute * 60 + second) * kSecond + fraction;
  return true;
}

bool TimeReader::ReadSlow(absl::string_view text, Time* out) const {
  if (const std::optional<Time> time = ParseTime(text); time.has_value()) {
    *out = *time;
    return true;
  }
  if (epoch_unit_ == 0) return false;
  int64_t number = 0;
  if (!ReadInt(text, &number)) return ReadEpochNumber(text, epoch_unit_, out);
  const std::optional<int64_t> time = CheckedMultiply(number, epoch_unit_);
  if (!time.has_value()) return false;
  *out = *time;
  return true;
}

bool ReadScalar(Kind kind, absl::string_view text, TimeReader* times, Arena* arena, Value* out) {
  int64_t integral = 0;
  switch (kind) {
    case Kind::kBool:
      if (!ReadBool(text, &integral)) return false;
      break;
    case Kind::kInt:
      if (!ReadInt(text, &integral)) return false;
      break;
    case Kind::kTime:
      if (!times->Read(text, &integral)) return false;
      break;
    case Kind::kDuration:
      if (!ReadDuration(text, &integral)) return false;
      break;
    case Kind::kFloat: {
      double number = 0;
      if (!ReadFloat(text, &number)) return false;
      *out = Value::Float(number);
      return true;
    }
    case Kind::kString:
      *out = Value::String(text);
      return true;
    case Kind::kIp: {
      char bytes[16];
      if (!ParseIp(TrimBlanks(text), bytes)) return false;
      *out = Value::Ip(arena->Copy(absl::string_view(bytes, sizeof(bytes))).data());
      return true;
    }
    default:
      return false;
  }
  *out = Value::Integral(integral, kind);
  return true;
}

std::string Excerpt(absl::string_view text) {
  constexpr size_t kMost = 40;
  size_t cut = std::min(text.size(), kMost);
  while (cut < text.size() && cut > 0 && (text[cut] & 0xC0) == 0x80) --cut;
  std::string out(text.data(), cut);
  for (char& c : out) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = '?';
  }
  if (!simdjson::validate_utf8(out)) {
    for (char& c : out) {
      if ((c & 0x80) != 0) c = '?';
    }
  }
  if (cut < text.size()) out += "...";
  return out;
}

std::string WhyNotRead(Kind kind, absl::string_view text, Duration epoch_unit) {
  const absl::string_view trimmed = TrimBlanks(text);
  const std::string quoted = absl::StrCat("`", Excerpt(text), "`");
  double number = 0;
  const bool numeric = ReadFloat(trimmed, &number);
  switch (kind) {
    case Kind::kString:
      return "the text is not valid UTF-8";
    case Kind::kInt:
      if (numeric && trimmed.find_first_of(".eE") == absl::string_view::npos) {
        return absl::StrCat(quoted, " does not fit into an int (64 bits)");
      }
      return absl::StrCat(quoted, " is not an int");
    case Kind::kFloat:
      return absl::StrCat(quoted, " is not a finite float");
    case Kind::kTime:
      if (numeric && epoch_unit == 0) {
        return absl::StrCat(quoted, " is not a time; `--epoch` reads numbers as times");
      }
      return absl::StrCat(quoted, " is not a time");
    case Kind::kDuration:
      return absl::StrCat(quoted, " is not a duration such as `1h30m`");
    case Kind::kIp:
      return absl::StrCat(quoted, " is not an ip address");
    default:
      return absl::StrCat(quoted, " is not a ", std::string(KindName(kind)));
  }
}

}  // namespace spate
