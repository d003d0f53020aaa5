// From characters to values.
#include "compiler/syntax/literals.h"

#include <limits>

#include "gtest/gtest.h"

namespace spate {
namespace {

TEST(LiteralsTest, ReadsInts) {
  EXPECT_EQ(ReadInt("1_000"), 1000);
  EXPECT_EQ(ReadInt("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ReadInt("9223372036854775808"), std::nullopt);
  EXPECT_EQ(ReadInt("9223372036854775808", /*negated=*/true), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(ReadInt("9223372036854775809", /*negated=*/true), std::nullopt);
}

TEST(LiteralsTest, ReadsFloatsAndDurations) {
  EXPECT_EQ(ReadFloat("1e-3"), 0.001);
  EXPECT_EQ(ReadFloat("1_0.5"), 10.5);
  EXPECT_EQ(ReadFloat("1e999"), std::nullopt);
  EXPECT_EQ(ReadDuration("1h30m"), kHour + 30 * kMinute);
  EXPECT_EQ(ReadDuration("1.5s"), 1500 * kMillisecond);
  EXPECT_EQ(ReadDuration("1_000ms"), kSecond);
  EXPECT_EQ(ReadDuration("999999999d"), std::nullopt);
}

TEST(LiteralsTest, Unescapes) {
  struct Case {
    std::string body, value;
    size_t bad_begin, bad_length;
  };
  for (const Case& c : std::vector<Case>{
           {"", "", 0, 0},
           {R"(a\"b\\c\/\b\f\n\r\t)", "a\"b\\c/\b\f\n\r\t", 0, 0},
           {R"(\u0041\u00e9\u65E5)", "A\xC3\xA9\xE6\x97\xA5", 0, 0},
           {R"(\uD83D\uDE00!)", "\xF0\x9F\x98\x80!", 0, 0},
           {R"(x\dy)", "xdy", 1, 2},
           {R"(ab\uD83D)", "abuD83D", 2, 2},  // half a pair
           {R"(\uDE00)", "uDE00", 0, 2},
           {R"(\u12)", "u12", 0, 2},
           {R"(\u12g4 \q)", "u12g4 q", 0, 2},  // the first one is told
       }) {
    const UnescapedText text = Unescape(c.body);
    EXPECT_EQ(text.value, c.value) << c.body;
    EXPECT_EQ(text.bad_begin, c.bad_begin) << c.body;
    EXPECT_EQ(text.bad_length, c.bad_length) << c.body;
  }
}

TEST(LiteralsTest, TakesTheInsideOfRawTexts) {
  EXPECT_EQ(std::string(RawTextBody(R"(r"a\b")")), R"(a\b)");
  EXPECT_EQ(std::string(RawTextBody("r#\"a \"b\"\"#")), "a \"b\"");
  EXPECT_EQ(std::string(RawTextBody("r\"\"")), "");
  EXPECT_EQ(std::string(RawTextBody("r##\"\"#\"##")), "\"#");
}

}  // namespace
}  // namespace spate
