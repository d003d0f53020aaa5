// Quantifiers: the counts and words after a step or group.
//
// Not thread-safe. Tested by tests/compiler/check/patterns_test.cc.
#ifndef SPATE_COMPILER_CHECK_QUANTIFIERS_H_
#define SPATE_COMPILER_CHECK_QUANTIFIERS_H_

#include <cstdint>
#include <optional>

#include "compiler/check/check_context.h"

namespace spate {

struct Counts {
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;  // none: open
};

// The counts of `q`, those of params and consts looked up; {1, 1} for what is faulty (reported).
Counts CountsOf(CheckContext& context, const ast::Quantifier& q);

Contiguity ToContiguity(ast::SequenceOp op);
std::optional<Contiguity> ToContiguity(ast::ContiguityWord word);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_QUANTIFIERS_H_
