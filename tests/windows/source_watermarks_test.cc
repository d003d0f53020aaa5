#include "windows/source_watermarks.h"

#include "gtest/gtest.h"

namespace spate {
namespace {

TEST(SourceWatermarksTest, OneSourceIsItsWatermark) {
  SourceWatermarks w(2);
  EXPECT_EQ(w.value(), kMinTime);
  EXPECT_FALSE(w.several());
  EXPECT_TRUE(w.See(0, 10));
  EXPECT_EQ(w.value(), 8);
  EXPECT_FALSE(w.See(0, 9));
  EXPECT_TRUE(w.IsLate(7));
  EXPECT_FALSE(w.IsLate(8));
  EXPECT_TRUE(w.AdvanceTo(0, 20));
  EXPECT_EQ(w.value(), 20);
}

TEST(SourceWatermarksTest, TheSlowestDecides) {
  SourceWatermarks w(0);
  const uint32_t a = w.Add(0);
  const uint32_t b = w.Add(5);
  EXPECT_FALSE(w.See(a, 100));
  EXPECT_EQ(w.value(), kMinTime) << "nothing is known of b";
  EXPECT_TRUE(w.See(b, 50));
  EXPECT_EQ(w.value(), 45);
  EXPECT_TRUE(w.See(b, 200));
  EXPECT_EQ(w.value(), 100);
  EXPECT_FALSE(w.See(b, 300));
  EXPECT_TRUE(w.See(a, 150));
  EXPECT_EQ(w.value(), 150);
}

TEST(SourceWatermarksTest, IdleSourcesDoNotHold) {
  SourceWatermarks w(0);
  const uint32_t a = w.Add(0);
  const uint32_t b = w.Add(0);
  w.See(a, 100);
  EXPECT_TRUE(w.SetIdle(b));
  EXPECT_EQ(w.value(), 100);
  EXPECT_FALSE(w.See(b, 60)) << "wakes up behind the clock, which does not go back";
  EXPECT_EQ(w.value(), 100);
  EXPECT_FALSE(w.See(a, 200)) << "b holds again";
  EXPECT_TRUE(w.See(b, 150));
  EXPECT_EQ(w.value(), 150);
  EXPECT_FALSE(w.See(0, 120)) << "the first source wakes with its first event";
  EXPECT_FALSE(w.See(b, 300));
  EXPECT_EQ(w.value(), 150);
}

TEST(SourceWatermarksTest, WithEverySourceIdleTheClockStands) {
  SourceWatermarks w(0);
  const uint32_t a = w.Add(0);
  w.See(a, 10);
  EXPECT_FALSE(w.SetIdle(a));
  EXPECT_EQ(w.value(), 10);
  EXPECT_TRUE(w.AdvanceAllTo(30));
  EXPECT_EQ(w.value(), 30);
}

}  // namespace
}  // namespace spate
