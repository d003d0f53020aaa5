#include "runtime/channels/csv_scanner.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace spate {

uint64_t CsvMaskPortable(const char* text, char delimiter, uint64_t* high) {
  uint64_t mask = 0;
  uint64_t non_ascii = 0;
  for (uint32_t i = 0; i < 64; ++i) {
    const char c = text[i];
    mask |= uint64_t{c == delimiter || c == '\n'} << i;
    non_ascii |= uint64_t{(c & 0x80) != 0} << i;
  }
  *high = non_ascii;
  return mask;
}

#ifdef __SSE2__
uint64_t CsvMask(const char* text, char delimiter, uint64_t* high) {
  const __m128i delimiters = _mm_set1_epi8(delimiter);
  const __m128i line_ends = _mm_set1_epi8('\n');
  uint64_t mask = 0;
  uint64_t non_ascii = 0;
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * i));
    const __m128i hit =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters), _mm_cmpeq_epi8(bytes, line_ends));
    mask |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(hit))} << (16 * i);
    non_ascii |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(bytes))} << (16 * i);
  }
  *high = non_ascii;
  return mask;
}
#else
uint64_t CsvMask(const char* text, char delimiter, uint64_t* high) {
  return CsvMaskPortable(text, delimiter, high);
}
#endif

size_t CsvScanner::Scan(absl::string_view text, bool final, size_t max_rows) {
  text_ = text.data();
  size_ = text.size();
  final_ = final;
  line_ends_ = 0;
  rows_.clear();
  cells_.clear();
  LoadMask(0);
  size_t at = 0;
  while (at < size_ && rows_.size() < max_rows) {
    if (const size_t blank = SkipBlankLine(at); blank != at) {
      at = blank;
      ++line_ends_;
      continue;
    }
    const size_t next = ScanRow(at);
    if (next == kIncomplete) break;
    at = next;
  }
  return at;
}

void CsvScanner::LoadMask(size_t block) {
  block_ = block;
  mask_ = CsvMask(text_ + block, delimiter_, &high_);
}

// The offset of the first delimiter or line end at or after `from`, or the text's size.
size_t CsvScanner::FindStructural(size_t from) {
  if (from - block_ < 64) {
    mask_ &= ~uint64_t{0} << (from - block_);
  } else {
    LoadMask(from);
  }
  while (mask_ == 0) {
    if (block_ + 64 >= size_) return size_;
    const uint64_t high = high_;
    LoadMask(block_ + 64);
    high_ |= high;  // of the whole cell
  }
  return std::min(size_, block_ + static_cast<size_t>(std::countr_zero(mask_)));
}

// The offset behind the line end when the line at `at` is empty, else `at`.
size_t CsvScanner::SkipBlankLine(size_t at) const {
  if (text_[at] == '\n') return at + 1;
  if (text_[at] == '\r' && at + 1 < size_ && text_[at + 1] == '\n') return at + 2;
  return at;
}

size_t CsvScanner::ScanRow(size_t at) {
  CsvRow row;
  row.first_cell = static_cast<uint32_t>(cells_.size());
  row.begin = static_cast<uint32_t>(at);
  row.line = line_ends_;
  uint32_t line_ends = 0;
  for (;;) {
    CsvCell cell;
    cell.begin = static_cast<uint32_t>(at);
    size_t stop = at;
    if (at < size_ && text_[at] == '"') {
      const QuoteEnd end = ScanQuoted(at, &cell, &row, &line_ends);
      if (end == QuoteEnd::kIncomplete) return kIncomplete;
      if (end == QuoteEnd::kUnclosed) return FailRow(&row, CsvFault::kUnclosedQuote, at);
      stop = FindStructural(cell.end + 1);
      const bool carriage_return = stop == cell.end + size_t{2} && text_[stop - 1] == '\r' &&
                                   (stop == size_ || text_[stop] == '\n');
      if (stop == size_ && !final_) return kIncomplete;
      if (stop != cell.end + size_t{1} && !carriage_return) {
        row.fault = CsvFault::kTextAfterQuote;
        row.fault_at = cell.end + 1;
      }
    } else {
      stop = FindStructural(at);
      if (stop == size_ && !final_) return kIncomplete;
      const bool line_end = stop == size_ || text_[stop] == '\n';
      const bool carriage_return = line_end && stop > at && text_[stop - 1] == '\r';
      cell.end = static_cast<uint32_t>(carriage_return ? stop - 1 : stop) & 0x3fffffff;
    }
    row.maybe_non_ascii |= high_ != 0;
    cells_.push_back(cell);
    if (stop < size_ && text_[stop] != '\n') {
      at = stop + 1;
      continue;
    }
    row.cells = static_cast<uint32_t>(cells_.size()) - row.first_cell;
    row.end = static_cast<uint32_t>(stop > row.begin && text_[stop - 1] == '\r' ? stop - 1 : stop);
    line_ends_ += line_ends + (stop < size_ ? 1 : 0);
    rows_.push_back(row);
    return std::min(size_, stop + 1);
  }
}

// Finds the closing quote of the cell that opens at `at`.
CsvScanner::QuoteEnd CsvScanner::ScanQuoted(size_t at, CsvCell* cell, CsvRow* row,
                                            uint32_t* line_ends) {
  row->maybe_non_ascii = true;  // what is skipped here is not looked at
  cell->quoted = 1;
  cell->begin = static_cast<uint32_t>(at + 1);
  size_t from = at + 1;
  for (;;) {
    const void* hit = from < size_ ? std::memchr(text_ + from, '"', size_ - from) : nullptr;
    if (hit == nullptr) return final_ ? QuoteEnd::kUnclosed : QuoteEnd::kIncomplete;
    const size_t quote = static_cast<size_t>(static_cast<const char*>(hit) - text_);
    if (quote + 1 == size_ && !final_) return QuoteEnd::kIncomplete;  // `""` may follow
    if (quote + 1 < size_ && text_[quote + 1] == '"') {
      cell->escaped = 1;
      from = quote + 2;
      continue;
    }
    cell->end = static_cast<uint32_t>(quote) & 0x3fffffff;
    *line_ends += static_cast<uint32_t>(std::count(text_ + cell->begin, text_ + quote, '\n'));
    return QuoteEnd::kFound;
  }
}

// Gives up the row up to the end of its first line, so that the lines after it are read.
size_t CsvScanner::FailRow(CsvRow* row, CsvFault fault, size_t at) {
  cells_.resize(row->first_cell);
  row->fault = fault;
  row->fault_at = static_cast<uint32_t>(at);
  const void* hit = std::memchr(text_ + row->begin, '\n', size_ - row->begin);
  const size_t stop =
      hit == nullptr ? size_ : static_cast<size_t>(static_cast<const char*>(hit) - text_);
  row->end = static_cast<uint32_t>(stop > row->begin && text_[stop - 1] == '\r' ? stop - 1 : stop);
  if (hit != nullptr) ++line_ends_;
  rows_.push_back(*row);
  LoadMask(std::min(size_, stop + 1));  // masks only go forwards
  return std::min(size_, stop + 1);
}

size_t UnescapeCsv(absl::string_view cell, char* to) {
  char* out = to;
  for (size_t i = 0; i < cell.size(); ++i) {
    *out++ = cell[i];
    if (cell[i] == '"') ++i;  // the second of two
  }
  return static_cast<size_t>(out - to);
}

}  // namespace spate
