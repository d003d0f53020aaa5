#include "compiler/testing/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace spate {
namespace {

class CompareTest : public ::testing::Test {
 protected:
  CompareTest() {
    EventType type;
    type.id = TypeId(0u);
    type.name = "M";
    Field x;
    x.name = "x";
    x.type = Type::Of(Kind::kInt);
    Field s;
    s.name = "s";
    s.type = Type::Of(Kind::kString, true);
    type.fields = {x, s};
    plan_.types.push_back(type);
    rule_.name = "r";
  }

  void Report(Time time, int64_t x, const char* s) {
    values_.push_back({Value::Int(x), s == nullptr ? Value::Null() : Value::String(s)});
    times_.push_back(time);
  }
  void Expect(std::optional<Time> time, std::optional<int64_t> x, const char* s = nullptr) {
    ExpectedEvent e;
    e.type = TypeId(0u);
    e.time = time;
    if (x.has_value()) e.attributes.emplace_back(FieldId(0u), Value::Int(*x));
    if (s != nullptr) e.attributes.emplace_back(FieldId(1u), Value::String(s));
    expected_.push_back(e);
  }
  // Kinds of the problems: d(iffers), m(issing), u(nexpected).
  std::string Problems(const std::set<TypeId>& allowed = {}) {
    std::vector<ReportedEvent> reported;
    for (size_t i = 0; i < times_.size(); ++i) {
      reported.push_back({TypeId(0u), times_[i], &rule_, values_[i]});
    }
    comparison_ = Compare(plan_, expected_, reported, allowed, TestClock{});
    std::string kinds;
    for (const TestProblem& p : comparison_.problems) {
      kinds.push_back("dmuf"[static_cast<size_t>(p.kind)]);
    }
    return kinds;
  }

  Plan plan_;
  RulePlan rule_;
  std::vector<std::vector<Value>> values_;
  std::vector<Time> times_;
  std::vector<ExpectedEvent> expected_;
  Comparison comparison_;
};

TEST_F(CompareTest, OnlyNamedAttributesCount) {
  Report(1, 5, "a");
  Expect(std::nullopt, 5);
  EXPECT_EQ(Problems(), "");
  EXPECT_EQ(comparison_.met, std::vector<bool>{true});
}

TEST_F(CompareTest, OrderDoesNotCountButTimesDo) {
  Report(1, 5, "a");
  Report(2, 6, "a");
  Expect(2, 6);
  Expect(1, 5);
  EXPECT_EQ(Problems(), "");
  expected_[0].time = 3;
  EXPECT_EQ(Problems(), "d");
  ASSERT_EQ(comparison_.problems[0].attributes.size(), 2u);
  EXPECT_TRUE(comparison_.problems[0].attributes[0].differs);
  EXPECT_FALSE(comparison_.problems[0].attributes[1].differs);
}

TEST_F(CompareTest, FindsRoomForAllWhereThereIs) {
  Report(1, 5, "a");
  Report(1, 5, "b");
  Report(1, 6, "a");
  Expect(std::nullopt, std::nullopt);
  Expect(std::nullopt, 5);
  Expect(std::nullopt, 5, "a");
  EXPECT_EQ(Problems(), "");
}

TEST_F(CompareTest, MissingAndUnexpected) {
  Report(1, 5, "a");
  Expect(1, 5);
  Expect(1, 5);
  EXPECT_EQ(Problems(), "m");
  EXPECT_EQ(comparison_.missing, std::vector<size_t>{1});
  Report(9, 7, nullptr);
  Report(9, 8, nullptr);
  EXPECT_EQ(Problems(), "muu");
  EXPECT_EQ(Problems({TypeId(0u)}), "m");
}

// The most expected events that can have a reported one each, by trying all ways.
size_t MostMet(const std::vector<std::vector<bool>>& meets, size_t e, std::vector<bool>* used) {
  if (e == meets.size()) return 0;
  size_t most = MostMet(meets, e + 1, used);
  for (size_t r = 0; r < used->size(); ++r) {
    if ((*used)[r] || !meets[e][r]) continue;
    (*used)[r] = true;
    most = std::max(most, 1 + MostMet(meets, e + 1, used));
    (*used)[r] = false;
  }
  return most;
}

TEST_F(CompareTest, MeetsAsManyAsCanBe) {
  std::mt19937 random(3);
  const char* const texts[] = {"a", "b"};
  for (int round = 0; round < 2'000; ++round) {
    expected_.clear();
    values_.clear();
    times_.clear();
    for (size_t n = random() % 6; n > 0; --n) {
      Report(random() % 2, random() % 2, texts[random() % 2]);
    }
    for (size_t n = random() % 6; n > 0; --n) {
      std::optional<Time> time;
      std::optional<int64_t> x;
      if (random() % 2 == 0) time = random() % 2;
      if (random() % 2 == 0) x = random() % 2;
      Expect(time, x, random() % 2 == 0 ? texts[random() % 2] : nullptr);
    }
    std::vector<std::vector<bool>> meets(expected_.size(), std::vector<bool>(times_.size()));
    for (size_t e = 0; e < expected_.size(); ++e) {
      for (size_t r = 0; r < times_.size(); ++r) {
        const ExpectedEvent& event = expected_[e];
        meets[e][r] = !event.time.has_value() || *event.time == times_[r];
        for (const auto& [field, value] : event.attributes) {
          if (!MeetsValue(value, values_[r][field.index()])) meets[e][r] = false;
        }
      }
    }
    std::vector<bool> used(times_.size(), false);
    const size_t most = MostMet(meets, 0, &used);
    Problems();
    const auto met = std::count(comparison_.met.begin(), comparison_.met.end(), true);
    ASSERT_EQ(static_cast<size_t>(met), most) << "round " << round;
  }
}

// A recorded file: neither deep nor quadratic, whether its events are all as expected or none is.
TEST_F(CompareTest, TakesLongLists) {
  constexpr size_t kMany = 100'000;
  for (size_t i = 0; i < kMany; ++i) Report(1, 5, "a");
  for (size_t i = 0; i < kMany + 2; ++i) Expect(1, 5, "a");
  EXPECT_EQ(Problems(), "mm");
  EXPECT_EQ(comparison_.missing, (std::vector<size_t>{kMany, kMany + 1}));
  for (ExpectedEvent& e : expected_) e.attributes[1].second = Value::String("b");
  EXPECT_EQ(Problems(), std::string(kMany, 'd') + "mm");
}

TEST_F(CompareTest, PairsWhatIsMostAlike) {
  Report(1, 5, "a");
  Report(2, 6, "b");
  Expect(2, 5, "b");
  EXPECT_EQ(Problems(), "du");
  EXPECT_EQ(comparison_.problems[0].time, "2ns");
  EXPECT_EQ(comparison_.problems[0].attributes[1].actual, "6");
}

TEST(MeetsValueTest, FloatsUpToRounding) {
  const double sum = 0.1 + 0.2;
  EXPECT_TRUE(MeetsValue(Value::Float(0.3), Value::Float(sum)));
  EXPECT_FALSE(MeetsValue(Value::Float(0.3), Value::Float(0.3000001)));
  EXPECT_FALSE(MeetsValue(Value::Float(0.0), Value::Float(1e-12)));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(MeetsValue(Value::Float(nan), Value::Float(nan)));
  EXPECT_FALSE(MeetsValue(Value::Float(nan), Value::Float(1.0)));
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(MeetsValue(Value::Float(inf), Value::Float(inf)));
  EXPECT_FALSE(MeetsValue(Value::Float(inf), Value::Float(1.0)));
}

TEST(MeetsValueTest, NullsKindsAndLists) {
  EXPECT_TRUE(MeetsValue(Value::Null(), Value::Null()));
  EXPECT_FALSE(MeetsValue(Value::Null(), Value::Int(0)));
  EXPECT_FALSE(MeetsValue(Value::Int(1), Value::Bool(true)));
  const Value a[] = {Value::Float(0.3), Value::Int(1)};
  const Value b[] = {Value::Float(0.1 + 0.2), Value::Int(1)};
  const Value c[] = {Value::Float(0.3), Value::Int(2)};
  EXPECT_TRUE(MeetsValue(Value::List(a), Value::List(b)));
  EXPECT_FALSE(MeetsValue(Value::List(a), Value::List(c)));
  EXPECT_FALSE(MeetsValue(Value::List(a), Value::List(absl::MakeConstSpan(b, 1))));
}

}  // namespace
}  // namespace spate
