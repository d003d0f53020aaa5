// Constants: the values of `const` and `param`, computed when first asked for.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_CONSTANTS_H_
#define SPATE_COMPILER_CHECK_CONSTANTS_H_

#include "compiler/check/check_context.h"

namespace spate {

// A kConst expression, or an error expression when it is none (reported). Marks it as used.
ExprPtr ConstantValue(CheckContext& context, ConstantInfo& constant);

// Stage: evaluates all, and reports values for params that no file declares.
void CheckConstants(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_CONSTANTS_H_
