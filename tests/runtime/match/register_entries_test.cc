#include "runtime/match/register_entries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/match/register_rule.h"

namespace spate {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Entries in the state after A of the rule, whose registers are a.k and a.x.
class Entries {
 public:
  explicit Entries(const std::string& match, size_t index_from = 1)
      : rule_(match),
        masks_(MakeStateMasks(rule_.pattern())),
        stances_(masks_),
        entries(*rule_.registers, stances_, 1, index_from) {
    entries.Reach(9);
  }

  EntryId Add(uint32_t slot, absl::string_view k, const Value& x, SetId set = 1) {
    const EntryId id = entries.New();
    entries[id].slot = slot;
    entries[id].stance = stance;
    entries[id].set = set;
    entries.Values(id)[0] = entries.Own(Value::String(k));
    entries.Values(id)[1] = x;
    entries.Link(id);
    return id;
  }
  void Remove(EntryId id) {
    entries.Unlink(id);
    entries.Free(id);
  }
  // Sets of what is found, in order.
  std::vector<SetId> Found(uint32_t slot, std::vector<Value> equal, Op op = Op::kEq,
                           Value order = Value()) {
    std::vector<SetId> found;
    if (entries.Buckets(slot).empty()) return found;
    entries.Find(slot, entries.Buckets(slot)[0], {0, equal, op, order},
                 [&](EntryId id) { found.push_back(entries[id].set); });
    std::sort(found.begin(), found.end());
    return found;
  }
  EntryId Same(uint32_t slot, absl::string_view k, const Value& x) {
    const Value values[] = {Value::String(k), x};
    return entries.FindSame(slot, stance, values);
  }

  static constexpr StanceId stance = 1;

 private:
  RegisterRule rule_;
  std::vector<StateMasks> masks_;
  Stances stances_;

 public:
  RegisterEntries entries;
};

using Sets = std::vector<SetId>;

TEST(RegisterEntriesTest, EqualityIsThatOfTheLanguage) {
  Entries e("a: A -> b: B[k == a.k and x == a.x]");
  e.Add(0, "u", Value::Float(0.0), 1);
  e.Add(0, "u", Value::Float(-0.0), 2);
  e.Add(0, "u", Value::Null(), 3);
  e.Add(0, "u", Value::Float(std::nan("")), 4);
  e.Add(0, "U", Value::Float(0.0), 5);
  e.Add(1, "u", Value::Float(0.0), 6);
  EXPECT_EQ(e.Found(0, {Value::String("u"), Value::Float(0.0)}), (Sets{1, 2}));
  EXPECT_EQ(e.Found(0, {Value::String("u"), Value::Null()}), Sets{});
  EXPECT_EQ(e.Found(0, {Value::String("u"), Value::Float(std::nan(""))}), Sets{});
  EXPECT_EQ(e.Found(1, {Value::String("u"), Value::Float(-0.0)}), Sets{6});
  EXPECT_EQ(e.Found(2, {Value::String("u"), Value::Float(0.0)}), Sets{});
}

TEST(RegisterEntriesTest, OnlyTheSameBitsAreMerged) {
  for (const char* match : {"a: A -> b: B[k == a.k and x == a.x]",
                            "a: A -> b: B[k == a.k] -> "
                            "c: A[x == a.x and k == a.k]"}) {
    Entries e(match);
    const EntryId zero = e.Add(0, "u", Value::Float(0.0));
    const EntryId null = e.Add(0, "u", Value::Null());
    EXPECT_EQ(e.Same(0, "u", Value::Float(0.0)), zero);
    EXPECT_EQ(e.Same(0, "u", Value::Null()), null);
    EXPECT_EQ(e.Same(0, "u", Value::Float(-0.0)), kNoEntry);
    EXPECT_EQ(e.Same(0, "v", Value::Float(0.0)), kNoEntry);
    EXPECT_EQ(e.Same(1, "u", Value::Float(0.0)), kNoEntry);
    e.Remove(zero);
    EXPECT_EQ(e.Same(0, "u", Value::Float(0.0)), kNoEntry);
  }
}

TEST(RegisterEntriesTest, OrderIsThatOfTheLanguage) {
  const std::vector<double> values = {-kInfinity, -2.5, -0.0,      0.0,         1e-300,
                                      3.0,        3.0,  kInfinity, std::nan("")};
  Entries e("a: A -> b: B[k == a.k and x > a.x]");
  for (size_t i = 0; i < values.size(); ++i) {
    e.Add(0, "u", Value::Float(values[i]), static_cast<SetId>(i + 1));
    e.Add(0, "v", Value::Float(values[i]), 100);
    e.Add(1, "u", Value::Float(values[i]), 200);
  }
  e.Add(0, "u", Value::Null(), 300);
  for (double v : values) {
    for (Op op : {Op::kLt, Op::kLe, Op::kGt, Op::kGe}) {
      Sets expected;
      for (size_t i = 0; i < values.size(); ++i) {
        const bool holds = op == Op::kLt   ? v < values[i]
                           : op == Op::kLe ? v <= values[i]
                           : op == Op::kGt ? v > values[i]
                                           : v >= values[i];
        if (holds) expected.push_back(static_cast<SetId>(i + 1));
      }
      EXPECT_EQ(e.Found(0, {Value::String("u")}, op, Value::Float(v)), expected) << v;
      EXPECT_EQ(e.Found(0, {Value::String("u")}, op, Value::Null()), Sets{});
    }
  }
}

TEST(RegisterEntriesTest, IntegersOrderOverTheirWholeRange) {
  uint64_t last = 0;
  for (int64_t v : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0}, int64_t{1},
                    std::numeric_limits<int64_t>::max()}) {
    uint64_t bits = 0;
    ASSERT_TRUE(OrderedBits(Value::Int(v), &bits));
    if (v != std::numeric_limits<int64_t>::min()) {
      EXPECT_LT(last, bits);
    }
    last = bits;
  }
}

// Random additions and removals against a plain map, with memory given back in between.
TEST(RegisterEntriesTest, FindsWhatIsThereAfterManyChanges) {
  for (const char* match :
       {"a: A -> b: B[k == a.k] -> c: A[x == a.x]", "a: A -> b: B[k == a.k and x <= a.x]"}) {
    for (size_t index_from : {1, 20}) {
      Entries e(match, index_from);
      const bool ordered = std::string(match).find("<=") != std::string::npos;
      std::map<SetId, std::pair<std::string, double>> there;
      std::map<SetId, EntryId> ids;
      std::mt19937 random(3);
      SetId next = 1;
      for (int round = 0; round < 6'000; ++round) {
        const bool grows = (round / 500) % 3 == 0;
        if (there.empty() || random() % 10 < (grows ? 8 : 3)) {
          const std::string k = "a key that is text " + std::to_string(random() % 20);
          const double x = static_cast<double>(random() % 30);
          ids[next] = e.Add(4, k, Value::Float(x), next);
          there[next++] = {k, x};
        } else {
          auto it = there.begin();
          std::advance(it, random() % there.size());
          e.Remove(ids[it->first]);
          ids.erase(it->first);
          there.erase(it);
        }
        if (round % 500 == 499) {
          e.entries.Compact();
          if (there.empty()) continue;
          for (EntryId id = e.entries.Buckets(4)[0].first; id != kNoEntry;
               id = e.entries[id].next) {
            ids[e.entries[id].set] = id;
          }
        }
        ASSERT_EQ(e.entries.size(), there.size());
        const std::string k = "a key that is text " + std::to_string(random() % 20);
        const double x = static_cast<double>(random() % 30);
        Sets expected;
        for (const auto& [set, values] : there) {
          if (values.first == k && (!ordered || x <= values.second)) expected.push_back(set);
        }
        ASSERT_EQ(e.Found(4, {Value::String(k)}, Op::kLe, Value::Float(x)), expected);
      }
      e.entries.Clear(4);
      EXPECT_EQ(e.entries.size(), 0u);
      EXPECT_TRUE(e.entries.Buckets(4).empty());
    }
  }
}

}  // namespace
}  // namespace spate
