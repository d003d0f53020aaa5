#include "runtime/engine/replay_memory.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

std::string MemoryOf(const std::string& rule) {
  const auto plan = CompileOrFail(std::string(TestEngine::kTypes) +
                                  "event C { k: string, d: duration }\n"
                                  "event Beat every 10s\nrule r { " +
                                  rule + " }");
  if (plan == nullptr) return "none";
  const ReplayMemory memory = ReplayMemoryOf(*plan, plan->rules[0]);
  std::string text = "all";
  if (memory.kind == ReplayMemory::Kind::kRecent) {
    text = absl::StrCat("recent ", FormatDuration(memory.span));
    if (memory.events > 0) absl::StrAppend(&text, " + ", memory.events);
  } else if (memory.kind == ReplayMemory::Kind::kQuiet) {
    text = "quiet";
    if (memory.span >= 0) absl::StrAppend(&text, " ", FormatDuration(memory.span));
    if (memory.at_rest) text += " rest";
    if (memory.silent) text += " silent";
    if (memory.unreported) text += " unreported";
  }
  return text + (memory.settles ? "" : ", never final");
}

TEST(ReplayMemoryTest, FollowsFromTheRule) {
  const struct {
    const char* rule;
    const char* memory;
  } cases[] = {
      // Patterns: matches apart from each other forget by time alone.
      {"match A -> B within 5s after match no skip", "recent 5s"},
      {"match A -> B within 5s after match skip to next event", "recent 5s"},
      {"match A -> B[prev(x, 2) > x] within 5s after match no skip", "recent 5s + 2"},
      {"match A -> B -> not A for 3s within 5s after match no skip", "recent 8s"},
      {"match not A for 3s -> B -> A within 5s after match no skip", "recent 8s"},
      {"match A -> Beat within 5s after match no skip", "recent 5s"},
      // Others when nothing is under way, or nothing came of it.
      {"match A -> B within 5s", "quiet 5s rest silent unreported"},
      {"match A -> Beat within 5s", "quiet 5s rest unreported"},
      {"match A -> B within 5s after match no skip keep latest", "quiet 5s rest silent"},
      {"match A -> B window tumbling 5s", "quiet 5s rest silent unreported"},
      {"match A -> B window session 5s", "quiet 5s silent"},
      {"match A -> not B for 3s window session 5s", "quiet 8s silent"},
      {"match A -> not B for 3s", "quiet 3s rest silent unreported"},
      {"match not A for 3s -> B -> A within 5s", "quiet 8s silent"},
      {"match A -> B within 5 events", "quiet rest"},
      {"match A -> B within unbounded", "quiet rest"},
      {"match c: C -> not B for c.d", "quiet rest"},
      {"match A -> B window ending A[x == 0]", "quiet rest"},
      // And some never.
      {"match not A ever -> B", "all"},
      {"match A -> B[prev(x) > x] within 5s", "all"},
      {"match A -> B window tumbling 5 events", "all"},
      // Windows.
      {"from a: A emit M { x: a.x }", "recent 0s"},
      {"from a: A window sliding 5s emit M { n: count() }", "recent 5s"},
      {"from a: A window sliding 5s emit M { n: avg(a.x * 0.5) }", "quiet 5s silent"},
      {"from a: A window sliding 5 events emit M { n: count() }", "recent 0s + 5"},
      {"from a: A window hopping 4s every 2s emit M { n: count() }", "recent 4s"},
      {"from a: A window tumbling 5s emit M { n: count() }", "recent 5s"},
      {"from a: A window tumbling 1 day emit M { n: count() }", "recent 1d1h"},
      {"from a: A window tumbling 5 events emit M { n: count() }", "quiet rest"},
      {"from a: A window ending B emit M { n: count() }", "quiet rest"},
      {"from a: A window session 5s emit M { n: count() }", "quiet 5s silent"},
      {"from a: A window unbounded emit M { n: count() }", "all"},
      {"from a: A window tumbling 5s having count() > 1 on change emit M { n: count() }", "all"},
      {"from a: A window sliding 5s having count() > 1 on change limit 1 per 5s "
       "emit M { n: count() }",
       "all, never final"},
  };
  for (const auto& c : cases) EXPECT_EQ(MemoryOf(c.rule), c.memory) << c.rule;
}

}  // namespace
}  // namespace spate
