#include "runtime/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kPair[] = "rule r { match a: A -> b: B by k within 10s emit M { k, y: b.x } }";

TEST(EngineTest, PushesAndReports) {
  TestEngine engine(kPair);
  std::vector<std::string> got;
  Subscription s = *engine->Subscribe("M", [&](const DerivedEvent& e) {
    got.push_back(absl::StrCat(std::string(e.Get("k").text()), e.Get("y").i, " ", e.rule->name));
    EXPECT_TRUE(e.Get("no such attribute").is_null());
  });
  ASSERT_TRUE(engine.Push("A", 1, "ann").ok());
  ASSERT_TRUE(engine.Push("B", 2, "bob", 1).ok());
  ASSERT_TRUE(engine.Push("B", 3, "ann", 2).ok());
  EXPECT_THAT(got, ElementsAre("ann2 r"));
  EXPECT_THAT(engine.out, ElementsAre("M@3"));
}

TEST(EngineTest, ASubscriptionEndsWithItsObject) {
  TestEngine engine("rule r { match a: A emit M {} }");
  int calls = 0;
  {
    Subscription s = *engine->Subscribe("M", [&](const DerivedEvent&) { ++calls; });
    ASSERT_TRUE(engine.Push("A", 1).ok());
  }
  ASSERT_TRUE(engine.Push("A", 2).ok());
  EXPECT_EQ(calls, 1);
}

TEST(EngineTest, ASubscriptionMayOutliveItsEngine) {
  Subscription s;
  {
    TestEngine engine(kPair);
    s = *engine->Subscribe("M", [](const DerivedEvent&) {});
  }
}

TEST(EngineTest, AConsumerMayUnsubscribeItself) {
  TestEngine engine("rule r { match a: A emit M {} }");
  Subscription s;
  int calls = 0;
  s = *engine->Subscribe("M", [&](const DerivedEvent&) {
    ++calls;
    s = Subscription();
  });
  ASSERT_TRUE(engine.Push("A", 1).ok());
  ASSERT_TRUE(engine.Push("A", 2).ok());
  EXPECT_EQ(calls, 1);
}

TEST(EngineTest, APushFromAConsumerIsTakenAfterTheEvent) {
  TestEngine engine("rule r { match a: A emit M {} }  rule s { match b: B emit N {} }");
  Subscription s = *engine->Subscribe("M", [&](const DerivedEvent& e) {
    ASSERT_TRUE(engine.Push("B", e.time / kSecond).ok());
    EXPECT_THAT(engine.out, testing::Not(testing::Contains("N@1"))) << "not recursive";
  });
  ASSERT_TRUE(engine.Push("A", 1).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@1", "N@1"));
}

TEST(EngineTest, LateEventsAreCountedAndHandedOver) {
  int handed = 0;
  EngineOptions options;
  options.lateness = 2 * kSecond;
  options.on_late = [&](const LateEvent& late) {
    ++handed;
    EXPECT_EQ(late.time(), 7 * kSecond);
    EXPECT_EQ(late.Reason(), "1s before the watermark 1970-01-01T00:00:08Z");
  };
  TestEngine engine("rule r { match a: A emit M {} }", options);
  for (int64_t t : {5, 10, 8, 7, 9}) ASSERT_TRUE(engine.Push("A", t).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@5", "M@8"));
  ASSERT_TRUE(engine->Finish(EndMode::kClose).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@5", "M@8", "M@9", "M@10"));
  EXPECT_EQ(handed, 1);
  EXPECT_EQ(engine->Stats().late, 1u);
  EXPECT_EQ(engine->Stats().events, 4u);
}

TEST(EngineTest, AdvanceToMakesDeadlinesHappen) {
  TestEngine engine("rule r { match a: A -> b: B+ within 10s emit M {} }");
  ASSERT_TRUE(engine.Push("A", 0).ok());
  ASSERT_TRUE(engine.Push("B", 1).ok());
  ASSERT_TRUE(engine->AdvanceTo(10 * kSecond).ok());
  EXPECT_THAT(engine.out, IsEmpty()) << "the end of the window is included";
  ASSERT_TRUE(engine->AdvanceTo(10 * kSecond + 1).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@10"));
  ASSERT_TRUE(engine.Push("A", 5).ok());
  EXPECT_EQ(engine->Stats().late, 1u);
}

TEST(EngineTest, NothingMayFollowFinish) {
  TestEngine engine(kPair);
  ASSERT_TRUE(engine->Finish(EndMode::kHold).ok());
  EXPECT_EQ(engine.Push("A", 1).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(EngineTest, ValuesOfTheWrongKindAreRefused) {
  TestEngine engine(kPair);
  const EventTypeHandle type = *engine->Type("A");
  const Value wrong[] = {Value::Int(1), Value::Int(1)};
  const absl::Status kind = engine->Push(type, 0, wrong);
  EXPECT_EQ(kind.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(kind.message()), HasSubstr("`A.k` is a string, not a int"));
  const Value null[] = {Value::Null(), Value::Int(1)};
  EXPECT_EQ(engine->Push(type, 0, null).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(engine->Push(type, 0, {}).code(), absl::StatusCode::kInvalidArgument);
}

TEST(EngineTest, UnknownNamesAreNotFound) {
  TestEngine engine(kPair);
  EXPECT_EQ(engine->Type("Nope").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(engine->Subscribe("Nope", [](const DerivedEvent&) {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Engine::Create(nullptr).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(EngineTest, TheBudgetOfPartialMatchesIsAnError) {
  EngineOptions options;
  options.max_partial_matches = 100;
  // B asks for the A's number: threads with different ones are not merged.
  TestEngine engine(
      "rule r { match a: A -> b: B[x > a.x] within unbounded after match no skip emit M {} }",
      options);
  absl::Status status;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(engine.Push("A", i).ok()) << "equal ones are";
  for (int i = 0; i < 200 && status.ok(); ++i) status = engine.Push("A", 200 + i, "k", i);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("rule `r` has more than 100"));
  EXPECT_EQ(engine.Push("A", 500), status) << "an engine that has failed stays so";
}

TEST(EngineTest, WhatHasLeftTheWindowIsNotInTheBudget) {
  EngineOptions options;
  options.max_partial_matches = 100;
  TestEngine engine(
      "rule r { match a: A -> b: B[x > a.x] within 90s after match no skip emit M {} }", options);
  for (int i = 0; i < 2'000; ++i) ASSERT_TRUE(engine.Push("A", i, "k", i).ok());
  ASSERT_TRUE(engine.Push("B", 2'000, "k", 3'000).ok());
  EXPECT_EQ(engine.out.size(), 90u);
}

TEST(EngineTest, TheMatchesOfOneMomentAreBounded) {
  EngineOptions options;
  options.max_partial_matches = 1000;
  TestEngine engine(
      "rule r { match A ->> A ->> A ->> B within unbounded after match no skip emit M {} }",
      options);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(engine.Push("A", i).ok());
  EXPECT_EQ(engine.Push("B", 50).code(), absl::StatusCode::kResourceExhausted);
}

TEST(EngineTest, OverflowIsCountedWithItsRule) {
  TestEngine engine("rule r { match a: A emit M { y: a.x + 9223372036854775807 } }");
  ASSERT_TRUE(engine.Push("A", 1, "k", 1).ok());
  const EngineStats stats = engine->Stats();
  ASSERT_EQ(stats.issues.size(), 1u);
  EXPECT_EQ(stats.issues[0].what, "integer overflow");
  EXPECT_EQ(stats.issues[0].rule, RuleId(0u));
}

TEST(EngineTest, EventsWithoutAKeyAreCounted) {
  const char* rules =
      "event N { k: string? }\nrule r { match a: N, b: N by k within unbounded emit M {} }";
  TestEngine engine(rules);
  const Value values[] = {Value::Null()};
  ASSERT_TRUE(engine->Push(*engine->Type("N"), 0, values).ok());
  EXPECT_EQ(engine->Stats().rules[0].null_keys, 1u);
}

TEST(EngineTest, CountsPartialMatchesThatANullLimitEnds) {
  auto plan = CompileOrFail(
      "event O { ttl: duration? }\nevent S { x: int }\n"
      "rule r { match o: O -> not S for o.ttl emit Silent { } }");
  auto engine = *Engine::Create(plan, {});
  const Value null[] = {Value::Null()};
  const Value second[] = {Value::OfDuration(kSecond)};
  ASSERT_TRUE(engine->Push(*engine->Type("O"), 0, null).ok());
  ASSERT_TRUE(engine->Push(*engine->Type("O"), 1, second).ok());
  ASSERT_TRUE(engine->Push(*engine->Type("O"), 2, null).ok());
  ASSERT_TRUE(engine->Finish(EndMode::kAdvance).ok());
  EXPECT_EQ(engine->Stats().rules[0].null_limits, 2u);
  EXPECT_EQ(engine->Stats().rules[0].reports, 1u);
}

}  // namespace
}  // namespace spate
