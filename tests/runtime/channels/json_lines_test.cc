#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/runtime/channels/read_support.h"

namespace spate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

const Plan& TestPlan() {
  static const Plan& plan =
      *new Plan(MakePlan({{.name = "A",
                           .fields = {{"x", "int"},
                                      {"s", "string?"},
                                      {"p.name", "string?"},
                                      {"p.q.tags", "[string]?"},
                                      {"f", "float?"}}},
                          {.name = "B", .fields = {{"ts", "time"}, {"d", "duration?"}}, .at = "ts"},
                          {.name = "S",
                           .fields = {{"type", "string"}, {"n", "int"}, {"p.ip", "ip"}},
                           .sparse = true}}));
  return plan;
}

struct JsonCase {
  std::string name;
  std::string text;
  std::vector<std::string> rows;
  std::vector<std::string> rejects = {};
};

std::ostream& operator<<(std::ostream& out, const JsonCase& c) { return out << c.name; }

class JsonTest : public ::testing::TestWithParam<JsonCase> {};

TEST_P(JsonTest, ReadsTheSameInChunksOfAnySize) {
  for (const size_t chunk : {size_t{1}, size_t{7}, size_t{1} << 16}) {
    const ReadOutcome got = ReadText(TestPlan(), GetParam().text, {}, chunk, "A.jsonl");
    EXPECT_TRUE(got.status.ok()) << got.status;
    EXPECT_THAT(got.rows, ElementsAreArray(GetParam().rows)) << "chunks of " << chunk;
    EXPECT_THAT(got.rejects, ElementsAreArray(GetParam().rejects)) << "chunks of " << chunk;
  }
}

const std::string kZero = "A@1970-01-01T00:00:00Z ";
const std::string kRest = " p.name=null p.q.tags=null f=null";

INSTANTIATE_TEST_SUITE_P(
    Table, JsonTest,
    ::testing::ValuesIn(std::vector<JsonCase>{
        {"plain", "{\"type\":\"A\",\"x\":1,\"s\":\"a\"}\n", {kZero + "x=1 s=\"a\"" + kRest}},
        {"crlf_blank_lines_byte_order_mark_no_end",
         "\xEF\xBB\xBF\n{\"x\":1}\r\n\r\n  \n {\"x\":2}",
         {kZero + "x=1 s=null" + kRest, kZero + "x=2 s=null" + kRest}},
        {"type_last_and_changing",
         "{\"x\":1,\"type\":\"A\"}\n{\"ts\":\"1970-01-01\",\"d\":\"1h\",\"type\":\"B\"}\n{\"x\":3}"
         "\n"
         "{\"type\":\"C\",\"x\":{\"y\":[1]}}\n{\"type\":null,\"x\":4}\n",
         {kZero + "x=1 s=null" + kRest, "B@1970-01-01T00:00:00Z ts=1970-01-01T00:00:00Z d=1h",
          kZero + "x=3 s=null" + kRest, kZero + "x=4 s=null" + kRest}},
        {"nested_dotted_and_mixed",
         "{\"x\":1,\"p\":{\"name\":\"n\",\"q\":{\"tags\":[\"a\",\"b\"]}}}\n"
         "{\"x\":1,\"p.name\":\"n\",\"p.q.tags\":[\"a\",\"b\"]}\n"
         "{\"x\":1,\"p.q\":{\"tags\":[\"a\",\"b\"],\"u\":{}},\"p\":{\"name\":\"n\"}}\n"
         "{\"x\":1,\"p\":{\"q.tags\":[\"a\",\"b\"],\"name\":\"n\"}}\n"
         "{\"x\":1,\"p\":[{\"q\":[{\"tags\":[\"a\",\"b\"]}],\"name\":[\"n\"]}]}\n",
         std::vector<std::string>(5,
                                  kZero + "x=1 s=null p.name=\"n\" p.q.tags=[\"a\",\"b\"] f=null")},
        {"null_and_empty_records",
         "{\"x\":1,\"p\":null}\n{\"x\":1,\"p\":{}}\n{\"x\":1,\"p\":{\"q\":null}}\n",
         std::vector<std::string>(3, kZero + "x=1 s=null" + kRest)},
        {"lists_of_one",
         "{\"x\":[1],\"p.q.tags\":\"a\"}\n{\"x\":1,\"p.q.tags\":[]}\n",
         {kZero + "x=1 s=null p.name=null p.q.tags=[\"a\"] f=null",
          kZero + "x=1 s=null p.name=null p.q.tags=[] f=null"}},
        {"no_lists_of_one",
         "{\"x\":[1,2]}\n{\"x\":[]}\n{\"x\":[[1]]}\n",
         {},
         {"1:6 `x`: `[` is not an int | {\"x\":[1,2]}", "2:6 `x`: `[` is not an int | {\"x\":[]}",
          "3:6 `x`: `[` is not an int | {\"x\":[[1]]}"}},
        {"escapes",
         R"({"x":1,"s":"a\"\\\n\u00e9\ud83d\ude00\u0000","\u0070.name":"n"})"
         "\n",
         {kZero + "x=1 s=\"a\"\\\n\xC3\xA9\xF0\x9F\x98\x80" + std::string(1, '\0') +
          "\" p.name=\"n\" p.q.tags=null f=null"}},
        {"the_last_of_two_counts", "{\"x\":1,\"x\":2}\n", {kZero + "x=2 s=null" + kRest}},
        {"numbers",
         "{\"x\":-9223372036854775808,\"f\":2}\n{\"x\":1,\"f\":1e3}\n{\"x\":1,\"f\":"
         "12345678901234567890}\n",
         {kZero + "x=-9223372036854775808 s=null p.name=null p.q.tags=null f=2.0",
          kZero + "x=1 s=null p.name=null p.q.tags=null f=1000.0",
          kZero + "x=1 s=null p.name=null p.q.tags=null f=12345678901234567168.0"}},
        {"wrong_numbers",
         "{\"x\":9223372036854775808}\n{\"x\":1.0}\n{\"x\":\"1\"}\n{\"x\":true}\n{\"x\":1,\"f\":"
         "1e999}\n"
         "{\"x\":1,\"f\":\"1\"}\n",
         {},
         {"1:6 `x`: `9223372036854775808` does not fit into an int (64 bits) | "
          "{\"x\":9223372036854775808}",
          "2:6 `x`: `1.0` is not an int | {\"x\":1.0}",
          "3:6 `x`: `\"1\"` is not an int | {\"x\":\"1\"}",
          "4:6 `x`: `true` is not an int | {\"x\":true}",
          "5:12 `f`: `1e999` is not a finite float | {\"x\":1,\"f\":1e999}",
          "6:12 `f`: `\"1\"` is not a finite float | {\"x\":1,\"f\":\"1\"}"}},
        {"wrong_types",
         "{\"x\":1,\"s\":5}\n{\"x\":1,\"p\":5}\n{\"x\":1,\"s\":{\"t\":1}}\n{\"x\":null}\n{\"s\":"
         "\"a\"}\n"
         "{\"x\":1,\"p.q.tags\":[\"a\",1]}\n{\"x\":1,\"p.q.tags\":[\"a\",null]}\n",
         {},
         {"1:12 `s`: `5` is not a string | {\"x\":1,\"s\":5}",
          "2:12 `5` is not an object | {\"x\":1,\"p\":5}",
          "3:12 `s`: `{` is not a string | {\"x\":1,\"s\":{\"t\":1}}",
          "4:6 `x`: null is no int | {\"x\":null}", "5:1 `x`: the field is missing | {\"s\":\"a\"}",
          "6:19 `p.q.tags`: `[` is not a string | {\"x\":1,\"p.q.tags\":[\"a\",1]}",
          "7:19 `p.q.tags`: `[` is not a string | {\"x\":1,\"p.q.tags\":[\"a\",null]}"}},
        {"sparse",
         "{\"type\":\"S\",\"n\":\"x\",\"p\":{\"ip\":\"10.0.0.1\"}}\n{\"type\":\"S\",\"n\":[1,2],"
         "\"p\":3}\n",
         {"S@1970-01-01T00:00:00Z type=\"S\" n=null p.ip=10.0.0.1",
          "S@1970-01-01T00:00:00Z type=\"S\" n=null p.ip=null"}},
        {"time_or_the_event_before",
         "{\"x\":1,\"time\":\"1970-01-01T00:00:05Z\"}\n{\"x\":1}\n{\"x\":1,\"time\":null}\n"
         "{\"x\":1,\"time\":5}\n",
         {"A@1970-01-01T00:00:05Z x=1 s=null" + kRest, "A@1970-01-01T00:00:05Z x=1 s=null" + kRest,
          "A@1970-01-01T00:00:05Z x=1 s=null" + kRest},
         {"4:15 `time`: `5` is not a time; `--epoch` reads numbers as times | "
          "{\"x\":1,\"time\":5}"}},
        {"watermarks",
         "{\"x\":1}\n{\"watermark\":\"1970-01-01T00:00:09Z\"}\n{ \"watermark\" : \"1970-01-02\" }\n"
         "{\"x\":2,\"watermark\":\"1970-01-03\"}\n",
         {kZero + "x=1 s=null" + kRest, "watermark 1970-01-01T00:00:09Z",
          "watermark 1970-01-02T00:00:00Z", kZero + "x=2 s=null" + kRest}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(JsonDamageTest, ADamagedLineCostsThatLine) {
  for (const std::string& line : std::vector<std::string>{
           "{\"x\":1", "{\"x\":}", "{\"x\" 1}", "{x:1}", "[1]", "5", "{\"x\":1}{\"x\":2}",
           "{\"x\":1} y", "{\"x\":1,}", "{\"x\":tru}", "{\"s\":\"\\q\",\"x\":1}", "{\"s\":\"a",
           "{\"x\":01}", "{\"s\":\"a\tb\",\"x\":1}", "{\"s\":\"\xFF\",\"x\":1}",
           "{\"u\":\"\xC3\",\"x\":1}", std::string("{\"x\":1\0}", 9), "{\"s\":\"\\ud800\",\"x\":1}",
           "{\"x\":" + std::string(5000, '[') + "}"}) {
    const ReadOutcome got =
        ReadText(TestPlan(), "{\"x\":7}\n" + line + "\n{\"x\":8}\n", {}, 1 << 16, "A.jsonl");
    EXPECT_TRUE(got.status.ok()) << line;
    EXPECT_THAT(got.rows, ElementsAre(kZero + "x=7 s=null" + kRest, kZero + "x=8 s=null" + kRest))
        << line;
    ASSERT_EQ(got.rejects.size(), 1u) << line;
    EXPECT_THAT(got.rejects[0], ::testing::StartsWith("2:")) << line;
  }
  EXPECT_THAT(ReadText(TestPlan(), "{\"s\":\"\xFF\"}\n").rejects,
              ElementsAre(HasSubstr("not valid UTF-8")));
}

TEST(JsonTypeTest, WithoutANameTheTypeMustBeSaid) {
  const ReadOutcome got =
      ReadText(TestPlan(), "{\"x\":1}\n{\"type\":5}\n{\"type\":\"A\",\"x\":2}\n");
  EXPECT_THAT(got.rows, ElementsAre(kZero + "x=2 s=null" + kRest));
  EXPECT_THAT(got.rejects, ElementsAre(HasSubstr("the event has no `type`"),
                                       HasSubstr("the name of a type is expected")));
  ReadOptions options;
  options.type_field = "kind";
  EXPECT_THAT(ReadText(TestPlan(), "{\"kind\":\"A\",\"type\":\"B\",\"x\":1}\n", options).rows,
              ElementsAre(kZero + "x=1 s=null" + kRest));
  options.type = TypeId(size_t{0});
  EXPECT_THAT(ReadText(TestPlan(), "{\"kind\":\"B\",\"x\":1}\n", options).rows,
              ElementsAre(kZero + "x=1 s=null" + kRest));
}

// Each type would send the reader to the other one, for ever.
TEST(JsonTypeTest, OfTwoTypesTheFirstCounts) {
  const std::string text = "{\"type\":\"A\",\"type\":\"B\",\"x\":1}\n";
  EXPECT_THAT(ReadText(TestPlan(), text + text).rows,
              ElementsAre(kZero + "x=1 s=null" + kRest, kZero + "x=1 s=null" + kRest));
}

// What a row is does not depend on the row before, whose type is tried first.
TEST(JsonTypeTest, TheTypeIsReadTheSameAfterEveryRow) {
  const std::string s = "S@1970-01-01T00:00:00Z type=\"S\" n=null p.ip=null";
  for (const std::string& before :
       std::vector<std::string>{"", "{\"type\":\"A\",\"x\":1}\n", "{\"type\":\"S\"}\n"}) {
    const ReadOutcome list = ReadText(TestPlan(), before + "{\"type\":[\"S\"]}\n");
    ASSERT_FALSE(list.rows.empty()) << before;
    EXPECT_EQ(list.rows.back(), s) << before;
    EXPECT_EQ(ReadText(TestPlan(), before + "{\"type\":5}\n").rejects.size(), 1u) << before;
    EXPECT_EQ(ReadText(TestPlan(), before + "{\"type\":null}\n").rejects.size(), 1u) << before;
    EXPECT_EQ(ReadText(TestPlan(), before + "{\"type\":\"\\u0053\"}\n").rows.back(), s) << before;
  }
}

TEST(JsonTypeTest, IgnoredTypesAreCountedByName) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "{\"type\":\"T" + std::to_string(i) + "\"}\n";
  const ReadOutcome got = ReadText(TestPlan(), text);
  EXPECT_EQ(got.stats.ignored, 300u);
  EXPECT_EQ(got.stats.ignored_types.size(), ReadStats::kMaxIgnoredNames);
}

TEST(JsonSizeTest, AHugeLineIsRejectedAndSkipped) {
  const std::string huge = "{\"x\":1,\"s\":\"" + std::string(kMaxRowBytes + 500000, 'x') + "\"}\n";
  const ReadOutcome got =
      ReadText(TestPlan(), "{\"x\":1}\n" + huge + "{\"x\":2}\n", {}, 1 << 20, "A.jsonl");
  EXPECT_THAT(got.rows, ElementsAre(kZero + "x=1 s=null" + kRest, kZero + "x=2 s=null" + kRest));
  EXPECT_THAT(got.rejects, ElementsAre(HasSubstr("2:1 the row is longer than 16 MiB")));
}

TEST(JsonListTest, ElementsMayBeNullWhereTheTypeSaysSo) {
  const Plan plan = MakePlan({{.name = "L", .fields = {{"l", "[int?]"}}},
                              {.name = "M", .fields = {{"l", "[int?]"}}, .sparse = true}});
  const std::string l = "L@1970-01-01T00:00:00Z l=";
  const std::string m = "M@1970-01-01T00:00:00Z l=";
  const ReadOutcome got =
      ReadText(plan,
               "{\"type\":\"L\",\"l\":[1,null]}\n{\"type\":\"L\",\"l\":[1,\"x\"]}\n"
               "{\"type\":\"M\",\"l\":[1,\"x\",null]}\n{\"type\":\"M\",\"l\":true}\n");
  EXPECT_THAT(got.rows, ElementsAre(l + "[1,null]", m + "[1,null,null]", m + "null"));
  EXPECT_THAT(got.rejects, ElementsAre(HasSubstr("2:17 `l`: `[` is not an int")));
  EXPECT_EQ(got.stats.wrong_types, 2u);
}

TEST(JsonShapeTest, SparseValuesOfAnotherTypeAreCounted) {
  const ReadOutcome got =
      ReadText(TestPlan(), "{\"type\":\"S\",\"n\":\"x\",\"p\":3}\n{\"n\":[1,2],\"type\":\"S\"}\n");
  EXPECT_EQ(got.stats.wrong_types, 3u);
}

}  // namespace
}  // namespace spate::test
