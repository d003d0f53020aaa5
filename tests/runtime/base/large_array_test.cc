#include "runtime/base/large_array.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace spate {
namespace {

TEST(LargeArrayTest, GrowsAndKeepsWhatItHolds) {
  LargeArray<uint64_t> array;
  EXPECT_TRUE(array.empty());
  constexpr size_t kMany = 2'000'000;  // 16 MB: through several sizes, and over huge pages
  for (uint64_t i = 0; i < kMany; ++i) array.push_back(i * 7);
  ASSERT_EQ(array.size(), kMany);
  for (uint64_t i = 0; i < kMany; ++i) ASSERT_EQ(array[i], i * 7);
}

TEST(LargeArrayTest, NewElementsAreZeroAlsoInMemoryThatWasUsed) {
  LargeArray<uint32_t> array(3);
  for (uint32_t& v : array) v = 5;
  array.resize(1);
  array.resize(100);
  EXPECT_EQ(array[0], 5u);
  for (size_t i = 1; i < 100; ++i) EXPECT_EQ(array[i], 0u) << i;
  array.clear();
  EXPECT_TRUE(array.empty());
  array.resize(2);
  EXPECT_EQ(array[0], 0u);
}

TEST(LargeArrayTest, TakesAnElementOfItsOwnAndManyAtOnce) {
  LargeArray<int> array;
  array.push_back(9);
  for (int i = 0; i < 100; ++i) array.push_back(array[0]);  // also when it moves
  EXPECT_EQ(array[100], 9);
  const std::vector<int> more = {1, 2, 3};
  array.append(more.data(), more.size());
  array.append(nullptr, 0);
  ASSERT_EQ(array.size(), 104u);
  EXPECT_EQ(array[103], 3);
}

TEST(LargeArrayTest, Moves) {
  LargeArray<int> a(2);
  a[1] = 4;
  LargeArray<int> b = std::move(a);
  ASSERT_EQ(b.size(), 2u);
  EXPECT_EQ(b[1], 4);
  LargeArray<int> c(5);
  c = std::move(b);
  ASSERT_EQ(c.size(), 2u);
  EXPECT_EQ(c[1], 4);
}

}  // namespace
}  // namespace spate
