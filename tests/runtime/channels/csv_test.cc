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
using ::testing::IsEmpty;

const Plan& LoginPlan() {
  static const Plan& plan = *new Plan(
      MakePlan({{.name = "Login",
                 .fields = {{"ts", "time"}, {"user", "string"}, {"n", "int?"}, {"note", "string?"}},
                 .at = "ts"}}));
  return plan;
}

struct CsvCase {
  std::string name;
  std::string text;
  std::vector<std::string> rows;
  std::vector<std::string> rejects = {};
};

std::ostream& operator<<(std::ostream& out, const CsvCase& c) { return out << c.name; }

class CsvTest : public ::testing::TestWithParam<CsvCase> {};

// Whatever the sizes in which the bytes come, the rows and the rejects are the same.
TEST_P(CsvTest, ReadsTheSameInChunksOfAnySize) {
  for (const size_t chunk : {size_t{1}, size_t{7}, size_t{1} << 16}) {
    const ReadOutcome got = ReadText(LoginPlan(), GetParam().text, {}, chunk);
    EXPECT_TRUE(got.status.ok()) << got.status;
    EXPECT_THAT(got.rows, ElementsAreArray(GetParam().rows)) << "chunks of " << chunk;
    EXPECT_THAT(got.rejects, ElementsAreArray(GetParam().rejects)) << "chunks of " << chunk;
    EXPECT_EQ(got.stats.rows, got.rows.size());
    EXPECT_EQ(got.stats.rejected, got.rejects.size());
  }
}

const std::string kHead = "ts,user,n,note\n";
const std::string kAnn = "Login@1970-01-01T00:00:01Z ts=1970-01-01T00:00:01Z user=\"ann\" ";

INSTANTIATE_TEST_SUITE_P(
    Table, CsvTest,
    ::testing::ValuesIn(std::vector<CsvCase>{
        {"plain", kHead + "1970-01-01T00:00:01Z,ann,5,hi\n", {kAnn + "n=5 note=\"hi\""}},
        {"no_line_end", kHead + "1970-01-01T00:00:01Z,ann,5,hi", {kAnn + "n=5 note=\"hi\""}},
        {"crlf", "ts,user,n,note\r\n1970-01-01T00:00:01Z,ann,5,hi\r\n", {kAnn + "n=5 note=\"hi\""}},
        {"byte_order_mark",
         "\xEF\xBB\xBFts,user,n,note\n1970-01-01T00:00:01Z,ann,5,hi\n",
         {kAnn + "n=5 note=\"hi\""}},
        {"tabs",
         "ts\tuser\tn\tnote\n1970-01-01 00:00:01\tann\t5\ta,b\n",
         {kAnn + "n=5 note=\"a,b\""}},
        {"other_order_and_unknown",
         "x,n,user,y,ts\n0,5,ann,0,1970-01-01 00:00:01.000\n",
         {kAnn + "n=5 note=null"}},
        {"quoted",
         kHead + "\"1970-01-01T00:00:01Z\",\"ann\",\"5\",\"a,\"\"b\"\"\n\nc\"\n",
         {kAnn + "n=5 note=\"a,\"b\"\n\nc\""}},
        {"quote_inside_is_ordinary",
         kHead + "1970-01-01T00:00:01Z,ann,5,5\" disk\n",
         {kAnn + "n=5 note=\"5\" disk\""}},
        {"empty_and_quoted_empty",
         kHead + "1970-01-01T00:00:01Z,,,\n1970-01-01T00:00:01Z,ann,,\"\"\n",
         {"Login@1970-01-01T00:00:01Z ts=1970-01-01T00:00:01Z user=\"\" n=null note=null",
          kAnn + "n=null note=\"\""}},
        {"quoted_empty_is_no_int",
         kHead + "1970-01-01T00:00:01Z,ann,\"\",\n",
         {},
         {"2:26 `n`: `` is not an int | 1970-01-01T00:00:01Z,ann,\"\","}},
        {"blanks_around_numbers_and_lines_without_text",
         "ts , user,n,note\n\n\r\n 1970-01-01T00:00:01Z ,ann, 5 , x \n\n",
         {kAnn + "n=5 note=\" x \""}},
        {"few_and_many_cells",
         kHead + "1970-01-01T00:00:01Z,ann\n1970-01-01T00:00:01Z\n1970-01-01T00:00:01Z,ann,1,b,c\n",
         {kAnn + "n=null note=null"},
         {"3:1 `user`: the field is missing | 1970-01-01T00:00:01Z",
          "4:30 the row has 5 fields and the header 4 | 1970-01-01T00:00:01Z,ann,1,b,c"}},
        {"wrong_values",
         kHead + "yesterday,ann,5,\n1970-01-01T00:00:01Z,ann,5.0,\n,ann,5,\n"
                 "1970-01-01T00:00:01Z,ann,9223372036854775808,\n",
         {},
         {"2:1 `ts`: `yesterday` is not a time | yesterday,ann,5,",
          "3:26 `n`: `5.0` is not an int | 1970-01-01T00:00:01Z,ann,5.0,",
          "4:1 `ts`: the field is empty and no time | ,ann,5,",
          "5:26 `n`: `9223372036854775808` does not fit into an int (64 bits) | "
          "1970-01-01T00:00:01Z,ann,9223372036854775808,"}},
        {"place_behind_a_quoted_line_end",
         kHead + "1970-01-01T00:00:01Z,\"a\n\xC3\xA9\",x,\n1970-01-01T00:00:01Z,ann,5,hi\n",
         {kAnn + "n=5 note=\"hi\""},
         {"3:4 `n`: `x` is not an int | 1970-01-01T00:00:01Z,\"a\n\xC3\xA9\",x,"}},
        {"text_after_quote",
         kHead + "1970-01-01T00:00:01Z,\"ann\"x,5,hi\n",
         {},
         {"2:27 text after the closing quote of a field | 1970-01-01T00:00:01Z,\"ann\"x,5,hi"}},
        {"unclosed_quote_costs_one_line",
         kHead + "1970-01-01T00:00:01Z,\"ann,5,hi\n1970-01-01T00:00:01Z,ann,5,hi\n",
         {kAnn + "n=5 note=\"hi\""},
         {"2:22 the quoted field is never closed | 1970-01-01T00:00:01Z,\"ann,5,hi"}},
        {"not_utf8",
         kHead + "1970-01-01T00:00:01Z,a\xFFn,5,hi\n1970-01-01T00:00:01Z,ann,5,\xC3\xA9\n",
         {kAnn + "n=5 note=\"\xC3\xA9\""},
         {"2:22 `user`: the text is not valid UTF-8 | 1970-01-01T00:00:01Z,a\xFFn,5,hi"}},
        {"nul_bytes",
         kHead + "1970-01-01T00:00:01Z,ann,5,a" + std::string(1, '\0') + "b\n",
         {kAnn + "n=5 note=\"a" + std::string(1, '\0') + "b\""}},
        {"nothing", "", {}},
        {"blank", "\n \n", {}},
        {"header_alone", kHead, {}},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(CsvHeaderTest, RefusesAHeaderThatCannotBeMeant) {
  EXPECT_THAT(std::string(ReadText(LoginPlan(), "1,2\n3,4\n").status.message()),
              HasSubstr("no column is called like an attribute of `Login`"));
  EXPECT_THAT(std::string(ReadText(LoginPlan(), "ts,ts\n").status.message()),
              HasSubstr("two columns are called `ts`"));
  EXPECT_THAT(std::string(ReadText(LoginPlan(), "\xFF\xFEt\0s").status.message()),
              HasSubstr("UTF-16"));
}

TEST(CsvTypesTest, TheTypeStandsInAFieldOrFollows) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"x", "int"}}},
                              {.name = "B", .fields = {{"y", "int"}}},
                              {.name = "Out", .fields = {{"x", "int"}}, .derived = true}});
  const std::string text = "time,type,x,y\n1970-01-01,A,1,2\n,B,1,2\n,C,1,2\n,\"A\",3,\n";
  ReadOutcome got = ReadText(plan, text);
  EXPECT_THAT(got.rows, ElementsAre("A@1970-01-01T00:00:00Z x=1", "B@1970-01-01T00:00:00Z y=2",
                                    "A@1970-01-01T00:00:00Z x=3"));
  EXPECT_EQ(got.stats.ignored, 1u);
  EXPECT_EQ(got.stats.ignored_types.at("C"), 1u);
  // Of rows that say none it follows from the file's name, or cannot be told.
  got = ReadText(plan, "x,type\n1,\n", {}, 100, "logs/A.csv.gz");
  EXPECT_THAT(got.rows, ElementsAre("A@1970-01-01T00:00:00Z x=1"));
  got = ReadText(plan, "x,type\n1,\n2,A\n", {}, 100, "logs/some.csv");
  EXPECT_THAT(got.rows, ElementsAre("A@1970-01-01T00:00:00Z x=2"));
  EXPECT_THAT(got.rejects, ElementsAre(HasSubstr("declare several types (A, B, Out)")));
  EXPECT_THAT(std::string(ReadText(plan, "x\n1\n").status.message()), HasSubstr("--events"));
  // Another field, and a fixed type.
  ReadOptions options;
  options.type_field = "kind";
  EXPECT_THAT(ReadText(plan, "kind,type,x\nA,B,1\n", options).rows,
              ElementsAre("A@1970-01-01T00:00:00Z x=1"));
  options.type = TypeId(size_t{1});
  EXPECT_THAT(ReadText(plan, "kind,type,y\nA,A,1\n", options).rows,
              ElementsAre("B@1970-01-01T00:00:00Z y=1"));
}

TEST(CsvTypesTest, TheOnlyDeclaredTypeIsTaken) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"type", "string"}}},
                              {.name = "Out", .declared = false, .derived = true}});
  // Its attribute `type` is an attribute.
  EXPECT_THAT(ReadText(plan, "type\nB\n").rows, ElementsAre("A@1970-01-01T00:00:00Z type=\"B\""));
}

TEST(CsvTimeTest, WithoutAtTheFieldTimeElseTheEventBefore) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"x", "int"}}}});
  const ReadOutcome got = ReadText(
      plan, "time,x\n,1\n1970-01-01T00:00:05Z,2\n,3\nsoon,4\n1970-01-01T00:00:01Z,5\n,6\n");
  EXPECT_THAT(got.rows, ElementsAre("A@1970-01-01T00:00:00Z x=1", "A@1970-01-01T00:00:05Z x=2",
                                    "A@1970-01-01T00:00:05Z x=3", "A@1970-01-01T00:00:01Z x=5",
                                    "A@1970-01-01T00:00:01Z x=6"));
  EXPECT_THAT(got.rejects, ElementsAre("5:1 `time`: `soon` is not a time | soon,4"));
}

TEST(CsvTimeTest, NumbersAreTimesOnlyWithAnEpochUnit) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"ts", "time"}}, .at = "ts"}});
  ReadOutcome got = ReadText(plan, "ts\n1500\n");
  EXPECT_THAT(
      got.rejects,
      ElementsAre("2:1 `ts`: `1500` is not a time; `--epoch` reads numbers as times | 1500"));
  ReadOptions options;
  options.epoch_unit = kMillisecond;
  got = ReadText(plan, "ts\n1500\n1970-01-01\n-1\n1.5\n", options);
  EXPECT_THAT(got.rows,
              ElementsAre("A@1970-01-01T00:00:01.500Z ts=1970-01-01T00:00:01.500Z",
                          "A@1970-01-01T00:00:00Z ts=1970-01-01T00:00:00Z",
                          "A@1969-12-31T23:59:59.999Z ts=1969-12-31T23:59:59.999Z",
                          "A@1970-01-01T00:00:00.001500Z ts=1970-01-01T00:00:00.001500Z"));
}

TEST(CsvKindsTest, EveryKind) {
  const Plan plan = MakePlan({{.name = "A",
                               .fields = {{"b", "bool?"},
                                          {"f", "float?"},
                                          {"d", "duration?"},
                                          {"p.ip", "ip?"},
                                          {"l", "[string]?"},
                                          {"m", "[int]?"}}}});
  const ReadOutcome got = ReadText(
      plan, "b,f,d,p.ip,l,m\nTRUE,2,1d12h,::ffff:10.0.0.9,x,5\n,,,,,\nfalse,1e3,1.5s,::1,\"\",\n");
  EXPECT_THAT(
      got.rows,
      ElementsAre("A@1970-01-01T00:00:00Z b=true f=2.0 d=1d12h p.ip=10.0.0.9 l=[\"x\"] m=[5]",
                  "A@1970-01-01T00:00:00Z b=null f=null d=null p.ip=null l=null m=null",
                  "A@1970-01-01T00:00:00Z b=false f=1000.0 d=1s500ms p.ip=::1 l=[\"\"] m=null"));
  const ReadOutcome bad = ReadText(
      plan,
      "b,f,d,p.ip,l,m\nyes,,,,,\n,nan,,,,\n,,5 minutes,,,\n,,,10.0.0,,\n,,,,,x\n,1e999,,,,\n");
  EXPECT_THAT(bad.rows, IsEmpty());
  EXPECT_THAT(bad.rejects,
              ElementsAre("2:1 `b`: `yes` is not a bool | yes,,,,,",
                          "3:2 `f`: `nan` is not a finite float | ,nan,,,,",
                          "4:3 `d`: `5 minutes` is not a duration such as `1h30m` | ,,5 minutes,,,",
                          "5:4 `p.ip`: `10.0.0` is not an ip address | ,,,10.0.0,,",
                          "6:6 `m`: `x` is not an int | ,,,,,x",
                          "7:2 `f`: `1e999` is not a finite float | ,1e999,,,,"));
}

TEST(CsvSparseTest, AWrongTypeIsNullAndCounted) {
  const Plan plan = MakePlan(
      {{.name = "S", .fields = {{"ts", "time"}, {"n", "int"}}, .at = "ts", .sparse = true}});
  const ReadOutcome got = ReadText(plan, "ts,n\n1970-01-01,x\n1970-01-01,\nx,1\n");
  EXPECT_THAT(got.rows, ElementsAre("S@1970-01-01T00:00:00Z ts=1970-01-01T00:00:00Z n=null",
                                    "S@1970-01-01T00:00:00Z ts=1970-01-01T00:00:00Z n=null"));
  EXPECT_THAT(got.rejects, ElementsAre("4:1 the event time `ts` is null | x,1"));
  EXPECT_EQ(got.stats.wrong_types, 1u);
}

TEST(CsvColumnsTest, AttributesThatNoRuleReadsAreCheckedButNotKept) {
  Plan plan = MakePlan({{.name = "A", .fields = {{"x", "int"}, {"y", "string"}}}});
  plan.read_fields[0] = {false, true};
  const ReadOutcome got = ReadText(plan, "x,y\n1,a\nz,b\n3,c\n");
  EXPECT_THAT(got.rows,
              ElementsAre("A@1970-01-01T00:00:00Z y=\"a\"", "A@1970-01-01T00:00:00Z y=\"c\""));
  EXPECT_THAT(got.rejects, ElementsAre(HasSubstr("`z` is not an int")));
  ReadOptions options;
  options.all_fields = true;
  EXPECT_THAT(ReadText(plan, "x,y\n1,a\n", options).rows,
              ElementsAre("A@1970-01-01T00:00:00Z x=1 y=\"a\""));
}

TEST(CsvSizeTest, ManyRowsComeInBlocksInOrder) {
  std::string text = "ts,user,n,note\n";
  for (int i = 0; i < 10000; ++i) {
    text += "1970-01-01T00:00:01Z,ann," + (i % 1000 == 999 ? "x" : std::to_string(i)) + ",\n";
  }
  const ReadOutcome got = ReadText(LoginPlan(), text);
  ASSERT_EQ(got.rows.size(), 9990u);
  EXPECT_EQ(got.rows[9989], kAnn + "n=9998 note=null");
  ASSERT_EQ(got.rejects.size(), 10u);
  EXPECT_THAT(got.rejects[9], HasSubstr("10001:26 `n`: `x`"));
}

TEST(CsvSizeTest, AHugeRowIsRejectedAndSkipped) {
  const std::string huge(kMaxRowBytes + 1000000, 'x');
  for (const char* open : {"", "\""}) {
    const std::string row = "1970-01-01T00:00:01Z,ann,5,hi\n";
    const ReadOutcome got = ReadText(LoginPlan(), kHead + open + huge + "\n" + row, {}, 1 << 20);
    EXPECT_THAT(got.rows, ElementsAre(kAnn + "n=5 note=\"hi\""));
    EXPECT_THAT(got.rejects, ElementsAre(HasSubstr("2:1 the row is longer than 16 MiB")));
  }
}

}  // namespace
}  // namespace spate::test
