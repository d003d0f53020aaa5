// Reports of rule tests: for readers, for programs, for build servers.
//
// Thread-safety: pure functions. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_REPORT_H_
#define SPATE_COMPILER_TESTING_REPORT_H_

#include <string>

#include "absl/types/span.h"
#include "compiler/testing/test_result.h"

namespace spate {

struct TestReportOptions {
  bool color = false;
  bool each_test = false;  // a line for each test, also for those that hold
  bool times = true;       // how long it took
};

// One file: a line, and below it each test that failed, with what differs, what came nearest, and
// the command that repeats it.
std::string TestReportText(const TestFileResult& result, const TestReportOptions& options);
// `12 tests in 3 files passed`
std::string TestSummaryText(absl::Span<const TestFileResult> results,
                            const TestReportOptions& options);

// One JSON object a test and line.
std::string TestReportJson(const TestFileResult& result);
// JUnit's XML, for all files.
std::string TestReportJUnit(absl::Span<const TestFileResult> results);

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_REPORT_H_
