#include "runtime/match/window_machine.h"

#include <limits>

#include "gtest/gtest.h"
#include "tests/runtime/match/window_test_rule.h"

namespace spate {
namespace {

using Lines = std::vector<std::string>;
using Agg = AggregateKind;
using Window = WindowSpec::Kind;

TestEvent Text(Time time, std::string s, int64_t key = 0) {
  TestEvent e;
  e.time = time;
  e.s = std::move(s);
  e.key = key;
  return e;
}

TEST(NoWindowTest, EachEventReports) {
  TestRule rule(Window::kNone, 0);
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kSum, kN).Emits(BoundExpr(kN));
  rule.Take({N(3, 7), N(3, 8), N(5, 9)});
  EXPECT_EQ(rule.TakeLines(),
            (Lines{"@3 3..3 1 7 | 3:7", "@3 3..3 1 8 | 3:8", "@5 5..5 1 9 | 5:9"}));
}

TEST(NoWindowTest, HavingIsTested) {
  TestRule rule(Window::kNone, 0);
  rule.Having(MakeExpr(Op::kGt, Kind::kBool, {BoundExpr(kN), IntExpr(7)}));
  rule.Take({N(1, 7), N(2, 8)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@2 2..2 | 2:8"}));
}

TEST(TumblingTest, ReportsAtTheEnd) {
  TestRule rule(Window::kTumbling, 10);
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kSum, kN).Aggregated(Agg::kAvg, kN);
  rule.Take({N(-1, 5), N(0, 1), N(9, 2)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@0 -10..0 1 5 5.0"}));
  rule.Advance(9);
  EXPECT_EQ(rule.TakeLines(), Lines{});
  rule.Advance(10);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 2 3 1.5"}));
  rule.Take(N(47, 1));
  EXPECT_EQ(rule.TakeLines(), Lines{});  // nothing for silence
}

TEST(TumblingTest, AnEventDerivedAtTheEndIsInTheNextWindow) {
  TestRule rule(Window::kTumbling, 10);
  rule.Aggregated(Agg::kCount);
  rule.Take({N(1, 0), N(2, 0)});
  rule.TakeInMoment(N(10, 0));
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 2"}));
  rule.Advance(20);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@20 10..20 1"}));
}

TEST(TumblingTest, TheLastWindowEndsWithTime) {
  TestRule rule(Window::kTumbling, kDay);
  rule.Aggregated(Agg::kCount);
  rule.Take(N(kMaxTime - 1, 0));
  rule.TakeInMoment(N(kMaxTime, 0));
  rule.Advance(kMaxTime);
  EXPECT_EQ(rule.TakeLines().size(), 1u);
}

TEST(TumblingTest, PartitionsReportByFirstArrival) {
  TestRule rule(Window::kTumbling, 10);
  rule.By(kKeyField).Aggregated(Agg::kCount);
  rule.Take({N(1, 0, 7), N(2, 0, 5), N(3, 0, 7)});
  rule.Take({N(11, 0, 5), N(12, 0, 9), N(13, 0, 7)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 k7 0..10 2", "@10 k5 0..10 1"}));
  rule.Advance(20);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@20 k7 10..20 1", "@20 k5 10..20 1", "@20 k9 10..20 1"}));
}

TEST(TumblingTest, AnEventWithANullKeyIsCounted) {
  TestRule rule(Window::kTumbling, 10);
  rule.By(kKeyField).Aggregated(Agg::kCount);
  TestEvent e = N(1, 0);
  e.key = std::nullopt;
  rule.Take(e);
  rule.Advance(10);
  EXPECT_EQ(rule.TakeLines(), Lines{});
  EXPECT_EQ(rule.Stats().null_keys, 1u);
}

TEST(TumblingTest, TheThreeEnds) {
  const auto make = [] {
    auto rule = std::make_unique<TestRule>(Window::kTumbling, 10);
    rule->Aggregated(Agg::kCount);
    rule->Take({N(1, 0), N(4, 0)});
    return rule;
  };
  const auto close = make();
  close->Finish(FinishMode::kReport);
  EXPECT_EQ(close->TakeLines(), (Lines{"@4 0..10 2"}));  // where the clock stands
  EXPECT_EQ(close->Stats().live, 0u);
  const auto advance = make();
  advance->Finish(FinishMode::kNoDeadline);
  EXPECT_EQ(advance->TakeLines(), Lines{});
  advance->Advance(kMaxTime);
  EXPECT_EQ(advance->TakeLines(), (Lines{"@10 0..10 2"}));
  const auto hold = make();
  hold->Finish(FinishMode::kCount);
  EXPECT_EQ(hold->TakeLines(), Lines{});
  EXPECT_EQ(hold->Stats().open, 1u);
}

TEST(TumblingTest, HavingSeesAggregatesAndTheNewestEvent) {
  TestRule rule(Window::kTumbling, 10);
  rule.Aggregated(Agg::kSum, kN)
      .Having(MakeExpr(Op::kAnd, Kind::kBool,
                       {MakeExpr(Op::kGt, Kind::kBool, {AggregateExpr(0), IntExpr(5)}),
                        MakeExpr(Op::kEq, Kind::kBool, {BoundExpr(kN), IntExpr(3)})}));
  rule.Take({N(1, 3), N(2, 3), N(11, 1), N(12, 3), N(21, 3), N(22, 4), N(30, 0)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 6 | 2:3"}));
}

TEST(TumblingTest, NavigationReadsTheFirstAndTheLastEvents) {
  TestRule rule(Window::kTumbling, 10);
  rule.Emits(BoundExpr(kN, Nav::kFirst, 1)).Emits(BoundExpr(kN, Nav::kLast, 1));
  rule.Take({N(0, 1), N(10, 1), N(11, 2), N(12, 3), N(20, 1), N(21, 2), N(22, 3), N(23, 4)});
  rule.Take({N(24, 5), N(25, 6), N(30, 0)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 | 0:1", "@20 10..20 | 10:1 11:2 12:3",
                                     "@30 20..30 | 20:1 21:2 24:5 25:6"}));
}

TEST(TumblingTest, MatchedEventsAreKept) {
  TestRule rule(Window::kTumbling, 10);
  rule.KeepMatched().By(kKeyField).Aggregated(Agg::kCount);
  rule.Take({N(0, 1), N(1, 2, 1), N(2, 3), N(10, 4)});
  EXPECT_EQ(rule.TakeLines(),
            (Lines{"@10 k0 0..10 2 | 0:0:1:1 2:0:3:1", "@10 k1 0..10 1 | 1:1:2:1"}));
}

// Text of events is gone when the window closes: what is reported must be owned.
TEST(TumblingTest, OwnsTexts) {
  TestRule rule(Window::kTumbling, 10);
  rule.Aggregated(Agg::kMin, kS).Aggregated(Agg::kMax, kS).Aggregated(Agg::kFirst, kS);
  rule.Aggregated(Agg::kLast, kS).Aggregated(Agg::kCollect, kS);
  rule.Take({Text(1, "m"), Text(2, "a long text, longer than others"), Text(3, "z"), N(4, 0)});
  rule.Take({Text(11, ""), Text(12, "b")});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 'a long text, longer than others' 'z' 'm' null "
                                     "['m','a long text, longer than others','z']"}));
  rule.Advance(20);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@20 10..20 '' 'b' '' 'b' ['','b']"}));
}

TEST(AggregatesTest, NullsAreLeftOutExceptByFirstAndLast) {
  TestRule rule(Window::kTumbling, 10);
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kCount, kN).Aggregated(Agg::kSum, kN);
  rule.Aggregated(Agg::kAvg, kN).Aggregated(Agg::kMin, kN).Aggregated(Agg::kMax, kN);
  rule.Aggregated(Agg::kFirst, kN).Aggregated(Agg::kLast, kN).Aggregated(Agg::kCollect, kN);
  rule.Take({Text(1, "x"), N(2, 4), N(3, 2), Text(4, "y"), Text(11, "z"), N(20, 0)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 4 2 6 3.0 2 4 null null [4,2]",
                                     "@20 10..20 1 0 null null null null null null []"}));
}

TEST(AggregatesTest, WhereChoosesEvents) {
  const auto big = MakeExpr(Op::kGt, Kind::kBool, {FieldExpr(kN), IntExpr(2)});
  for (const Window window : {Window::kTumbling, Window::kSliding}) {
    TestRule rule(window, 10);
    rule.Aggregated(Agg::kCount, std::nullopt, big).Aggregated(Agg::kSum, kN, big);
    rule.Aggregated(Agg::kFirst, kN, big).Aggregated(Agg::kLast, kN, big);
    rule.Aggregated(Agg::kCollect, kN, big);
    rule.Take({N(1, 1), N(2, 3), N(3, 5), N(4, 2)});
    rule.Advance(10);
    EXPECT_EQ(rule.TakeLines().back().substr(2),
              window == Window::kTumbling ? "0 0..10 2 8 3 5 [3,5]" : " -6..4 2 8 3 5 [3,5]");
  }
}

TEST(AggregatesTest, OverflowIsJudgedWhenRead) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  TestRule rule(Window::kSliding, 10);
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kSum, kN);
  rule.Take({N(1, kMax), N(2, 1), N(3, -1), N(12, 5)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@1 -9..1 1 9223372036854775807", "@2 -8..2 2 null",
                                     "@3 -7..3 3 9223372036854775807", "@12 2..12 3 5"}));
  ASSERT_EQ(rule.issues().entries().size(), 1u);
  EXPECT_EQ(rule.issues().entries()[0].fault, EvalFault::kOverflow);
  EXPECT_EQ(rule.issues().entries()[0].origin.begin, 1u);
  EXPECT_EQ(rule.issues().entries()[0].count, 1u);
}

TEST(SlidingTest, BothEdgesBelong) {
  TestRule rule(Window::kSliding, 10);
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kMin, kN);
  rule.Take({N(0, 1), N(10, 3), N(11, 2)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@0 -10..0 1 1", "@10 0..10 2 1", "@11 1..11 2 2"}));
}

TEST(SlidingTest, OfEqualTimesOnlyThoseTakenSoFar) {
  TestRule rule(Window::kSliding, 0);
  rule.Aggregated(Agg::kCount);
  rule.Take({N(5, 0), N(5, 0), N(6, 0)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@5 5..5 1", "@5 5..5 2", "@6 6..6 1"}));
}

TEST(SlidingTest, NavigationReadsStoredEvents) {
  TestRule rule(Window::kSliding, 10);
  rule.Emits(BoundExpr(kN, Nav::kFirst)).Emits(BoundExpr(kN, Nav::kLast, 1));
  rule.Take({N(0, 1), N(1, 2), N(2, 3), N(3, 4), N(11, 5)});
  EXPECT_EQ(rule.TakeLines(),
            (Lines{"@0 -10..0 | 0:1", "@1 -9..1 | 0:1 1:2", "@2 -8..2 | 0:1 1:2 2:3",
                   "@3 -7..3 | 0:1 2:3 3:4", "@11 1..11 | 1:2 3:4 11:5"}));
}

TEST(SlidingTest, EmptyPartitionsAreSwept) {
  TestRule rule(Window::kSliding, 10);
  rule.By(kKeyField).Aggregated(Agg::kCount);
  for (int64_t key = 0; key < 1000; ++key) rule.Take(N(0, 0, key));
  EXPECT_EQ(rule.Stats().live, 1000u);
  for (int64_t i = 0; i < 1000; ++i) rule.Take(N(100 + i / 100, 0, 5));
  EXPECT_EQ(rule.Stats().live, 1u);
  EXPECT_EQ(rule.TakeLines().back(), "@109 k5 99..109 1000");
}

}  // namespace
}  // namespace spate
