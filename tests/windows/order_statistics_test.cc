#include "windows/order_statistics.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

void ExpectSame(const OrderStatistics& statistics, std::vector<uint64_t> values) {
  std::sort(values.begin(), values.end());
  ASSERT_EQ(statistics.size(), values.size());
  for (size_t k = 0; k < values.size(); ++k) ASSERT_EQ(statistics.Kth(k), values[k]) << k;
}

// Windows that grow, stand and shrink, over few and over many different values.
TEST(OrderStatisticsTest, AgreesWithASortedArray) {
  for (const uint64_t range : {1u, 3u, 100u, 1'000'000u}) {
    std::mt19937_64 random(range);
    OrderStatistics statistics;
    std::deque<uint64_t> window;
    for (const size_t target : {1u, 0u, 700u, 5000u, 100u, 600u, 0u, 513u}) {
      while (window.size() != target) {
        if (window.size() < target) {
          window.push_back(random() % range);
          statistics.Insert(window.back());
        } else {
          statistics.Erase(window.front());
          window.pop_front();
        }
      }
      for (int i = 0; i < 1000 && !window.empty(); ++i) {
        window.push_back(random() % range);
        statistics.Insert(window.back());
        statistics.Erase(window.front());
        window.pop_front();
      }
      ExpectSame(statistics, {window.begin(), window.end()});
    }
  }
}

TEST(OrderStatisticsTest, AscendingAndDescendingInput) {
  OrderStatistics up;
  OrderStatistics down;
  std::vector<uint64_t> values;
  for (uint64_t v = 0; v < 3000; ++v) {
    up.Insert(v);
    down.Insert(2999 - v);
    values.push_back(v);
  }
  ExpectSame(up, values);
  ExpectSame(down, values);
  up.Clear();
  up.Insert(7);
  ExpectSame(up, {7});
}

TEST(OrderStatisticsTest, TheLargestAndTheSmallest) {
  OrderStatistics statistics;
  statistics.Insert(~uint64_t{0});
  statistics.Insert(0);
  statistics.Insert(~uint64_t{0});
  ExpectSame(statistics, {0, ~uint64_t{0}, ~uint64_t{0}});
  statistics.Erase(~uint64_t{0});
  ExpectSame(statistics, {0, ~uint64_t{0}});
}

}  // namespace
}  // namespace spate
