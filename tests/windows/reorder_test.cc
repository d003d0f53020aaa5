#include "windows/reorder.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "windows/watermark.h"

namespace spate {
namespace {

using Taken = std::vector<std::pair<Time, int>>;

Taken Release(ReorderBuffer<int>* buffer, Time watermark) {
  Taken taken;
  buffer->Release(watermark, [&](Time time, int&& item) { taken.emplace_back(time, item); });
  return taken;
}

TEST(ReorderTest, GivesWhatTheWatermarkHasReached) {
  ReorderBuffer<int> buffer(10);
  buffer.Push(7, 1);
  buffer.Push(3, 2);
  buffer.Push(5, 3);
  EXPECT_EQ(buffer.size(), 3u);
  EXPECT_EQ(Release(&buffer, 2), Taken{});
  EXPECT_EQ(Release(&buffer, 5), (Taken{{3, 2}, {5, 3}}));
  EXPECT_EQ(buffer.size(), 1u);
  EXPECT_EQ(Release(&buffer, kMaxTime), (Taken{{7, 1}}));
  EXPECT_EQ(buffer.size(), 0u);
}

TEST(ReorderTest, KeepsTheOrderOfArrivalOfOneTime) {
  ReorderBuffer<int> buffer(kSecond);
  for (int i = 0; i < 50; ++i) buffer.Push(4, i);
  buffer.Push(3, 100);
  const Taken taken = Release(&buffer, 4);
  ASSERT_EQ(taken.size(), 51u);
  EXPECT_EQ(taken[0].second, 100);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(taken[static_cast<size_t>(i) + 1].second, i);
}

TEST(ReorderTest, TakesItemsThatCannotBeCopied) {
  ReorderBuffer<std::unique_ptr<int>> buffer(5);
  buffer.Push(2, std::make_unique<int>(2));
  buffer.Push(1, std::make_unique<int>(1));
  std::vector<int> taken;
  buffer.Release(9, [&](Time, std::unique_ptr<int>&& item) { taken.push_back(*item); });
  EXPECT_EQ(taken, (std::vector<int>{1, 2}));
}

TEST(ReorderTest, PutsTimesThatAreFarApartInOrder) {
  ReorderBuffer<int> buffer(4);
  const std::vector<Time> times = {kMaxTime, 0, kMinTime, 1'000'000, -1'000'000, 17, 5};
  for (size_t i = 0; i < times.size(); ++i) buffer.Push(times[i], static_cast<int>(i));
  EXPECT_EQ(Release(&buffer, 10), (Taken{{kMinTime, 2}, {-1'000'000, 4}, {0, 1}, {5, 6}}));
  buffer.Push(11, 7);
  EXPECT_EQ(Release(&buffer, kMaxTime), (Taken{{11, 7}, {17, 5}, {1'000'000, 3}, {kMaxTime, 0}}));
}

// Random disorder within the lateness, with jumps in time, against a stable sort.
TEST(ReorderTest, AgreesWithASort) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    const Duration lateness = static_cast<Duration>(random() % (seed % 3 == 0 ? 5 : 5000));
    Watermark clock(lateness);
    ReorderBuffer<int> buffer(lateness);
    Taken pushed;
    Taken taken;
    Time now = -1000;
    for (int i = 0; i < 400; ++i) {
      now += static_cast<Time>(random() % 20 == 0 ? random() % 20'000 : random() % 30);
      const Time time = now - static_cast<Time>(random() % static_cast<uint64_t>(lateness + 1));
      pushed.emplace_back(time, i);
      buffer.Push(time, i);
      clock.See(time);
      // Now and then several pushes are let in at once.
      if (random() % 4 != 0) continue;
      buffer.Release(clock.value(), [&](Time t, int&& item) { taken.emplace_back(t, item); });
      ASSERT_EQ(buffer.size() + taken.size(), pushed.size());
    }
    buffer.Release(kMaxTime, [&](Time t, int&& item) { taken.emplace_back(t, item); });
    std::stable_sort(pushed.begin(), pushed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    ASSERT_EQ(taken, pushed) << "seed " << seed;
  }
}

}  // namespace
}  // namespace spate
