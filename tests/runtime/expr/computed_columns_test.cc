// Computed attributes: order, what is left out, what others need, text in the batch.
#include "runtime/expr/computed_columns.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

using testing::Attr;
using testing::Call;
using testing::Lit;
using testing::Make;
using testing::Show;

// raw: string?, n: int?, low = lower(raw), long = len(low) + n, half = 10 / n
EventType MakeType() {
  EventType type;
  type.id = TypeId(0u);
  type.fields = {
      {"raw", Type::Of(Kind::kString, true), nullptr},
      {"long", Type::Of(Kind::kInt, true),
       Make(Op::kAdd, {Call("len", {Attr(2, Kind::kString)}), Attr(4, Kind::kInt)})},
      {"low", Type::Of(Kind::kString, true), Call("lower", {Attr(0, Kind::kString)})},
      {"half", Type::Of(Kind::kFloat, true), Make(Op::kDiv, {Lit(10), Attr(4, Kind::kInt)})},
      {"n", Type::Of(Kind::kInt, true), nullptr},
  };
  type.computed_order = {FieldId(2u), FieldId(1u), FieldId(3u)};
  return type;
}

TEST(ComputedColumns, FillsWhatIsReadAndWhatThatNeeds) {
  const EventType type = MakeType();
  const auto columns = ComputedColumns::Create(type, {false, true, false, false, false});
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ(columns->fields(), (std::vector<FieldId>{FieldId(2u), FieldId(1u)}));
  EventBatch batch(type);
  for (const int f : {1, 2, 3}) batch.columns[f].present = false;
  EvalIssues issues;
  for (int round = 0; round < 2; ++round) {
    batch.AppendRow(1, 1, {Value::String("ABC"), {}, {}, {}, Value::Int(2)});
    batch.AppendRow(2, 2, {Value::Null(), {}, {}, {}, Value::Int(2)});
    batch.AppendRow(3, 3, {Value::String("ÄX"), {}, {}, {}, Value::Null()});
    columns->Fill(&batch, &issues);
    columns->Fill(&batch, &issues);  // the second time there is nothing to do
    EXPECT_EQ(Show(batch.Get(0, FieldId(2u))), "\"abc\"");
    EXPECT_EQ(Show(batch.Get(0, FieldId(1u))), "5");
    EXPECT_EQ(Show(batch.Get(1, FieldId(2u))), "null");
    EXPECT_EQ(Show(batch.Get(1, FieldId(1u))), "null");
    EXPECT_EQ(Show(batch.Get(2, FieldId(2u))), "\"äx\"");
    EXPECT_EQ(Show(batch.Get(2, FieldId(1u))), "null");
    EXPECT_EQ(batch.columns[3].size(), 0u);
    batch.Clear();
  }
  EXPECT_TRUE(issues.entries().empty());
}

TEST(ComputedColumns, CountsFaults) {
  const EventType type = MakeType();
  const auto columns = ComputedColumns::Create(type, std::vector<bool>(5, true));
  ASSERT_TRUE(columns.ok());
  EventBatch batch(type);
  for (const int n : {0, 4, 0}) {
    batch.AppendRow(1, 1, {Value::Null(), {}, {}, {}, Value::Int(n)});
  }
  EvalIssues issues;
  columns->Fill(&batch, &issues);
  EXPECT_EQ(Show(batch.Get(0, FieldId(3u))), "null");
  EXPECT_EQ(Show(batch.Get(1, FieldId(3u))), "2.5");
  ASSERT_EQ(issues.entries().size(), 1u);
  EXPECT_EQ(issues.entries()[0].count, 2u);
}

}  // namespace
}  // namespace spate
