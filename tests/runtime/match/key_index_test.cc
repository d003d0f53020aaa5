#include "runtime/match/key_index.h"

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <utility>

#include "gtest/gtest.h"

namespace spate {
namespace {

uint32_t AddOne(KeyIndex* index, const Value& v) {
  return index->FindOrAdd(absl::Span<const Value>(&v, 1));
}

TEST(KeyIndexTest, SlotsAreDenseByFirstArrival) {
  KeyIndex index({Kind::kInt});
  EXPECT_EQ(AddOne(&index, Value::Int(7)), 0u);
  EXPECT_EQ(AddOne(&index, Value::Int(-7)), 1u);
  EXPECT_EQ(AddOne(&index, Value::Int(7)), 0u);
  EXPECT_EQ(AddOne(&index, Value::Int(0)), 2u);
  EXPECT_EQ(index.size(), 3u);
  EXPECT_EQ(index.KeyOf(1)[0].i, -7);
  EXPECT_EQ(index.KeyOf(1)[0].kind, Kind::kInt);
}

TEST(KeyIndexTest, FindDoesNotAdd) {
  KeyIndex index({Kind::kInt});
  const Value key = Value::Int(1);
  EXPECT_EQ(index.Find({&key, 1}), KeyIndex::kNone);
  EXPECT_EQ(index.size(), 0u);
  AddOne(&index, key);
  EXPECT_EQ(index.Find({&key, 1}), 0u);
}

TEST(KeyIndexTest, WithoutPartsThereIsOneKey) {
  KeyIndex index({});
  EXPECT_EQ(index.FindOrAdd({}), 0u);
  EXPECT_EQ(index.FindOrAdd({}), 0u);
  EXPECT_EQ(index.size(), 1u);
  EXPECT_TRUE(index.KeyOf(0).empty());
}

TEST(KeyIndexTest, CopiesText) {
  KeyIndex index({Kind::kString});
  std::string text = "a name that is longer than a word";
  EXPECT_EQ(AddOne(&index, Value::String(text)), 0u);
  text[0] = 'A';
  EXPECT_EQ(AddOne(&index, Value::String(text)), 1u);
  EXPECT_EQ(index.KeyOf(0)[0].text(), "a name that is longer than a word");
  EXPECT_EQ(AddOne(&index, Value::String("")), 2u);
  EXPECT_EQ(AddOne(&index, Value::String(absl::string_view())), 2u);
}

TEST(KeyIndexTest, TextsThatShareBeginningsDiffer) {
  KeyIndex index({Kind::kString});
  std::string text;
  for (uint32_t n = 0; n < 40; ++n, text += '\0') {
    EXPECT_EQ(AddOne(&index, Value::String(text)), n);
  }
}

TEST(KeyIndexTest, FloatsAreSameByValue) {
  KeyIndex index({Kind::kFloat});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(AddOne(&index, Value::Float(0.0)), 0u);
  EXPECT_EQ(AddOne(&index, Value::Float(-0.0)), 0u);
  EXPECT_EQ(AddOne(&index, Value::Float(nan)), 1u);
  EXPECT_EQ(AddOne(&index, Value::Float(-nan)), 1u);
  EXPECT_EQ(AddOne(&index, Value::Float(0.5)), 2u);
}

TEST(KeyIndexTest, TuplesCompareByPart) {
  KeyIndex index({Kind::kString, Kind::kInt});
  const auto add = [&](absl::string_view text, int64_t n) {
    const Value key[2] = {Value::String(text), Value::Int(n)};
    return index.FindOrAdd(key);
  };
  EXPECT_EQ(add("a", 1), 0u);
  EXPECT_EQ(add("a", 2), 1u);
  EXPECT_EQ(add("b", 1), 2u);
  EXPECT_EQ(add("a", 1), 0u);
  EXPECT_EQ(index.KeyOf(2)[0].text(), "b");
  EXPECT_EQ(index.KeyOf(2)[1].i, 1);
}

TEST(KeyIndexTest, ListsAreKeys) {
  KeyIndex index({Kind::kList});
  const Value ab[2] = {Value::String("a"), Value::String("b")};
  const Value ba[2] = {Value::String("b"), Value::String("a")};
  EXPECT_EQ(AddOne(&index, Value::List(ab)), 0u);
  EXPECT_EQ(AddOne(&index, Value::List(ba)), 1u);
  EXPECT_EQ(AddOne(&index, Value::List(ab)), 0u);
}

TEST(KeyIndexTest, FastPathsAgreeWithTheGeneralOne) {
  KeyIndex ints({Kind::kTime});
  EXPECT_EQ(ints.FindOrAddInt(KeyIndex::HashInt(5), 5), 0u);
  EXPECT_EQ(AddOne(&ints, Value::OfTime(5)), 0u);
  EXPECT_EQ(AddOne(&ints, Value::OfTime(6)), 1u);
  EXPECT_EQ(ints.FindOrAddInt(KeyIndex::HashInt(6), 6), 1u);
  EXPECT_EQ(ints.KeyOf(0)[0].kind, Kind::kTime);

  KeyIndex texts({Kind::kString});
  for (size_t size = 0; size < 40; ++size) {  // each the beginning of the next
    const std::string text(size, 'a');
    EXPECT_EQ(texts.FindText(KeyIndex::HashText(text), text), KeyIndex::kNone);
    EXPECT_EQ(AddOne(&texts, Value::String(text)), size);
    EXPECT_EQ(texts.FindText(KeyIndex::HashText(text), text), size);
  }
}

// Random keys from a small range, against std::map, over several growths of the table.
TEST(KeyIndexTest, AgreesWithAMap) {
  std::mt19937_64 random(1);
  KeyIndex index({Kind::kInt, Kind::kString});
  std::map<std::pair<int64_t, std::string>, uint32_t> expected;
  for (int i = 0; i < 50'000; ++i) {
    const int64_t n = static_cast<int64_t>(random() % 200) - 100;
    const std::string text(random() % 20, static_cast<char>('a' + random() % 3));
    const Value key[2] = {Value::Int(n), Value::String(text)};
    const auto slot = static_cast<uint32_t>(expected.size());
    const uint32_t want = expected.try_emplace({n, text}, slot).first->second;
    ASSERT_EQ(index.FindOrAdd(key), want);
  }
  EXPECT_EQ(index.size(), expected.size());
}

// A million keys that differ only in their high or low bits: no long chains.
TEST(KeyIndexTest, HoldsAMillionKeys) {
  for (const int shift : {0, 40}) {
    KeyIndex index({Kind::kInt});
    for (uint32_t i = 0; i < 1'000'000; ++i) {
      const int64_t v = static_cast<int64_t>(i) << shift;
      ASSERT_EQ(index.FindOrAddInt(KeyIndex::HashInt(v), v), i);
    }
    EXPECT_EQ(index.FindOrAddInt(KeyIndex::HashInt(int64_t{77} << shift), int64_t{77} << shift),
              77u);
  }
}

}  // namespace
}  // namespace spate
