// Rule tests: `test ".." for rule { .. }` -> RuleTest.
//
// A case is the test with the lines of the case in its place and no other case's, so that each is
// checked and run by itself. Not thread-safe. Tested by tests/compiler/check/rule_tests_test.cc.
#ifndef SPATE_COMPILER_CHECK_RULE_TESTS_H_
#define SPATE_COMPILER_CHECK_RULE_TESTS_H_

#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/rule_test.h"

namespace spate {

// Stage: all tests, after the rules. `rules`: by RuleId, with their emits.
std::vector<RuleTest> CheckTests(CheckContext& context, const std::vector<CheckedRule>& rules);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_RULE_TESTS_H_
