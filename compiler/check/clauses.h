// Clauses: which clauses go with which kind of rule.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_CLAUSES_H_
#define SPATE_COMPILER_CHECK_CLAUSES_H_

#include "compiler/check/check_context.h"

namespace spate {

// Clauses that do not go with the kind of the rule, or a rule without events. True when there are
// such faults (reported).
bool CheckClauses(CheckContext& context, const ast::RuleDecl& rule);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_CLAUSES_H_
