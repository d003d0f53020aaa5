// Bans: where `not N` may stand, and what it needs there.
//
// At the start of a pattern a ban looks at what was before the first event, at the end it waits;
// between steps it guards the step after it. Each place has its own rules. Not thread-safe.
// Tested by tests/compiler/check/bans_test.cc.
#ifndef SPATE_COMPILER_CHECK_BANS_H_
#define SPATE_COMPILER_CHECK_BANS_H_

#include "compiler/check/check_context.h"

namespace spate {

// Reports bans of `rule.pattern` that stand where they mean nothing, and patterns, rounds and
// branches that bind no event. `rule.within` and `rule.window` must be known. False when there are
// such faults.
bool CheckBans(CheckContext& context, const CheckedRule& rule);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_BANS_H_
