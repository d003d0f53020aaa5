// Many rules: found by their conditions, they say what they say when each event goes to all.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compiler/compile.h"
#include "runtime/engine/engine.h"

namespace spate {
namespace {

// Rules of all the kinds that the router tells apart, over conditions of all kinds.
std::string Rules() {
  std::string text =
      "event A at ts { ts: time, k: int, x: int, s: string? }\n"
      "event B at ts { ts: time, k: int, x: int, s: string? }\n"
      "event Tick every 7s\n";
  for (int i = 0; i < 12; ++i) {
    const std::string n = absl::StrCat(i);
    absl::StrAppend(
        &text, "rule pair", n, " { match a: A[x == ", n, "] -> b: B[x == ", n,
        "] by k within 20s emit Pair", n, " { k, a.x } }\n",  //
        "rule text", n, " { match a: A[s == \"t", n, "\" and 10 / x > 0] -> b: B[s in [\"t", n,
        "\", \"u\"]] within 20s emit Text", n, " { a.k } }\n",  //
        "rule next", n, " { match a: A[x == ", n, "], b: B[x > ", n, "] within 20s emit Next", n,
        " { a.k } }\n",  //
        "rule near", n, " { match a: A[x == ", n, "] -> b: B within 4 events emit Near", n,
        " { a.k } }\n",  //
        "rule none", n, " { match a: A[x == ", n, "] -> not B[x == ", n, "] for 5s emit None", n,
        " { a.k } }\n",  //
        "rule key", n, " { match a: A[x == ", n, "] -> not B[x == ", n, "] for 5s by k emit Key", n,
        " { k } }\n",                                                                  //
        "rule one", n, " { from a: A[x == ", n, "] emit One", n, " { a.k, a.x } }\n",  //
        "rule sum", n, " { from a: A[x < ", n, "] window tumbling 10s emit Sum", n,
        " { n: count() } }\n",  //
        "rule tick", n, " { match t: Tick -> a: A[x == ", n, "] within 5s emit Tock", n,
        " { a.k } }\n",  //
        "rule beat", n, " { match a: A[x == ", n, "]? -> Tick by A.k within 9s emit Beat", n,
        " { k } }\n",  //
        "rule last", n, " { match p: Pair", n, " -> q: Pair", n, "[x == ", n,
        "] within 1m emit Last", n, " { q.k } }\n");
  }
  return text;
}

struct Outcome {
  std::vector<std::string> lines;
  std::vector<std::string> issues;
  uint64_t ignored = 0;
};

Outcome RunRules(const std::shared_ptr<const Plan>& plan, size_t index_from, bool in_blocks) {
  Outcome outcome;
  EngineOptions options;
  options.index_from = index_from;
  std::unique_ptr<Engine> engine = *Engine::Create(plan, options);
  const Subscription all = *engine->Subscribe("", [&](const DerivedEvent& e) {
    outcome.lines.push_back(
        absl::StrCat(e.time, " ", e.rule->name, " ", e.values.empty() ? 0 : e.values[0].i));
  });
  std::mt19937 random(5);
  const EventTypeHandle types[] = {*engine->Type("A"), *engine->Type("B")};
  for (Time second = 0, left = 3'000; left > 0;) {
    EventBlock block;
    for (const EventTypeHandle& t : types) block.batches.emplace_back(t.type());
    for (int row = 0; row < 150 && left > 0; ++row, --left) {
      second += static_cast<Time>(random() % 2);
      const uint32_t type = random() % 2;
      const std::string text = absl::StrCat("t", random() % 14);
      const Value values[] = {Value::OfTime(second * kSecond), Value::Int(random() % 5),
                              Value::Int(random() % 14),
                              random() % 9 == 0 ? Value::Null() : Value::String(text)};
      if (in_blocks) {
        block.order.push_back({type, static_cast<uint32_t>(block.batches[type].rows())});
        block.batches[type].AppendRow(second * kSecond, 0, values);
      } else {
        EXPECT_TRUE(engine->Push(types[type], second * kSecond, values).ok());
      }
    }
    if (in_blocks) {
      EXPECT_TRUE(engine->Push(block).ok());
    }
  }
  EXPECT_TRUE(engine->Finish(EndMode::kAdvance).ok());
  const EngineStats stats = engine->Stats();
  outcome.ignored = stats.ignored;
  for (const auto& issue : stats.issues) {
    outcome.issues.push_back(absl::StrCat(issue.origin.begin, " ", issue.count));
  }
  std::sort(outcome.issues.begin(), outcome.issues.end());  // they stand in order of occurrence
  return outcome;
}

TEST(ManyRulesTest, SayTheSameWhenTheyAreFoundByTheirConditions) {
  const CompileResult compiled = Compile({{"many.spate", Rules()}});
  ASSERT_NE(compiled.plan, nullptr);
  const Outcome plain = RunRules(compiled.plan, /*index_from=*/1'000'000, /*in_blocks=*/false);
  EXPECT_GT(plain.lines.size(), 1'000u);
  EXPECT_FALSE(plain.issues.empty());  // divisions by zero, which are counted
  for (const bool in_blocks : {false, true}) {
    for (const size_t index_from : {size_t{1}, size_t{8}, size_t{1'000'000}}) {
      const Outcome found = RunRules(compiled.plan, index_from, in_blocks);
      EXPECT_EQ(found.lines, plain.lines) << index_from << " " << in_blocks;
      EXPECT_EQ(found.issues, plain.issues) << index_from << " " << in_blocks;
      EXPECT_EQ(found.ignored, plain.ignored);
    }
  }
}

}  // namespace
}  // namespace spate
