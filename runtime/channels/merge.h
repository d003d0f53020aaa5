// MergeSources: several inputs as one, by time.
//
// Of the rows (and watermark lines) that stand first in their inputs, the earliest goes next; at
// equal times the input that was named first. An input that is not in order flows by the time of
// its first row. Nothing is reordered within one input. One input is handed through as it is.
// Not thread-safe. Tested by tests/runtime/channels/merge_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_MERGE_H_
#define SPATE_RUNTIME_CHANNELS_MERGE_H_

#include <memory>
#include <vector>

#include "runtime/channels/source.h"

namespace spate {

std::unique_ptr<EventSource> MergeSources(std::vector<std::unique_ptr<EventSource>> inputs);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_MERGE_H_
