#include "runtime/channels/csv_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/channels/read_support.h"

namespace spate::test {
namespace {

std::string Cell(const Value& v, const Type& type = Type()) {
  std::string out;
  AppendCsvValue(v, type, &out);
  return out;
}

TEST(CsvWriterTest, CellsReadBackAsTheSameValue) {
  const Value list[] = {Value::Int(1), Value::String("a,b")};
  EXPECT_EQ(Cell(Value::Null()), "");
  EXPECT_EQ(Cell(Value::String("")), "\"\"");
  EXPECT_EQ(Cell(Value::String("a b")), "a b");
  EXPECT_EQ(Cell(Value::String(" a")), "\" a\"");
  EXPECT_EQ(Cell(Value::String("a,\"b\"\n")), "\"a,\"\"b\"\"\n\"");
  EXPECT_EQ(Cell(Value::Float(2)), "2.0");
  EXPECT_EQ(Cell(Value::Bool(false)), "false");
  EXPECT_EQ(Cell(Value::OfTime(kSecond)), "1970-01-01T00:00:01Z");
  EXPECT_EQ(Cell(Value::OfDuration(90 * kSecond)), "1m30s");
  EXPECT_EQ(Cell(Value::List(list)), "\"[1,\"\"a,b\"\"]\"");
}

TEST(CsvWriterTest, OneHeaderForAllTypes) {
  const Plan plan = MakePlan({{.name = "M", .fields = {{"a", "int"}, {"b", "string?"}}},
                              {.name = "N", .fields = {{"b", "string?"}, {"c", "float"}}}});
  const EventType* types[] = {&plan.types[0], &plan.types[1]};
  RulePlan rule;
  rule.name = "r";
  CsvWriter writer(types, {.id = true});
  std::string out;
  writer.AppendHeader(&out);
  const Value m[] = {Value::Int(1), Value::Null()};
  const Value n[] = {Value::String(""), Value::Float(0.5)};
  writer.Append({types[0], 0, &rule, m, {}, EventId::OfNumber(7), {}}, &out);
  writer.Append({types[1], kSecond, &rule, n, {}, EventId::OfNumber(8), {}}, &out);
  EXPECT_EQ(out,
            "type,time,rule,event_id,a,b,c\n"
            "M,1970-01-01T00:00:00Z,r,7,1,,\n"
            "N,1970-01-01T00:00:01Z,r,8,,\"\",0.5\n");
}

}  // namespace
}  // namespace spate::test
