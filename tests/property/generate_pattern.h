// Random patterns. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_PATTERN_H_
#define SPATE_TESTS_PROPERTY_GENERATE_PATTERN_H_

#include <string>
#include <utility>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

struct GeneratedPattern {
  reference::NodePtr root;
  std::vector<std::string> vars;        // of steps, also of alternatives under one name
  std::vector<std::string> can_follow;  // variables that need not be bound at a match's start
  std::vector<std::string> can_repeat;  // variables of loops
  std::vector<std::string> groups;      // names of groups of steps
  std::vector<std::pair<std::string, std::string>> apart;  // names that no match binds both
  bool has_clock = false;                                  // kClockType stands in it
  bool needs_window = false;  // it ends with a ban that waits for the rule's window
};

// The type of the clock event, which has no attributes.
inline constexpr char kClockType[] = "Beat";

enum class PatternShape {
  kAny,
  kJoin,   // steps, loops, alternatives and plain bans that compare with earlier events, no more:
           // what threads with registers are merged for
  kPlain,  // the same with conditions on one event: what needs no registers
};

// A pattern of 1 to 4 steps over the types; `clock`: some of them and of its bans are of
// kClockType.
GeneratedPattern GeneratePattern(PatternShape shape, const std::vector<std::string>& types,
                                 bool clock, Random* random);

// A step, or alternatives: for `until` and `window ending`.
reference::NodePtr GenerateOneOf(const std::vector<std::string>& types, Random* random);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_PATTERN_H_
