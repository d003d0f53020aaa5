#include "runtime/match/tally.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

// Linear interpolation over a sorted copy.
double PlainPercentile(std::vector<int64_t> values, double p) {
  std::sort(values.begin(), values.end());
  const double rank = p / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(std::floor(rank));
  const size_t above = std::min(below + 1, values.size() - 1);
  const double low = static_cast<double>(values[below]);
  return low + (static_cast<double>(values[above]) - low) * (rank - std::floor(rank));
}

// The k most frequent values, ties by the oldest one.
std::vector<int64_t> PlainTop(const std::deque<int64_t>& values, size_t k) {
  std::map<int64_t, std::pair<int64_t, size_t>> counts;  // minus the count, first place
  for (size_t i = 0; i < values.size(); ++i) {
    const auto [at, is_new] = counts.try_emplace(values[i], 0, i);
    --at->second.first;
  }
  std::vector<std::pair<std::pair<int64_t, size_t>, int64_t>> order;
  for (const auto& [value, rank] : counts) order.emplace_back(rank, value);
  std::sort(order.begin(), order.end());
  std::vector<int64_t> top;
  for (size_t i = 0; i < std::min(k, order.size()); ++i) top.push_back(order[i].second);
  return top;
}

std::vector<int64_t> IntsOf(const Value& list) {
  std::vector<int64_t> ints;
  for (const Value& v : list.elements()) ints.push_back(v.i);
  return ints;
}

TEST(TallyTest, SlidingWindowsAgreeWithARescan) {
  std::mt19937_64 random(7);
  const auto order = Tally::Create(TallyKind::kOrder, true);
  const auto distinct = Tally::Create(TallyKind::kDistinct, true);
  const auto top = Tally::Create(TallyKind::kTop, true);
  Tally* const all[] = {order.get(), distinct.get(), top.get()};
  std::deque<int64_t> window;
  std::deque<std::vector<uint64_t>> handles;
  Arena scratch;
  for (int i = 0; i < 3000; ++i) {
    const size_t size = i < 1500 ? 40 : 7;
    const auto value = static_cast<int64_t>(random() % 12) - 6;
    window.push_back(value);
    handles.emplace_back();
    for (Tally* t : all) handles.back().push_back(t->Add(Value::Int(value)));
    while (window.size() > size) {
      for (size_t t = 0; t < 3; ++t) all[t]->Remove(handles.front()[t]);
      window.pop_front();
      handles.pop_front();
    }
    scratch.Reset();
    const std::vector<int64_t> now(window.begin(), window.end());
    for (const double p : {0.0, 12.5, 50.0, 99.0, 100.0}) {
      ASSERT_EQ(order->Result(AggregateKind::kPercentile, p, &scratch).f, PlainPercentile(now, p));
    }
    const auto different = std::map<int64_t, int>([&] {
                             std::map<int64_t, int> m;
                             for (const int64_t v : now) m[v] = 1;
                             return m;
                           }())
                               .size();
    ASSERT_EQ(distinct->Result(AggregateKind::kCountDistinct, 0, &scratch).i,
              static_cast<int64_t>(different));
    ASSERT_EQ(IntsOf(top->Result(AggregateKind::kTop, 3, &scratch)), PlainTop(window, 3));
  }
}

TEST(TallyTest, OverNothing) {
  Arena scratch;
  EXPECT_TRUE(TallyOf(AggregateKind::kMedian, 0, {}, &scratch).is_null());
  EXPECT_EQ(TallyOf(AggregateKind::kCountDistinct, 0, {}, &scratch).i, 0);
  EXPECT_EQ(TallyOf(AggregateKind::kTop, 3, {}, &scratch).size, 0u);
}

TEST(TallyTest, FloatsInTheirOrder) {
  Arena scratch;
  const std::vector<Value> values = {Value::Float(2.5), Value::Float(-1e300), Value::Null(),
                                     Value::Float(-0.5), Value::Float(0.0)};
  const auto at = [&](double p) {
    return TallyOf(AggregateKind::kPercentile, p, values, &scratch).f;
  };
  EXPECT_EQ(at(0), -1e300);
  EXPECT_EQ(at(100), 2.5);
  EXPECT_EQ(at(50), -0.25);
}

TEST(TallyTest, LargeIntegersAndDurations) {
  Arena scratch;
  const std::vector<Value> ints = {Value::Int(INT64_MAX), Value::Int(INT64_MIN)};
  EXPECT_EQ(TallyOf(AggregateKind::kPercentile, 0, ints, &scratch).f, -0x1p63);
  EXPECT_EQ(TallyOf(AggregateKind::kPercentile, 100, ints, &scratch).f, 0x1p63);
  const std::vector<Value> durations = {Value::OfDuration(1), Value::OfDuration(4)};
  const Value median = TallyOf(AggregateKind::kMedian, 0, durations, &scratch);
  EXPECT_EQ(median.kind, Kind::kDuration);
  EXPECT_EQ(median.i, 3);  // 2.5 is rounded away from zero
}

TEST(TallyTest, TextIsOwned) {
  Arena scratch;
  const auto tally = Tally::Create(TallyKind::kTop, true);
  std::vector<uint64_t> handles;
  for (const char* text : {"b", "a", "a", "c", "b"}) {
    std::string own = text;
    handles.push_back(tally->Add(Value::String(own)));
    own.assign("overwritten");
  }
  const auto texts = [&] {
    std::string joined;
    for (const Value& v : tally->Result(AggregateKind::kTop, 9, &scratch).elements()) {
      joined += std::string(v.text());
    }
    return joined;
  };
  EXPECT_EQ(texts(), "bac");
  tally->Remove(handles[0]);  // the b that is left came last
  EXPECT_EQ(texts(), "acb");
  tally->Clear();
  EXPECT_EQ(texts(), "");
}

}  // namespace
}  // namespace spate
