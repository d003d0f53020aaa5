#include "compiler/testing/coverage.h"

#include <gtest/gtest.h>

namespace spate {
namespace {

RuleCoverage RuleWith(uint64_t taken, uint64_t yes, uint64_t no) {
  RuleCoverage rule{"r", "a.spate", 1, {}};
  rule.goals.push_back({GoalKind::kTransition, "a: A", "a.spate", 2, 0, taken, 0, false});
  rule.goals.push_back({GoalKind::kCondition, "x > 1", "a.spate", 2, 0, yes, no, true});
  return rule;
}

TEST(CoverageTest, CountsSides) {
  EXPECT_EQ(RuleWith(0, 0, 0).percent(), 0);
  EXPECT_EQ(RuleWith(1, 0, 0).covered(), 1u);
  EXPECT_EQ(RuleWith(1, 5, 0).covered(), 2u);
  EXPECT_EQ(RuleWith(1, 5, 1).percent(), 100);
  EXPECT_EQ((RuleCoverage{"r", "", 1, {}}).percent(), 100);
}

TEST(CoverageTest, RunsAddUp) {
  std::vector<RuleCoverage> all;
  AddCoverage({RuleWith(1, 0, 2)}, &all);
  AddCoverage({RuleWith(0, 3, 0)}, &all);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].covered(), 3u);
  RuleCoverage other = RuleWith(0, 0, 0);
  other.rule = "s";
  AddCoverage({other}, &all);
  EXPECT_EQ(all.size(), 2u);
}

TEST(CoverageTest, TextNamesWhatWasNeverTried) {
  EXPECT_EQ(CoverageText({RuleWith(0, 1, 0)}, /*color=*/false),
            "r      33%  transitions 0/1, conditions 1/2\n"
            "  a.spate:2  a: A   never taken\n"
            "  a.spate:2  x > 1  never false\n"
            "all    33%\n");
}

}  // namespace
}  // namespace spate
