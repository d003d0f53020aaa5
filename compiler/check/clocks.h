// Clocks: `event Midnight every 1 day zone "Europe/Paris"`.
//
// Not thread-safe. Tested by tests/compiler/check/windows_test.cc.
#ifndef SPATE_COMPILER_CHECK_CLOCKS_H_
#define SPATE_COMPILER_CHECK_CLOCKS_H_

#include <vector>

#include "compiler/check/check_context.h"

namespace spate {

// Stage, after constants: the periods of all clock events, in the order of the files.
std::vector<ClockPlan> CheckClocks(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_CLOCKS_H_
