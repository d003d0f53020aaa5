// Fns: a `fn` is checked where it is called, because it is inlined; one that nothing calls, by
// itself.
//
// Not thread-safe. Tested by tests/compiler/check/fns_test.cc.
#ifndef SPATE_COMPILER_CHECK_FNS_H_
#define SPATE_COMPILER_CHECK_FNS_H_

#include "compiler/check/check_context.h"

namespace spate {

// Stage: the name and the parameters of every fn.
void CheckFnHeads(CheckContext& context);

// Stage, after all that can call a fn: what was not called.
void CheckUncalledFns(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_FNS_H_
