// StartBar: which starts the report of a match ends, under the skip policies.
//
// Thread-safety: values. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_START_BAR_H_
#define SPATE_RUNTIME_MATCH_START_BAR_H_

#include <cstdint>

namespace spate {

// Sequence numbers of first events.
struct StartBar {
  uint64_t start = 0;  // this one,
  uint64_t bound = 0;  // and all before this
  bool Covers(uint64_t first) const { return first == start || first < bound; }
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_START_BAR_H_
