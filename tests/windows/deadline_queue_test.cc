#include "windows/deadline_queue.h"

#include <map>
#include <optional>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

// The earliest deadline if it is due, which its partition then no longer has.
std::optional<PartitionDeadline> PopDue(DeadlineQueue* queue, Time watermark) {
  const std::optional<PartitionDeadline> next = queue->Next();
  if (!next.has_value() || !next->DueAt(watermark)) return std::nullopt;
  queue->Cancel(next->partition);
  return next;
}

TEST(DeadlineQueueTest, AnExclusiveEndIsDueWhenReachedAnInclusiveOneWhenPassed) {
  EXPECT_TRUE((PartitionDeadline{5, false, 0}.DueAt(5)));
  EXPECT_FALSE((PartitionDeadline{5, true, 0}.DueAt(5)));
  EXPECT_TRUE((PartitionDeadline{5, true, 0}.DueAt(6)));
}

TEST(DeadlineQueueTest, FiresByTimeThenExclusiveFirstThenPartition) {
  DeadlineQueue queue;
  queue.Set({9, false, 4});
  queue.Set({5, true, 0});
  queue.Set({5, false, 3});
  queue.Set({5, false, 1});
  std::vector<uint32_t> order;
  while (const auto due = PopDue(&queue, 100)) order.push_back(due->partition);
  EXPECT_EQ(order, (std::vector<uint32_t>{1, 3, 0, 4}));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(DeadlineQueueTest, ADeadlineCanBeMovedBothWaysAndCancelled) {
  DeadlineQueue queue;
  queue.Set({5, false, 0});
  queue.Set({8, false, 1});
  queue.Set({10, false, 0});
  EXPECT_EQ(queue.Next(), (PartitionDeadline{8, false, 1}));
  queue.Set({3, false, 0});
  EXPECT_EQ(queue.Next(), (PartitionDeadline{3, false, 0}));
  EXPECT_EQ(queue.size(), 2u);
  queue.Cancel(0);
  queue.Cancel(0);
  queue.Cancel(7);
  EXPECT_EQ(queue.Next(), (PartitionDeadline{8, false, 1}));
  queue.Cancel(1);
  EXPECT_EQ(queue.Next(), std::nullopt);
  queue.Set({4, true, 0});
  EXPECT_EQ(PopDue(&queue, 4), std::nullopt);
  EXPECT_EQ(PopDue(&queue, 5), (PartitionDeadline{4, true, 0}));
}

// Random sets, cancellations and pops, against a plain map.
TEST(DeadlineQueueTest, AgreesWithAMap) {
  std::mt19937_64 random(3);
  DeadlineQueue queue;
  std::map<uint32_t, PartitionDeadline> expected;
  for (int i = 0; i < 20'000; ++i) {
    const auto partition = static_cast<uint32_t>(random() % 20);
    if (const uint64_t what = random() % 4; what < 2) {
      const PartitionDeadline d{static_cast<Time>(random() % 50), random() % 2 == 0, partition};
      queue.Set(d);
      expected[partition] = d;
    } else if (what == 2) {
      queue.Cancel(partition);
      expected.erase(partition);
    } else {
      const Time watermark = static_cast<Time>(random() % 50);
      const PartitionDeadline* first = nullptr;
      for (const auto& [p, d] : expected) {
        if (first == nullptr || d < *first) first = &d;
      }
      const auto popped = PopDue(&queue, watermark);
      ASSERT_EQ(popped.has_value(), first != nullptr && first->DueAt(watermark));
      if (popped.has_value()) {
        ASSERT_EQ(*popped, *first);
        expected.erase(popped->partition);
      }
    }
    ASSERT_EQ(queue.size(), expected.size());
  }
}

}  // namespace
}  // namespace spate
