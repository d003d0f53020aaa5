// Windows over random events, against a plain rescan of all events.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/runtime/match/window_test_rule.h"
#include "windows/tumbling.h"

namespace spate {
namespace {

using Agg = AggregateKind;

struct AggregateCase {
  Agg kind;
  std::optional<TestField> value;
  bool where_ok = false;
  double parameter = 0;
};

const AggregateCase kAggregates[] = {
    {Agg::kCount, std::nullopt},
    {Agg::kCount, std::nullopt, true},
    {Agg::kCount, kN},
    {Agg::kSum, kN},
    {Agg::kSum, kN, true},
    {Agg::kAvg, kN},
    {Agg::kSum, kF},
    {Agg::kAvg, kF, true},
    {Agg::kMin, kN},
    {Agg::kMax, kN, true},
    {Agg::kMin, kF},
    {Agg::kMax, kF},
    {Agg::kMin, kS},
    {Agg::kMax, kS},
    {Agg::kFirst, kS},
    {Agg::kLast, kS, true},
    {Agg::kFirst, kN, true},
    {Agg::kCollect, kS},
    {Agg::kCollect, kN, true},
    {Agg::kVariance, kN},
    {Agg::kStddev, kF, true},
    {Agg::kMedian, kN, true},
    {Agg::kPercentile, kF, false, 90},
    {Agg::kCountDistinct, kS},
    {Agg::kCountDistinct, kN, true},
    {Agg::kTop, kS, false, 2},
    {Agg::kTop, kN, true, 3},
};

Value Get(const TestEvent& e, TestField field) {
  switch (field) {
    case kN:
      return e.n ? Value::Int(*e.n) : Value::Null();
    case kF:
      return e.f ? Value::Float(*e.f) : Value::Null();
    default:
      return e.s ? Value::String(*e.s) : Value::Null();
  }
}

bool Less(const Value& a, const Value& b) {
  if (a.kind == Kind::kFloat) return a.f < b.f;
  if (a.kind == Kind::kString) return a.text() < b.text();
  return a.i < b.i;
}

// By two passes, in long double, so that rounding to double is all that is lost.
std::string Spread(Agg kind, const std::vector<Value>& values) {
  if (values.size() < 2) return "null";
  const auto at = [](const Value& v) {
    return v.kind == Kind::kFloat ? static_cast<long double>(v.f) : static_cast<long double>(v.i);
  };
  long double sum = 0;
  for (const Value& v : values) sum += at(v);
  const long double mean = sum / static_cast<long double>(values.size());
  long double squares = 0;
  for (const Value& v : values) squares += (at(v) - mean) * (at(v) - mean);
  const long double variance = squares / static_cast<long double>(values.size() - 1);
  return Show(
      Value::Float(static_cast<double>(kind == Agg::kVariance ? variance : std::sqrt(variance))));
}

// `values` are sorted.
std::string Percentile(const std::vector<Value>& values, double p) {
  const auto at = [&](size_t i) {
    return values[i].kind == Kind::kFloat ? values[i].f : static_cast<double>(values[i].i);
  };
  const double rank = p / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const double part = rank - static_cast<double>(below);
  if (part <= 0) return Show(Value::Float(at(below)));
  return Show(Value::Float(at(below) + (at(below + 1) - at(below)) * part));
}

// The different values, the most frequent ones first, of equally frequent ones the older.
std::vector<Value> ByFrequency(const std::vector<Value>& values) {
  std::vector<std::pair<Value, size_t>> counts;
  for (const Value& v : values) {
    auto at = std::find_if(counts.begin(), counts.end(),
                           [&](const auto& c) { return SameValue(c.first, v); });
    if (at == counts.end()) at = counts.insert(at, {v, 0});
    ++at->second;
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<Value> result;
  for (const auto& [value, count] : counts) result.push_back(value);
  return result;
}

// The aggregate over `events`, from left to right.
std::string Expected(const AggregateCase& a, const std::vector<TestEvent>& events) {
  std::vector<Value> all;
  for (const TestEvent& e : events) {
    if (!a.where_ok || e.ok) all.push_back(a.value ? Get(e, *a.value) : Value::Bool(true));
  }
  if (a.kind == Agg::kFirst) return Show(all.empty() ? Value::Null() : all.front());
  if (a.kind == Agg::kLast) return Show(all.empty() ? Value::Null() : all.back());
  std::vector<Value> values;
  for (const Value& v : all) {
    if (!v.is_null()) values.push_back(v);
  }
  if (a.kind == Agg::kCount) return absl::StrCat(values.size());
  if (a.kind == Agg::kCollect) return Show(Value::List(values));
  if (a.kind == Agg::kVariance || a.kind == Agg::kStddev) return Spread(a.kind, values);
  std::vector<Value> different = ByFrequency(values);
  if (a.kind == Agg::kCountDistinct) return absl::StrCat(different.size());
  if (a.kind == Agg::kTop) {
    different.resize(std::min(different.size(), static_cast<size_t>(a.parameter)));
    return Show(Value::List(different));
  }
  if (values.empty()) return "null";
  if (a.kind == Agg::kMedian || a.kind == Agg::kPercentile) {
    std::sort(values.begin(), values.end(), Less);
    return Percentile(values, a.kind == Agg::kMedian ? 50 : a.parameter);
  }
  if (a.kind == Agg::kMin) return Show(*std::min_element(values.begin(), values.end(), Less));
  if (a.kind == Agg::kMax) return Show(*std::max_element(values.begin(), values.end(), Less));
  int64_t ints = 0;
  double floats = 0;
  for (const Value& v : values) v.kind == Kind::kFloat ? floats += v.f : ints += v.i;
  const bool of_ints = values[0].kind == Kind::kInt;
  if (a.kind == Agg::kSum) return Show(of_ints ? Value::Int(ints) : Value::Float(floats));
  const double sum = of_ints ? static_cast<double>(ints) : floats;
  return Show(Value::Float(sum / static_cast<double>(values.size())));
}

TestEvent RandomEvent(std::mt19937_64* random, Time time, size_t text_size) {
  TestEvent e;
  e.time = time;
  e.key = static_cast<int64_t>((*random)() % 4);
  if ((*random)() % 5 != 0) e.n = static_cast<int64_t>((*random)() % 21) - 10;
  if ((*random)() % 5 != 0) e.f = static_cast<double>((*random)() % 41) / 2 - 10;
  if ((*random)() % 3 != 0) {
    e.s = std::string((*random)() % text_size, static_cast<char>('a' + (*random)() % 3));
  }
  e.ok = (*random)() % 2 == 0;
  return e;
}

std::string Line(Time time, int64_t key, Time start, Time end,
                 const std::vector<TestEvent>& window) {
  std::string line = absl::StrCat("@", time, " k", key, " ", start, "..", end);
  for (const AggregateCase& a : kAggregates) absl::StrAppend(&line, " ", Expected(a, window));
  return line;
}

void AddAggregates(TestRule* rule) {
  for (const AggregateCase& a : kAggregates) {
    rule->Aggregated(a.kind, a.value, a.where_ok ? FieldExpr(kOk) : nullptr, a.parameter);
  }
}

// A stream with bursts, equal times and silences. Some have texts so long that memory is used again
// for other texts while the stream goes on.
std::vector<TestEvent> RandomStream(uint64_t seed, int count) {
  const size_t text_size = seed % 8 == 1 ? 1000 : 12;
  std::mt19937_64 random(seed);
  std::vector<TestEvent> events;
  Time now = -50;
  for (int i = 0; i < count; ++i) {
    const uint64_t step = i / 50 % 2 == 0 ? random() % 3 : random() % 20;
    now += static_cast<Time>(random() % 60 == 0 ? 200 : step);
    events.push_back(RandomEvent(&random, now, text_size));
  }
  return events;
}

TEST(WindowRandomTest, SlidingAgreesWithARescan) {
  for (uint64_t seed = 0; seed < 16; ++seed) {
    const Duration size = static_cast<Duration>(seed % 4 == 0 ? 0 : seed * 5);
    TestRule rule(WindowSpec::Kind::kSliding, size);
    rule.By(kKeyField);
    AddAggregates(&rule);
    const std::vector<TestEvent> events = RandomStream(seed, 400);
    for (size_t i = 0; i < events.size(); ++i) {
      const TestEvent& now = events[i];
      std::vector<TestEvent> window;
      for (size_t j = 0; j <= i; ++j) {
        if (events[j].key == now.key && events[j].time >= now.time - size) {
          window.push_back(events[j]);
        }
      }
      rule.Take(now);
      ASSERT_EQ(
          rule.TakeLines(),
          (std::vector<std::string>{Line(now.time, *now.key, now.time - size, now.time, window)}))
          << "seed " << seed << " event " << i;
    }
  }
}

TEST(WindowRandomTest, TumblingAgreesWithARescan) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Duration size = 1 + static_cast<Duration>(seed * 3);
    TestRule rule(WindowSpec::Kind::kTumbling, size);
    rule.By(kKeyField);
    AddAggregates(&rule);
    const std::vector<TestEvent> events = RandomStream(seed, 400);
    std::map<int64_t, std::map<size_t, std::vector<TestEvent>>> windows;  // by index, by arrival
    std::vector<int64_t> arrived;
    for (const TestEvent& e : events) {
      auto place = std::find(arrived.begin(), arrived.end(), *e.key);
      if (place == arrived.end()) place = arrived.insert(place, *e.key);
      const auto arrival = static_cast<size_t>(place - arrived.begin());
      windows[TumblingIndex(e.time, size)][arrival].push_back(e);
      rule.Take(e);
    }
    rule.Advance(kMaxTime);
    std::vector<std::string> expected;
    for (const auto& [index, partitions] : windows) {
      for (const auto& [arrival, window] : partitions) {
        const Time end = (index + 1) * size;
        expected.push_back(Line(end, arrived[arrival], index * size, end, window));
      }
    }
    ASSERT_EQ(rule.TakeLines(), expected) << "seed " << seed;
  }
}

// Windows that count events, whose texts are given back by copying what is live.
TEST(WindowRandomTest, SlidingByEventsAgreesWithARescan) {
  for (uint64_t seed = 0; seed < 16; ++seed) {
    TestRule rule(WindowSpec::Kind::kSliding, 0);
    const size_t count = 1 + seed % 9;
    rule.From().window.events = count;
    rule.By(kKeyField);
    AddAggregates(&rule);
    std::map<int64_t, std::vector<TestEvent>> windows;
    for (const TestEvent& now : RandomStream(seed, 400)) {
      std::vector<TestEvent>& window = windows[*now.key];
      window.push_back(now);
      if (window.size() > count) window.erase(window.begin());
      rule.Take(now);
      ASSERT_EQ(
          rule.TakeLines(),
          (std::vector<std::string>{Line(now.time, *now.key, window[0].time, now.time, window)}))
          << "seed " << seed;
    }
  }
}

TEST(WindowRandomTest, HoppingAgreesWithARescan) {
  for (uint64_t seed = 0; seed < 14; ++seed) {
    const auto every = static_cast<Duration>(1 + seed % 7);
    const auto size = static_cast<Duration>(1 + seed * 2);
    TestRule rule(WindowSpec::Kind::kHopping, size);
    rule.From().window.every.duration = every;
    rule.By(kKeyField);
    AddAggregates(&rule);
    const std::vector<TestEvent> events = RandomStream(seed, 300);
    std::vector<int64_t> arrived;
    for (const TestEvent& e : events) {
      if (std::find(arrived.begin(), arrived.end(), *e.key) == arrived.end()) {
        arrived.push_back(*e.key);
      }
      rule.Take(e);
    }
    rule.Advance(kMaxTime);
    std::vector<std::string> expected;
    for (Time k = TumblingIndex(events.front().time - size, every); k * every <= events.back().time;
         ++k) {
      const Time start = k * every;
      for (const int64_t key : arrived) {
        std::vector<TestEvent> window;
        for (const TestEvent& e : events) {
          if (*e.key == key && e.time >= start && e.time < start + size) window.push_back(e);
        }
        if (!window.empty()) {
          expected.push_back(Line(start + size, key, start, start + size, window));
        }
      }
    }
    ASSERT_EQ(rule.TakeLines(), expected) << "seed " << seed;
  }
}

TEST(WindowRandomTest, SessionsAgreeWithARescan) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const auto gap = static_cast<Duration>(1 + seed % 11);
    const Duration max = seed % 3 == 0 ? 0 : static_cast<Duration>(seed);
    TestRule rule(WindowSpec::Kind::kSession, gap);
    rule.From().window.max = max;
    AddAggregates(&rule);
    rule.By(kKeyField);
    const std::vector<TestEvent> events = RandomStream(seed, 300);
    rule.Take(events);
    rule.Advance(kMaxTime);
    std::vector<std::string> expected;
    for (int64_t key = 0; key < 4; ++key) {
      std::vector<TestEvent> window;
      const auto close = [&] {
        if (window.empty()) return;
        const Time silent = window.back().time + gap;
        const Time end = max > 0 ? std::min(silent, window[0].time + max) : silent;
        expected.push_back(Line(end, key, window[0].time, end, window));
        window.clear();
      };
      for (const TestEvent& e : events) {
        if (*e.key != key) continue;
        if (!window.empty() &&
            (e.time > window.back().time + gap || (max > 0 && e.time > window[0].time + max))) {
          close();
        }
        window.push_back(e);
      }
      close();
    }
    std::vector<std::string> got = rule.TakeLines();
    std::sort(got.begin(), got.end());  // sessions of keys end at times of their own
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(got, expected) << "seed " << seed;
  }
}

// Many events through a store that is compacted again and again: the bound events stay right.
TEST(WindowRandomTest, BoundEventsSurviveCompaction) {
  for (const auto kind : {WindowSpec::Kind::kSliding, WindowSpec::Kind::kTumbling}) {
    for (const bool matched : {false, true}) {
      TestRule rule(kind, 50);
      rule.By(kKeyField).Emits(BoundExpr(kN, Nav::kFirst)).Emits(BoundExpr(kN));
      if (matched) rule.KeepMatched();
      std::mt19937_64 random(1);
      for (Time now = 0; now < 16'000; ++now) {
        TestEvent e;
        e.time = now;
        e.n = now * 3;
        e.key = static_cast<int64_t>(random() % 3);
        rule.Take(e);
        for (const std::string& line : rule.TakeLines()) {
          const std::vector<std::string> parts = absl::StrSplit(line, " | ");
          ASSERT_EQ(parts.size(), 2u);
          const std::vector<std::string> bound = absl::StrSplit(parts[1], ' ');
          for (const std::string& event : bound) {
            const std::vector<std::string> values = absl::StrSplit(event, ':');
            ASSERT_EQ(values[0] + " " + values[matched ? 2 : 1],
                      absl::StrCat(std::stoll(values[0]), " ", std::stoll(values[0]) * 3))
                << line;
          }
          if (!matched) {
            ASSERT_LE(bound.size(), 2u);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace spate
