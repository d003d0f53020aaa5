// A speculative engine ends where one that waits does: random rules, streams out of order.
//
//   speculate_test --seed=N --cases=N        (or SPATE_SEED, SPATE_CASES in the environment)
//
// What was derived less what was retracted is what an engine with the same lateness derives, with
// ids and matched events, and nothing is retracted that had not been derived. Streams are short, to
// find out about the order of things, or long, so that much is forgotten on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "tests/property/arguments.h"
#include "tests/property/engine_runner.h"
#include "tests/property/generate.h"
#include "tests/property/shrink.h"
#include "tests/reference/print.h"

namespace spate::property {
namespace {

uint64_t seed = 1;
int cases = 4'000;
constexpr int kStreamsPerFile = 3;
constexpr int kMaxFailures = 3;
constexpr int kShrinkBudget = 3'000;

std::vector<std::string> Ordered(const Compiled& compiled, const Case& c, const Mode& mode) {
  std::vector<std::string> lines = RunEngine(compiled.plan, c.file, c.stream, mode);
  std::sort(lines.begin(), lines.end());
  return lines;
}

bool IsTooLarge(const std::vector<std::string>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const std::string& line) { return line.rfind("error: ", 0) == 0; });
}

bool Differs(const Case& c, const Mode& mode) {
  const Compiled compiled = CompileRules(reference::PrintRules(c.file));
  if (compiled.plan == nullptr) return false;
  const Speculated said = RunSpeculative(compiled.plan, c.file, c.stream, mode);
  const std::vector<std::string> expected = Ordered(compiled, c, mode);
  return !IsTooLarge(expected) && (!said.fault.empty() || said.stands != expected);
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out.empty() ? "  nothing\n" : out;
}

void Report(const Case& failing, const Mode& mode, uint64_t case_seed) {
  const Case c = Shrink(
      failing, [&](const Case& s) { return Differs(s, mode); }, kShrinkBudget);
  const Compiled compiled = CompileRules(reference::PrintRules(c.file));
  const Speculated said = RunSpeculative(compiled.plan, c.file, c.stream, mode);
  ADD_FAILURE() << "the speculative run ends elsewhere (repeat with --seed=" << case_seed
                << " --cases=" << kStreamsPerFile << ")\n"
                << ModeName(mode) << ", " << reference::PrintArgs(c.stream) << "\n"
                << reference::PrintRules(c.file) << reference::PrintStream(c.stream)
                << "in order:\n"
                << Joined(Ordered(compiled, c, mode)) << "speculative: " << said.fault << "\n"
                << Joined(said.stands);
}

// Kinds of rules of which some must have been met with a retraction.
std::vector<std::string> KindsOf(const Plan& plan) {
  std::vector<std::string> kinds;
  if (plan.layers > 1) kinds.push_back("layers");
  if (plan.rules.size() > 1) kinds.push_back("several rules");
  for (const RulePlan& rule : plan.rules) {
    kinds.push_back(rule.keys.empty() ? "no keys" : "keys");
    kinds.push_back(rule.pattern != nullptr ? "pattern" : "window");
    if (rule.limit.count > 0) kinds.push_back("limit");
    for (const RuleInput& input : rule.inputs) {
      if (!input.views.empty()) kinds.push_back("keys of variables");
      if (plan.types[input.type.index()].clock) kinds.push_back("clock");
    }
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

TEST(Speculate, EndsAsTheRunInOrder) {
  std::printf("[ speculate ] --seed=%llu --cases=%d\n", static_cast<unsigned long long>(seed),
              cases);
  int failures = 0, ran = 0, with_retraction = 0, too_large = 0;
  uint64_t retracted = 0, replays = 0;
  std::map<std::string, int> kinds;  // of the cases with a retraction
  for (uint64_t file_seed = seed; ran < cases && failures < kMaxFailures; ++file_seed) {
    Random random(file_seed);
    Case c;
    c.file = GenerateRules(&random);
    const Compiled compiled = CompileRules(reference::PrintRules(c.file));
    if (compiled.plan == nullptr) continue;  // property_test says so
    for (int i = 0; i < kStreamsPerFile; ++i, ++ran) {
      c.stream = GenerateDisorder(c.file, i == 0 ? 80 : random.Int(4, 16), &random);
      const Mode mode{
          .batch = i == 1 ? size_t{7} : size_t{0}, .merge_threads = i != 2, .ids = i != 1};
      const std::vector<std::string> expected = Ordered(compiled, c, mode);
      if (IsTooLarge(expected)) {
        ++too_large;
        continue;
      }
      const Speculated said = RunSpeculative(compiled.plan, c.file, c.stream, mode);
      retracted += said.retracted;
      replays += said.replays;
      if (said.retracted > 0) {
        ++with_retraction;
        for (const std::string& kind : KindsOf(*compiled.plan)) ++kinds[kind];
      }
      if (said.fault.empty() && said.stands == expected) continue;
      Report(c, mode, file_seed);
      ++failures;
      break;
    }
  }
  std::printf("%d cases, %d too large, %llu replays, %d cases with a retraction, %llu retracted\n",
              ran, too_large, static_cast<unsigned long long>(replays), with_retraction,
              static_cast<unsigned long long>(retracted));
  for (const auto& [kind, count] : kinds) std::printf("%-20s %6d\n", kind.c_str(), count);
  EXPECT_LE(too_large, ran / 20);
  if (ran < 4'000) return;  // too few to meet every kind
  EXPECT_GE(with_retraction, ran / 20);
  for (const char* kind : {"layers", "several rules", "no keys", "keys", "pattern", "window",
                           "limit", "keys of variables", "clock"}) {
    EXPECT_GE(kinds[kind], 5) << "with a retraction: " << kind;
  }
}

}  // namespace
}  // namespace spate::property

int main(int argc, char** argv) {
  using spate::property::cases;
  using spate::property::seed;
  return spate::property::RunRandomTests(argc, argv, &seed, &cases);
}
