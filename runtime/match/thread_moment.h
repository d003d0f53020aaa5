// ThreadMatcher::Moment: what one event or one deadline does to one partition. Private to the
// ThreadMatcher's files. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_THREAD_MOMENT_H_
#define SPATE_RUNTIME_MATCH_THREAD_MOMENT_H_

#include "runtime/match/thread_matcher.h"

namespace spate {

struct ThreadMatcher::Moment {
  Partition* partition;
  absl::Span<const Value> keys;
  Time time;              // of what is reported
  Deadline horizon;       // what ends there or before is over
  uint64_t sequence = 0;  // of the event; 0 at a deadline
  uint64_t index = 0;     // place in the partition's input (from 1) of the event at hand, or of the
                          // next one
  const Arrival* event = nullptr;
  EventRef stored = kNoEvent;  // the event in the store, once it is needed
  ReportSink* sink;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_THREAD_MOMENT_H_
