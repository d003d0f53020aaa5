// ReadTable: a file -> the rows of a table.
//
// Reads what events are read from (CSV, TSV, JSON Lines; plain or compressed; told by content), by
// the same rules, but that a row which cannot be read or whose key stands there already is an
// error: a table with holes would answer wrongly. Not thread-safe. Tested by
// tests/runtime/channels/table_file_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_TABLE_FILE_H_
#define SPATE_RUNTIME_CHANNELS_TABLE_FILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/channels/byte_source.h"
#include "runtime/model/table.h"
#include "windows/time.h"

namespace spate {

// `path`: `-` is standard input. `epoch_unit`: what a number counts where a column is a time, ns
// (0: it is refused). Errors say the file and line.
absl::StatusOr<std::shared_ptr<const Table>> ReadTable(const TablePlan& plan,
                                                       const std::string& path,
                                                       Duration epoch_unit = 0);

// The same for bytes that are already open; `name` stands for the path.
absl::StatusOr<std::shared_ptr<const Table>> ReadTable(const TablePlan& plan,
                                                       std::unique_ptr<ByteSource> bytes,
                                                       const std::string& name,
                                                       Duration epoch_unit = 0);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_TABLE_FILE_H_
