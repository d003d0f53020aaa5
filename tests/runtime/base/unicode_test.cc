// Letter cases and characters; folding agrees with RE2's `(?i)` for every letter.
#include "runtime/base/unicode.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/base/regex.h"

namespace spate {
namespace {

std::string Lower(absl::string_view text) {
  std::string out;
  AppendLower(text, &out);
  return out;
}

std::string Upper(absl::string_view text) {
  std::string out;
  AppendUpper(text, &out);
  return out;
}

TEST(Unicode, Cases) {
  EXPECT_EQ(Lower("Straße ÄÖ Σ"), "straße äö σ");
  EXPECT_EQ(Upper("Straße äö ς"), "STRAßE ÄÖ Σ");
  EXPECT_EQ(Lower(""), "");
  EXPECT_EQ(Lower("A\xffZ"), "a\xffz");
}

TEST(Unicode, Folding) {
  EXPECT_TRUE(EqualFolded("cmd.EXE", "CMD.exe"));
  EXPECT_TRUE(EqualFolded("ΣΑΣ", "σας"));
  EXPECT_TRUE(EqualFolded("K", "k"));  // the Kelvin sign
  EXPECT_TRUE(EqualFolded("ẞ", "ß"));
  EXPECT_FALSE(EqualFolded("ss", "ß"));
  EXPECT_FALSE(EqualFolded("İ", "i"));
  EXPECT_FALSE(EqualFolded("ı", "I"));
  EXPECT_FALSE(EqualFolded("a", "ab"));
  EXPECT_FALSE(EqualFolded("a\xff", "a\xfe"));
  EXPECT_TRUE(EqualFolded("a\xff", "A\xff"));
  EXPECT_TRUE(EqualFolded("ÄB", "äb"));
}

TEST(Unicode, Characters) {
  EXPECT_EQ(CountCharacters("aé漢😀"), 4u);
  EXPECT_EQ(CountCharacters("\xff\xe6\xbc"), 3u);  // no valid UTF-8: each byte
  EXPECT_EQ(ByteOfCharacter("aé漢😀", 0), 0u);
  EXPECT_EQ(ByteOfCharacter("aé漢😀", 2), 3u);
  EXPECT_EQ(ByteOfCharacter("aé漢😀", 9), 10u);
  EXPECT_EQ(CharacterLength("漢"), 3u);
}

std::string Utf8(int32_t c) {
  std::string out;
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xc0 | c >> 6));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | c >> 12));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 63)));
  } else {
    out.push_back(static_cast<char>(0xf0 | c >> 18));
    out.push_back(static_cast<char>(0x80 | (c >> 12 & 63)));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 63)));
  }
  if (c >= 0x80) out.push_back(static_cast<char>(0x80 | (c & 63)));
  return out;
}

// `==~` and `matches~` must agree on what a letter's other forms are. (RE2 knows Unicode 13; the
// few letters that got a case later are left out.)
TEST(Unicode, FoldsAsRe2Does) {
  int letters = 0;
  for (int32_t c = 0x20; c < 0x1e944; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    const std::string text = Utf8(c);
    const bool new_letter = (c >= 0x10570 && c < 0x105c0) || c == 0x2c2f || c == 0x2c5f ||
                            (c >= 0xa7c0 && c < 0xa7f2) || c == 0x1c89 || c == 0x1c8a;
    if (new_letter) continue;
    size_t at = 0;
    for (const std::string& other : {Lower(text), Upper(text), Utf8(NextFolded(text, &at))}) {
      if (other == text) continue;
      ++letters;
      const absl::StatusOr<Regex> regex = Regex::Compile("^" + other + "$", true);
      ASSERT_TRUE(regex.ok());
      EXPECT_EQ(regex->Matches(text), EqualFolded(other, text)) << text << " " << other;
    }
  }
  EXPECT_GT(letters, 2000);
}

}  // namespace
}  // namespace spate
