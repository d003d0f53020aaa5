// Coverage: which parts of a rule the tests have tried.
//
// A goal is a part that has one or two sides: a state that a match comes to, a transition that is
// taken, a condition that is true and false, a ban that is broken and kept, a bound that is kept
// and passed. Thread-safety: values. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_COVERAGE_H_
#define SPATE_COMPILER_TESTING_COVERAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace spate {

enum class GoalKind : uint8_t { kState, kTransition, kCondition, kBan, kBound, kReport };

struct CoverageGoal {
  GoalKind kind = GoalKind::kState;
  std::string text;     // what it is, as it is written
  std::string file;     // where it is written
  uint32_t line = 0;    // from 1
  uint32_t number = 0;  // of the state or transition
  uint64_t yes = 0;     // how often: reached, taken, true, broken, kept
  uint64_t no = 0;      // refused, false, held, passed
  bool two_sided = false;

  size_t sides() const { return two_sided ? 2 : 1; }
  size_t covered() const {
    return static_cast<size_t>(yes > 0) + static_cast<size_t>(two_sided && no > 0);
  }
};

struct RuleCoverage {
  std::string rule;
  std::string file;
  uint32_t line = 0;
  std::vector<CoverageGoal> goals;

  size_t sides() const;
  size_t covered() const;
  double percent() const;  // of the sides; 100 when there are none
};

// Adds what another run has shown: of the same rules the counts, and rules that are not there yet.
void AddCoverage(absl::Span<const RuleCoverage> run, std::vector<RuleCoverage>* all);

// `state`, `transition` ..; what the two sides are called.
absl::string_view GoalKindName(GoalKind kind);
absl::string_view YesName(GoalKind kind);
absl::string_view NoName(GoalKind kind);

// A table for readers: a line a rule, below it what was never tried, with its line in the file.
std::string CoverageText(absl::Span<const RuleCoverage> rules, bool color);
// One JSON object a rule and line.
std::string CoverageJson(absl::Span<const RuleCoverage> rules);

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_COVERAGE_H_
