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
  void Push(const char* type, int64_t second, int64_t x) {
    const Value values[] = {Value::String("k"), Value::Int(x)};
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
