// CsvColumns: decodes scanned cells into the columns of a batch, one column after the other.
//
// One decoder per event type and header. A row with a fault is left out of the batch as a whole,
// and the fault says at which cell and why; faults are rare, so the batch is then decoded again
// without these rows. Attributes that no rule reads are checked but not kept. Not thread-safe.
// Tested by tests/runtime/channels/csv_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_CSV_COLUMNS_H_
#define SPATE_RUNTIME_CHANNELS_CSV_COLUMNS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/channels/csv_scanner.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/read_value.h"
#include "runtime/model/event_batch.h"

namespace spate {

// Scanned text: rows and cells are offsets into `text`.
struct CsvText {
  absl::string_view text;
  const CsvRow* rows = nullptr;
  const CsvCell* cells = nullptr;
};

struct CsvCellFault {
  uint32_t row = 0;            // index into CsvText::rows
  const char* from = nullptr;  // the cell; null: the row as a whole
  std::string reason;
};

class CsvColumns {
 public:
  // `header`: names of the columns. Two columns of one name are the caller's fault.
  CsvColumns(const InputType& type, absl::Span<const std::string> header, Duration epoch_unit);

  // How many attributes (the event time too) the header has.
  size_t matched() const { return matched_; }

  // Appends `rows` (indices into text.rows) to the empty `batch`, with times. Afterwards `rows` has
  // only those that were taken; `faults` gets one entry for each of the others.
  void Decode(const CsvText& text, std::vector<uint32_t>* rows, EventBatch* batch,
              std::vector<CsvCellFault>* faults, uint64_t* wrong_types);

 private:
  struct Job {  // one attribute
    const InputField* field = nullptr;
    int column = -1;  // of the header; -1: there is none
  };
  // The value of a cell.
  struct Content {
    absl::string_view text;
    bool missing = false;
    bool quoted = false;
    bool maybe_non_ascii = false;
  };

  bool DecodeOnce(const std::vector<uint32_t>& rows, EventBatch* batch);
  void DecodeField(const Job& job, const std::vector<uint32_t>& rows, Column* column);
  template <typename T, typename Read>
  void DecodeFixed(const Job& job, const std::vector<uint32_t>& rows, Column* column,
                   std::vector<T>* out, Read read);
  void DecodeLists(const Job& job, const std::vector<uint32_t>& rows, Column* column);
  void DecodeTimes(const std::vector<uint32_t>& rows, EventBatch* batch);

  Content Get(uint32_t row, int column);
  bool ReadText(const Content& cell, absl::string_view* out) const;
  // What becomes of a cell that gives no value: null (true) or a fault of its row.
  void NoValue(const Job& job, uint32_t row, size_t index, const Content& cell, Column* column);
  void SetNull(Column* column, size_t index) const;
  void Fault(uint32_t row, const char* from, std::string reason);

  const InputType& type_;
  std::vector<Job> jobs_;
  int time_column_ = -1;  // of the field `time`, which is no attribute
  size_t matched_ = 0;
  TimeReader times_;
  Column scratch_;  // for attributes that are only checked

  // During Decode.
  CsvText text_;
  Arena* arena_ = nullptr;
  size_t count_ = 0;
  std::vector<CsvCellFault>* faults_ = nullptr;
  std::vector<bool> failed_;  // by index into the rows
  uint64_t wrong_types_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_CSV_COLUMNS_H_
