// PatternMatcher: the matching machine of one pattern rule, for all its partitions.
//
// PatternMachine finds an event's partition and hands it over; a matcher keeps each partition's
// threads. There are four with the same meaning: ThreadMatcher, which follows each thread by itself
// and can do every pattern; SetMatcher, which merges threads that have one future; RegisterMatcher,
// which does so where conditions read earlier events; SummaryMatcher, which for `emit summary` only
// counts them. Not thread-safe. Tested by tests/property, one against the other and all against
// the reference.
#ifndef SPATE_RUNTIME_MATCH_PATTERN_MATCHER_H_
#define SPATE_RUNTIME_MATCH_PATTERN_MATCHER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "runtime/match/machine.h"

namespace spate {

class PatternMatcher {
 public:
  virtual ~PatternMatcher() = default;

  // Takes an event of partition `slot`. Slots are dense; `keys` are the partition's.
  virtual absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                               ReportSink* sink) = 0;
  // Brings the state of partitions near that will have an event soon; some may have had none yet.
  virtual void Prefetch(absl::Span<const uint32_t> slots) const = 0;
  virtual Deadline NextDeadline() const = 0;
  virtual bool HasDeadlines() const { return true; }  // false: never
  // Partitions in order of their slots. `keys_of(slot)` gives a partition's keys.
  virtual void Fire(Deadline deadline, ReportSink* sink) = 0;
  virtual void Finish(FinishMode mode, Time clock, ReportSink* sink) = 0;
  // Whether a partition has neither partial matches nor pending ones.
  virtual bool AtRest(uint32_t slot) const = 0;
  virtual uint64_t live() const = 0;  // partial matches
  // What Finish did not report: pending matches, waits, timeouts.
  virtual uint64_t open() const = 0;
  // Threads that ended because the limit of a ban (`for D`, `before t`) was null.
  virtual uint64_t null_limits() const { return 0; }
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_PATTERN_MATCHER_H_
