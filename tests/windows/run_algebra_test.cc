#include "windows/run_algebra.h"

#include <cstring>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

using Element = std::vector<uint64_t>;

uint64_t Bits(double v) {
  uint64_t bits;
  std::memcpy(&bits, &v, sizeof(bits));
  return bits;
}
double FromBits(uint64_t bits) {
  double v;
  std::memcpy(&v, &bits, sizeof(v));
  return v;
}

// Column 0: integers; column 1: doubles; column 2: only counted.
RunAlgebra Algebra() {
  return RunAlgebra({{false, true, true, true}, {true, true, true, true}, {}});
}

// What an element stands for: for each run the values of column 0.
using Runs = std::vector<std::vector<int64_t>>;

Element ElementOf(const RunAlgebra& algebra, const Runs& runs) {
  Element sum(algebra.words());
  for (const std::vector<int64_t>& run : runs) {
    Element e(algebra.one(), algebra.one() + algebra.words());
    for (int64_t v : run) {
      const uint64_t values[] = {static_cast<uint64_t>(v), Bits(static_cast<double>(v) / 2), 1};
      Element next(algebra.words());
      algebra.AddTimes(next.data(), e.data(), {7, values}, 7);
      e = next;
    }
    algebra.Add(sum.data(), e.data());
  }
  return sum;
}

void ExpectIs(const RunAlgebra& algebra, const Element& e, const Runs& runs) {
  uint64_t count = 0;
  int64_t sum = 0;
  int64_t least = INT64_MAX, most = INT64_MIN;
  for (const std::vector<int64_t>& run : runs) {
    for (int64_t v : run) {
      ++count;
      sum += v;
      least = std::min(least, v);
      most = std::max(most, v);
    }
  }
  EXPECT_EQ(RunAlgebra::Runs(e.data()), runs.size());
  for (size_t c = 0; c < 3; ++c) EXPECT_EQ(algebra.Count(e.data(), c), count);
  EXPECT_EQ(algebra.Sum(e.data(), 0), absl::int128(sum));
  EXPECT_DOUBLE_EQ(algebra.FloatSum(e.data(), 1), static_cast<double>(sum) / 2);
  if (count == 0) return;
  EXPECT_EQ(static_cast<int64_t>(algebra.Min(e.data(), 0)), least);
  EXPECT_EQ(static_cast<int64_t>(algebra.Max(e.data(), 0)), most);
  EXPECT_EQ(FromBits(algebra.Min(e.data(), 1)), static_cast<double>(least) / 2);
  EXPECT_EQ(FromBits(algebra.Max(e.data(), 1)), static_cast<double>(most) / 2);
}

TEST(RunAlgebraTest, SumsAndProductsAreOfTheRuns) {
  const RunAlgebra algebra = Algebra();
  std::mt19937_64 random(3);
  const auto some_runs = [&] {
    Runs runs(random() % 4);
    for (std::vector<int64_t>& run : runs) {
      run.resize(random() % 3);
      for (int64_t& v : run) v = static_cast<int64_t>(random() % 21) - 10;
    }
    return runs;
  };
  for (int round = 0; round < 2'000; ++round) {
    const Runs a = some_runs(), b = some_runs(), c = some_runs();
    Element sum = ElementOf(algebra, a);
    algebra.AddProduct(sum.data(), ElementOf(algebra, b).data(), ElementOf(algebra, c).data());
    Runs expected = a;
    for (const std::vector<int64_t>& first : b) {
      for (const std::vector<int64_t>& second : c) {
        expected.push_back(first);
        expected.back().insert(expected.back().end(), second.begin(), second.end());
      }
    }
    ExpectIs(algebra, sum, expected);
  }
}

TEST(RunAlgebraTest, AnEventFeedsTheColumnsItIsTakenFor) {
  const RunAlgebra algebra = Algebra();
  const uint64_t values[] = {5, Bits(0.5), 1};
  Element e(algebra.words());
  algebra.AddTimes(e.data(), algebra.one(), {0b011, values}, 0b101);  // no value for column 2
  EXPECT_EQ(algebra.Count(e.data(), 0), 1u);
  EXPECT_EQ(algebra.Count(e.data(), 1), 0u);
  EXPECT_EQ(algebra.Count(e.data(), 2), 0u);
}

// Every event doubles the runs: what 64 bits do not hold stays kMany, sums up to there are exact.
TEST(RunAlgebraTest, NumbersOfRunsStop) {
  const RunAlgebra algebra = Algebra();
  const uint64_t values[] = {static_cast<uint64_t>(INT64_MIN), Bits(1), 1};
  Element all(algebra.one(), algebra.one() + algebra.words());
  for (int n = 1; n <= 70; ++n) {
    const Element before = all;
    algebra.AddTimes(all.data(), before.data(), {1, values}, 1);
    if (n < 64) {
      EXPECT_EQ(RunAlgebra::Runs(all.data()), uint64_t{1} << n);
    } else {
      EXPECT_EQ(RunAlgebra::Runs(all.data()), RunAlgebra::kMany);
    }
    if (n <= 58) {  // n * 2^(n-1) values
      const uint64_t count = static_cast<uint64_t>(n) << (n - 1);
      EXPECT_EQ(algebra.Count(all.data(), 0), count);
      EXPECT_EQ(algebra.Sum(all.data(), 0), absl::int128(count) * absl::int128(INT64_MIN));
    } else if (n >= 61) {
      EXPECT_EQ(algebra.Count(all.data(), 0), RunAlgebra::kMany);
    }
  }
  Element product(algebra.words());
  algebra.AddProduct(product.data(), all.data(), all.data());
  EXPECT_EQ(RunAlgebra::Runs(product.data()), RunAlgebra::kMany);
}

}  // namespace
}  // namespace spate
