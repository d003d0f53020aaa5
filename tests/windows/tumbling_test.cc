#include "windows/tumbling.h"

#include "gtest/gtest.h"

namespace spate {
namespace {

TEST(TumblingTest, SlicesAreCountedFromTheEpoch) {
  struct Case {
    Time time;
    Duration size;
    int64_t index;
  };
  const Case cases[] = {
      {0, 10, 0},       {9, 10, 0},    {10, 10, 1},
      {-1, 10, -1},     {-10, 10, -1}, {-11, 10, -2},
      {7, 1, 7},        {-7, 1, -7},   {kMinTime, 1, kMinTime},
      {5, kMaxTime, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(TumblingIndex(c.time, c.size), c.index) << c.time << " by " << c.size;
  }
}

TEST(TumblingTest, EveryTimeIsInItsSlice) {
  for (Duration size = 1; size <= 7; ++size) {
    for (Time t = -30; t <= 30; ++t) {
      const Time start = TumblingIndex(t, size) * size;
      EXPECT_LE(start, t);
      EXPECT_LT(t, start + size);
    }
  }
}

}  // namespace
}  // namespace spate
