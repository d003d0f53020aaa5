#include "runtime/channels/read_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace spate {
namespace {

TEST(TimeReaderTest, ReadsWhatParseTimeReads) {
  for (const std::string& text : std::vector<std::string>{"2026-01-31",
                                                          "2026-01-31T08:00",
                                                          "2026-01-31T08:00:00Z",
                                                          "2026-01-31 08:00:00",
                                                          "2026-01-31 08:00:00.5",
                                                          "2026-01-31T08:00:00.123456789Z",
                                                          "2026-01-31T08:00:00.5+01:00",
                                                          "2026-01-31T08:00:00-05:30",
                                                          "2026-02-29T00:00:00Z",
                                                          "2024-02-29T23:59:59Z",
                                                          "2026-01-31T24:00:00Z",
                                                          "2026-01-31T23:60:00Z",
                                                          "2026-01-31T23:59:60Z",
                                                          "2026-13-01T00:00:00Z",
                                                          "2026-01-31T08:00:00.Z",
                                                          "2026-01-31T08:00:00.1234567890Z",
                                                          "1677-09-21T00:12:43Z",
                                                          "1677-09-21T00:12:44Z",
                                                          "2262-04-11T23:47:16Z",
                                                          "2262-04-11T23:47:17Z",
                                                          "2026-01-31X08:00:00Z",
                                                          "2026-01-31T08:00:00ZZ",
                                                          "",
                                                          "x",
                                                          "2026-01-31T08:00:0",
                                                          "2026-01-31T-8:00:00Z",
                                                          "2026-01-31T08:00:00 Z"}) {
    TimeReader reader;
    Time got = 0;
    const bool ok = reader.Read(text, &got);
    const std::optional<Time> want = ParseTime(text);
    EXPECT_EQ(ok, want.has_value()) << text;
    EXPECT_EQ(got, want.value_or(0)) << text;
  }
}

TEST(TimeReaderTest, AgreesWithParseTimeOnRandomTimesAndDamage) {
  std::mt19937_64 random(7);
  TimeReader reader;
  for (int i = 0; i < 20000; ++i) {
    // A few days, so that the remembered date is used and changed.
    std::string text = FormatTime(static_cast<Time>(random() % (5 * kDay)) /
                                  (i % 3 == 0 ? 1 : 1000) * (i % 3 == 0 ? 1 : 1000));
    if (i % 2 == 0) text[10] = ' ';
    if (i % 4 == 1) text[random() % text.size()] = "0123456789:-TZ. "[random() % 16];
    Time got = 0;
    const bool ok = reader.Read(text, &got);
    const std::optional<Time> want = ParseTime(TrimBlanks(text));
    ASSERT_EQ(ok, want.has_value()) << text;
    ASSERT_EQ(got, want.value_or(0)) << text;
  }
}

struct EpochCase {
  std::string text;
  Duration unit;
  std::optional<Time> want;
};

TEST(TimeReaderTest, NumbersCountTheEpochUnit) {
  for (const EpochCase& c :
       std::vector<EpochCase>{{"0", kSecond, 0},
                              {"1700000000", kSecond, 1700000000 * kSecond},
                              {"1700000000.123456789", kSecond, 1700000000 * kSecond + 123456789},
                              {"-1.5", kSecond, -1500 * kMillisecond},
                              {"-0.5", kSecond, -500 * kMillisecond},
                              {"1.5", kMicrosecond, 1500},
                              {"1.7", kNanosecond, 1},
                              {"1.7e9", kSecond, 1700000000 * kSecond},
                              {" 5 ", kMillisecond, 5 * kMillisecond},
                              {"9223372036854775807", kNanosecond, kMaxTime},
                              {"9223372036854775807", kSecond, std::nullopt},
                              {"9223372036.9", kSecond, std::nullopt},
                              {"1e30", kSecond, std::nullopt},
                              {"nan", kSecond, std::nullopt},
                              {"1", 0, std::nullopt}}) {
    TimeReader reader(c.unit);
    Time got = 0;
    const bool ok = reader.Read(c.text, &got);
    EXPECT_EQ(ok, c.want.has_value()) << c.text;
    EXPECT_EQ(got, c.want.value_or(0)) << c.text;
  }
}

TEST(ReadNumberTest, DecimalAndFinite) {
  int64_t i = 0;
  EXPECT_TRUE(ReadInt("-9223372036854775808", &i));
  EXPECT_TRUE(ReadInt("\t5 ", &i));
  for (const char* text : {"", "+5", "0x5", "5.0", "1_000", "5 5", "9223372036854775808", "٥"}) {
    EXPECT_FALSE(ReadInt(text, &i)) << text;
  }
  EXPECT_EQ(i, 5);
  double f = 7;
  EXPECT_TRUE(ReadFloat("1e-400", &f));
  EXPECT_EQ(f, 0);
  EXPECT_TRUE(ReadFloat(".5", &f));
  EXPECT_EQ(f, 0.5);
  for (const char* text : {"", "inf", "nan", "1e400", "0x1p3", "1,5", "1.5f", "-"}) {
    EXPECT_FALSE(ReadFloat(text, &f)) << text;
  }
  EXPECT_EQ(f, 0.5);
}

TEST(ExcerptTest, IsShortPrintableAndValid) {
  EXPECT_EQ(Excerpt("a\nb"), "a?b");
  EXPECT_EQ(Excerpt("a\xFF"), "a?");
  std::string wide;
  for (int i = 0; i < 30; ++i) wide += "\xC3\xA9";
  EXPECT_EQ(Excerpt("x" + wide), "x" + wide.substr(0, 38) + "...");
}

}  // namespace
}  // namespace spate
