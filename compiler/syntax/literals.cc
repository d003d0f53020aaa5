#include "compiler/syntax/literals.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace spate {
namespace {

std::string WithoutUnderscores(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"_", ""}});
}

void AppendUtf8(uint32_t c, std::string* out) {
  const auto put = [&](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// Reads `\uXXXX` at `i`; nullopt when four hexadecimal digits do not follow.
std::optional<uint32_t> ReadUnicodeEscape(absl::string_view body, size_t i) {
  if (body.size() < i + 6 || body[i] != '\\' || body[i + 1] != 'u') return std::nullopt;
  uint32_t value = 0;
  for (size_t k = i + 2; k < i + 6; ++k) {
    const char c = absl::ascii_tolower(static_cast<unsigned char>(body[k]));
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return value;
}

// Appends the code point of the `\u` escape at `i`, or of the pair of them; returns the bytes
// read, 0 when it is no code point.
size_t AppendUnicodeEscape(absl::string_view body, size_t i, std::string* out) {
  const std::optional<uint32_t> first = ReadUnicodeEscape(body, i);
  if (!first.has_value() || (*first >= 0xDC00 && *first <= 0xDFFF)) return 0;
  if (*first < 0xD800 || *first > 0xDBFF) {
    AppendUtf8(*first, out);
    return 6;
  }
  const std::optional<uint32_t> second = ReadUnicodeEscape(body, i + 6);
  if (!second.has_value() || *second < 0xDC00 || *second > 0xDFFF) return 0;
  AppendUtf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
  return 12;
}

char SimpleEscape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

}  // namespace

std::optional<int64_t> ReadInt(absl::string_view text, bool negated) {
  int64_t value = 0;
  const std::string digits = absl::StrCat(negated ? "-" : "", WithoutUnderscores(text));
  if (!absl::SimpleAtoi(digits, &value)) return std::nullopt;
  return value;
}

std::optional<double> ReadFloat(absl::string_view text) {
  double value = 0;
  if (!absl::SimpleAtod(WithoutUnderscores(text), &value) || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<Duration> ReadDuration(absl::string_view text) {
  return ParseDuration(WithoutUnderscores(text));
}

UnescapedText Unescape(absl::string_view body) {
  UnescapedText result;
  for (size_t i = 0; i < body.size();) {
    if (body[i] != '\\') {
      result.value.push_back(body[i++]);
      continue;
    }
    size_t read = 0;
    const char next = i + 1 < body.size() ? body[i + 1] : '\0';
    if (next == 'u') {
      read = AppendUnicodeEscape(body, i, &result.value);
    } else if (const char c = SimpleEscape(next); c != '\0') {
      result.value.push_back(c);
      read = 2;
    }
    if (read == 0) {
      if (result.bad_length == 0) {
        result.bad_begin = i;
        result.bad_length = next == '\0' ? 1 : 2;
      }
      read = 1;  // the backslash is dropped, what follows is read as it stands
    }
    i += read;
  }
  return result;
}

absl::string_view RawTextBody(absl::string_view token) {
  const size_t open = token.find('"');
  if (open == absl::string_view::npos) return "";
  const size_t hashes = open - 1;  // after the `r`
  const size_t end = token.size() - 1 - hashes;
  return end > open ? token.substr(open + 1, end - open - 1) : absl::string_view();
}

}  // namespace spate
