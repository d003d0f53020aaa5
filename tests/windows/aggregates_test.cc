#include "windows/aggregates.h"

#include <cmath>

#include "gtest/gtest.h"

namespace spate {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(WideSumTest, JudgesOverflowWhenRead) {
  WideSum sum;
  EXPECT_EQ(sum.Narrow(), 0);
  sum.Add(kMax);
  sum.Add(kMax);
  EXPECT_EQ(sum.Narrow(), std::nullopt);
  EXPECT_EQ(sum.ToDouble(), 2.0 * static_cast<double>(kMax));
  sum.Add(kMin);
  EXPECT_EQ(sum.Narrow(), kMax - 1);
  sum.Subtract(kMax);
  sum.Subtract(kMax);
  EXPECT_EQ(sum.Narrow(), kMin);
  sum.Subtract(1);
  EXPECT_EQ(sum.Narrow(), std::nullopt);
}

TEST(MinMaxTest, NanGivesWay) {
  const double nan = std::nan("");
  EXPECT_EQ(MinOf(1.0, nan), 1.0);
  EXPECT_EQ(MinOf(nan, 1.0), 1.0);
  EXPECT_EQ(MaxOf(1.0, nan), 1.0);
  EXPECT_EQ(MaxOf(nan, 1.0), 1.0);
  EXPECT_TRUE(std::isnan(MinOf(nan, nan)));
}

TEST(MinMaxTest, TheEarlierOfEqualsStays) {
  EXPECT_FALSE(std::signbit(MinOf(0.0, -0.0)));
  EXPECT_TRUE(std::signbit(MaxOf(-0.0, 0.0)));
  EXPECT_EQ(MinOf(3, 2), 2);
  EXPECT_EQ(MaxOf(2, 3), 3);
}

}  // namespace
}  // namespace spate
