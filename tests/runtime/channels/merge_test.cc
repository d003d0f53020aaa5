#include "runtime/channels/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/runtime/channels/read_support.h"

namespace spate::test {
namespace {

using ::testing::ElementsAre;

std::unique_ptr<EventSource> Open(const Plan& plan, const std::string& text, uint32_t input) {
  auto schema = std::make_shared<InputSchema>(plan, false);
  return *OpenSource(*OpenMemory(text, 50), "input", schema, {}, input);
}

std::vector<std::string> Merge(const Plan& plan, const std::vector<std::string>& texts) {
  std::vector<std::unique_ptr<EventSource>> sources;
  for (const std::string& text : texts) {
    sources.push_back(Open(plan, text, static_cast<uint32_t>(sources.size())));
  }
  std::unique_ptr<EventSource> merged = MergeSources(std::move(sources));
  absl::Status status;
  std::vector<std::string> rows = Drain(merged.get(), &status, true);
  EXPECT_TRUE(status.ok()) << status;
  return rows;
}

Plan TwoTypes() {
  return MakePlan({{.name = "A", .fields = {{"ts", "time"}, {"x", "string?"}}, .at = "ts"},
                   {.name = "B", .fields = {{"ts", "time"}}, .at = "ts"}});
}

TEST(MergeTest, ByTimeThenByTheOrderOfTheInputs) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"x", "string?"}}}});
  EXPECT_THAT(
      Merge(plan, {"time,x\n1970-01-01,a\n1970-01-03,b\n1970-01-05,c\n",
                   "{\"time\":\"1970-01-02\"}\n{\"time\":\"1970-01-03\",\"x\":\"d\"}\n",
                   "time,x\n1970-01-03,e\n"}),
      ElementsAre("A@1970-01-01T00:00:00Z x=\"a\" 0:2", "A@1970-01-02T00:00:00Z x=null 1:1",
                  "A@1970-01-03T00:00:00Z x=\"b\" 0:3", "A@1970-01-03T00:00:00Z x=\"d\" 1:2",
                  "A@1970-01-03T00:00:00Z x=\"e\" 2:2", "A@1970-01-05T00:00:00Z x=\"c\" 0:4"));
}

TEST(MergeTest, TypesMixAndAnUnorderedInputFlowsByItsHead) {
  EXPECT_THAT(Merge(TwoTypes(), {"type,ts,x\nB,1970-01-02,\nA,1970-01-01,y\n",
                                 "type,ts,x\nA,1970-01-01,z\nB,1970-01-03,\n"}),
              ElementsAre("A@1970-01-01T00:00:00Z ts=1970-01-01T00:00:00Z x=\"z\" 1:2",
                          "B@1970-01-02T00:00:00Z ts=1970-01-02T00:00:00Z 0:2",
                          "A@1970-01-01T00:00:00Z ts=1970-01-01T00:00:00Z x=\"y\" 0:3",
                          "B@1970-01-03T00:00:00Z ts=1970-01-03T00:00:00Z 1:3"));
}

TEST(MergeTest, AWatermarkWaitsForTheEarlierEventsOfOtherInputs) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"x", "string?"}}}});
  EXPECT_THAT(
      Merge(plan, {"{\"watermark\":\"1970-01-03\"}\n{\"time\":\"1970-01-04\"}\n",
                   "{\"time\":\"1970-01-02\"}\n{\"time\":\"1970-01-03\"}\n"}),
      ElementsAre("A@1970-01-02T00:00:00Z x=null 1:1", "watermark 1970-01-03T00:00:00Z",
                  "A@1970-01-03T00:00:00Z x=null 1:2", "A@1970-01-04T00:00:00Z x=null 0:2"));
}

TEST(MergeTest, NoInputLosesARowOverManyBlocks) {
  std::vector<std::string> texts(3, "type,ts,x\n");
  for (int i = 0; i < 9000; ++i) {
    char time[32];
    std::snprintf(time, sizeof(time), "1970-01-01 %02d:%02d:%02d", i / 3600, i / 60 % 60, i % 60);
    texts[i % 7 % 3] +=
        std::string(i % 2 == 0 ? "A," : "B,") + time + "," + std::to_string(i) + "\n";
  }
  const std::vector<std::string> rows = Merge(TwoTypes(), texts);
  ASSERT_EQ(rows.size(), 9000u);
  for (int i = 0; i < 9000; ++i) {
    Time time = int64_t{i} * kSecond;
    const std::string begin = std::string(i % 2 == 0 ? "A@" : "B@") + FormatTime(time) + " ";
    ASSERT_THAT(rows[static_cast<size_t>(i)], ::testing::StartsWith(begin));
    if (i % 2 == 0) {
      ASSERT_THAT(rows[static_cast<size_t>(i)],
                  ::testing::HasSubstr("x=\"" + std::to_string(i) + "\""));
    }
  }
}

TEST(MergeTest, OneInputIsHandedThrough) {
  std::unique_ptr<EventSource> source = Open(TwoTypes(), "type,ts\n", 0);
  EventSource* const raw = source.get();
  std::vector<std::unique_ptr<EventSource>> one;
  one.push_back(std::move(source));
  EXPECT_EQ(MergeSources(std::move(one)).get(), raw);
}

}  // namespace
}  // namespace spate::test
