#include "windows/alignment.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace spate {
namespace {

using Unit = Period::Unit;

WindowSpec Tumbling(Period size, Duration offset = 0, std::string zone = "") {
  WindowSpec spec;
  spec.kind = WindowSpec::Kind::kTumbling;
  spec.size = size;
  spec.offset.duration = offset;
  spec.zone = std::move(zone);
  return spec;
}

Period Fixed(Duration d) { return {Unit::kFixed, d, 0}; }
Period Calendar(int64_t n, Unit unit) { return {unit, 0, n}; }

Time At(const char* text) { return ParseTime(text).value(); }

TEST(AlignmentTest, FixedPeriodsLieAtMultiplesOfTheirSize) {
  struct Case {
    Duration size, offset;
    Time t, start, end;
  };
  const Case cases[] = {
      {10, 0, 0, 0, 10},
      {10, 0, 9, 0, 10},
      {10, 0, 10, 10, 20},
      {10, 0, -1, -10, 0},
      {10, 0, -10, -10, 0},
      {10, 3, 0, -7, 3},
      {10, 3, 3, 3, 13},
      {10, 3, -8, -17, -7},
      {10, -3, 0, -3, 7},
      {10, 23, 0, -7, 3},
      {1, 0, -7, -7, -6},
      {10, -23, 7, 7, 17},
      {kMaxTime, 0, 5, 0, kMaxTime},
  };
  for (const Case& c : cases) {
    const Alignment a = Alignment::Create(Tumbling(Fixed(c.size), c.offset)).value();
    EXPECT_EQ(a.Start(c.t), c.start) << c.t << " by " << c.size << "+" << c.offset;
    EXPECT_EQ(a.End(c.t), c.end) << c.t << " by " << c.size << "+" << c.offset;
  }
  const Alignment day = Alignment::Create(Tumbling(Fixed(kDay))).value();
  EXPECT_EQ(day.Start(kMinTime), kMinTime);
  EXPECT_EQ(day.End(kMaxTime), kMaxTime);
}

// A fixed period is moved by what the zone's clocks showed at the epoch, and keeps its length.
TEST(AlignmentTest, AZoneMovesFixedPeriods) {
  const Alignment a = Alignment::Create(Tumbling(Fixed(kDay), 0, "Europe/Paris")).value();
  EXPECT_EQ(FormatTime(a.Start(At("2026-01-31T12:00Z"))), "2026-01-30T23:00:00Z");
  EXPECT_EQ(FormatTime(a.Start(At("2026-07-31T12:00Z"))), "2026-07-30T23:00:00Z");
}

struct CalendarCase {
  Period size;
  Duration offset;
  const char* zone;
  const char* t;
  const char* start;
  const char* end;
};

class CalendarTest : public testing::TestWithParam<CalendarCase> {};

TEST_P(CalendarTest, BoundariesFollowTheWallClock) {
  const CalendarCase& c = GetParam();
  const Alignment a = Alignment::Create(Tumbling(c.size, c.offset, c.zone)).value();
  EXPECT_EQ(FormatTime(a.Start(At(c.t))), c.start);
  EXPECT_EQ(FormatTime(a.End(At(c.t))), c.end);
  EXPECT_EQ(a.NextStart(At(c.t)), a.End(At(c.t)));
}

const Period kOneDay = Calendar(1, Unit::kDays);

INSTANTIATE_TEST_SUITE_P(
    Cases, CalendarTest,
    testing::Values(CalendarCase{kOneDay, 0, "", "1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z",
                                 "1970-01-01T00:00:00Z"},
                    // The spring night has 23 hours, the autumn night 25.
                    CalendarCase{kOneDay, 0, "Europe/Paris", "2026-03-29T12:00Z",
                                 "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
                    CalendarCase{kOneDay, 0, "Europe/Paris", "2026-10-25T12:00Z",
                                 "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
                    // 02:30 is skipped in spring (the jump is at 01:00Z) and comes twice in autumn.
                    CalendarCase{kOneDay, 150 * kMinute, "Europe/Paris", "2026-03-29T12:00Z",
                                 "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
                    CalendarCase{kOneDay, 150 * kMinute, "Europe/Paris", "2026-10-25T01:45Z",
                                 "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
                    CalendarCase{kOneDay, 6 * kHour, "America/New_York", "2026-01-31T10:59:59Z",
                                 "2026-01-30T11:00:00Z", "2026-01-31T11:00:00Z"},
                    CalendarCase{kOneDay, -kHour, "", "2026-01-31T23:30Z", "2026-01-31T23:00:00Z",
                                 "2026-02-01T23:00:00Z"},
                    // Samoa had no 30 December 2011.
                    CalendarCase{kOneDay, 0, "Pacific/Apia", "2011-12-30T09:59:59Z",
                                 "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},
                    CalendarCase{kOneDay, 0, "Pacific/Apia", "2011-12-30T10:00:00Z",
                                 "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
                    CalendarCase{Calendar(1, Unit::kWeeks), 0, "", "2026-11-24T10:00Z",
                                 "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"},
                    CalendarCase{Calendar(2, Unit::kWeeks), 0, "", "1970-01-12T00:00Z",
                                 "1970-01-12T00:00:00Z", "1970-01-26T00:00:00Z"},
                    CalendarCase{Calendar(1, Unit::kMonths), 0, "Europe/Paris", "2026-02-28T23:30Z",
                                 "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"},
                    CalendarCase{Calendar(3, Unit::kMonths), 0, "", "1969-11-15T00:00Z",
                                 "1969-10-01T00:00:00Z", "1970-01-01T00:00:00Z"},
                    CalendarCase{Calendar(1, Unit::kYears), 0, "", "2024-12-31T23:00Z",
                                 "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"},
                    CalendarCase{kOneDay, 1500 * kMillisecond, "", "2026-01-31T00:00:01Z",
                                 "2026-01-30T00:00:01.500Z", "2026-01-31T00:00:01.500Z"}));

TEST(AlignmentTest, CalendarPeriodsCoverTheRangeOfTime) {
  for (Unit unit : {Unit::kDays, Unit::kWeeks, Unit::kMonths, Unit::kYears}) {
    const Alignment a = Alignment::Create(Tumbling(Calendar(1, unit), 0, "Asia/Tokyo")).value();
    EXPECT_EQ(a.Start(kMinTime), kMinTime);
    EXPECT_EQ(a.End(kMaxTime), kMaxTime);
    EXPECT_LE(a.Start(kMaxTime), kMaxTime);
  }
}

// Every hour of two years is in its window, and windows join without gaps.
TEST(AlignmentTest, WindowsJoin) {
  for (const char* zone : {"Europe/Paris", "Australia/Lord_Howe", "America/Sao_Paulo"}) {
    const Alignment a = Alignment::Create(Tumbling(kOneDay, 0, zone)).value();
    for (Time t = At("2017-01-01"); t < At("2019-01-01"); t += kHour) {
      const TimeInterval w = a.Window(t);
      ASSERT_LE(w.start, t);
      ASSERT_LT(t, w.end);
      ASSERT_EQ(a.Start(w.start), w.start);
      ASSERT_EQ(a.Start(w.end), w.end);
      ASSERT_EQ(a.Start(w.end - 1), w.start);
    }
  }
}

TEST(AlignmentTest, HoppingWindowsBeginAtEveryStep) {
  WindowSpec spec = Tumbling(Fixed(10), 1);
  spec.kind = WindowSpec::Kind::kHopping;
  spec.every = Fixed(4);
  const Alignment a = Alignment::Create(spec).value();
  EXPECT_EQ(a.Window(0), (TimeInterval{-3, 7}));
  EXPECT_EQ(a.Window(1), (TimeInterval{1, 11}));
  EXPECT_EQ(a.NextStart(0), 1);
  EXPECT_EQ(a.NextStart(1), 5);
}

TEST(AlignmentTest, FaultyWindowsAreRefused) {
  EXPECT_TRUE(absl::IsNotFound(Alignment::Create(Tumbling(kOneDay, 0, "Mars/Base")).status()));
  EXPECT_TRUE(absl::IsNotFound(FindZone("localtime").status()));
  EXPECT_TRUE(absl::IsNotFound(FindZone("/etc/localtime").status()));
  EXPECT_TRUE(absl::IsNotFound(FindZone("file:UTC").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Alignment::Create(Tumbling(Fixed(0))).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Alignment::Create(WindowSpec{}).status()));
}

}  // namespace
}  // namespace spate
