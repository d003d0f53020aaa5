// Which patterns let threads of one future be merged into sets.
//
// What the future of a thread reads besides its state must be known beforehand: nothing
// (SetMatcher) or registers (RegisterMatcher). Limits of bans and bans at an end or after `,`,
// bounds of groups, pending ends, permutations and the like are more than that: ThreadMatcher does
// them.
// Thread-safety: pure functions. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_MERGED_THREADS_H_
#define SPATE_RUNTIME_MATCH_MERGED_THREADS_H_

#include "runtime/model/plan.h"

namespace spate {

// Whether that is so but for what its conditions read of earlier events.
bool CanMergeThreads(const PatternPlan& pattern);

// Whether some ban is of the very next event alone (after `,`): every event counts then, also one
// that no step takes.
bool BansNextEvent(const PatternPlan& pattern);

// Its parts that a rule can be told of: whether bans only close moves (no limits, nothing to look
// back at or to wait for), and whether conditions read of earlier events what registers can hold.
bool BansOnlyClose(const PatternPlan& pattern);
bool ConditionsReadRegistersOnly(const PatternPlan& pattern);
// Whether a thread whose match is reported goes no further.
bool EndsWithItsMatch(const PatternPlan& pattern);

// Whether a report ends some starts and not others (`skip to ..`), so that threads of different
// first events have different futures.
bool KeepsStartsApart(const PatternPlan& pattern);

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_MERGED_THREADS_H_
