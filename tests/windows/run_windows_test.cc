#include "windows/run_windows.h"

#include <deque>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

constexpr uint32_t kBegin = RunMatrix::kBegin;

// Three places. Columns are fed by some moves and not by others.
std::vector<RunMatrix> Matrices() {
  std::vector<RunMatrix> m(6);
  m[0].begins = {{kBegin, 0, 1}};                  // begins, taking the event
  m[1].moves = {{0, 0, 1}, {0, 1, 0}};             // a loop, and a way on
  m[2].leaves = 0b010;                             // place 1 ends ..
  m[2].moves = {{1, 2, 1}, {0, 2, 1}};             // .. by taking the event
  m[3].completes = {{2, 0, 1}, {0, 0, 0}};         // completes, and all go on
  m[4].begins = {{kBegin, 1, 0}, {kBegin, 2, 1}};  // begins twice ..
  m[4].completes = {{kBegin, 0, 1}};               // .. and is complete by itself
  m[4].moves = {{2, 0, 0}};
  m[5].leaves = 0b111;  // all end, one kind completes
  m[5].completes = {{1, 0, 1}};
  return m;
}

// One run after the other.
struct Run {
  int64_t start;
  uint32_t place;
  int64_t sum;
};
struct Plain {
  std::deque<Run> runs;
  std::vector<int64_t> complete;  // sums of the runs that an event completed

  void Take(const RunMatrix& m, int64_t start, int64_t value, int64_t oldest) {
    complete.clear();
    std::deque<Run> next;
    std::erase_if(runs, [&](const Run& r) { return r.start < oldest; });
    const auto sum = [&](int64_t before, const RunMatrix::Move& move) {
      return before + (move.feeds != 0 ? value : 0);
    };
    for (const Run& r : runs) {
      if (((m.leaves >> r.place) & 1) == 0) next.push_back(r);
      for (const RunMatrix::Move& move : m.moves) {
        if (move.from == r.place) next.push_back({r.start, move.to, sum(r.sum, move)});
      }
      for (const RunMatrix::Move& c : m.completes) {
        if (c.from == r.place) complete.push_back(sum(r.sum, c));
      }
    }
    for (const RunMatrix::Move& b : m.begins) next.push_back({start, b.to, sum(0, b)});
    for (const RunMatrix::Move& c : m.completes) {
      if (c.from == kBegin) complete.push_back(sum(0, c));
    }
    runs = std::move(next);
  }
};

void Compare(RunWindows* windows, uint32_t slot, uint32_t matrix, int64_t value,
             const Plain& plain) {
  const uint64_t values[] = {static_cast<uint64_t>(value)};
  const uint64_t* e = windows->Complete(slot, matrix, {1, values});
  ASSERT_EQ(RunAlgebra::Runs(e), plain.complete.size());
  if (plain.complete.empty()) return;
  int64_t sum = 0;
  for (int64_t v : plain.complete) sum += v;
  ASSERT_EQ(windows->algebra().Sum(e, 0), absl::int128(sum));
}

TEST(RunWindowsTest, SameAsEnumeration) {
  const std::vector<RunMatrix> matrices = Matrices();
  for (const bool slides : {true, false}) {
    for (int round = 0; round < 300; ++round) {
      std::mt19937_64 random(static_cast<uint64_t>(round));
      const int64_t window = static_cast<int64_t>(random() % 9);
      RunWindows windows(RunAlgebra({{false, true, true, false}}), 3, 1, slides, matrices);
      std::vector<Plain> plain(2);
      windows.Reach(1);
      int64_t now = 0;
      for (int i = 0; i < (slides ? 120 : 14); ++i) {
        now += static_cast<int64_t>(random() % 3);
        const auto slot = static_cast<uint32_t>(random() % 2);
        // The event that ends all comes seldom.
        const auto number = static_cast<uint32_t>(random() % 25 == 0 ? 5 : random() % 5);
        const auto value = static_cast<int64_t>(random() % 7) - 3;
        const uint64_t values[] = {static_cast<uint64_t>(value)};
        plain[slot].Take(matrices[number], now, value, slides ? now - window : INT64_MIN);
        if (slides) windows.Evict(slot, now - window);
        ASSERT_NO_FATAL_FAILURE(Compare(&windows, slot, number, value, plain[slot]))
            << "round " << round << ", event " << i << (slides ? "" : ", no window");
        windows.Take(slot, now, number, {1, values});
        ASSERT_EQ(windows.Empty(slot), plain[slot].runs.empty());
        if (plain[slot].runs.size() > 20'000) break;
      }
    }
  }
}

TEST(RunWindowsTest, WhatHasLeftIsGivenBack) {
  const std::vector<RunMatrix> matrices = Matrices();
  RunWindows windows(RunAlgebra(std::vector<RunAlgebra::Column>(1)), 3, 1, true, matrices);
  const uint64_t values[] = {1};
  windows.Reach(0);
  for (int64_t now = 0; now < 10'000; ++now) {
    windows.Evict(0, now - 9);
    windows.Take(0, now, 0, {1, values});
    ASSERT_LE(windows.kept(), 10u);
  }
  EXPECT_EQ(windows.active(), 1u);
  windows.Evict(0, 20'000);
  EXPECT_TRUE(windows.Empty(0));
  EXPECT_EQ(windows.kept(), 0u);
  EXPECT_EQ(windows.active(), 0u);
}

}  // namespace
}  // namespace spate
