// An observer changes nothing: every scenario gives the same events with a recorder that puts
// everything into words as without.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "compiler/compile.h"
#include "compiler/testing/recorder.h"
#include "compiler/testing/test_input.h"
#include "runtime/channels/json_writer.h"
#include "runtime/engine/engine.h"

namespace spate {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<fs::path> Scenarios() {
  std::vector<fs::path> folders;
  const fs::path root = fs::path(SPATE_SOURCE_DIR) / "tests/scenarios";
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() == "rules.spate") folders.push_back(entry.path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

fs::path EventsOf(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("events", 0) == 0) return entry.path();
  }
  return {};
}

struct Outcome {
  std::string events;
  size_t sides = 0;  // of coverage
  size_t covered = 0;
};

// Runs a scenario; with `observed` under a recorder.
Outcome RunScenario(const CompileResult& compiled, const fs::path& events, bool observed) {
  Outcome outcome;
  const Plan& plan = *compiled.plan;
  TestClock clock;
  PartialMatches partials;
  Recorder recorder(plan, {}, *compiled.sources, clock, &partials);
  EngineOptions options;
  options.merge_threads = false;
  options.keep_matched = true;
  if (observed) {
    options.observer = &recorder;
    for (const RulePlan& rule : plan.rules) EXPECT_TRUE(recorder.Watch(rule.id).ok());
  }
  auto engine = Engine::Create(compiled.plan, options);
  EXPECT_TRUE(engine.ok()) << engine.status();
  if (!engine.ok()) return outcome;
  JsonWriter writer({.matched = true});
  auto subscription = (*engine)->Subscribe(
      "", [&](const DerivedEvent& event) { writer.Append(event, &outcome.events); });
  Arena arena;
  const auto recorded = ReadRecorded(
      plan, events.string(), /*all_known=*/false,
      [&](EventBatch* batch) { (*engine)->Prepare(batch); }, &arena);
  if (!recorded.ok()) return outcome;  // scenarios of rows that are refused
  for (const RecordedEvent& event : *recorded) {
    if (!event.type.valid()) {
      EXPECT_TRUE((*engine)->AdvanceTo(event.time).ok());
      continue;
    }
    const EventType& type = plan.types[event.type.index()];
    EventBatch batch(type);
    batch.AppendRow(event.time, 0, event.values);
    (*engine)->Prepare(&batch);
    if (observed) recorder.OnInput(batch);
    EXPECT_TRUE((*engine)->Push(batch).ok());
  }
  EXPECT_TRUE((*engine)->Finish(EndMode::kClose).ok());
  for (const RuleCoverage& rule : recorder.Coverage()) {
    outcome.sides += rule.sides();
    outcome.covered += rule.covered();
  }
  return outcome;
}

TEST(ObserverTest, ChangesNothing) {
  size_t scenarios = 0;
  size_t reports = 0;
  for (const fs::path& folder : Scenarios()) {
    const fs::path rules = folder / "rules.spate";
    const CompileResult compiled = Compile({{rules.string(), ReadText(rules)}});
    ASSERT_NE(compiled.plan, nullptr) << folder;
    if (!compiled.plan->tables.empty()) continue;
    const Outcome plain = RunScenario(compiled, EventsOf(folder), /*observed=*/false);
    const Outcome observed = RunScenario(compiled, EventsOf(folder), /*observed=*/true);
    EXPECT_EQ(plain.events, observed.events) << folder;
    if (!plain.events.empty()) {
      ++reports;
      EXPECT_GT(observed.covered, 0u) << folder;
    }
    EXPECT_LE(observed.covered, observed.sides) << folder;
    ++scenarios;
  }
  EXPECT_GE(scenarios, 80u);
  EXPECT_GE(reports, 70u);
}

}  // namespace
}  // namespace spate
