#include "runtime/model/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace spate {
namespace {

using ::testing::HasSubstr;

TablePlan Watchlist() {
  return {"Watchlist",
          {{"card", Type::Of(Kind::kString)},
           {"level", Type::Of(Kind::kInt)},
           {"note", Type::Of(Kind::kString, true)}},
          {0}};
}

TEST(TableTest, FindsRowsByTheirKey) {
  const TablePlan plan = Watchlist();
  absl::StatusOr<std::shared_ptr<const Table>> table =
      Table::Create(plan, {{Value::String("c1"), Value::Int(3), Value::Null()},
                           {Value::String("c2"), Value::Int(4), Value::String("x")}});
  ASSERT_TRUE(table.ok()) << table.status();
  const std::string name = "c" + std::string("2");  // not the bytes that the row was made of
  const Value key[] = {Value::String(name)};
  const Value* row = (*table)->Find(key);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row[1].i, 4);
  EXPECT_EQ(row[2].text(), "x");
  const Value other[] = {Value::String("c3")};
  EXPECT_EQ((*table)->Find(other), nullptr);
  EXPECT_EQ((*table)->rows(), 2u);
  EXPECT_TRUE((*table)->Fits(plan));
  TablePlan wider = plan;
  wider.keys = {0, 1};
  EXPECT_FALSE((*table)->Fits(wider));
}

TEST(TableTest, AKeyMayHaveSeveralParts) {
  const TablePlan plan{
      "Pairs",
      {{"a", Type::Of(Kind::kString)}, {"v", Type::Of(Kind::kFloat)}, {"b", Type::Of(Kind::kInt)}},
      {0, 2}};
  TableBuilder builder(plan);
  for (int64_t i = 0; i < 1000; ++i) {
    const Value row[] = {Value::String(i % 2 == 0 ? "even" : "odd"), Value::Float(double(i)),
                         Value::Int(i / 2)};
    ASSERT_TRUE(builder.Add(row).ok());
  }
  const std::shared_ptr<const Table> table = builder.Finish();
  for (int64_t i = 0; i < 1000; ++i) {
    const Value key[] = {Value::String(i % 2 == 0 ? "even" : "odd"), Value::Int(i / 2)};
    ASSERT_NE(table->Find(key), nullptr);
    EXPECT_EQ(table->Find(key)[1].f, double(i));
  }
}

TEST(TableTest, RefusesWhatDoesNotFit) {
  const TablePlan plan = Watchlist();
  const auto error = [&](const std::vector<std::vector<Value>>& rows) {
    return std::string(Table::Create(plan, rows).status().message());
  };
  const std::vector<Value> good = {Value::String("c1"), Value::Int(3), Value::Null()};
  EXPECT_THAT(error({good, good}), HasSubstr("row 2: the key \"c1\" stands in two rows"));
  EXPECT_THAT(error({{Value::String("c1"), Value::Int(3)}}), HasSubstr("3 values are expected"));
  EXPECT_THAT(error({{Value::Null(), Value::Int(3), Value::Null()}}),
              HasSubstr("`card` is not of type string"));
  EXPECT_THAT(error({{Value::String("c1"), Value::Float(3), Value::Null()}}),
              HasSubstr("`level` is not of type int"));
}

TEST(TableTest, ARowThatIsNotTakenLeavesNoTrace) {
  const TablePlan plan = Watchlist();
  TableBuilder builder(plan);
  const Value first[] = {Value::String("c1"), Value::Int(3), Value::Null()};
  const Value again[] = {Value::String("c1"), Value::Int(9), Value::Null()};
  ASSERT_TRUE(builder.Add(first).ok());
  ASSERT_FALSE(builder.Add(again).ok());
  const std::shared_ptr<const Table> table = builder.Finish();
  EXPECT_EQ(table->rows(), 1u);
  const Value key[] = {Value::String("c1")};
  EXPECT_EQ(table->Find(key)[1].i, 3);
}

TEST(IsOfTypeTest, LooksIntoListsAndRecords) {
  const Type record =
      Type::RecordOf({{"a", Type::Of(Kind::kInt)}, {"b.c", Type::Of(Kind::kString, true)}});
  const Type list = Type::ListOf(record, false);
  const Value good[] = {Value::Int(1), Value::Null()};
  const Value bad[] = {Value::Null(), Value::Null()};
  const Value records[] = {Value::List(good), Value::List(bad)};
  EXPECT_TRUE(IsOfType(Value::List(absl::MakeConstSpan(records, 1)), list));
  EXPECT_FALSE(IsOfType(Value::List(records), list));
  EXPECT_FALSE(IsOfType(Value::Null(), list));
  EXPECT_TRUE(IsOfType(Value::List({}), list));
  EXPECT_FALSE(IsOfType(Value::Int(1), list));
}

}  // namespace
}  // namespace spate
