// Rule tests as they are checked: what runs, with which lines, at which times. Faults are in
// tests/errors.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "runtime/model/literal.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

constexpr char kRules[] =
    "param most: int = 3\n"
    "const TWO = 2\n"
    "table Known { user: string key, level: float }\n"
    "event A at ts { ts: time, x: int, p: { name: string?, n: { m: int? } } }\n"
    "event L at ts { text: string, ts: time? = time(text) }\n"
    "rule r { match a: A[x > most] emit M { a.x, known: \"a\" in Known, two: TWO } }\n"
    "rule s { match l: L emit N { l.text } }\n";

Checked CheckTest(const std::string& tests) {
  return CheckText(kRules + tests, {}, "t_test.spate");
}

std::string TimeText(const TestTime& time) {
  const std::string value = FormatDuration(time.value);
  switch (time.base) {
    case TestTime::Base::kStart:
      return value;
    case TestTime::Base::kAbsolute:
      return "@" + FormatTime(time.value);
    case TestTime::Base::kLine:
      break;
  }
  return "line " + std::to_string(time.line) + " + " + value;
}

std::string EventText(const Checked& c, const TestEvent& event) {
  const EventType& type = c.rules.types[event.type.index()];
  std::string text = type.name;
  for (const TestAttribute& a : event.attributes) {
    const Field& f = type.fields[a.field.index()];
    text += " " + f.name + "=" + LiteralText(a.value, f.type);
  }
  return text;
}

std::string LineText(const Checked& c, const TestLine& line) {
  if (const auto* feed = std::get_if<TestFeed>(&line.node)) {
    std::string text = feed->time.has_value() ? TimeText(*feed->time) : "computed";
    text += " " + EventText(c, feed->event);
    if (feed->times > 1) {
      text += " x" + std::to_string(feed->times) + "/" + FormatDuration(feed->every);
    }
    return text;
  }
  if (const auto* advance = std::get_if<TestAdvance>(&line.node)) {
    return TimeText(advance->time) + " advance";
  }
  if (const auto* events = std::get_if<TestEventsFile>(&line.node)) return "events " + events->path;
  if (const auto* file = std::get_if<TestExpectFile>(&line.node)) return "expect " + file->path;
  const auto& expect = std::get<TestExpect>(line.node);
  return "expect " + (expect.time.has_value() ? TimeText(*expect.time) : "ever") + " " +
         EventText(c, expect.event);
}

std::string TestText(const Checked& c, const RuleTest& test) {
  std::string text = test.name + ":";
  for (const TestLine& line : test.lines) text += "\n  " + LineText(c, line);
  return text;
}

std::vector<std::string> Texts(const std::string& tests) {
  const Checked c = CheckTest(tests);
  EXPECT_EQ(Lines(c), "");
  std::vector<std::string> texts;
  for (const RuleTest& test : c.rules.tests) texts.push_back(TestText(c, test));
  return texts;
}

using ::testing::ElementsAre;

TEST(RuleTestsTest, Times) {
  EXPECT_THAT(Texts("test \"a\" for r, s {\n"
                    "  at 1s A { x: 1 } times TWO every 10s\n"
                    "  at +5s A { x: 2 }\n"
                    "  A { x: 3 }\n"
                    "  expect at +1s M { x: 3 }\n"
                    "  expect M {}\n"
                    "  at @2026-01-31 advance\n"
                    "  at +1h A { x: 4 }\n"
                    "  A { ts: @2026-02-01, x: 5 }\n"
                    "  at +1s advance\n"
                    "  L { text: \"x\" }\n"
                    "  at +2s advance\n"
                    "  events \"day.jsonl\"\n"
                    "  at +3s advance at +3s advance\n"
                    "}\n"),
              ElementsAre("a:\n"
                          "  1s A x=1 x2/10s\n"
                          "  16s A x=2\n"
                          "  16s A x=3\n"
                          "  expect 17s M x=3\n"
                          "  expect ever M\n"
                          "  @2026-01-31T00:00:00Z advance\n"
                          "  @2026-01-31T01:00:00Z A x=4\n"
                          "  @2026-02-01T00:00:00Z A x=5\n"
                          "  @2026-02-01T00:00:01Z advance\n"
                          "  computed L text=\"x\"\n"
                          "  line 9 + 2s advance\n"
                          "  events day.jsonl\n"
                          "  line 11 + 3s advance\n"
                          "  line 11 + 6s advance"));
}

TEST(RuleTestsTest, NestedValuesBothWays) {
  EXPECT_THAT(Texts("test \"a\" for r { at 0s A { x: 1, p: { name: \"n\", n.m: 2 } }\n"
                    "  at 0s A { x: 1, p.name: \"n\", p.n: { m: 2 } } expect nothing }\n"),
              ElementsAre("a:\n"
                          "  0s A x=1 p.name=\"n\" p.n.m=2\n"
                          "  0s A x=1 p.name=\"n\" p.n.m=2"));
}

TEST(RuleTestsTest, CasesStandInTheirPlace) {
  EXPECT_THAT(
      Texts("test \"t\" for r { at 0s A { x: 1 }\n"
            "  case \"a\" { at +1s A { x: 2 } expect nothing }\n"
            "  case \"b\" { at +2s A { x: 3 }\n"
            "    case \"c\" { expect M {} } case \"d\" { at +1s A { x: 4 } expect nothing } }\n"
            "  at +9s advance }\n"),
      ElementsAre("t / a:\n  0s A x=1\n  1s A x=2\n  10s advance",
                  "t / b / c:\n  0s A x=1\n  2s A x=3\n  expect ever M\n  11s advance",
                  "t / b / d:\n  0s A x=1\n  2s A x=3\n  3s A x=4\n  12s advance"));
}

TEST(RuleTestsTest, ATestThatExpectsRunsByItselfToo) {
  EXPECT_THAT(Texts("test \"t\" for r { expect nothing case \"a\" { at 0s A { x: 1 } } }\n"),
              ElementsAre("t:", "t / a:\n  0s A x=1"));
}

TEST(RuleTestsTest, SetUp) {
  const Checked c = CheckTest(
      "test \"t\" for s, r { param most = TWO + 3  lateness 5s  allow M\n"
      "  table Known { user: \"a\", level: 2 }\n"
      "  case \"c\" { param most = 1  table Known { user: \"b\", level: 3.5 }  expect nothing } "
      "}\n");
  EXPECT_EQ(Lines(c), "");
  ASSERT_EQ(c.rules.tests.size(), 1u);
  const RuleTest& test = c.rules.tests[0];
  EXPECT_EQ(test.rules, (std::vector<RuleId>{RuleId(1u), RuleId(0u)}));
  EXPECT_EQ(test.params.at("most"), "1");
  EXPECT_EQ(test.lateness, 5 * kSecond);
  EXPECT_EQ(test.allowed.size(), 1u);
  ASSERT_EQ(test.tables.size(), 1u);
  ASSERT_EQ(test.tables[0].rows.size(), 2u);
  EXPECT_EQ(test.tables[0].rows[0][1], Constant::Float(2));
}

TEST(RuleTestsTest, WithoutForAllRulesAreUnderTest) {
  const Checked c = CheckTest("test \"t\" { expect nothing }\n");
  ASSERT_EQ(c.rules.tests.size(), 1u);
  EXPECT_EQ(c.rules.tests[0].rules.size(), 2u);
}

struct FaultCase {
  const char* test;
  const char* lines;
};

class RuleTestFaults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(RuleTestFaults, Reported) {
  EXPECT_EQ(Lines(CheckTest(std::string("test \"t\" for r {\n") + GetParam().test + "\n}\n")),
            GetParam().lines)
      << GetParam().test;
}

INSTANTIATE_TEST_SUITE_P(
    OneMessageEach, RuleTestFaults,
    ::testing::Values(
        FaultCase{"at 0s A { x: \"1\" } expect nothing",
                  "E0301 '\"1\"' `x` is `int`, and this is `string`\n"},
        FaultCase{"at 0s A { x: null } expect nothing",
                  "E0306 'null' this may be null, and `x` must not be\n"},
        FaultCase{"at 0s A { 5 } expect nothing", "E0506 '5' this attribute needs a name\n"},
        FaultCase{"at 0s A { x: 1, x: 2 } expect nothing",
                  "E0202 'x' the attribute `x` is given twice\n"},
        FaultCase{"at 0s A { x: y } expect nothing", "E0201 'y' undefined name `y`\n"},
        FaultCase{"expect M { y: 1 }", "E0203 'y' `M` has no attribute `y`\n"},
        FaultCase{"at 0s A {} expect nothing", "E0505 'A' the attribute `x` of `A` is missing\n"},
        FaultCase{"L { text: \"a\", ts: @2026-01-31 } expect nothing",
                  "E0503 'ts' `ts` is computed from other attributes\n"},
        FaultCase{"param TWO = 3 expect nothing", "E0201 'TWO' there is no param `TWO`\n"},
        FaultCase{"param most = \"a\" expect nothing",
                  "E0301 '\"a\"' `most` is `int`, and this is `string`\n"},
        FaultCase{"table Know { user: \"a\", level: 1 } expect nothing",
                  "E0201 'Know' there is no table `Know`\n"},
        FaultCase{"table Known { user: \"a\" } expect nothing",
                  "E0505 'Known' the attribute `level` of the table `Known` is missing\n"},
        FaultCase{"lateness 5 expect nothing",
                  "E0301 '5' `lateness` is `duration`, and this is `int`\n"},
        FaultCase{"lateness -5s expect nothing", "E0603 '-5s' `lateness` is not negative\n"},
        FaultCase{"at 0s A { x: 1 } times 2 every -1s expect nothing",
                  "E0603 '-1s' `every` is not negative\n"},
        FaultCase{"expect \"a.jsonl\" expect \"b.jsonl\"",
                  "E0603 'expect \"b.jsonl\"' a test has one file of expected events\n"}));

TEST(RuleTestsTest, RunsAreLimited) {
  std::string lines;
  std::string cases;
  for (int i = 0; i < 1100; ++i) {
    lines += "at 0s A { x: 1 }\n";
    cases += "case \"" + std::to_string(i) + "\" { expect nothing }\n";
  }
  EXPECT_EQ(Lines(CheckTest("test \"t\" for r {\n" + lines + cases + "}\n")),
            "E0004 '\"t\"' the runs of this test have more than 1000000 lines\n");
}

TEST(RuleTestsTest, WhatAFaultyRuleEmitsIsNotKnown) {
  const Checked c = CheckText(
      "event A { x: int }\nrule r { match a: A[y > 1] emit M { a.x } }\n"
      "test \"t\" for r { expect M { x: 1 } }\n",
      {}, "t_test.spate");
  EXPECT_EQ(Lines(c), "E0201 'y' undefined name `y`\n");
}

}  // namespace
}  // namespace spate
