// State stays as small as the window: long streams over each matcher, with what it holds checked.
#include <gtest/gtest.h>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

uint64_t LiveAfter(const std::string& rule, int events, int keys, const EngineOptions& options) {
  TestEngine engine(rule, options);
  uint64_t most = 0;
  for (int i = 0; i < events; ++i) {
    const std::string key = std::to_string(i % keys);
    EXPECT_TRUE(engine.Push(i % 7 == 6 ? "B" : "A", i, key.c_str(), i % 5).ok());
    if (i % 1000 == 999) most = std::max(most, engine->Stats().rules[0].live_threads);
  }
  return most;
}

TEST(MemoryTest, MergedThreadsDoNotGrowWithTheWindow) {
  EXPECT_LE(
      LiveAfter("rule r { match a: A{3,} ->> b: B[x > 100] within 1h emit M {} }", 20'000, 1, {}),
      10u);
}

TEST(MemoryTest, ThreadsOutsideTheWindowAreDropped) {
  // One thread for each A of the last 100 seconds at most, whatever the length of the stream: the
  // aggregate keeps them apart.
  EXPECT_LE(LiveAfter("rule r { match a: A -> b: B[x > sum(a.x) + 100] within 100s emit M {} }",
                      60'000, 1, {}),
            101u);
}

TEST(MemoryTest, ThreadsOfOneFutureAreOne) {
  // B asks for a number that As share five ways.
  EXPECT_LE(
      LiveAfter("rule r { match a: A -> b: B[x > a.x + 100] within 1h emit M {} }", 20'000, 1, {}),
      5u);
}

TEST(MemoryTest, EntriesOutsideTheWindowAreDropped) {
  // Each A has a text of its own. What has left the window goes as new ones come.
  const uint64_t live =
      LiveAfter("rule r { match a: A -> b: B[k == a.k and x > a.x + 100] within 100s emit M {} }",
                200'000, 150'000, {});
  EXPECT_LE(live, 110u);
}

TEST(MemoryTest, IdleKeysAreSweptWithTheStore) {
  const uint64_t live =
      LiveAfter("rule r { match a: A -> b: B[x > a.x + 100] by k within 10s emit M { k } }",
                120'000, 50'000, {});
  EXPECT_LE(live, 60'000u) << "threads of keys that are not seen again are dropped at compaction";
}

}  // namespace
}  // namespace spate
