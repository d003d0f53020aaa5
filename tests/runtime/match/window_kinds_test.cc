// Every row of the window table: which events belong, when it closes, with which time and edges.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/runtime/match/window_test_rule.h"

namespace spate {
namespace {

using Lines = std::vector<std::string>;
using Agg = AggregateKind;
using Window = WindowSpec::Kind;

TestEvent NotOk(Time time, int64_t n) {
  TestEvent e = N(time, n);
  e.ok = false;
  return e;
}

WindowSpec Of(Window kind, Duration size = 0, uint64_t events = 0) {
  WindowSpec spec;
  spec.kind = kind;
  spec.size.duration = size;
  spec.events = events;
  return spec;
}
WindowSpec Hopping(Duration size, Duration every, Duration offset = 0) {
  WindowSpec spec = Of(Window::kHopping, size);
  spec.every.duration = every;
  spec.offset.duration = offset;
  return spec;
}
WindowSpec Session(Duration gap, Duration max = 0) {
  WindowSpec spec = Of(Window::kSession, gap);
  spec.max = max;
  return spec;
}
WindowSpec Tumbling(Duration size, Duration offset) {
  WindowSpec spec = Of(Window::kTumbling, size);
  spec.offset.duration = offset;
  return spec;
}

struct Case {
  const char* name;
  WindowSpec window;
  std::vector<TestEvent> events;
  Lines during;      // count and sum; `newest` read with r.n
  Lines at_close;    // what Finish(kReport) adds
  Lines at_advance;  // what Finish(kNoDeadline) and the end of time add
  size_t open = 0;   // windows that Finish(kCount) counts
  bool report_each = false;
};

class WindowKindsTest : public testing::TestWithParam<Case> {
 protected:
  static Lines Run(const Case& c, FinishMode mode, Lines* at_end, MachineStats* stats) {
    TestRule rule(Window::kNone, 0);
    rule.From().window = c.window;
    rule.From().report_each = c.report_each;
    rule.By(kKeyField).Aggregated(Agg::kCount).Aggregated(Agg::kSum, kN);
    rule.Take(c.events);
    Lines during = rule.TakeLines();
    rule.Finish(mode);
    if (mode == FinishMode::kNoDeadline) rule.Advance(kMaxTime);
    *at_end = rule.TakeLines();
    *stats = rule.Stats();
    return during;
  }
};

TEST_P(WindowKindsTest, ReportsWhatTheTableSays) {
  const Case& c = GetParam();
  Lines at_end;
  MachineStats stats;
  EXPECT_EQ(Run(c, FinishMode::kReport, &at_end, &stats), c.during);
  EXPECT_EQ(at_end, c.at_close);
  EXPECT_EQ(stats.open, 0u);
  EXPECT_EQ(Run(c, FinishMode::kNoDeadline, &at_end, &stats), c.during);
  EXPECT_EQ(at_end, c.at_advance);
  EXPECT_EQ(Run(c, FinishMode::kCount, &at_end, &stats), c.during);
  EXPECT_EQ(at_end, Lines());
  EXPECT_EQ(stats.open, c.open);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WindowKindsTest,
    testing::Values(Case{"tumbling_offset",
                         Tumbling(10, 3),
                         {N(2, 1), N(3, 2), N(12, 3)},
                         {"@3 k0 -7..3 1 1"},
                         {"@12 k0 3..13 2 5"},
                         {"@13 k0 3..13 2 5"},
                         1},
                    Case{"tumbling_events",
                         Of(Window::kTumbling, 0, 2),
                         {N(0, 1), N(1, 2), N(1, 3, 7), N(5, 4), N(9, 5)},
                         {"@1 k0 0..1 2 3", "@9 k0 5..9 2 9"},
                         {"@9 k7 1..9 1 3"},
                         {"@9 k7 1..9 1 3"},
                         1},
                    Case{"sliding_events",
                         Of(Window::kSliding, 0, 2),
                         {N(0, 1), N(5, 2), N(6, 3, 7), N(7, 4)},
                         {"@0 k0 0..0 1 1", "@5 k0 0..5 2 3", "@6 k7 6..6 1 3", "@7 k0 5..7 2 6"},
                         {},
                         {},
                         0},
                    Case{"hopping",
                         Hopping(10, 5),
                         {N(1, 1), N(6, 2)},
                         {"@5 k0 -5..5 1 1"},
                         {"@6 k0 0..10 2 3", "@6 k0 5..15 1 2"},
                         {"@10 k0 0..10 2 3", "@15 k0 5..15 1 2"},
                         1},
                    Case{"hopping_partitions_by_first_arrival",
                         Hopping(10, 5),
                         {N(6, 1, 7), N(7, 2, 3), N(11, 3, 3), N(30, 4, 3)},
                         {"@10 k7 0..10 1 1", "@10 k3 0..10 1 2", "@15 k7 5..15 1 1",
                          "@15 k3 5..15 2 5", "@20 k3 10..20 1 3"},
                         {"@30 k3 25..35 1 4", "@30 k3 30..40 1 4"},
                         {"@35 k3 25..35 1 4", "@40 k3 30..40 1 4"},
                         1},
                    Case{"hopping_with_gaps_between_windows",
                         Hopping(2, 5),
                         {N(0, 1), N(1, 2), N(2, 3), N(4, 4), N(6, 5)},
                         {"@2 k0 0..2 2 3"},
                         {"@6 k0 5..7 1 5"},
                         {"@7 k0 5..7 1 5"},
                         1},
                    Case{"session",
                         Session(3),
                         {N(0, 1), N(3, 2), N(7, 3)},
                         {"@6 k0 0..6 2 3"},
                         {"@7 k0 7..10 1 3"},
                         {"@10 k0 7..10 1 3"},
                         1},
                    Case{"session_max_is_included",
                         Session(3, 4),
                         {N(0, 1), N(2, 2), N(4, 3), N(6, 4)},
                         {"@4 k0 0..4 3 6"},
                         {"@6 k0 6..9 1 4"},
                         {"@9 k0 6..9 1 4"},
                         1},
                    Case{"session_of_partitions",
                         Session(3),
                         {N(0, 1, 7), N(0, 2, 3), N(2, 3, 3), N(9, 4, 3)},
                         {"@3 k7 0..3 1 1", "@5 k3 0..5 2 5"},
                         {"@9 k3 9..12 1 4"},
                         {"@12 k3 9..12 1 4"},
                         1},
                    Case{"unbounded",
                         Of(Window::kUnbounded),
                         {N(0, 1), N(9, 2)},
                         {"@0 k0 0..0 1 1", "@9 k0 0..9 2 3"},
                         {},
                         {},
                         0},
                    Case{"tumbling_report_each",
                         Of(Window::kTumbling, 10),
                         {N(0, 1), N(1, 2), N(12, 3)},
                         {"@0 k0 0..10 1 1", "@1 k0 0..10 2 3", "@12 k0 10..20 1 3"},
                         {},
                         {},
                         1,
                         true},
                    Case{"session_report_each",
                         Session(3, 4),
                         {N(0, 1), N(2, 2), N(6, 3)},
                         {"@0 k0 0..3 1 1", "@2 k0 0..4 2 3", "@6 k0 6..9 1 3"},
                         {},
                         {},
                         1,
                         true},
                    Case{"hopping_report_each",
                         Hopping(10, 5),
                         {N(1, 1), N(6, 2)},
                         {"@1 k0 -5..5 1 1", "@1 k0 0..10 1 1", "@6 k0 0..10 2 3",
                          "@6 k0 5..15 1 2"},
                         {},
                         {},
                         2,
                         true}),
    [](const testing::TestParamInfo<Case>& c) { return std::string(c.param.name); });

TEST(WindowEndingTest, ClosesWithItsEvent) {
  TestRule rule(Window::kEnding, 0);
  rule.From().ending = {TestRule::IfOk(false)};
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kSum, kN);
  rule.Take({N(0, 1), NotOk(1, 9), N(2, 2)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@1 0..1 2 10"}));
  rule.Finish(FinishMode::kReport);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@2 2..2 1 2"}));
}

TEST(WindowEndingTest, AnEventThatFromDoesNotAdmitOnlyCloses) {
  TestRule rule(Window::kEnding, 0);
  rule.From().ending = {TestRule::IfOk(false)};
  rule.From().members = {TestRule::IfOk(true)};
  rule.Aggregated(Agg::kCount);
  rule.Take({NotOk(0, 9), N(1, 1), N(2, 2), NotOk(3, 9), NotOk(4, 9)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@3 1..3 2"}));
}

TEST(WindowKindsTest, CalendarWindowsFollowTheZone) {
  TestRule rule(Window::kTumbling, 0);
  rule.From().window.size = {Period::Unit::kDays, 0, 1};
  rule.From().window.zone = "Europe/Paris";
  rule.Aggregated(Agg::kCount);
  const Time before = ParseTime("2026-03-28T22:59:59Z").value();
  const Time midnight = ParseTime("2026-03-28T23:00:00Z").value();
  rule.Take({N(before, 1), N(midnight, 1), N(midnight + 23 * kHour - 1, 1)});
  rule.Finish(FinishMode::kReport);
  const Lines lines = rule.TakeLines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1], absl::StrCat("@", midnight + 23 * kHour - 1, " ", midnight, "..",
                                   midnight + 23 * kHour, " 2"));
}

// Events that are derived at the moment of an end come before the engine's Fire.
TEST(WindowKindsTest, EventsOfTheMomentOfAnEndAreBehindIt) {
  TestRule hopping(Window::kNone, 0);
  hopping.From().window = Hopping(10, 5);
  hopping.Aggregated(Agg::kCount);
  hopping.Take(N(1, 1));
  hopping.TakeInMoment(N(5, 2));
  EXPECT_EQ(hopping.TakeLines(), (Lines{"@5 -5..5 1"}));
  TestRule session(Window::kNone, 0);
  session.From().window = Session(3);
  session.Aggregated(Agg::kCount);
  session.Take(N(0, 1));
  session.TakeInMoment(N(3, 2));
  session.TakeInMoment(N(7, 2));
  EXPECT_EQ(session.TakeLines(), (Lines{"@6 0..6 2"}));
}

}  // namespace
}  // namespace spate
