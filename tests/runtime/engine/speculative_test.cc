#include "runtime/engine/speculative.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

using testing::ElementsAre;

std::string Shown(const DerivedEvent& e) {
  std::string text = absl::StrCat(e.type->name, "@", e.time / kSecond);
  for (const Value& v : e.values) absl::StrAppend(&text, " ", v.is_null() ? -1 : v.i);
  return text;
}

// A speculative engine over A and B whose output is lines, those of retracted events with a minus.
class Speculative {
 public:
  Speculative(const std::string& rules, Duration lateness) {
    EngineOptions options;
    options.lateness = lateness;
    options.on_late = [this](const LateEvent& late) { out.push_back("late " + late.Reason()); };
    engine = *SpeculativeEngine::Create(CompileOrFail(TestEngine::kTypes + rules), options,
                                        [this](const DerivedEvent& e, bool retracted) {
                                          out.push_back((retracted ? "-" : "") + Shown(e));
                                          standing[Shown(e)] += retracted ? -1 : 1;
                                          EXPECT_GE(standing[Shown(e)], 0)
                                              << "retracted without having been derived";
                                        });
  }
  void Push(const char* type, int64_t second, int64_t x, const std::string& key = "k") {
    const Value values[] = {Value::String(key), Value::Int(x)};
    ASSERT_TRUE(engine->Push(*engine->Type(type), second * kSecond, values).ok());
  }

  std::unique_ptr<SpeculativeEngine> engine;
  std::vector<std::string> out;
  std::map<std::string, int> standing;
};

TEST(SpeculativeTest, AnEventOutOfOrderCorrectsWhatWasSaid) {
  Speculative s("rule r { match a: A, b: B emit M { a: a.x, b: b.x } }", 10 * kSecond);
  s.Push("A", 1, 1);
  s.Push("B", 5, 2);
  EXPECT_THAT(s.out, ElementsAre("M@5 1 2"));
  s.Push("A", 3, 3);
  EXPECT_THAT(s.out, ElementsAre("M@5 1 2", "-M@5 1 2", "M@5 3 2"));
  s.Push("B", 2, 4);
  EXPECT_THAT(s.out, ElementsAre("M@5 1 2", "-M@5 1 2", "M@5 3 2", "M@2 1 4"));
  EXPECT_EQ(s.engine->replays(), 2u);
  EXPECT_EQ(s.engine->Stats().derived, 2u);
}

TEST(SpeculativeTest, WhatIsTooFarBehindIsLate) {
  Speculative s("rule r { match a: A emit M { a: a.x } }", 3 * kSecond);
  s.Push("A", 10, 1);
  s.Push("A", 6, 2);
  s.Push("A", 7, 3);
  EXPECT_THAT(s.out,
              ElementsAre("M@10 1", "late 1s before the watermark 1970-01-01T00:00:07Z", "M@7 3"));
  EXPECT_EQ(s.engine->Stats().late, 1u);
}

TEST(SpeculativeTest, ValuesAreChecked) {
  Speculative s("rule r { match a: A emit M { a: a.x } }", kSecond);
  EXPECT_EQ(s.engine->Push(*s.engine->Type("A"), 0, {}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(s.out.empty());
}

TEST(SpeculativeTest, OnlyThePartitionsOfALateEventAreRunAgain) {
  Speculative s(
      "rule r { match a: A -> b: B by k within 9s emit M { x: a.x } }\n"
      "rule q { from m: M by m.x window sliding 9s emit N { n: count() } }\n"
      "rule other { match A -> B within 9s emit O { } }",
      3 * kSecond);
  for (int64_t i = 0; i < 1'000; ++i) s.Push("A", i, i, absl::StrCat("k", i % 500));
  s.out.clear();
  s.Push("B", 998, 7, "k497");  // after A@997; and what r derives goes to q
  EXPECT_THAT(s.out, testing::UnorderedElementsAre("M@998 997", "N@998 1", "O@998"));
  EXPECT_EQ(s.engine->replays(), 3u);
  EXPECT_LE(s.engine->replayed_events(), 40u);
}

// Retractions go on to the rules that read what was derived, and come first.
TEST(SpeculativeTest, RetractionsGoThroughAllLayers) {
  Speculative s(
      "rule r { match a: A, b: B emit M { a: a.x, b: b.x } }\n"
      "rule q { from m: M window unbounded emit N { n: count() } }",
      9 * kSecond);
  s.Push("A", 1, 1);
  s.Push("B", 5, 2);
  s.Push("A", 6, 3);
  s.Push("B", 7, 4);
  s.out.clear();
  s.Push("B", 4, 9);
  EXPECT_THAT(s.out, ElementsAre("-M@5 1 2", "-N@5 1", "M@4 1 9", "N@4 1"))
      << "N@7 2 is what it was";
}

TEST(SpeculativeTest, ConsumersGetIdsAndMatchedEvents) {
  EngineOptions options;
  options.lateness = 9 * kSecond;
  options.keep_ids = options.keep_matched = true;
  std::vector<std::string> out;
  auto engine = *SpeculativeEngine::Create(
      CompileOrFail(TestEngine::kTypes + std::string("rule r { match a: A, B emit M { x: a.x } }")),
      options, [&](const DerivedEvent& e, bool retracted) {
        std::string line = retracted ? "-" : "";
        for (const MatchedEvent& m : e.matched) {
          absl::StrAppend(&line, m.type->name, FormatEventId(m.id), "@", m.time / kSecond, " ");
        }
        out.push_back(line + FormatEventId(e.id));
      });
  const Value values[] = {Value::String("k"), Value::Int(1)};
  for (const auto& [type, second] : {std::pair("A", 1), std::pair("B", 5), std::pair("A", 3)}) {
    ASSERT_TRUE(engine->Push(*engine->Type(type), second * kSecond, values).ok());
  }
  ASSERT_EQ(out.size(), 3u);
  EXPECT_THAT(out[0], testing::StartsWith("A1@1 B2@5 "));
  EXPECT_EQ(out[1], "-" + out[0]);
  EXPECT_THAT(out[2], testing::StartsWith("A3@3 B2@5 "));
}

// What no event can change any more is forgotten, and the rest is kept.
TEST(SpeculativeTest, KeepsWhatMayStillMatter) {
  struct Case {
    const char* rule;
    bool forgets;
  };
  const Case cases[] = {
      {"match a: A -> b: B[x == 1] within 5s emit M { }", true},
      {"match a: A -> b: B[x < 0] within 5s emit M { }", true},
      {"match a: A -> b: B by k within 5s after match no skip emit M { }", true},
      {"match a: A -> not A for 5s emit M { }", true},
      {"match A{3,} -> B within 5s emit M { }", true},
      {"match a: A[prev(x) == x] -> b: B within 5s after match no skip emit M { }", true},
      {"from a: A window sliding 5s emit M { n: count() }", true},
      {"from a: A window sliding 5s having count() > 3 on change emit M { n: count() }", true},
      {"from a: A window sliding 4 events emit M { n: sum(a.x) }", true},
      {"from a: A window tumbling 1 day having count() < 0 emit M { n: count() }", false},  // a day
      {"from a: A window tumbling 5s emit M { n: count() }", true},
      {"from a: A window tumbling 5 events emit M { n: count() }", true},
      {"from a: A window hopping 4s every 2s emit M { n: count() }", true},
      {"from a: A window ending B emit M { n: count() }", true},
      {"from a: A emit M { x: a.x }", true},
      {"from a: A window unbounded emit M { n: count() }", false},
      {"match not B ever -> a: A[x < 0] emit M { }", false},
      {"match a: A[prev(x) == x] -> b: B within 5s emit M { }", false},
  };
  for (const Case& c : cases) {
    Speculative s(absl::StrCat("rule r { ", c.rule, " }"), 2 * kSecond);
    constexpr int64_t kEvents = 4'000;
    for (int64_t i = 0; i < kEvents; ++i) s.Push(i % 3 == 2 ? "B" : "A", i, i % 4);
    EXPECT_EQ(s.engine->kept_events() < 60, c.forgets)
        << c.rule << ": " << s.engine->kept_events() << " kept";
  }
}

// Also of keys that are never seen again.
TEST(SpeculativeTest, ForgetsIdleKeys) {
  Speculative s("rule r { match a: A -> b: B by k within 5s emit M { } }", 2 * kSecond);
  for (int64_t i = 0; i < 2'000; ++i) s.Push("A", i, 0, absl::StrCat("k", i));
  EXPECT_LT(s.engine->kept_events(), 20u);
}

TEST(SpeculativeTest, AnEndedEngineTakesNothing) {
  Speculative s("rule r { match a: A emit M { a: a.x } }", kSecond);
  ASSERT_TRUE(s.engine->Finish(EndMode::kClose).ok());
  EXPECT_EQ(s.engine->AdvanceTo(kSecond).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(s.engine->Finish(EndMode::kClose).code(), absl::StatusCode::kFailedPrecondition);
}

// What stands in the end is what an engine derives that waits for the same lateness.
TEST(SpeculativeTest, TheEndIsThatOfTheOrderedRun) {
  const char* const rules[] = {
      "rule r { match a: A -> b: B within 5s emit M { a: a.x, b: b.x } }",
      "rule r { match a: A -> not B for 3s within unbounded after match no skip\n"
      "         emit M { a: a.x } }",
      "rule r { match a: A+ -> b: B within 8s after match skip to last a emit M { n: count(a) } }",
      "rule r { from a: (A | B) window sliding 4s having count() >= 3 on change\n"
      "         emit M { n: count() } else emit N { n: count() } }",
      "rule r { from a: A window tumbling 5s emit M { n: count(), s: sum(a.x) } }\n"
      "rule q { match m: M -> b: B within 9s limit 1 per 6s emit N { n: m.n, x: b.x } }",
      "event Beat every 4s\nrule r { from a: A window ending Beat emit M { s: sum(a.x) } }"};
  for (const char* text : rules) {
    for (uint64_t seed = 0; seed < 40; ++seed) {
      std::mt19937_64 random(seed);
      Speculative speculative(text, 4 * kSecond);
      EngineOptions options;
      options.lateness = 4 * kSecond;
      auto ordered =
          *Engine::Create(CompileOrFail(TestEngine::kTypes + std::string(text)), options);
      std::map<std::string, int> expected;
      Subscription all =
          *ordered->Subscribe("", [&](const DerivedEvent& e) { ++expected[Shown(e)]; });
      int64_t now = 0;
      for (int64_t i = 0; i < 40; ++i) {
        now += static_cast<int64_t>(random() % 3);
        const int64_t at = now - static_cast<int64_t>(random() % 6);
        const char* const type = random() % 2 == 0 ? "A" : "B";
        speculative.Push(type, at, i);
        const Value values[] = {Value::String("k"), Value::Int(i)};
        ASSERT_TRUE(ordered->Push(*ordered->Type(type), at * kSecond, values).ok());
      }
      const EndMode mode = seed % 2 == 0 ? EndMode::kClose : EndMode::kAdvance;
      ASSERT_TRUE(speculative.engine->Finish(mode).ok());
      ASSERT_TRUE(ordered->Finish(mode).ok());
      std::map<std::string, int> stands;
      for (const auto& [line, count] : speculative.standing) {
        if (count != 0) stands[line] = count;
      }
      ASSERT_EQ(stands, expected) << text << "\nseed " << seed;
      ASSERT_EQ(speculative.engine->Stats().late, ordered->Stats().late);
    }
  }
}

}  // namespace
}  // namespace spate
