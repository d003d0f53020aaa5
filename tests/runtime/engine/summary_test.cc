// `emit summary` without listing matches: closed forms, and listing as the twin on longer streams.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/engine/engine.h"
#include "runtime/match/summary_runs.h"
#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

std::string TextOf(const Value& v) {
  if (v.is_null()) return "null";
  return v.kind == Kind::kFloat ? absl::StrCat(v.f) : absl::StrCat(v.i);
}

// An engine over A and B { k: string, x: int, y: float? } whose output is "seconds: values" lines.
class Summaries {
 public:
  explicit Summaries(const std::string& rule, const EngineOptions& options = {})
      : plan_(CompileOrFail(absl::StrCat("event A { k: string, x: int, y: float? }\n",
                                         "event B { k: string, x: int, y: float? }\n", rule))),
        engine_(*Engine::Create(plan_, options)) {
    all_ = *engine_->Subscribe("", [this](const DerivedEvent& e) {
      std::string line = absl::StrCat(e.time / kSecond, ":");
      for (const Value& v : e.values) absl::StrAppend(&line, " ", TextOf(v));
      lines.push_back(std::move(line));
    });
  }
  void Push(const char* type, int64_t second, int64_t x = 0, const char* key = "k",
            Value y = Value::Null()) {
    const Value values[] = {Value::String(key), Value::Int(x), y};
    const absl::Status status = engine_->Push(*engine_->Type(type), second * kSecond, values);
    EXPECT_TRUE(status.ok()) << status;
  }
  Engine* operator->() { return engine_.get(); }
  bool Counted() const {
    std::string why;
    return SummaryRuns::Of(plan_->rules[0], &why).has_value();
  }

  std::vector<std::string> lines;

 private:
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Engine> engine_;
  Subscription all_;
};

// Of n As every one may be taken or not: 2^n - 1 matches end at the B, each A is in 2^(n-1).
TEST(SummaryTest, AllSubsetsByFormula) {
  const std::string rule =
      "rule r { match a: A+ any ->> b: B within unbounded after match no skip\n"
      "emit summary S { n: match_count(), c: count(a), s: sum(a.x), m: max(a.x), b: sum(b.x) } }";
  Summaries engine(rule);
  ASSERT_TRUE(engine.Counted());
  int64_t sum = 0;
  for (int64_t n = 1; n <= 50; ++n) {
    engine.Push("A", n, 3 * n);
    sum += 3 * n;
    engine.Push("B", n, 2);
    const int64_t half = int64_t{1} << (n - 1);
    EXPECT_EQ(engine.lines.back(), absl::StrCat(n, ": ", 2 * half - 1, " ", n * half, " ",
                                                sum * half, " ", 3 * n, " ", 2 * (2 * half - 1)));
  }
}

// What more than 64 bits would have to count is null, and counted; extremes stay exact.
TEST(SummaryTest, TooManyMatchesAreNullAndCounted) {
  Summaries engine(
      "rule r { match a: A+ any ->> b: B within 200s after match no skip\n"
      "emit summary S { n: match_count(), s: sum(a.x), v: avg(a.x), m: min(a.x) } }");
  for (int64_t n = 1; n <= 100; ++n) engine.Push("A", n, n);
  engine.Push("B", 100);
  ASSERT_EQ(engine.lines.size(), 1u);
  EXPECT_EQ(engine.lines[0], "100: null null null 1");
  EXPECT_EQ(engine->Stats().issues.size(), 3u);
  // As the window moves on, 60 As are left, then 5.
  engine.Push("B", 241);
  EXPECT_EQ(engine.lines[1].substr(0, 26), "241: 1152921504606846975 n");  // 2^60 - 1
  engine.Push("B", 296);
  EXPECT_EQ(engine.lines[2], absl::StrCat("296: 31 ", 16 * (96 + 97 + 98 + 99 + 100), " 98 96"));
}

TEST(SummaryTest, MillionsOfMatchesThatNoListCouldHold) {
  Summaries engine(
      "rule r { match a: A ->> b: A ->> c: A ->> d: B within 100000 events after match no skip\n"
      "emit summary S { n: match_count() } }");
  for (int64_t n = 1; n <= 3'000; ++n) engine.Push("A", n);
  engine.Push("B", 3'000);
  EXPECT_EQ(engine.lines[0], absl::StrCat("3000: ", int64_t{3000} * 2999 * 2998 / 6));
}

TEST(SummaryTest, FloatsAndNulls) {
  Summaries engine(
      "rule r { match a: A ->> b: B within 10s after match no skip\n"
      "emit summary S { s: sum(a.y), v: avg(a.y), l: min(a.y), c: count(a.y),\n"
      "                 w: max(a.y where a.x > 1), t: sum(b.x where b.x > 5) } }");
  ASSERT_TRUE(engine.Counted());
  engine.Push("A", 1, 1, "k", Value::Float(1.5));
  engine.Push("A", 2, 2, "k", Value::Null());
  engine.Push("A", 3, 3, "k", Value::Float(-0.25));
  engine.Push("B", 4, 5);
  engine.Push("A", 12, 1, "k", Value::Null());
  engine.Push("B", 14, 6);
  EXPECT_EQ(engine.lines, (std::vector<std::string>{"4: 1.25 0.625 -0.25 2 -0.25 null",
                                                    "14: null null null 0 null 6"}));
}

// The rules are listed when ids are asked for, since an id is made of the events of the matches.
TEST(SummaryTest, SameAsListing) {
  const std::string emits =
      " after match no skip emit summary S { n: match_count(), s: sum(a.x), v: avg(a.x),\n"
      "l: min(a.x), h: max(a.x), b: sum(b.x where b.x > 1), c: count(), d: count(b.y) } }";
  for (const char* rule : {
           "rule r { match a: A ->> b: B within 30s",
           "rule r { match a: A -> b: B within 5 events",
           "rule r { match a: A{1,3} any ->> b: B by k within 40s",
           "rule r { match a: A, b: B within 20s",
           "rule r { match a: A[x > 1]+ any -> b: B[x < 3] within 12 events",
           "rule r { match a: A[x > 1] ->> b: (B | A[x < 2]) by k within 60s",
           "rule r { match (a: A ->> b: B)+ any by k within 25s",
           "rule r { match a: A -> (b: B ->> A)? -> B within 30 events",
           "rule r { match a: A? -> b: B+ by k within 30s report each",
           "rule r { match a: A ->> b: B by a.x = b.x within 2m",
           "rule r { match a: A ->> not B[x > 2] ->> b: B[x < 2] by k within 40s",
       }) {
    const std::string text = rule + emits;
    EngineOptions listing;
    listing.keep_ids = true;
    Summaries counted(text), listed(text, listing);
    ASSERT_TRUE(counted.Counted()) << rule;
    std::mt19937_64 random(11);
    int64_t now = 0;
    for (int i = 0; i < 3'000; ++i) {
      now += random() % 12 == 0 ? 40 : static_cast<int64_t>(random() % 5);
      const char* type = random() % 2 == 0 ? "A" : "B";
      const char* key = random() % 3 == 0 ? "v" : "w";
      const auto x = static_cast<int64_t>(random() % 5) - 1;
      const Value y = random() % 2 == 0 ? Value::Null() : Value::Float(0.5);
      counted.Push(type, now, x, key, y);
      listed.Push(type, now, x, key, y);
    }
    EXPECT_GT(listed.lines.size(), 200u) << rule;
    EXPECT_EQ(counted.lines, listed.lines) << rule;
  }
}

TEST(SummaryTest, IdleKeysGiveBackWhatHasLeftTheirWindow) {
  Summaries engine(
      "rule r { match a: A ->> b: B by k within 10s after match no skip\n"
      "emit summary S { n: match_count() } }");
  uint64_t most = 0;
  for (int i = 0; i < 400'000; ++i) {
    engine.Push("A", i / 1'000, 0, absl::StrCat(i).c_str());
    if (i % 1'000 == 0) most = std::max(most, engine->Stats().rules[0].live_threads);
  }
  EXPECT_LE(most, 70'000u);
}

}  // namespace
}  // namespace spate
