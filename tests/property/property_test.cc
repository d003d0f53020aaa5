// Engine and reference agree on random rules and streams.
//
//   property_test --seed=N --cases=N        (or SPATE_SEED, SPATE_CASES in the environment)
//
// Each rule file is made from one seed and meets four streams, each of these run as single pushes
// and in one other way, and where summaries can be counted without listing matches also so. A
// difference is shrunk and printed with the seed that repeats it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "tests/property/arguments.h"
#include "tests/property/engine_runner.h"
#include "tests/property/generate.h"
#include "tests/property/matchers.h"
#include "tests/property/shrink.h"
#include "tests/property/uses.h"
#include "tests/reference/machine.h"
#include "tests/reference/print.h"
#include "tests/reference/run.h"

namespace spate::property {
namespace {

using reference::RuleFile;
using reference::Stream;

uint64_t seed = 1;
int cases = 20'000;
constexpr int kStreamsPerFile = 4;
constexpr int kMaxFailures = 3;
constexpr int kShrinkBudget = 4'000;

const std::vector<Mode>& OtherModes() {
  static const std::vector<Mode> kModes = {{.batch = 1},
                                           {.batch = 7},
                                           {.batch = 2048},
                                           {.merge_threads = false},
                                           {.batch = 7, .merge_threads = false},
                                           {.batch = 1, .merge_threads = false},
                                           {.batch = 2048, .merge_threads = false}};
  return kModes;
}

std::vector<std::string> Lines(const std::vector<reference::Derived>& derived, bool matched) {
  std::vector<std::string> lines;
  for (reference::Derived d : derived) {
    if (!matched) d.matched.clear();
    lines.push_back(reference::FormatDerived(d));
  }
  return lines;
}

std::vector<std::string> ReferenceLines(const RuleFile& file, const Stream& stream,
                                        const Mode& mode) {
  return Lines(reference::RunReference(file, stream), mode.matched);
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out.empty() ? "  nothing\n" : out;
}

// Whether engine and reference differ; a file that does not compile proves nothing.
bool Differs(const Case& c, const Mode& mode) {
  Compiled compiled = CompileRules(reference::PrintRules(c.file));
  if (compiled.plan == nullptr) return false;
  try {
    return RunEngine(compiled.plan, c.file, c.stream, mode) !=
           ReferenceLines(c.file, c.stream, mode);
  } catch (const reference::TooManyThreads&) {
    return false;
  }
}

void ReportDifference(const Case& failing, const Mode& mode, uint64_t case_seed) {
  Case c = Shrink(
      failing, [&](const Case& s) { return Differs(s, mode); }, kShrinkBudget);
  Compiled compiled = CompileRules(reference::PrintRules(c.file));
  ADD_FAILURE() << "engine and reference differ (repeat with --seed=" << case_seed
                << " --cases=" << kStreamsPerFile << ")\n"
                << ModeName(mode) << ", " << reference::PrintArgs(c.stream) << "\n"
                << reference::PrintRules(c.file) << reference::PrintStream(c.stream)
                << "reference:\n"
                << Joined(ReferenceLines(c.file, c.stream, mode)) << "engine:\n"
                << Joined(RunEngine(compiled.plan, c.file, c.stream, mode));
}

TEST(Property, EngineAndReferenceAgree) {
  std::printf("[ property ] --seed=%llu --cases=%d\n", static_cast<unsigned long long>(seed),
              cases);
  UseCounts counts;
  std::map<std::string, int> modes;
  int failures = 0, ran = 0, given_up = 0;
  size_t reports = 0;
  long summaries = 0;  // of these, counted without listing a match
  for (uint64_t file_seed = seed; ran < cases && failures < kMaxFailures; ++file_seed) {
    Random random(file_seed);
    Case c;
    c.file = GenerateRules(&random);
    std::string text = reference::PrintRules(c.file);
    Compiled compiled = CompileRules(text);
    if (compiled.plan == nullptr) {
      ADD_FAILURE() << "refused (--seed=" << file_seed << ")\n" << text << compiled.errors;
      ++failures;
      continue;
    }
    const std::vector<std::string> counted = CountedSummaries(*compiled.plan);
    for (int i = 0; i < kStreamsPerFile; ++i, ++ran) {
      c.stream = GenerateStream(c.file, &random);
      std::vector<reference::Derived> derived;
      try {
        derived = reference::RunReference(c.file, c.stream);
      } catch (const reference::TooManyThreads&) {
        ++given_up;
        continue;
      }
      reports += derived.size();
      counts.Add(c.file, c.stream, derived, MatcherUses(*compiled.plan));
      std::vector<Mode> chosen = {Mode{},
                                  OtherModes()[static_cast<size_t>(ran) % OtherModes().size()]};
      if (!counted.empty()) chosen.push_back({.batch = chosen.back().batch, .matched = false});
      summaries += std::count_if(derived.begin(), derived.end(), [&](const auto& d) {
        return std::find(counted.begin(), counted.end(), d.rule) != counted.end();
      });
      for (const Mode& mode : chosen) {
        ++modes[ModeName(mode)];
        if (RunEngine(compiled.plan, c.file, c.stream, mode) == Lines(derived, mode.matched))
          continue;
        ReportDifference(c, mode, file_seed);
        ++failures;
        break;
      }
    }
  }
  std::printf("%d cases, %zu reports, %d given up as too large for the reference\n%s", ran, reports,
              given_up, counts.Table().c_str());
  EXPECT_LE(given_up, ran / 200) << "the generator makes cases that prove nothing";
  for (const auto& [mode, count] : modes) std::printf("%-34s %7d\n", mode.c_str(), count);
  std::printf("%ld summaries counted without listing a match\n", summaries);
  if (ran >= 5'000) {
    EXPECT_GE(summaries, ran / 50);
    EXPECT_GT(modes[ModeName({.batch = 7, .matched = false})], 0);
    for (const std::string& use : counts.Missing()) {
      ADD_FAILURE() << "never used with a report: " << use;
    }
  }
}

}  // namespace
}  // namespace spate::property

int main(int argc, char** argv) {
  using spate::property::cases;
  using spate::property::seed;
  return spate::property::RunRandomTests(argc, argv, &seed, &cases);
}
