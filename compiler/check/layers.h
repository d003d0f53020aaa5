// Layers: which rules feed which, cycles, and the order in which rules are checked.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_LAYERS_H_
#define SPATE_COMPILER_CHECK_LAYERS_H_

#include <vector>

#include "compiler/check/check_context.h"

namespace spate {

struct Layers {
  std::vector<size_t> order;               // rules (index into context.rules), feeders first
  std::vector<int> layer;                  // by rule: the longest path of feeders before it
  std::vector<std::vector<TypeId>> reads;  // by rule: the event types that it mentions
};

// `emitted`: by rule, the types of its emits. Reports each cycle once and leaves it open.
Layers OrderRules(CheckContext& context, const std::vector<std::vector<TypeId>>& emitted);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_LAYERS_H_
