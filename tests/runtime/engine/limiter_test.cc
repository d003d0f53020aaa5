#include "runtime/engine/limiter.h"

#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

RulePlan RuleWith(LimitPlan limit, bool keyed = false) {
  RulePlan rule;
  rule.limit = limit;
  if (keyed) rule.keys.push_back({"k", Type::Of(Kind::kInt)});
  return rule;
}

TEST(LimiterTest, ARuleWithoutLimitHasNone) { EXPECT_EQ(Limiter::Create(RuleWith({})), nullptr); }

TEST(LimiterTest, FewerThanNInTheTimeBefore) {
  struct Case {
    LimitPlan limit;
    std::vector<Time> times;
    std::vector<bool> passes;
  };
  const Case cases[] = {
      {{1, 5, false}, {0, 2, 5, 9, 10}, {true, false, true, false, true}},
      {{2, 5, false}, {0, 4, 5, 6, 9}, {true, true, true, false, true}},
      {{3, 1, false}, {7, 7, 7, 7, 8}, {true, true, true, false, true}},
      {{2, 0, true}, {0, 0, 1, 900}, {true, true, false, false}},
      {{1, 1, false}, {kMinTime, kMinTime + 1}, {true, true}},
  };
  for (const Case& c : cases) {
    const auto limiter = Limiter::Create(RuleWith(c.limit));
    uint64_t held_back = 0;
    for (size_t i = 0; i < c.times.size(); ++i) {
      EXPECT_EQ(limiter->Pass({}, c.times[i]), c.passes[i]) << "report " << i;
      held_back += c.passes[i] ? 0 : 1;
    }
    EXPECT_EQ(limiter->held_back(), held_back);
  }
}

TEST(LimiterTest, PartitionsCountByThemselves) {
  const auto limiter = Limiter::Create(RuleWith({1, 0, true}, /*keyed=*/true));
  const Value ann = Value::Int(1);
  const Value bob = Value::Int(2);
  EXPECT_TRUE(limiter->Pass(absl::MakeConstSpan(&ann, 1), 0));
  EXPECT_TRUE(limiter->Pass(absl::MakeConstSpan(&bob, 1), 0));
  EXPECT_FALSE(limiter->Pass(absl::MakeConstSpan(&ann, 1), 9));
  EXPECT_EQ(limiter->held_back(), 1u);
}

}  // namespace
}  // namespace spate
