#include "tests/reference/calendar.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/reference/print.h"

namespace spate::reference {
namespace {

constexpr Time kHour = 3'600 * kSecond;

std::string Shown(const TimeSpan& span) {
  return FormatTime(span.begin) + " " + FormatTime(span.end);
}

Rule Tumbling(int64_t size, const std::string& unit, int64_t offset, const std::string& zone) {
  Rule rule;
  rule.window = WindowKind::kTumbling;
  rule.window_size = size;
  rule.calendar = unit;
  rule.offset = {"", offset};
  rule.zone = zone;
  return rule;
}

TEST(Calendar, FixedWindowsAreAlignedToTheEpoch) {
  EXPECT_EQ(TumblingWindow(Tumbling(10 * kSecond, "", 0, ""), 25 * kSecond),
            (TimeSpan{20 * kSecond, 30 * kSecond}));
  EXPECT_EQ(TumblingWindow(Tumbling(10 * kSecond, "", 3 * kSecond, ""), 2 * kSecond),
            (TimeSpan{-7 * kSecond, 3 * kSecond}));
  EXPECT_EQ(TumblingWindow(Tumbling(24 * kHour, "", 0, "Europe/Paris"), 0),
            (TimeSpan{-kHour, 23 * kHour}));
}

TEST(Calendar, CalendarWindowsFollowTheZone) {
  const Time march_29 = 1'774'742'400 * kSecond;  // 2026-03-29T00:00Z: an hour is skipped at 01:00Z
  EXPECT_EQ(Shown(TumblingWindow(Tumbling(1, "day", 0, "Europe/Paris"), march_29)),
            "2026-03-28T23:00:00.000Z 2026-03-29T22:00:00.000Z");
  EXPECT_EQ(Shown(TumblingWindow(Tumbling(1, "month", 0, ""), march_29)),
            "2026-03-01T00:00:00.000Z 2026-04-01T00:00:00.000Z");
  EXPECT_EQ(Shown(TumblingWindow(Tumbling(1, "week", 0, ""), march_29)),
            "2026-03-23T00:00:00.000Z 2026-03-30T00:00:00.000Z");
  EXPECT_EQ(Shown(TumblingWindow(Tumbling(1, "year", 0, "Europe/Paris"), march_29)),
            "2025-12-31T23:00:00.000Z 2026-12-31T23:00:00.000Z");
  // At 02:30, which the clocks skip: the moment of the jump.
  Rule skipped = Tumbling(1, "day", 2 * kHour + kHour / 2, "Europe/Paris");
  EXPECT_EQ(Shown(TumblingWindow(skipped, march_29 + 2 * kHour)),
            "2026-03-29T01:00:00.000Z 2026-03-30T00:30:00.000Z");
}

TEST(Calendar, HoppingWindowsThatHoldATime) {
  Rule rule = Tumbling(10 * kSecond, "", 0, "");
  rule.window = WindowKind::kHopping;
  rule.every = {"", 5 * kSecond};
  EXPECT_EQ(HoppingWindows(rule, 6 * kSecond),
            (std::vector<TimeSpan>{{0, 10 * kSecond}, {5 * kSecond, 15 * kSecond}}));
}

TEST(Calendar, Ticks) {
  Clock clock{nullptr, {"", 10 * kSecond}, {"", 2 * kSecond}, ""};
  EXPECT_EQ(NextTick(clock, 0), 2 * kSecond);
  EXPECT_EQ(NextTick(clock, 2 * kSecond), 2 * kSecond);
  EXPECT_EQ(NextTick(clock, 3 * kSecond), 12 * kSecond);
}

}  // namespace
}  // namespace spate::reference
