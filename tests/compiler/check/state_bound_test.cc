// State bounds and times of reports, by rule.
#include "compiler/check/state_bound.h"

#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

struct BoundCase {
  const char* rule;  // after kTypes
  const char* state;
  const char* reports;
};

class StateBounds : public ::testing::TestWithParam<BoundCase> {};

TEST_P(StateBounds, AreReadOffTheRule) {
  Checked c = CheckText(std::string(kTypes) + "rule r { " + GetParam().rule + " }\n");
  ASSERT_FALSE(c.diagnostics.has_errors()) << GetParam().rule << "\n" << Lines(c);
  const CheckedRule& rule = c.rules.rules[0];
  EXPECT_EQ(ToText(StateBoundOf(rule)), GetParam().state) << GetParam().rule;
  EXPECT_EQ(ToText(ReportTimesOf(rule)), GetParam().reports) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, StateBounds,
    ::testing::Values(
        BoundCase{"match a: A", "constant", "at once"},
        BoundCase{"match a: A, b: B by x", "constant per key", "at once"},
        BoundCase{"match not B ever -> a: A", "constant", "at once"},
        BoundCase{"match a: A -> b: B within 5m", "by window", "at once"},
        BoundCase{"match a: A -> b: B by x within 5m", "by window, per key", "at once"},
        BoundCase{"match a: A -> b: B within 9 events", "constant", "at once"},
        BoundCase{"match a: A -> b: B within unbounded", "unbounded", "at once"},
        BoundCase{"match a: A -> b: B gap 5s", "by window", "at once"},
        BoundCase{"match a: A -> b: B keep latest", "constant", "at once"},
        BoundCase{"match a: A -> b: B keep first within unbounded", "constant", "at once"},
        BoundCase{"match a: A+ -> b: B keep first within 5m", "by window", "at once"},
        BoundCase{"match (a: A -> b: B within 5s)", "by window", "at once"},
        BoundCase{"match a: A ->> b: B within 5m", "by window", "at once"},
        BoundCase{"match a: A ->> b: B -> c: C within 5m", "by window and matches", "at once"},
        BoundCase{"match a: A{2,} any -> c: C within 5m", "by window and matches", "at once"},
        BoundCase{"match a: A[ok]{5,} -> b: A[not ok] -> c: C within 5m", "by window", "at once"},
        BoundCase{"match a: A[x > 5]+ -> b: A[x <= 5]+ -> c: C within 5m", "by window", "at once"},
        BoundCase{"match a: A+ -> b: A -> c: C within 5m", "by window and matches", "at once"},
        BoundCase{"match a: A+ -> b: A within 5m", "by window", "at once"},
        BoundCase{"match ((a: A | b: A[ok]) -> c: C)+ -> q: B within 5m", "by window and matches",
                  "at once"},
        BoundCase{"match a: A -> not B for 5s", "by window", "at a deadline"},
        BoundCase{"match a: A -> not B for 5s keep latest", "by window", "at a deadline"},
        BoundCase{"match a: A -> not B for 5s keep first", "constant", "at a deadline"},
        BoundCase{"match a: A -> not B within 5m", "by window", "at the window's end"},
        BoundCase{"match (a: A -> not B for 5s) | (b: B -> c: C) within 5m", "by window",
                  "at once or at a deadline"}));

INSTANTIATE_TEST_SUITE_P(
    Ends, StateBounds,
    ::testing::Values(
        BoundCase{"match a: A -> b: B+ within 5m", "by window", "at the window's end"},
        BoundCase{"match a: A, b: B+ within 5m", "by window", "when it can grow no further"},
        BoundCase{"match a: A -> b: B+ within unbounded", "unbounded", "at the end of the input"},
        BoundCase{"match a: A -> b: B+ report each within 5m", "by window", "at once"},
        BoundCase{"match a: A -> b: B+? within 5m", "by window", "at once"},
        BoundCase{"match a: A -> b: B{2,3} within 5m", "by window",
                  "at once or at the window's end"},
        BoundCase{"match a: A -> b: B? within 5m", "by window", "at once or at the window's end"},
        BoundCase{"match a: A -> b: B?? within 5m", "by window", "at once"},
        BoundCase{"match a: A ->> b: B+ within 5m", "by window and matches", "at once"},
        BoundCase{"match a: A -> not C -> b: B? within 5m", "by window",
                  "at once or at the window's end"},
        BoundCase{"match a: A+ within 5m until C", "by window",
                  "when it can grow no further or at the window's end"},
        BoundCase{"match a: A -> b: B within 5m on timeout emit T { a.x } emit M { a.x }",
                  "by window", "at once or at the window's end"}));

INSTANTIATE_TEST_SUITE_P(
    From, StateBounds,
    ::testing::Values(
        BoundCase{"from a: A emit M { a.x }", "constant", "at once"},
        BoundCase{"from a: A by x window sliding 5m emit M { n: count() }", "by window, per key",
                  "at once"},
        BoundCase{"from a: A window sliding 5 events emit M { n: count() }", "constant", "at once"},
        BoundCase{"from a: A window tumbling 5m emit M { n: count(), m: max(a.x) }", "constant",
                  "at the window's end"},
        BoundCase{"from a: A window tumbling 5m emit M { l: collect(a.x) }", "by window",
                  "at the window's end"},
        BoundCase{"from a: A window tumbling 5m report each emit M { n: count() }", "constant",
                  "at once"},
        BoundCase{"from a: A window unbounded emit M { n: count() }", "constant", "at once"},
        BoundCase{"from a: A window unbounded emit M { l: collect(a.x) }", "unbounded", "at once"},
        BoundCase{"from a: A window sliding 5m on change having count() > 2 emit M { n: count() }",
                  "by window", "at once or at a deadline"},
        BoundCase{"from a: A window sliding 5m having count() > 2 for 1m emit M { n: count() }",
                  "by window", "at a deadline"}));

}  // namespace
}  // namespace spate
