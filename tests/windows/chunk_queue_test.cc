#include "windows/chunk_queue.h"

#include <deque>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

std::vector<uint64_t> Contents(ChunkQueuePool* pool, const ChunkQueue& queue) {
  std::vector<uint64_t> contents;
  pool->ForEach(queue, [&](uint64_t* record) {
    contents.push_back(record[0]);
    return true;
  });
  return contents;
}

TEST(ChunkQueueTest, AnEmptyQueueCostsNoChunk) {
  ChunkQueuePool pool(3);
  ChunkQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(Contents(&pool, queue).empty());
  pool.PushBack(&queue)[0] = 1;
  EXPECT_EQ(pool.chunks_in_use(), 1u);
  pool.PopFront(&queue);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(pool.chunks_in_use(), 0u);
}

TEST(ChunkQueueTest, ClearGivesBackAllChunks) {
  ChunkQueuePool pool(4);
  ChunkQueue queue;
  for (int i = 0; i < 1000; ++i) pool.PushBack(&queue)[0] = 0;
  EXPECT_GT(pool.chunks_in_use(), 100u);
  pool.Clear(&queue);
  EXPECT_EQ(pool.chunks_in_use(), 0u);
  EXPECT_TRUE(queue.empty());
}

TEST(ChunkQueueTest, AWalkStopsWhenToldTo) {
  ChunkQueuePool pool(1);
  ChunkQueue queue;
  for (uint64_t i = 0; i < 100; ++i) pool.PushBack(&queue)[0] = i;
  std::vector<uint64_t> seen;
  const auto take_three = [&](uint64_t* record) {
    seen.push_back(record[0]);
    return seen.size() % 3 != 0;
  };
  pool.ForEach(queue, take_three);
  pool.ForEachBackward(queue, take_three);
  EXPECT_EQ(seen, (std::vector<uint64_t>{0, 1, 2, 99, 98, 97}));
}

// Random use of several queues with records of several sizes, against std::deque.
TEST(ChunkQueueTest, AgreesWithADeque) {
  for (const size_t words : {1, 2, 5, 20}) {
    std::mt19937_64 random(words);
    ChunkQueuePool pool(words);
    std::vector<ChunkQueue> queues(5);
    std::vector<std::deque<uint64_t>> expected(5);
    for (uint64_t i = 0; i < 20'000; ++i) {
      const size_t q = random() % 5;
      // Growing for a while, then shrinking.
      if (random() % 8 < (i / 2000 % 2 == 0 ? 5u : 3u)) {
        uint64_t* record = pool.PushBack(&queues[q]);
        record[0] = i;
        record[words - 1] = i;
        expected[q].push_back(i);
      } else if (!queues[q].empty()) {
        pool.PopFront(&queues[q]);
        expected[q].pop_front();
      }
      ASSERT_EQ(queues[q].empty(), expected[q].empty());
      if (queues[q].empty()) continue;
      ASSERT_EQ(pool.Front(queues[q])[words - 1], expected[q].front());
      if (i % 100 != 0) continue;
      ASSERT_EQ(Contents(&pool, queues[q]),
                std::vector<uint64_t>(expected[q].begin(), expected[q].end()));
      std::vector<uint64_t> backward;
      pool.ForEachBackward(queues[q], [&](uint64_t* r) {
        backward.push_back(r[0]);
        return true;
      });
      ASSERT_EQ(backward, std::vector<uint64_t>(expected[q].rbegin(), expected[q].rend()));
    }
  }
}

}  // namespace
}  // namespace spate
