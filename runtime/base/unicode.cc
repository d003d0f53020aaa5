#include "runtime/base/unicode.h"

#include <utf8proc.h>

namespace spate {
namespace {

constexpr int32_t kInvalid = 0x110000;  // plus the byte

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

void AppendCharacter(int32_t c, std::string* out) {
  if (c >= kInvalid) {
    out->push_back(static_cast<char>(c - kInvalid));
    return;
  }
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t length = utf8proc_encode_char(c, bytes);
  out->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

int32_t Lower(int32_t c) { return c >= kInvalid ? c : utf8proc_tolower(c); }

// Unicode's simple mapping leaves `ß` alone; utf8proc makes it the capital of 2017.
int32_t Upper(int32_t c) { return c >= kInvalid || c == 0xdf ? c : utf8proc_toupper(c); }

// Lower case of upper case is the same for all forms of a letter. The dotted capital and the
// dotless small i of Turkish fold to themselves.
int32_t Fold(int32_t c) {
  if (c == 0x130 || c == 0x131) return c;
  return Lower(Upper(c));
}

template <typename AsciiMap, typename Map>
void AppendMapped(absl::string_view text, AsciiMap ascii_map, Map map, std::string* out) {
  out->reserve(out->size() + text.size());
  for (size_t at = 0; at < text.size();) {
    if (IsAscii(text[at])) {
      out->push_back(ascii_map(text[at++]));
    } else {
      AppendCharacter(map(NextCharacter(text, &at)), out);
    }
  }
}

}  // namespace

int32_t NextCharacter(absl::string_view text, size_t* at) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + *at;
  if (*bytes < 0x80) {
    ++*at;
    return *bytes;
  }
  utf8proc_int32_t character = 0;
  const utf8proc_ssize_t length =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - *at), &character);
  if (length <= 0) {
    ++*at;
    return kInvalid + *bytes;
  }
  *at += static_cast<size_t>(length);
  return character;
}

size_t CharacterLength(absl::string_view text) {
  size_t at = 0;
  NextCharacter(text, &at);
  return at;
}

size_t CountCharacters(absl::string_view text) {
  size_t n = 0;
  for (size_t at = 0; at < text.size(); ++n) NextCharacter(text, &at);
  return n;
}

size_t ByteOfCharacter(absl::string_view text, size_t index) {
  size_t at = 0;
  for (size_t i = 0; i < index && at < text.size(); ++i) NextCharacter(text, &at);
  return at;
}

void AppendLower(absl::string_view text, std::string* out) {
  AppendMapped(text, LowerAscii, Lower, out);
}

void AppendUpper(absl::string_view text, std::string* out) {
  AppendMapped(text, UpperAscii, Upper, out);
}

int32_t NextFolded(absl::string_view text, size_t* at) {
  if (IsAscii(text[*at])) return LowerAscii(text[(*at)++]);
  return Fold(NextCharacter(text, at));
}

bool EqualFolded(absl::string_view a, absl::string_view b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (NextFolded(a, &i) != NextFolded(b, &j)) return false;
  }
  return i == a.size() && j == b.size();
}

}  // namespace spate
