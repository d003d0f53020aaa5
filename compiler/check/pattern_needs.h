// PatternNeeds: the fewest events and the shortest time that a match of a pattern takes.
//
// Lower bounds: a match may need more, never less. Pure functions. Tested by
// tests/compiler/check/lints_test.cc.
#ifndef SPATE_COMPILER_CHECK_PATTERN_NEEDS_H_
#define SPATE_COMPILER_CHECK_PATTERN_NEEDS_H_

#include <cstdint>

#include "compiler/check/checked_rules.h"

namespace spate {

struct PatternNeeds {
  uint64_t events = 0;
  Duration time = 0;     // from the first event to the last
  Duration silence = 0;  // the longest that must pass between two neighbours
};

// Of one round of `pattern` (its quantifier does not count), or of all the rounds it must have.
PatternNeeds NeedsOfRound(const CheckedPattern& pattern);
PatternNeeds NeedsOf(const CheckedPattern& pattern);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_PATTERN_NEEDS_H_
