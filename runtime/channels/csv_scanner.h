// CsvScanner: where the rows and cells of CSV or TSV text begin and end.
//
// Sixty-four bytes at a time become a mask of delimiters and line ends, whose bits are walked; a
// cell that begins with a quote is searched for its end instead. So bytes inside a cell are never
// looked at one by one. A quote inside an unquoted cell is an ordinary character; a line end inside
// a quoted cell belongs to it. Rows end with LF or CRLF. Pure but for the vectors it fills.
// Tested by tests/runtime/channels/csv_scanner_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_CSV_SCANNER_H_
#define SPATE_RUNTIME_CHANNELS_CSV_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace spate {

// Offsets from the text's begin, without the quotes.
struct CsvCell {
  uint32_t begin = 0;
  uint32_t end : 30 = 0;
  uint32_t quoted : 1 = 0;
  uint32_t escaped : 1 = 0;  // has `""`
};

enum class CsvFault : uint8_t {
  kNone,
  kTextAfterQuote,  // `"a"b`
  kUnclosedQuote,   // up to the end of the input, or for longer than a row may be
};

struct CsvRow {
  uint32_t first_cell = 0;
  uint32_t cells = 0;
  uint32_t begin = 0;
  uint32_t end = 0;   // without the line end
  uint32_t line = 0;  // line ends in the text before it
  CsvFault fault = CsvFault::kNone;
  uint32_t fault_at = 0;  // offset
  bool maybe_non_ascii = false;
};

// Bit i: text[i] is the delimiter or LF. 64 bytes must be readable. `high`: bytes above 127.
uint64_t CsvMask(const char* text, char delimiter, uint64_t* high);
uint64_t CsvMaskPortable(const char* text, char delimiter, uint64_t* high);

class CsvScanner {
 public:
  explicit CsvScanner(char delimiter) : delimiter_(delimiter) {}

  // Scans whole rows of `text`, 64 bytes behind which must be readable, and at most `max_rows` of
  // them; blank lines are skipped. `final`: the text's end ends a row. Returns the offset behind
  // the last whole row.
  size_t Scan(absl::string_view text, bool final, size_t max_rows);

  const std::vector<CsvRow>& rows() const { return rows_; }
  const std::vector<CsvCell>& cells() const { return cells_; }
  // Line ends before the offset that Scan returned.
  uint32_t line_ends() const { return line_ends_; }

 private:
  // Scans the row that begins at `at`; its end is the offset behind its line end, or kIncomplete.
  static constexpr size_t kIncomplete = ~size_t{0};
  size_t ScanRow(size_t at);
  enum class QuoteEnd { kFound, kIncomplete, kUnclosed };
  QuoteEnd ScanQuoted(size_t at, CsvCell* cell, CsvRow* row, uint32_t* line_ends);
  size_t SkipBlankLine(size_t at) const;
  size_t FailRow(CsvRow* row, CsvFault fault, size_t at);
  void LoadMask(size_t block);
  size_t FindStructural(size_t from);

  char delimiter_;
  const char* text_ = nullptr;
  size_t size_ = 0;
  bool final_ = false;
  size_t block_ = 0;  // offset of the 64 bytes that mask_ is about
  uint64_t mask_ = 0;
  uint64_t high_ = 0;
  uint32_t line_ends_ = 0;
  std::vector<CsvRow> rows_;
  std::vector<CsvCell> cells_;
};

// The value of a quoted cell with `""` for `"`, written to `to` (at least as long); its size.
size_t UnescapeCsv(absl::string_view cell, char* to);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_CSV_SCANNER_H_
