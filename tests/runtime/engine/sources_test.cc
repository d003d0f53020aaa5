// Several sources with watermarks of their own; clocks, limits and what is counted of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kEach[] = "rule r { match a: A emit M {} }";

absl::Status PushA(TestEngine& engine, const SourceHandle& source, int64_t seconds) {
  const Value values[] = {Value::String("k"), Value::Int(0)};
  return engine->Push(source, *engine->Type("A"), seconds * kSecond, values);
}

TEST(SourcesTest, AreMergedInOrderOfTime) {
  TestEngine engine(kEach);
  const SourceHandle fast = *engine->AddSource();
  const SourceHandle slow = *engine->AddSource(2 * kSecond);
  for (int64_t t : {10, 20, 30}) ASSERT_TRUE(PushA(engine, fast, t).ok());
  EXPECT_THAT(engine.out, IsEmpty()) << "nothing is known of the slow one";
  ASSERT_TRUE(PushA(engine, slow, 5).ok());
  EXPECT_THAT(engine.out, IsEmpty());
  ASSERT_TRUE(PushA(engine, slow, 14).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@5", "M@10"));
  ASSERT_TRUE(PushA(engine, slow, 13).ok()) << "within its lateness";
  EXPECT_EQ(engine->Stats().late, 0u);
  ASSERT_TRUE(engine->AdvanceTo(slow, 25 * kSecond).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@5", "M@10", "M@13", "M@14", "M@20"));
  ASSERT_TRUE(engine->Finish(EndMode::kClose).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@5", "M@10", "M@13", "M@14", "M@20", "M@30"));
}

TEST(SourcesTest, AnIdleSourceDoesNotHold) {
  TestEngine engine(kEach);
  const SourceHandle a = *engine->AddSource();
  const SourceHandle b = *engine->AddSource();
  ASSERT_TRUE(PushA(engine, a, 10).ok());
  ASSERT_TRUE(engine->SetIdle(b).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@10"));
  ASSERT_TRUE(PushA(engine, b, 9).ok()) << "late, which is no error";
  EXPECT_EQ(engine->Stats().late, 1u);
  ASSERT_TRUE(PushA(engine, b, 11).ok());
  ASSERT_TRUE(PushA(engine, a, 20).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@10", "M@11")) << "b is awake again";
  EXPECT_FALSE(engine->AddSource(-1).ok());
}

// Whatever the skew between the sources, the result is that of one ordered stream.
TEST(SourcesTest, AnySkewGivesTheOrderedRun) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 20; ++round) {
    TestEngine merged(kEach);
    const SourceHandle sources[] = {*merged->AddSource(), *merged->AddSource(3 * kSecond)};
    std::vector<int64_t> all;
    int64_t now[] = {0, static_cast<int64_t>(random() % 1000)};
    for (int i = 0; i < 400; ++i) {
      const size_t s = random() % 2;
      now[s] += static_cast<int64_t>(random() % 40);
      const int64_t t = now[s] - (s == 1 ? static_cast<int64_t>(random() % 4) : 0);
      if (!PushA(merged, sources[s], t).ok()) FAIL();
      all.push_back(t);
    }
    ASSERT_TRUE(merged->Finish(EndMode::kClose).ok());
    ASSERT_EQ(merged->Stats().late, 0u);
    std::sort(all.begin(), all.end());
    TestEngine ordered(kEach);
    for (const int64_t t : all) ASSERT_TRUE(ordered.Push("A", t).ok());
    ASSERT_TRUE(ordered->Finish(EndMode::kClose).ok());
    ASSERT_EQ(merged.out, ordered.out);
  }
}

TEST(ClocksInEngineTest, ComeBeforeTheEventsOfTheirTime) {
  TestEngine engine(
      "event Beat every 10s\n"
      "rule each { match Beat emit Tick {} }\n"
      "rule next { match t: Beat, a: A emit M {} }");
  ASSERT_TRUE(engine.Push("A", 5).ok());
  ASSERT_TRUE(engine.Push("A", 10).ok());
  EXPECT_THAT(engine.out, ElementsAre("Tick@10", "M@10"));
  ASSERT_TRUE(engine->AdvanceTo(30 * kSecond).ok());
  EXPECT_THAT(engine.out, ElementsAre("Tick@10", "M@10", "Tick@20", "Tick@30"));
  EXPECT_FALSE(engine->Push(*engine->Type("Beat"), 40 * kSecond, {}).ok())
      << "the engine makes them";
  ASSERT_TRUE(engine->Finish(EndMode::kAdvance).ok());
  EXPECT_EQ(engine.out.size(), 4u) << "not to the end of time";
}

TEST(LimitInEngineTest, HeldBackReportsAreCountedByRule) {
  TestEngine engine("rule r { match a: A by k limit 1 per 5s emit M { k } }");
  ASSERT_TRUE(engine.Push("A", 1, "ann").ok());
  ASSERT_TRUE(engine.Push("A", 2, "ann").ok());
  ASSERT_TRUE(engine.Push("A", 2, "bob").ok());
  ASSERT_TRUE(engine.Push("A", 6, "ann").ok());
  EXPECT_THAT(engine.out, ElementsAre("M@1", "M@2", "M@6"));
  EXPECT_EQ(engine->Stats().rules[0].held_back, 1u);
  EXPECT_EQ(engine->Stats().rules[0].reports, 3u);
}

}  // namespace
}  // namespace spate
