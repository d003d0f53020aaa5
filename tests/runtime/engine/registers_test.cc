// Long streams through rules whose conditions read earlier events: merged threads with registers
// give what threads one by one give, also while memory is given back.
#include <gtest/gtest.h>

#include <random>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

// What the rule derives from a stream of A and B, as many seconds apart as a burst allows: the
// first events all come at once, so that many are open, and few later.
std::vector<std::string> Derived(const std::string& rule, bool merge, int64_t* issues) {
  constexpr int kBurst = 3'000;
  constexpr int kEvents = 120'000;
  EngineOptions options;
  options.merge_threads = merge;
  TestEngine engine(rule, options);
  std::vector<std::string> lines;
  Subscription all = *engine->Subscribe("", [&](const DerivedEvent& e) {
    std::string line = absl::StrCat(e.time / kSecond);
    for (const Value& v : e.values) {
      absl::StrAppend(&line, " ", v.kind == Kind::kString ? std::string(v.text()) : "",
                      v.kind == Kind::kInt ? absl::StrCat(v.i) : "");
    }
    lines.push_back(std::move(line));
  });
  std::mt19937 random(11);
  for (int i = 0; i < kEvents; ++i) {
    const int64_t second = i < kBurst ? 0 : i - kBurst;
    const bool first = i < kBurst ? random() % 50 != 0 : random() % 2 == 0;
    const std::string key = absl::StrCat("a key that is kept apart ", random() % 64);
    const auto x = static_cast<int64_t>(random() % 1'000);
    EXPECT_TRUE(engine.Push(first ? "A" : "B", second, key.c_str(), x).ok());
  }
  *issues = static_cast<int64_t>(engine->Stats().issues.size());
  return lines;
}

class Registers : public ::testing::TestWithParam<const char*> {};

TEST_P(Registers, GiveWhatThreadsOneByOneGive) {
  int64_t issues = 0;
  int64_t issues_one_by_one = 0;
  const std::vector<std::string> merged = Derived(GetParam(), true, &issues);
  EXPECT_GT(merged.size(), 100u);
  EXPECT_EQ(merged, Derived(GetParam(), false, &issues_one_by_one));
  EXPECT_EQ(issues, issues_one_by_one);
}

INSTANTIATE_TEST_SUITE_P(
    All, Registers,
    ::testing::Values(
        "rule r { match a: A -> b: B[k == a.k and x < a.x] within 60s after match no skip "
        "emit M { a.x, b.k, y: b.x } }",
        "rule r { match a: A -> b: B[x > a.x + 900] within 100s after match no skip "
        "emit M { a.x, y: b.x } }",
        "rule r { match a: A -> b: B[x / 10.0 <= a.x / 20.0] within 5s after match no skip "
        "emit M { a.x, y: b.x } }",
        "rule r { match a: A ->> b: B[x == a.x] -> c: A[k == b.k and x >= a.x] within 90s "
        "emit M { a.x, b.k, y: c.x } }",
        "rule r { match a: A, b: A[x > a.x]{2,} -> c: B[x == b.x] within 400s emit M { a.x, c.k } "
        "}",
        "rule r { match a: A -> b: B[k == a.k and x > 900 or x == 100 / (a.x % 7)] within 20s "
        "emit M { a.x, b.k } }",
        "rule r { match a: A -> b: B[x == 5000 / (a.x % 9)] within 50s after match no skip "
        "emit M { a.x, b.k } }",
        "rule r { match a: A -> b: B[x > a.x] ->> c: A[x < a.x] within 20s after match skip to "
        "next "
        "event emit M { a.x, y: b.x, z: c.x } }",
        "rule r { match a: A ->> b: B -> c: B[k == a.k] within 30s after match skip to last b "
        "emit M { a.x, y: b.x, z: c.x } }",
        "rule r { match a: A -> b: B[x % 100 == a.x % 100] within 30 events emit M { a.x, b.k } "
        "}"));

}  // namespace
}  // namespace spate
