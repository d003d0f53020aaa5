// RunRuleTest: one rule test against one plan.
//
// The test's events go through an engine of its own in virtual time; then the input ends as that of
// `spate run` does (`close`), and what the rules under test have reported is compared with what is
// expected. A test that fails is run a second time to put into words how far matches came.
// Thread-safety: a pure function but for the files it reads and, blessing, writes.
// Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_RUN_TEST_H_
#define SPATE_COMPILER_TESTING_RUN_TEST_H_

#include <vector>

#include "compiler/compile.h"
#include "compiler/rule_test.h"
#include "compiler/testing/coverage.h"
#include "compiler/testing/test_result.h"

namespace spate {

struct RunTestOptions {
  bool bless = false;  // write what was reported to the test's file of expected events
  // Where to add what was tried; null: not asked for.
  std::vector<RuleCoverage>* coverage = nullptr;
};

// `compiled` has a plan, and `test` is one of its tests.
TestResult RunRuleTest(const CompileResult& compiled, const RuleTest& test,
                       const RunTestOptions& options);

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_RUN_TEST_H_
