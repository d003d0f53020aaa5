// What the engine alone costs per event: matching, predicates, keys and output, without reading.
//
// Each benchmark pushes blocks of 2,048 rows that were made beforehand through a fresh engine and
// reports events per second. The growth along an axis (window, keys) is what counts; absolute times
// depend on the machine. See docs/performance.md for the figures and how to read them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "compiler/compile.h"
#include "compiler/source/render.h"
#include "runtime/engine/engine.h"

namespace spate {
namespace {

constexpr int kTypes = 9;
constexpr size_t kEvents = 3'000'000;

std::shared_ptr<const Plan> MustCompile(const std::string& rules) {
  CompileResult result = Compile({{"bench.spate", rules}});
  if (result.plan != nullptr) return result.plan;
  for (const Diagnostic& d : result.diagnostics) {
    std::fputs(RenderDiagnostic(d, *result.sources).c_str(), stderr);
  }
  std::abort();
}

// Nine types A to I, each with a time, a key and a number.
std::string Declarations() {
  std::string text;
  for (int t = 0; t < kTypes; ++t) {
    absl::StrAppend(&text, "event ", std::string(1, static_cast<char>('A' + t)),
                    " at ts { ts: time, k: int, x: int }\n");
  }
  return text;
}

// Blocks of events a millisecond apart: type, key and number drawn evenly, the seed fixed.
class Stream {
 public:
  Stream(const Plan& plan, int types, int64_t keys) {
    std::mt19937_64 random(7);
    std::vector<const EventType*> by_name;
    for (int t = 0; t < types; ++t) {
      const TypeId id = plan.FindType(std::string(1, static_cast<char>('A' + t)));
      by_name.push_back(&plan.types[id.index()]);
    }
    for (size_t done = 0; done < kEvents;) {
      EventBlock block;
      for (const EventType* t : by_name) block.batches.emplace_back(*t);
      for (size_t row = 0; row < kMaxBatchRows && done < kEvents; ++row, ++done) {
        const auto t = static_cast<uint32_t>(random() % static_cast<uint64_t>(types));
        EventBatch& batch = block.batches[t];
        block.order.push_back({t, static_cast<uint32_t>(batch.rows())});
        const Time time = static_cast<Time>(done) * kMillisecond;
        const Value values[] = {
            Value::OfTime(time),
            Value::Int(static_cast<int64_t>(random() % static_cast<uint64_t>(keys))),
            Value::Int(static_cast<int64_t>(random() % 1'000'000))};
        batch.AppendRow(time, 0, values);
      }
      blocks_.push_back(std::move(block));
    }
  }
  std::vector<EventBlock>& blocks() { return blocks_; }

  // One event of `type` for each of `keys` keys, in random order, at the time when the stream
  // begins.
  static std::vector<EventBlock> EachKeyOnce(const EventType& type, int64_t keys) {
    std::vector<int64_t> order(static_cast<size_t>(keys));
    std::iota(order.begin(), order.end(), int64_t{0});
    std::shuffle(order.begin(), order.end(), std::mt19937_64(8));
    std::vector<EventBlock> blocks;
    for (size_t i = 0; i < order.size(); ++i) {
      if (i % kMaxBatchRows == 0) blocks.emplace_back().batches.emplace_back(type);
      EventBatch& batch = blocks.back().batches[0];
      blocks.back().order.push_back({0, static_cast<uint32_t>(batch.rows())});
      batch.AppendRow(0, 0, {Value::OfTime(0), Value::Int(order[i]), Value::Int(0)});
    }
    return blocks;
  }

 private:
  std::vector<EventBlock> blocks_;
};

void PushAll(benchmark::State& state, Engine* engine, std::vector<EventBlock>* blocks) {
  for (EventBlock& block : *blocks) {
    const absl::Status status = engine->Push(block);
    if (!status.ok()) state.SkipWithError(status.ToString().c_str());
  }
}

// `seen`: each key has had an event of the second type before the clock runs.
void Run(benchmark::State& state, const std::string& rules, int types, int64_t keys,
         bool seen = false) {
  const std::shared_ptr<const Plan> plan = MustCompile(Declarations() + rules);
  Stream stream(*plan, types, keys);
  std::vector<EventBlock> before;
  if (seen) before = Stream::EachKeyOnce(plan->types[plan->FindType("B").index()], keys);
  uint64_t reports = 0;
  for (auto _ : state) {
    if (seen) state.PauseTiming();
    std::unique_ptr<Engine> engine = *Engine::Create(plan);
    PushAll(state, engine.get(), &before);
    if (seen) state.ResumeTiming();
    PushAll(state, engine.get(), &stream.blocks());
    reports = engine->Stats().derived;
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kEvents));
  state.counters["reports"] = static_cast<double>(reports);
}

// A, B, C in this order among nine types, over a window of N events; each match ends all others.
void BM_Sequence(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { match a: A ->> b: B ->> c: C within ", state.range(0),
                   " events emit M { a.x } }"),
      kTypes, 1);
}

// The same with a rare C: the sets of partial matches grow to the whole window.
void BM_SequenceRareEnd(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { match a: A ->> b: B ->> c: C[x < 10] within ", state.range(0),
                   " events emit M { a.x } }"),
      kTypes, 1);
}

// All matches of a relaxed sequence: as many as there are A.
void BM_SequenceAll(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { match a: A -> b: B -> c: C after match no skip within ",
                   state.range(0), " events emit M { a.x } }"),
      kTypes, 1);
}

// Two events of one key.
void BM_KeyedPair(benchmark::State& state) {
  Run(state, "rule r { match a: A -> b: B by k within 1h emit M { k } }", 2, state.range(0));
}

// The same where every key has been met before: what new keys cost is left out.
void BM_KeyedPairSeen(benchmark::State& state) {
  Run(state, "rule r { match a: A -> b: B by k within 1h emit M { k } }", 2, state.range(0), true);
}

// The same when no match ever completes.
void BM_KeyedQuiet(benchmark::State& state) {
  Run(state, "rule r { match a: A -> b: B[x < 0] by k within 1h emit M { k } }", 2, state.range(0));
}

// The same where the key is a condition and not in `by`: about half of the N keys wait for their B.
void BM_JoinByEquality(benchmark::State& state) {
  Run(state, "rule r { match a: A -> b: B[k == a.k] within 1h after match no skip emit M { a.k } }",
      2, state.range(0));
}

// With N keys and a condition besides that compares with the earlier event.
void BM_KeyedOrder(benchmark::State& state) {
  Run(state, "rule r { match a: A -> b: B[x > a.x] by k within 1h emit M { k } }", 2,
      state.range(0));
}

// N / 2 events wait for one whose number is larger by far; one in some hundred finds such.
void BM_JoinByOrder(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { match a: A -> b: B[x > a.x + 990000] within ", state.range(0),
                   "ms after match no skip emit M { a.x } }"),
      2, 1);
}

// One condition, one report in a thousand.
void BM_Filter(benchmark::State& state) {
  Run(state, "rule r { from a: A[x < 1000] emit M { a.x } }", 1, 1);
}

// Many rules, each for a pair of numbers that few events have: what rules cost that an event cannot
// move.
void BM_ManyRules(benchmark::State& state) {
  std::string rules;
  for (int64_t r = 0; r < state.range(0); ++r) {
    absl::StrAppend(&rules, "rule r", r, " { match a: A[x == ", r, "] -> b: B[x == ", r + 1,
                    "] by k within 1h emit M", " { k } }\n");
  }
  Run(state, rules, 2, 10'000);
}

// The same with conditions that no look-up finds.
void BM_ManyThresholds(benchmark::State& state) {
  std::string rules;
  for (int64_t r = 0; r < state.range(0); ++r) {
    absl::StrAppend(&rules, "rule r", r, " { match a: A[x > ", 999'999 - r, "] -> b: B[x > ",
                    999'998 - r, "] by k within 1h emit M", " { k } }\n");
  }
  Run(state, rules, 2, 10'000);
}

// An aggregate over the last N milliseconds, at each event.
void RunSliding(benchmark::State& state, absl::string_view aggregate, absl::string_view below) {
  Run(state,
      absl::StrCat("rule r { from a: A window sliding ", state.range(0), "ms having ", aggregate,
                   " < ", below, " emit M { s: ", aggregate, " } }"),
      1, 1);
}

void BM_SlidingSum(benchmark::State& state) { RunSliding(state, "sum(a.x)", "0"); }

// What else a sliding window can keep: a minimum by two stacks, and order statistics.
void BM_SlidingMin(benchmark::State& state) { RunSliding(state, "min(a.x)", "0"); }

void BM_SlidingPercentile(benchmark::State& state) {
  RunSliding(state, "percentile(a.x, 99)", "0.0");
}

// A window that a thousand others overlap.
void BM_Hopping(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { from a: A window hopping ", state.range(0), "ms every ",
                   std::max<int64_t>(state.range(0) / 1000, 10),
                   "ms having sum(a.x) < 0 emit M { s: sum(a.x) } }"),
      1, 1);
}

// Aggregates over all matches, which are as many as the As of the window have subsets; and over all
// of a sequence, at each C.
void BM_SummaryOfLoop(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { match a: A+ any ->> b: B[x < 1000] after match no skip within ",
                   state.range(0), " events emit summary M { n: match_count(), s: sum(a.x) } }"),
      2, 1);
}

void BM_SummaryOfSequence(benchmark::State& state) {
  Run(state,
      absl::StrCat("rule r { match a: A ->> b: B ->> c: C after match no skip within ",
                   state.range(0), " events emit summary M { n: match_count(), s: sum(a.x) } }"),
      3, 1);
}

BENCHMARK(BM_Sequence)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SequenceRareEnd)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SequenceAll)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SummaryOfLoop)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SummaryOfSequence)
    ->Arg(100)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_KeyedPair)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_KeyedPairSeen)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_KeyedQuiet)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ManyRules)->Arg(10)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ManyThresholds)->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_KeyedOrder)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_JoinByEquality)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_JoinByOrder)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Filter)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SlidingSum)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SlidingMin)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SlidingPercentile)
    ->Arg(100)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Hopping)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spate

BENCHMARK_MAIN();
