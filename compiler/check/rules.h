// Rules: one written rule -> CheckedRule.
//
// Not thread-safe. Tested by tests/compiler/check/rules_test.cc.
#ifndef SPATE_COMPILER_CHECK_RULES_H_
#define SPATE_COMPILER_CHECK_RULES_H_

#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/check/emits.h"

namespace spate {

struct RuleResult {
  CheckedRule rule;                // without its emits
  std::vector<PendingEmit> emits;  // to be finished when all rules are checked
  bool refused = false;            // not usable
};

// `index` into context.rules; the types that it mentions must have their attributes already;
// `emitted`: the types of its emits.
RuleResult CheckRule(CheckContext& context, size_t index, const std::vector<TypeId>& emitted);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_RULES_H_
