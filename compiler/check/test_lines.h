// Test lines: the lines of one run of a rule test, with the time that each has.
//
// Not thread-safe. Tested by tests/compiler/check/rule_tests_test.cc.
#ifndef SPATE_COMPILER_CHECK_TEST_LINES_H_
#define SPATE_COMPILER_CHECK_TEST_LINES_H_

#include <set>
#include <vector>

#include "absl/types/span.h"
#include "compiler/check/check_context.h"
#include "compiler/rule_test.h"

namespace spate {

// Adds the lines, of which none is a case, to `test`, whose rules are known. `emits`: by RuleId,
// the types that the rule emits; `knows_rules`: false where a faulty rule may emit more.
void CheckTestLines(CheckContext& context, const std::vector<std::set<TypeId>>& emits,
                    bool knows_rules, absl::Span<const ast::TestStatement* const> lines,
                    RuleTest* test);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_TEST_LINES_H_
