// TestResult: what a rule test gave, in words and places, for every kind of report.
//
// Thread-safety: values. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_TEST_RESULT_H_
#define SPATE_COMPILER_TESTING_TEST_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/testing/coverage.h"
#include "compiler/testing/nearest.h"

namespace spate {

// One attribute of an expected event beside the one that was reported.
struct AttributePair {
  std::string name;  // `(time)` is the event's time
  std::string expected;
  std::string actual;
  bool differs = false;
};

struct TestProblem {
  enum class Kind : uint8_t {
    kDiffers,     // an event like the expected one was reported, with other values
    kMissing,     // no event like it was reported
    kUnexpected,  // an event was reported that nothing expects
    kFault,       // the test could not be run: `text` says why
  } kind = Kind::kFault;
  std::string type;
  std::string time;  // of the event; empty: it is not said
  std::string rule;  // that reported it
  std::string file;  // of the expectation; empty: none
  uint32_t line = 0;
  std::string text;                       // the event, or the words
  std::vector<AttributePair> attributes;  // kDiffers
  std::optional<PartialMatch> nearest;    // kMissing: how far a match came
};

struct TestResult {
  std::string name;
  uint32_t line = 0;  // where the test stands in its file
  double seconds = 0;
  std::vector<TestProblem> problems;
  std::vector<std::string> notes;  // what else is worth knowing when it fails: late events
  std::string blessed;             // the file that was rewritten; empty: none

  bool ok() const { return problems.empty(); }
};

struct TestFileResult {
  std::string file;
  CompileResult compiled;  // with its diagnostics; `plan` null: nothing was run
  std::vector<TestResult> tests;
  size_t left_out = 0;  // by the filter
  double seconds = 0;
  std::vector<RuleCoverage> coverage;  // where asked for

  // A file without any test fails.
  bool ok() const;
  size_t failed() const;
};

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_TEST_RESULT_H_
