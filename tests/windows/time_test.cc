// Times and durations: every form that is read, every form that is refused, and printing.
#include "windows/time.h"

#include <gtest/gtest.h>

#include <random>

namespace spate {
namespace {

struct TimeCase {
  const char* text;
  Time time;
};

TEST(Time, Reads) {
  const TimeCase cases[] = {
      {"1970-01-01", 0},
      {"1970-01-02", kDay},
      {"1970-01-01T08:00", 8 * kHour},
      {"1970-01-01 08:00:01", 8 * kHour + kSecond},
      {"1970-01-01T08:00:00Z", 8 * kHour},
      {"1970-01-01t08:00:00z", 8 * kHour},
      {"1970-01-01T08:00:00.5+01:00", 7 * kHour + 500 * kMillisecond},
      {"1970-01-01T00:00-00:30", 30 * kMinute},
      {"1970-01-01T00:00:00.123456789Z", 123456789},
      {"1970-01-01T00:00:00.1234567899Z", 123456789},
      {"1969-12-31T23:59:59.999999999Z", -1},
      {"2000-02-29", 11016 * kDay},
      {"2000-03-01", 11017 * kDay},
      {"2026-01-31T08:00:00Z", 1769846400 * kSecond},
      {"1900-03-01", -25508 * kDay},
      {"2100-03-01", 47541 * kDay},
      {"1677-09-21T00:12:43.145224192Z", kMinTime},
      {"2262-04-11T23:47:16.854775807Z", kMaxTime},
  };
  for (const TimeCase& c : cases) EXPECT_EQ(ParseTime(c.text), c.time) << c.text;
}

TEST(Time, Refuses) {
  for (const char* text : {"",
                           "1970",
                           "1970-01",
                           "1970-1-1",
                           "1970-13-01",
                           "1970-00-01",
                           "1970-01-32",
                           "1970-01-00",
                           "1970-02-29",
                           "1900-02-29",
                           "1970-01-02T08",
                           "1970-01-02T",
                           "1970-01-02T24:00",
                           "1970-01-02T08:60",
                           "1970-01-02T08:00:60",
                           "1970-01-02T08:00:00.",
                           "1970-01-02T08:00:00,5",
                           "1970-01-02T08:00:00+1",
                           "1970-01-02T08:00:00+0100",
                           "1970-01-02T08:00:00+24:00",
                           "1970-01-02T08:00:00Zx",
                           "1970-01-02 ",
                           " 1970-01-02",
                           "1970-01-02Z",
                           "+1970-01-02",
                           "1677-09-21T00:12:43.145224191Z",
                           "2262-04-11T23:47:16.854775808Z",
                           "9999-12-31",
                           "0000-01-01"}) {
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
  }
}

TEST(Time, Prints) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(500 * kMillisecond), "1970-01-01T00:00:00.500Z");
  EXPECT_EQ(FormatTime(5 * kMicrosecond), "1970-01-01T00:00:00.000005Z");
  EXPECT_EQ(FormatTime(5), "1970-01-01T00:00:00.000000005Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(FormatTime(kMinTime), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(FormatTime(kMaxTime), "2262-04-11T23:47:16.854775807Z");
}

TEST(Time, EveryDayReadsBack) {
  for (Time t = kMinTime / kDay * kDay; t <= kMaxTime - kDay; t += kDay) {
    ASSERT_EQ(ParseTime(FormatTime(t)), t) << t;
  }
}

TEST(Time, RandomTimesReadBack) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Time t = static_cast<Time>(random());
    ASSERT_EQ(ParseTime(FormatTime(t)), t) << t;
  }
}

struct DurationCase {
  const char* text;
  Duration duration;
  const char* printed;
};

TEST(Duration, ReadsAndPrints) {
  const DurationCase cases[] = {
      {"0s", 0, "0s"},
      {"500ms", 500 * kMillisecond, "500ms"},
      {"1h30m", 90 * kMinute, "1h30m"},
      {"1.5s", 1500 * kMillisecond, "1s500ms"},
      {"37h30m", 37 * kHour + 30 * kMinute, "1d13h30m"},
      {"1w", kWeek, "7d"},
      {"-2s", -2 * kSecond, "-2s"},
      {"-1h1m", -61 * kMinute, "-1h1m"},
      {"1us1ns", 1001, "1us1ns"},
      {"0.000000001s", 1, "1ns"},
      {"90s", 90 * kSecond, "1m30s"},
      {"9223372036854775807ns", kMaxTime, "106751d23h47m16s854ms775us807ns"},
      {"-9223372036854775808ns", kMinTime, "-106751d23h47m16s854ms775us808ns"},
  };
  for (const DurationCase& c : cases) {
    EXPECT_EQ(ParseDuration(c.text), c.duration) << c.text;
    EXPECT_EQ(FormatDuration(c.duration), c.printed);
  }
}

TEST(Duration, Refuses) {
  for (const char* text :
       {"", "5", "s", "5min", "5 s", "1.s", ".5s", "--1s", "+1s", "1h-1m", "0.5ns", "1e3s",
        "9223372036854775808ns", "-9223372036854775809ns", "99999999999999999999999999999999999w",
        "106752d", "1.0000000000000000001s", "1S"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(Duration, RandomDurationsReadBack) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const Duration d = static_cast<Duration>(random()) >> (random() % 64);
    ASSERT_EQ(ParseDuration(FormatDuration(d)), d) << d;
  }
}

TEST(CheckedArithmetic, SaysOverflow) {
  EXPECT_EQ(CheckedAdd(kMaxTime, 1), std::nullopt);
  EXPECT_EQ(CheckedAdd(kMaxTime, -1), kMaxTime - 1);
  EXPECT_EQ(CheckedSubtract(kMinTime, 1), std::nullopt);
  EXPECT_EQ(CheckedSubtract(0, kMinTime), std::nullopt);
  EXPECT_EQ(CheckedMultiply(kMinTime, -1), std::nullopt);
  EXPECT_EQ(CheckedMultiply(3, -4), -12);
}

TEST(SaturatingArithmetic, StopsAtTheBounds) {
  EXPECT_EQ(SaturatingAdd(kMaxTime, 1), kMaxTime);
  EXPECT_EQ(SaturatingAdd(kMinTime, -1), kMinTime);
  EXPECT_EQ(SaturatingAdd(1, 2), 3);
  EXPECT_EQ(SaturatingSubtract(kMinTime, 1), kMinTime);
  EXPECT_EQ(SaturatingSubtract(kMaxTime, -1), kMaxTime);
  EXPECT_EQ(SaturatingSubtract(1, 2), -1);
}

}  // namespace
}  // namespace spate
