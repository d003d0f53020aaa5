#include "runtime/channels/json_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "tests/runtime/channels/read_support.h"

namespace spate::test {
namespace {

std::string JsonOf(const Value& v) {
  std::string out;
  AppendJsonValue(v, &out);
  return out;
}

std::string JsonOf(absl::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

TEST(JsonValueTest, EveryKind) {
  char ip[16];
  ASSERT_TRUE(ParseIp("10.0.0.9", ip));
  const std::vector<Value> list = {Value::Int(1), Value::Null(), Value::Float(2)};
  EXPECT_EQ(JsonOf(Value::Null()), "null");
  EXPECT_EQ(JsonOf(Value::Bool(true)), "true");
  EXPECT_EQ(JsonOf(Value::Int(std::numeric_limits<int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(JsonOf(Value::Float(2)), "2.0");
  EXPECT_EQ(JsonOf(Value::Float(0.1)), "0.1");
  EXPECT_EQ(JsonOf(Value::Float(1e300)), "1e+300");
  EXPECT_EQ(JsonOf(Value::Float(std::nan(""))), "null");
  EXPECT_EQ(JsonOf(Value::Float(-INFINITY)), "null");
  EXPECT_EQ(JsonOf(Value::OfTime(1500 * kMillisecond)), "\"1970-01-01T00:00:01.500Z\"");
  EXPECT_EQ(JsonOf(Value::OfTime(kSecond)), "\"1970-01-01T00:00:01Z\"");
  EXPECT_EQ(JsonOf(Value::OfDuration(36 * kHour)), "\"1d12h\"");
  EXPECT_EQ(JsonOf(Value::OfDuration(1500 * kMillisecond)), "\"1s500ms\"");
  EXPECT_EQ(JsonOf(Value::Ip(ip)), "\"10.0.0.9\"");
  EXPECT_EQ(JsonOf(Value::List(list)), "[1,null,2.0]");
  EXPECT_EQ(JsonOf(Value::List({})), "[]");
}

TEST(JsonValueTest, RecordsInListsAreObjects) {
  const Type type = Type::ListOf(
      Type::RecordOf({{"a", Type::Of(Kind::kInt)}, {"b.c", Type::ListOf(Kind::kString)}}), false);
  const Value texts[] = {Value::String("x")};
  const Value record[] = {Value::Int(1), Value::List(texts)};
  const Value records[] = {Value::List(record), Value::Null()};
  std::string out;
  AppendJsonValue(Value::List(records), type, &out);
  EXPECT_EQ(out, R"([{"a":1,"b.c":["x"]},null])");
}

TEST(JsonStringTest, EscapesWhatJsonAsksForAndNothingElse) {
  EXPECT_EQ(JsonOf("a\"b\\c/\xC3\xA9"), "\"a\\\"b\\\\c/\xC3\xA9\"");
  EXPECT_EQ(JsonOf("\n\r\t\b\f"), R"("\n\r\t\b\f")");
  EXPECT_EQ(JsonOf(absl::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(JsonOf(""), "\"\"");
}

TEST(JsonStringTest, BytesThatAreNoUtf8BecomeReplacementCharacters) {
  EXPECT_EQ(JsonOf("a\xFF\"\xC3\xA9\xE2\x82"),
            "\"a\xEF\xBF\xBD\\\"\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

// Login has a computed attribute and one of the compiler's own.
Plan WriterPlan() {
  Plan plan =
      MakePlan({{.name = "Login",
                 .fields = {{"p.user", "string"}, {"n", "int?"}, {"c", "int?"}, {"i", "int?"}}},
                {.name = "Odd", .fields = {{"type", "string"}, {"time", "string"}}}});
  plan.types[0].fields[2].computed = std::make_shared<Expr>();
  plan.types[0].fields[3].internal = true;
  RulePlan rule;
  rule.name = "r\"1";
  rule.pattern = std::make_unique<PatternPlan>();
  rule.pattern->variables.push_back({.name = "a", .repeated = true});
  rule.pattern->variables.push_back({.name = "b", .optional = true});
  plan.rules.push_back(std::move(rule));
  return plan;
}

TEST(JsonWriterTest, ADerivedEventIsOneFlatLine) {
  const Plan plan = WriterPlan();
  const std::vector<Value> values = {Value::String("ann"), Value::Null(), Value::Int(1),
                                     Value::Int(2)};
  const std::vector<Value> odd = {Value::String("x"), Value::String("y")};
  const std::vector<MatchedEvent> matched = {{VarId(size_t{0}), &plan.types[0], kSecond, values},
                                             {VarId(), &plan.types[0], 2 * kSecond, values},
                                             {VarId(size_t{0}), &plan.types[1], 3 * kSecond, odd}};
  const DerivedEvent event{&plan.types[0], kMinute, &plan.rules[0], values, matched};
  std::string out;
  JsonWriter().Append(event, &out);
  const std::string head =
      R"({"type":"Login","time":"1970-01-01T00:01:00Z","rule":"r\"1","p.user":"ann","n":null)";
  EXPECT_EQ(out, head + "}\n");
  out.clear();
  JsonWriter().AppendRetraction(event, &out);
  EXPECT_EQ(out, R"({"type":"retract","event":)" + head + "}}\n");
  out.clear();
  JsonWriter(JsonWriterOptions{.matched = true}).Append(event, &out);
  EXPECT_EQ(out, head + R"(,"matched":{"a":[)"
                        R"({"type":"Login","time":"1970-01-01T00:00:01Z","p.user":"ann","n":null},)"
                        R"({"type":"Odd","time":"y"}],"b":[]}})"
                        "\n");
}

TEST(JsonWriterTest, AFromRuleNamesItsEvents) {
  Plan plan = WriterPlan();
  plan.rules[0].pattern = nullptr;
  plan.rules[0].from = std::make_unique<FromPlan>();
  plan.rules[0].from->variable = "r";
  const std::vector<Value> values(4);
  const std::vector<MatchedEvent> matched = {{VarId(size_t{0}), &plan.types[0], 0, values}};
  std::string out;
  JsonWriter(JsonWriterOptions{.matched = true})
      .Append({&plan.types[0], 0, &plan.rules[0], values, matched}, &out);
  EXPECT_THAT(out, ::testing::HasSubstr(R"("matched":{"r":[{"type":"Login")"));
}

// What is written is read again as the same row.
TEST(JsonWriterTest, RowsComeBack) {
  const Plan plan = MakePlan({{.name = "A",
                               .fields = {{"b", "bool?"},
                                          {"f", "float?"},
                                          {"d", "duration?"},
                                          {"p.ip", "ip?"},
                                          {"s", "string?"},
                                          {"l", "[int]?"}}}});
  const std::string text =
      "{\"type\":\"A\",\"time\":\"1970-01-01T00:00:00.000000001Z\",\"b\":true,\"f\":2.0,\"d\":\"-"
      "2m\","
      "\"p.ip\":\"::1\",\"s\":\"\\u0000\\\"\xC3\xA9\",\"l\":[1,2]}\n"
      "{\"type\":\"A\",\"time\":\"1970-01-01T00:00:00Z\",\"b\":null,\"f\":null,\"d\":null,\"p.ip\":"
      "null,"
      "\"s\":null,\"l\":null}\n";
  auto source = *OpenSource(*OpenMemory(text), "x", std::make_shared<InputSchema>(plan, true), {});
  SourceBlock block;
  ASSERT_TRUE(*source->Next(&block));
  std::string out;
  JsonWriter writer;
  for (size_t row = 0; row < block.rows(); ++row) writer.Append(block.events.batches[0], row, &out);
  EXPECT_EQ(out, text);
}

}  // namespace
}  // namespace spate::test
