// CSV and TSV: a header row, then one event a row.
//
// Rows are scanned a block at a time (csv_scanner.h) and decoded column by column
// (csv_columns.h). An empty cell without quotes is null for a `T?`, an empty text for `string`, and
// else rejects the row; a quoted empty one is an empty text. A row may have fewer cells than the
// header (the others are missing), not more. Blank lines are skipped. A mark of byte order at the
// begin is too. Not thread-safe. Tested by tests/runtime/channels/csv_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_CSV_H_
#define SPATE_RUNTIME_CHANNELS_CSV_H_

#include <memory>

#include "runtime/channels/block_builder.h"
#include "runtime/channels/row_buffer.h"
#include "runtime/channels/source.h"

namespace spate {

// `buffer` stands behind the mark of byte order.
std::unique_ptr<EventSource> MakeCsvSource(BlockBuilder builder, RowBuffer buffer, char delimiter);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_CSV_H_
