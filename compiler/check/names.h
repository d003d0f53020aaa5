// Names: declares what all files declare, and reports names that are declared twice.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_NAMES_H_
#define SPATE_COMPILER_CHECK_NAMES_H_

#include "compiler/check/check_context.h"

namespace spate {

// Stage: event types (without attributes), rules, views, consts, params and fns by name. Tables and
// tests are refused here.
void DeclareNames(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_NAMES_H_
