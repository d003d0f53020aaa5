#include "windows/watermark.h"

#include "gtest/gtest.h"

namespace spate {
namespace {

TEST(WatermarkTest, NothingIsLateBeforeTheFirstEvent) {
  const Watermark clock(5);
  EXPECT_EQ(clock.value(), kMinTime);
  EXPECT_FALSE(clock.IsLate(kMinTime));
}

TEST(WatermarkTest, IsTheLastTimeLessTheLateness) {
  Watermark clock(5);
  EXPECT_TRUE(clock.See(100));
  EXPECT_EQ(clock.value(), 95);
  EXPECT_FALSE(clock.See(98));  // disorder does not turn the clock back
  EXPECT_EQ(clock.value(), 95);
  EXPECT_FALSE(clock.IsLate(95));  // the same time may still come
  EXPECT_TRUE(clock.IsLate(94));
}

TEST(WatermarkTest, WithoutLatenessOnlyOrderIsInTime) {
  Watermark clock;
  clock.See(10);
  EXPECT_FALSE(clock.IsLate(10));
  EXPECT_TRUE(clock.IsLate(9));
}

TEST(WatermarkTest, IsAdvancedByItsSource) {
  Watermark clock(5);
  clock.See(100);
  EXPECT_TRUE(clock.AdvanceTo(200));
  EXPECT_FALSE(clock.AdvanceTo(150));
  EXPECT_FALSE(clock.See(204));
  EXPECT_EQ(clock.value(), 200);
}

TEST(WatermarkTest, DoesNotOverflow) {
  Watermark clock(kMaxTime);
  EXPECT_FALSE(clock.See(kMinTime));
  EXPECT_EQ(clock.value(), kMinTime);
  EXPECT_TRUE(clock.See(kMaxTime));
  EXPECT_EQ(clock.value(), 0);
}

}  // namespace
}  // namespace spate
