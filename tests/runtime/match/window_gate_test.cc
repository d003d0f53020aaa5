// `on change`, `else emit`, `having .. for`, over all kinds of windows.
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/runtime/match/window_test_rule.h"

namespace spate {
namespace {

using Lines = std::vector<std::string>;
using Agg = AggregateKind;
using Window = WindowSpec::Kind;

ExprPtr CountIs(Op op, int64_t n) {
  return MakeExpr(op, Kind::kBool, {AggregateExpr(0), IntExpr(n)});
}

TestRule OnChange(Window kind, Duration size, ExprPtr having) {
  TestRule rule(kind, size);
  rule.Aggregated(Agg::kCount).Aggregated(Agg::kSum, kN).Having(std::move(having));
  rule.From().on_change = true;
  return rule;
}

TEST(WindowGateTest, SlidingTurnsByEventsThatLeave) {
  TestRule rule = OnChange(Window::kSliding, 5, CountIs(Op::kGe, 2));
  rule.Take({N(0, 1), N(1, 2), N(2, 3)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@1 -4..1 2 3"}));
  rule.Advance(30);
  EXPECT_EQ(rule.TakeLines(), (Lines{"else @6 1..6 1 3"}));
  EXPECT_EQ(rule.Stats().live, 0u);
}

// An event at exactly D later finds the oldest one still there; events of one time leave together.
TEST(WindowGateTest, WhatIsExactlyAtTheEdgeIsIn) {
  TestRule rule = OnChange(Window::kSliding, 5, CountIs(Op::kGe, 3));
  rule.Take({N(0, 1), N(0, 2), N(5, 3), N(6, 4)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@5 0..5 3 6", "else @5 0..5 1 3"}));
}

// Over nothing `count()` is 0: having holds on, and the next event does not turn it.
TEST(WindowGateTest, JudgedOverNothing) {
  TestRule rule = OnChange(Window::kSliding, 5, CountIs(Op::kLe, 1));
  rule.Take({N(0, 1), N(1, 2), N(20, 3)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@0 -5..0 1 1", "else @1 -4..1 2 3", "@5 0..5 1 2"}));
}

// `r.n` is that of the newest event, also when it has left.
TEST(WindowGateTest, TheNewestEventWhenAllHaveLeft) {
  TestRule rule = OnChange(Window::kSliding, 5, CountIs(Op::kGe, 1));
  rule.Emits(BoundExpr(kN));
  rule.Take(N(0, 4));
  EXPECT_EQ(rule.TakeLines(), (Lines{"@0 -5..0 1 4 | 0:4"}));
  rule.Advance(10);
  EXPECT_EQ(rule.TakeLines(), (Lines{"else @5 0..5 0 null left 0"}));
}

TEST(WindowGateTest, ElseOnlyWhereTheReportPassed) {
  TestRule rule = OnChange(Window::kSliding, 5, CountIs(Op::kGe, 2));
  rule.Take({N(0, 1), N(1, 2), N(10, 3)});
  rule.HoldBack(true);
  rule.Take({N(11, 4), N(30, 5)});
  EXPECT_EQ(rule.TakeLines(),
            (Lines{"@1 -4..1 2 3", "else @5 0..5 1 2", "@11 6..11 2 7 held back"}));
}

// Windows that are judged when they close: the state is that of the partition.
TEST(WindowGateTest, TumblingComparesWithTheWindowBefore) {
  TestRule rule = OnChange(Window::kTumbling, 10, CountIs(Op::kGe, 2));
  rule.Take({N(0, 1), N(1, 2), N(30, 3), N(31, 4), N(40, 5)});
  rule.Finish(FinishMode::kReport);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@10 0..10 2 3", "else @40 40..50 1 5"}));
}

// With `report each` every window begins and ends with `having` false.
TEST(WindowGateTest, ReportEachEndsWithTheWindow) {
  TestRule rule = OnChange(Window::kTumbling, 10, CountIs(Op::kGe, 2));
  rule.From().report_each = true;
  rule.Take({N(0, 1), N(1, 2), N(2, 3), N(10, 4), N(11, 5)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@1 0..10 2 3", "else @10 0..10 3 6", "@11 10..20 2 9"}));
  rule.Finish(FinishMode::kReport);
  EXPECT_EQ(rule.TakeLines(), (Lines{"else @11 10..20 2 9"}));
}

TEST(WindowGateTest, ReportEachOfWindowsThatCount) {
  TestRule rule = OnChange(Window::kTumbling, 0, CountIs(Op::kGe, 2));
  rule.From().window.events = 2;
  rule.From().report_each = true;
  rule.Take({N(0, 3), N(1, 4), N(2, 9)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@1 0..1 2 7", "else @1 0..1 2 7"}));
}

TEST(WindowGateTest, HoppingWindowsHaveStatesOfTheirOwn) {
  TestRule rule = OnChange(Window::kHopping, 10, CountIs(Op::kGe, 2));
  rule.From().window.every.duration = 5;
  rule.From().report_each = true;
  rule.Take({N(1, 1), N(6, 2), N(7, 3), N(20, 4)});
  EXPECT_EQ(rule.TakeLines(),
            (Lines{"@6 0..10 2 3", "@7 5..15 2 5", "else @10 0..10 3 6", "else @15 5..15 2 5"}));
}

TEST(WindowGateTest, WithoutAWindowTheLastEventDecides) {
  TestRule rule(Window::kNone, 0);
  rule.Aggregated(Agg::kSum, kN)
      .Having(MakeExpr(Op::kGt, Kind::kBool, {AggregateExpr(0), IntExpr(5)}));
  rule.From().on_change = true;
  rule.Take({N(0, 9), N(1, 8), N(2, 1), N(3, 7)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@0 0..0 9", "else @2 2..2 1", "@3 3..3 7"}));
}

TestRule HavingFor(Window kind, Duration size, ExprPtr having, Duration hold) {
  TestRule rule = OnChange(kind, size, std::move(having));
  rule.From().on_change = false;
  rule.From().having_for = hold;
  return rule;
}

TEST(WindowGateTest, HavingForReportsOnceAtThatMoment) {
  TestRule rule = HavingFor(Window::kSliding, 10, CountIs(Op::kGe, 2), 3);
  rule.Take({N(0, 1), N(1, 2), N(3, 3), N(5, 4)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@4 -6..4 3 6"}));
}

TEST(WindowGateTest, HavingForBrokenAtTheVeryMoment) {
  TestRule rule(Window::kSliding, 0);
  rule.From().window.events = 2;
  rule.From().having_for = 3;
  rule.Aggregated(Agg::kSum, kN)
      .Having(MakeExpr(Op::kGe, Kind::kBool, {AggregateExpr(0), IntExpr(4)}));
  rule.Take({N(0, 2), N(1, 2), N(4, 1), N(9, 9), N(20, 9)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@12 4..12 10"}));
}

// The event that leaves at that very moment has still held.
TEST(WindowGateTest, HavingForThenElse) {
  TestRule rule = HavingFor(Window::kSliding, 5, CountIs(Op::kGe, 2), 4);
  rule.Take({N(0, 1), N(1, 2), N(20, 3)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@5 0..5 2 3", "else @5 0..5 1 2"}));
}

TEST(WindowGateTest, HavingForWithinAWindowThatReportsEach) {
  TestRule rule(Window::kTumbling, 10);
  rule.Aggregated(Agg::kSum, kN)
      .Having(MakeExpr(Op::kGt, Kind::kBool, {AggregateExpr(0), IntExpr(5)}));
  rule.From().report_each = true;
  rule.From().having_for = 5;
  rule.Take({N(7, 9), N(11, 1), N(12, 9), N(25, 1)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@17 10..20 10", "else @20 10..20 10"}));
}

// Judged at each close; what is reported is the window that was judged last.
TEST(WindowGateTest, HavingForOverSeveralWindows) {
  TestRule rule = HavingFor(Window::kTumbling, 10, CountIs(Op::kGe, 2), 15);
  rule.Take({N(0, 1), N(1, 2), N(10, 3), N(11, 4), N(22, 5), N(40, 6)});
  EXPECT_EQ(rule.TakeLines(), (Lines{"@25 10..20 2 7", "else @30 20..30 1 5"}));
  EXPECT_EQ(rule.Stats().live, 1u);
}

// What needs time to pass has not been observed at the end of the input.
TEST(WindowGateTest, WhatStillWaitsAtTheEndIsCounted) {
  for (const FinishMode mode : {FinishMode::kReport, FinishMode::kCount}) {
    TestRule rule = HavingFor(Window::kSliding, 10, CountIs(Op::kGe, 2), 3);
    rule.By(kKeyField);
    rule.Take({N(0, 1), N(1, 2), N(1, 1, 7), N(2, 1, 7)});
    rule.Finish(mode);
    EXPECT_EQ(rule.TakeLines(), Lines());
    EXPECT_EQ(rule.Stats().open, 2u);
  }
  TestRule rule = HavingFor(Window::kSliding, 10, CountIs(Op::kGe, 2), 3);
  rule.Take({N(0, 1), N(1, 2)});
  rule.Finish(FinishMode::kNoDeadline);
  rule.Advance(kMaxTime);
  EXPECT_EQ(rule.TakeLines(), (Lines{"@4 -6..4 2 3", "else @10 0..10 1 2"}));
}

// Deadlines of one time: partition by partition.
TEST(WindowGateTest, PartitionsInOrderOfFirstArrival) {
  TestRule rule = OnChange(Window::kSliding, 5, CountIs(Op::kGe, 1));
  rule.By(kKeyField);
  rule.Take({N(0, 1, 7), N(0, 2, 3)});
  rule.TakeLines();
  rule.Advance(6);
  EXPECT_EQ(rule.TakeLines(), (Lines{"else @5 k7 0..5 0 null", "else @5 k3 0..5 0 null"}));
}

}  // namespace
}  // namespace spate
