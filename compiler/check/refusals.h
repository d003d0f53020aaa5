// Refusals: what the language has and this version cannot run, found in the written rule.
//
// One message a rule, for the first such construct in the text; the rest of the rule is then not
// checked. Each refusal goes away with the issue that brings the construct.
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_REFUSALS_H_
#define SPATE_COMPILER_CHECK_REFUSALS_H_

#include "compiler/check/check_context.h"

namespace spate {

// True when the rule is refused (reported).
bool RefuseUnsupported(CheckContext& context, const ast::RuleDecl& rule);

// Clauses that do not go with the kind of the rule, or a rule without events. True when there are
// such faults (reported).
bool CheckClauses(CheckContext& context, const ast::RuleDecl& rule);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_REFUSALS_H_
