// StateBound: what limits the memory that a rule needs, and when it reports.
//
// An upper bound read off the checked rule, for `spate check`: events that no condition told apart
// are taken to fulfil both. Pure functions. Tested by tests/compiler/check/state_bound_test.cc.
#ifndef SPATE_COMPILER_CHECK_STATE_BOUND_H_
#define SPATE_COMPILER_CHECK_STATE_BOUND_H_

#include <string>

#include "compiler/check/checked_rules.h"

namespace spate {

struct StateBound {
  enum class Growth {
    kConstant,          // as much for any input
    kWindow,            // with the events that a window, `gap` or a wait holds
    kWindowAndMatches,  // also with the ways in which these can be combined
    kUnbounded,         // with the input: the rule says `unbounded`
  };
  Growth growth = Growth::kConstant;
  bool per_key = false;  // as much again for every key
};

StateBound StateBoundOf(const CheckedRule& rule);

// When a rule reports; at least one is set.
struct ReportTimes {
  bool at_once = false;        // with the event that completes a match or turns `having`
  bool when_it_stops = false;  // with the event that ends a loop at the end of the pattern
  bool at_deadline = false;    // when a ban, `before`, a timeout or `having .. for` is due
  bool at_window_end = false;
  bool at_input_end = false;  // when nothing but the end of the input ends the window
};

ReportTimes ReportTimesOf(const CheckedRule& rule);

// "constant", "by window, per key"; "at once", "at once or at a deadline".
std::string ToText(const StateBound& bound);
std::string ToText(const ReportTimes& times);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_STATE_BOUND_H_
