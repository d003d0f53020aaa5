// CsvWriter: derived events as CSV, with one header for events of all types.
//
// The columns are `type`, `time`, `rule`, `event_id` and `matched` where they are asked for, then
// every attribute of the types that are printed, each name once. An attribute that a type does not
// have is empty, as null is; an empty text is `""`, so that the reader of CSV tells the two apart.
// Lists, and `matched`, are JSON. Not thread-safe.
// Tested by tests/runtime/channels/csv_writer_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_CSV_WRITER_H_
#define SPATE_RUNTIME_CHANNELS_CSV_WRITER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "runtime/channels/json_writer.h"
#include "runtime/engine/consumer.h"
#include "runtime/model/schema.h"

namespace spate {

class CsvWriter {
 public:
  // `types`: those whose events will be written; they must outlive this.
  CsvWriter(absl::Span<const EventType* const> types, const JsonWriterOptions& options);

  void AppendHeader(std::string* out) const;
  // One of the types.
  void Append(const DerivedEvent& event, std::string* out);

 private:
  JsonWriterOptions options_;
  JsonWriter json_;  // for `matched`
  std::vector<std::string> columns_;
  // By type: for each of columns_ the field, or -1.
  absl::flat_hash_map<const EventType*, std::vector<int>> fields_;
  std::string text_;  // scratch
};

// Appends a value as a cell.
void AppendCsvValue(const Value& v, const Type& type, std::string* out);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_CSV_WRITER_H_
