// Columns and batches: appending, nulls across words, owning, clearing.
#include "runtime/model/event_batch.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

using testing::Show;

EventType MakeType() {
  EventType type;
  type.id = TypeId(0u);
  type.name = "E";
  for (const Kind kind : {Kind::kBool, Kind::kInt, Kind::kFloat, Kind::kString, Kind::kTime,
                          Kind::kDuration, Kind::kIp}) {
    type.fields.push_back({std::string(KindName(kind)), Type::Of(kind, true), nullptr});
  }
  type.fields.push_back({"list", Type::ListOf(Kind::kString, true), nullptr});
  return type;
}

std::vector<Constant> RowOf(int i) {
  return {Constant::Bool(i % 2 == 0),
          Constant::Int(i),
          Constant::Float(i / 2.0),
          Constant::String("text " + std::to_string(i)),
          Constant::Integral(i, Kind::kTime),
          Constant::Integral(i, Kind::kDuration),
          testing::IpOf(("10.0.0." + std::to_string(i % 256)).c_str()),
          Constant::List({Constant::String(std::to_string(i)), Constant::Null()})};
}

TEST(EventBatch, KeepsRows) {
  const EventType type = MakeType();
  EventBatch batch(type);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      // The views die here; the batch owns what it keeps.
      Arena arena;
      const std::vector<Constant> row = RowOf(i);
      std::vector<Value> values;
      for (const Constant& c : row) values.push_back(ViewOf(c, &arena));
      if (i % 3 == round) values[i % 8] = Value::Null();
      batch.AppendRow(100 + i, 7 + i, values);
    }
    ASSERT_EQ(batch.rows(), 200u);
    for (int i = 0; i < 200; ++i) {
      EXPECT_EQ(batch.times[i], 100 + i);
      EXPECT_EQ(batch.sequences[i], 7u + i);
      const std::vector<Constant> row = RowOf(i);
      for (uint32_t f = 0; f < 8; ++f) {
        const bool is_null = i % 3 == round && f == static_cast<uint32_t>(i % 8);
        EXPECT_EQ(Show(batch.Get(i, FieldId(f))), is_null ? "null" : Show(row[f]));
      }
    }
    batch.Clear();
    EXPECT_EQ(batch.rows(), 0u);
  }
}

TEST(Column, HasAsManyNullWordsAsRowsNeed) {
  Column column;
  column.kind = Kind::kInt;
  column.present = true;
  for (int i = 0; i < 130; ++i) {
    if (i == 70) {
      column.AppendNull();
    } else {
      column.AppendInt(i);
    }
    EXPECT_EQ(column.size(), static_cast<size_t>(i + 1));
    EXPECT_EQ(column.has_nulls, i >= 70);
    EXPECT_EQ(column.nulls.size(), column.has_nulls ? (column.size() + 63) / 64 : 0u);
  }
  for (int i = 0; i < 130; ++i) EXPECT_EQ(column.IsNull(i), i == 70);
  column.Clear();
  EXPECT_FALSE(column.has_nulls);
}

TEST(EventBatch, LeavesOutColumnsThatNobodyReads) {
  const EventType type = MakeType();
  EventBatch batch(type);
  batch.columns[1].present = false;
  const std::vector<Value> values(8, Value::Null());
  batch.AppendRow(1, 1, values);
  EXPECT_EQ(batch.columns[1].size(), 0u);
  EXPECT_EQ(batch.columns[2].size(), 1u);
  EXPECT_TRUE(batch.Get(0, FieldId(1u)).is_null());
}

}  // namespace
}  // namespace spate
