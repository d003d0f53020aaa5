// Keys: `by user`, `by A.x = B.y`, `by lower(user) as u`.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_KEYS_H_
#define SPATE_COMPILER_CHECK_KEYS_H_

#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/check/patterns.h"
#include "compiler/check/scope.h"

namespace spate {

// Fills `names.keys`. `input`: the rule's input; types of it that no step takes and that have no
// key are taken out, since their events are in no partition. `steps` must all have each key.
void CheckKeys(CheckContext& context, const ast::RuleDecl& decl, const std::vector<StepUse>& steps,
               RuleNames& names, std::vector<CheckedInput>& input);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_KEYS_H_
