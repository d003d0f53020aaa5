#include "windows/tumbling.h"

#include "gtest/gtest.h"

namespace spate {
namespace {

struct Case {
  Time time;
  Duration size;
  int64_t index;
  TimeInterval window;
};

TEST(TumblingTest, WindowsAreAlignedToTheEpoch) {
  const Case cases[] = {
      {0, 10, 0, {0, 10}},    {9, 10, 0, {0, 10}},     {10, 10, 1, {10, 20}},
      {-1, 10, -1, {-10, 0}}, {-10, 10, -1, {-10, 0}}, {-11, 10, -2, {-20, -10}},
      {7, 1, 7, {7, 8}},      {-7, 1, -7, {-7, -6}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(TumblingIndex(c.time, c.size), c.index) << c.time << " by " << c.size;
    EXPECT_EQ(TumblingWindow(c.time, c.size), c.window) << c.time << " by " << c.size;
  }
}

TEST(TumblingTest, EdgesBeyondTheRangeAreItsBounds) {
  EXPECT_EQ(TumblingWindow(kMaxTime, kDay).end, kMaxTime);
  EXPECT_EQ(TumblingWindow(kMinTime, kDay).start, kMinTime);
  EXPECT_EQ(TumblingWindow(kMinTime, kDay).end, kMinTime - kMinTime % kDay);
  EXPECT_EQ(TumblingWindow(5, kMaxTime), (TimeInterval{0, kMaxTime}));
  EXPECT_EQ(TumblingIndex(kMinTime, 1), kMinTime);
}

TEST(TumblingTest, EveryTimeIsInItsWindowOnly) {
  for (Duration size = 1; size <= 7; ++size) {
    for (Time t = -30; t <= 30; ++t) {
      const TimeInterval w = TumblingWindow(t, size);
      EXPECT_LE(w.start, t);
      EXPECT_LT(t, w.end);
      EXPECT_EQ(w.end - w.start, size);
      EXPECT_EQ(w.start, TumblingIndex(t, size) * size);
    }
  }
}

}  // namespace
}  // namespace spate
