// JSON Lines: one object a line.
//
// Dotted keys and nested objects are the same (json_row.h). A line `{"watermark":
// "2026-01-31T08:00:00Z"}` says that no event before that time will come; it ends the block. Blank
// lines are skipped, a mark of byte order at the begin is too. A line that is no JSON object, or
// whose text is not UTF-8, is rejected. Not thread-safe. Tested by
// tests/runtime/channels/json_lines_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_JSON_LINES_H_
#define SPATE_RUNTIME_CHANNELS_JSON_LINES_H_

#include <memory>

#include "runtime/channels/block_builder.h"
#include "runtime/channels/row_buffer.h"
#include "runtime/channels/source.h"

namespace spate {

// `buffer` stands behind the mark of byte order.
std::unique_ptr<EventSource> MakeJsonLinesSource(BlockBuilder builder, RowBuffer buffer);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_JSON_LINES_H_
