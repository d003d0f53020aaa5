// Windows, clocks, and the clauses that go with them: what is read, and every fault.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

using Kind = WindowSpec::Kind;
using Unit = Period::Unit;

Checked Good(const std::string& text) {
  Checked c = CheckText(kTypes + text);
  EXPECT_EQ(Lines(c), "") << text;
  return c;
}

WindowSpec SpecOf(const std::string& window) {
  Checked c = Good("rule r { from a: A " + window + " emit M { n: count() } }");
  return c.rules.rules[0].window;
}

TEST(WindowsTest, EveryKindIsRead) {
  WindowSpec w = SpecOf("window tumbling 10s offset 3s zone \"Europe/Paris\"");
  EXPECT_EQ(w.kind, Kind::kTumbling);
  EXPECT_EQ(w.size.duration, 10 * kSecond);
  EXPECT_EQ(w.offset.duration, 3 * kSecond);
  EXPECT_EQ(w.zone, "Europe/Paris");
  w = SpecOf("window tumbling 2 weeks offset -1h");
  EXPECT_EQ(w.size, (Period{Unit::kWeeks, 0, 2}));
  EXPECT_EQ(w.offset.duration, -kHour);
  EXPECT_EQ(SpecOf("window tumbling 1 month").size, (Period{Unit::kMonths, 0, 1}));
  w = SpecOf("window tumbling 7 events");
  EXPECT_EQ(w.kind, Kind::kTumbling);
  EXPECT_EQ(w.events, 7u);
  w = SpecOf("window sliding 7 events");
  EXPECT_EQ(w.kind, Kind::kSliding);
  EXPECT_EQ(w.events, 7u);
  w = SpecOf("window hopping 10s every 5s offset 1s");
  EXPECT_EQ(w.kind, Kind::kHopping);
  EXPECT_EQ(w.size.duration, 10 * kSecond);
  EXPECT_EQ(w.every.duration, 5 * kSecond);
  w = SpecOf("window session 3s max 1m");
  EXPECT_EQ(w.kind, Kind::kSession);
  EXPECT_EQ(w.size.duration, 3 * kSecond);
  EXPECT_EQ(w.max, kMinute);
  EXPECT_EQ(SpecOf("window unbounded").kind, Kind::kUnbounded);
  EXPECT_EQ(SpecOf("window ending B[y > 1]").kind, Kind::kEnding);
}

TEST(WindowsTest, ClausesOfFromRules) {
  Checked c = Good(
      "rule r { from a: A by k window sliding 5m having count() > 2 for 1m limit 3 per 1h\n"
      "         emit M { k } else emit N { k, total: sum(a.x) } }\n"
      "rule q { from a: A window tumbling 1 day report each having sum(a.x) > 2 on change\n"
      "         limit 1 ever emit K { total: sum(a.x) } }");
  const CheckedRule& r = c.rules.rules[0];
  EXPECT_EQ(r.having_for, kMinute);
  EXPECT_FALSE(r.on_change);
  ASSERT_TRUE(r.limit.has_value());
  EXPECT_EQ(r.limit->count, 3u);
  EXPECT_EQ(r.limit->per, kHour);
  ASSERT_EQ(r.emits.size(), 2u);
  EXPECT_EQ(r.emits[1].kind, EmitKind::kElse);
  const CheckedRule& q = c.rules.rules[1];
  EXPECT_TRUE(q.on_change);
  EXPECT_TRUE(q.report_each);
  EXPECT_TRUE(q.limit->ever);
  // A sliding window is also judged when all its events have left.
  EXPECT_TRUE(c.rules.types[r.emits[1].type.index()].fields[1].type.nullable);
  EXPECT_FALSE(c.rules.types[q.emits[0].type.index()].fields[0].type.nullable);
}

TEST(WindowsTest, EndingEventsNeedTheKey) {
  Checked c = Good("rule r { from a: A by k window ending (B[y > 1]) emit M { k } }");
  EXPECT_EQ(c.rules.rules[0].ending.size(), 1u);
  EXPECT_EQ(c.rules.rules[0].input.size(), 1u);
}

TEST(WindowsTest, TypesOfAggregates) {
  Checked c = Good(
      "rule r { from a: A window tumbling 5s emit M { p: percentile(a.x, 99), d: median(a.d),\n"
      "  t: top(a.k where a.ok, 3), n: count_distinct(a.i), v: variance(a.f), s: stddev(a.n) } }");
  std::string types;
  for (const Field& f : c.rules.types[c.rules.rules[0].emits[0].type.index()].fields) {
    types += f.name + ": " + TypeName(f.type) + " ";
  }
  EXPECT_EQ(types, "p: float d: duration t: [string] n: int v: float? s: float? ");
  EXPECT_EQ(c.rules.rules[0].aggregates[0].parameter, 99);
  EXPECT_EQ(c.rules.rules[0].aggregates[2].parameter, 3);
}

TEST(WindowsTest, Clocks) {
  Checked c = Good(
      "const EVERY = 10s\n"
      "event Beat every EVERY offset 2s\n"
      "event Midnight every 1 day zone \"Europe/Paris\"\n"
      "rule r { match b: B -> t: Beat by k within 1h emit M { k, at: t.time } }\n"
      "rule q { from a: A by k window ending Midnight emit N { k } }");
  ASSERT_EQ(c.rules.clocks.size(), 2u);
  EXPECT_EQ(c.rules.clocks[0].every.duration, 10 * kSecond);
  EXPECT_EQ(c.rules.clocks[0].offset, 2 * kSecond);
  EXPECT_EQ(c.rules.clocks[1].every, (Period{Unit::kDays, 0, 1}));
  EXPECT_EQ(c.rules.clocks[1].zone, "Europe/Paris");
  EXPECT_TRUE(c.rules.types[c.rules.clocks[0].type.index()].clock);
}

struct Fault {
  const char* text;
  const char* lines;
};

class WindowFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(WindowFaults, OneMessageEach) {
  Checked c = CheckText(std::string(kTypes) + GetParam().text);
  EXPECT_EQ(Lines(c), GetParam().lines) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WindowFaults,
    ::testing::Values(
        Fault{"rule r { from a: A window tumbling 0 events }",
              "E0402 '0' the number of events must be more than zero\n"},
        Fault{"rule r { from a: A window tumbling 3 events offset 1s }",
              "E0119 '1s' `offset` belongs to windows by time\n"},
        Fault{"rule r { from a: A window tumbling 0s }",
              "E0402 '0s' a window must be more than zero\n"},
        Fault{"rule r { from a: A window hopping 10s every -1s }",
              "E0402 '-1s' the step of a window must be more than zero\n"},
        Fault{"rule r { from a: A window hopping 365d every 1ms }",
              "E0402 '1ms' an event would be in more than 100000 of these windows\n"},
        Fault{"rule r { from a: A window session 5s max 0s }",
              "E0402 '0s' `max` must be more than zero\n"},
        Fault{"rule r { from a: A window tumbling 1 day zone \"Europe/Pari\" }",
              "E0403 '\"Europe/Pari\"' unknown time zone `Europe/Pari`\n"},
        Fault{"rule r { from a: A window tumbling 200000 days }",
              "E0402 '200000 days' a period of the calendar has at most 100000 units\n"},
        Fault{"rule r { from a: A by k window ending C emit M { k } }",
              "E0404 'k' `by` gives `C` no key\n"},
        Fault{"rule r { from a: A on change }", "E0409 'on change' `on change` needs a `having`\n"},
        Fault{"rule r { from a: A window sliding 5s having count() > 1 emit M {} else emit N {} }",
              "E0409 'else emit N {}' `else emit` goes with `having` and `on change`\n"},
        Fault{"rule r { match a: A emit M {} else emit N {} }",
              "E0409 'else emit N {}' `else emit` is for `from` rules\n"},
        Fault{"rule r { from a: A window sliding 5s having count() > 1 for 0s }",
              "E0402 '0s' how long `having` must hold must be more than zero\n"},
        Fault{"rule r { from a: A limit 0 per 5s }", "E0402 '0' `limit` must be more than zero\n"},
        Fault{"event Beat every 0s\n", "E0402 '0s' the period of a clock must be more than zero\n"},
        Fault{"event Beat every 1 day zone \"x y\"\n", "E0403 '\"x y\"' unknown time zone `x y`\n"},
        Fault{"event Beat every 10s\nrule r { match a: A emit Beat {} }",
              "E0501 'Beat' `Beat` cannot be emitted\n"},
        Fault{"rule r { from a: A window tumbling 5s emit M { p: percentile(a.x, 101) } }",
              "E0308 '101' the percentage of `percentile` lies between 0 and 100\n"},
        Fault{
            "rule r { from a: A window tumbling 5s emit M { p: percentile(a.x) } }",
            "E0308 'percentile(a.x)' `percentile(..)` takes a value, with or without `where`, and "
            "a number\n"},
        Fault{"rule r { from a: A window tumbling 5s emit M { p: top(a.x, 0) } }",
              "E0308 '0' the number of values of `top` lies between 1 and 100000\n"},
        Fault{"rule r { from a: A window tumbling 5s emit M { p: variance(a.k) } }",
              "E0301 'a.k' `variance(..)` of `string?` has no meaning\n"}));

}  // namespace
}  // namespace spate
