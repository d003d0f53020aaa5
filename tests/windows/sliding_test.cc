#include "windows/sliding.h"

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

// Records: time, a value to be summed, the same value for the minimum, and the first and last
// value as one word ("first" in the low half), which is associative and not commutative.
struct TestOps {
  static constexpr uint64_t kNone = ~uint64_t{0};
  size_t record_words() const { return 4; }
  bool two_stacks() const { return true; }
  void Reset(uint64_t* totals) const {
    totals[0] = 0;
    ResetBack(totals);
  }
  void ResetBack(uint64_t* totals) const {
    totals[1] = kNone;
    totals[2] = kNone;
  }
  static uint64_t Ends(uint64_t earlier, uint64_t later) {
    if (earlier == kNone) return later;
    if (later == kNone) return earlier;
    return (later >> 32 << 32) | (earlier & 0xffffffff);
  }
  void Add(uint64_t* totals, const uint64_t* record) const {
    totals[0] += record[1];
    totals[1] = std::min(totals[1], record[2]);
    totals[2] = Ends(totals[2], record[3]);
  }
  void Remove(uint64_t* totals, const uint64_t* record) const { totals[0] -= record[1]; }
  void Turn(uint64_t* record, const uint64_t* newer) const {
    record[2] = std::min(record[2], newer[2]);
    record[3] = Ends(record[3], newer[3]);
  }
};

struct Window {
  SlidingWindow state;
  uint64_t totals[3];
  std::deque<std::pair<Time, uint64_t>> expected;
};

void Compare(SlidingAggregator<TestOps>* aggregator, const Window& w) {
  uint64_t sum = 0;
  uint64_t smallest = TestOps::kNone;
  for (const auto& [time, value] : w.expected) {
    sum += value;
    smallest = std::min(smallest, value);
  }
  ASSERT_EQ(w.state.size, w.expected.size());
  ASSERT_EQ(w.totals[0], sum);
  const uint64_t* front = aggregator->Front(w.state);
  const uint64_t front_min = front != nullptr ? front[2] : TestOps::kNone;
  const uint64_t front_ends = front != nullptr ? front[3] : TestOps::kNone;
  ASSERT_EQ(std::min(front_min, w.totals[1]), smallest);
  const uint64_t ends = TestOps::Ends(front_ends, w.totals[2]);
  if (w.expected.empty()) {
    ASSERT_EQ(ends, TestOps::kNone);
    return;
  }
  ASSERT_EQ(ends & 0xffffffff, w.expected.front().second);
  ASSERT_EQ(ends >> 32, w.expected.back().second);
}

// Several windows in one pool, pushed and evicted at random, against a rescan.
TEST(SlidingAggregatorTest, AgreesWithARescan) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    SlidingAggregator<TestOps> aggregator{TestOps()};
    std::vector<Window> windows(3);
    for (Window& w : windows) TestOps().Reset(w.totals);
    Time now = -100;
    for (int i = 0; i < 3000; ++i) {
      now += static_cast<Time>(random() % (i / 500 % 2 == 0 ? 3 : 30));
      Window& w = windows[random() % 3];
      const Time first_kept = now - 50;
      aggregator.Evict(&w.state, w.totals, first_kept);
      while (!w.expected.empty() && w.expected.front().first < first_kept) w.expected.pop_front();
      ASSERT_NO_FATAL_FAILURE(Compare(&aggregator, w)) << "seed " << seed;
      const uint64_t value = random() % 1000;
      aggregator.Push(&w.state, w.totals, now, [&](uint64_t* record) {
        record[1] = record[2] = value;
        record[3] = (value << 32) | value;
      });
      w.expected.emplace_back(now, value);
      ASSERT_NO_FATAL_FAILURE(Compare(&aggregator, w)) << "seed " << seed;
    }
    for (Window& w : windows) aggregator.Clear(&w.state);
    EXPECT_EQ(aggregator.pool().chunks_in_use(), 0u);
  }
}

}  // namespace
}  // namespace spate
