#include "runtime/channels/csv.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "runtime/channels/csv_columns.h"
#include "runtime/channels/csv_scanner.h"
#include "runtime/channels/line_skipper.h"

namespace spate {
namespace {

class CsvSource : public EventSource {
 public:
  CsvSource(BlockBuilder builder, RowBuffer buffer, char delimiter)
      : builder_(std::move(builder)),
        buffer_(std::move(buffer)),
        scanner_(delimiter),
        columns_(builder_.schema().size()),
        rows_of_type_(builder_.schema().size()) {}

  absl::StatusOr<bool> Next(SourceBlock* block) override;
  ReadStats Stats() const override { return builder_.stats(); }
  uint64_t bytes_read() const override { return buffer_.bytes().bytes_read(); }
  uint64_t bytes_total() const override { return buffer_.bytes().bytes_total(); }

 private:
  absl::StatusOr<bool> Scan(size_t max_rows);
  absl::Status ReadHeader();
  absl::Status CheckHeader() const;
  void SortRows();
  bool TakeRow(uint32_t row, TypeId* type);
  bool TypeOfRow(uint32_t i, TypeId* type);
  CsvColumns& ColumnsOf(TypeId type);
  void DecodeType(TypeId type);
  void AppendRows();
  std::string CellText(const CsvCell& cell) const;
  RowPlace PlaceOf(const CsvRow& row, const char* from) const;

  BlockBuilder builder_;
  RowBuffer buffer_;
  CsvScanner scanner_;
  LineSkipper skipper_;
  uint64_t line_ = 1;  // of the first row of the scan
  absl::string_view text_;

  bool has_header_ = false;
  std::vector<std::string> header_;
  int type_column_ = -1;
  std::vector<std::unique_ptr<CsvColumns>> columns_;  // by type, made when needed
  std::string last_type_name_;                        // of the row before
  TypeId last_type_;

  std::vector<std::vector<uint32_t>> rows_of_type_;  // of this block
  std::vector<TypeId> types_;                        // of this block
  std::vector<CsvCellFault> faults_;
};

absl::StatusOr<bool> CsvSource::Next(SourceBlock* block) {
  builder_.Start(block);
  if (!has_header_) {
    absl::StatusOr<bool> any = Scan(1);
    if (!any.ok() || !*any) return any;
    absl::Status status = ReadHeader();
    if (!status.ok()) return status;
  }
  absl::StatusOr<bool> any = Scan(kMaxBatchRows);
  if (!any.ok() || !*any) return any;
  SortRows();
  for (const TypeId type : types_) DecodeType(type);
  AppendRows();
  builder_.Finish();
  line_ += scanner_.line_ends();
  return true;
}

// Makes the scanner hold at least one row; false at the end of the input.
absl::StatusOr<bool> CsvSource::Scan(size_t max_rows) {
  for (;;) {
    if (skipper_.Skip(&buffer_)) ++line_;
    text_ = absl::string_view(buffer_.begin(), buffer_.size());
    if (!skipper_.active()) {
      const size_t used = scanner_.Scan(text_, buffer_.at_end(), max_rows);
      buffer_.ConsumeTo(text_.data() + used);
      if (!scanner_.rows().empty()) return true;
      line_ += scanner_.line_ends();
      if (buffer_.full()) {
        builder_.Reject({line_, absl::string_view(buffer_.begin(), buffer_.size()), nullptr},
                        LineSkipper::Reason());
        skipper_.Start();
        continue;
      }
    }
    if (buffer_.at_end()) return false;
    absl::Status status = buffer_.Refill();
    if (!status.ok()) return status;
  }
}

std::string CsvSource::CellText(const CsvCell& cell) const {
  std::string text(text_.substr(cell.begin, cell.end - cell.begin));
  if (cell.escaped != 0) text.resize(UnescapeCsv(text, text.data()));
  return text;
}

absl::Status CsvSource::ReadHeader() {
  const CsvRow& row = scanner_.rows()[0];
  if (row.fault != CsvFault::kNone) {
    return absl::InvalidArgumentError(absl::StrCat(builder_.file(), ":", line_ + row.line,
                                                   ": the header row has a damaged quoted name"));
  }
  for (uint32_t i = 0; i < row.cells; ++i) {
    header_.emplace_back(TrimBlanks(CellText(scanner_.cells()[row.first_cell + i])));
  }
  line_ += scanner_.line_ends();
  has_header_ = true;
  if (builder_.reads_type_field()) {
    const auto it = std::find(header_.begin(), header_.end(), builder_.options().type_field);
    if (it != header_.end()) type_column_ = static_cast<int>(it - header_.begin());
  }
  return CheckHeader();
}

absl::Status CsvSource::CheckHeader() const {
  std::vector<std::string> sorted = header_;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].empty() || sorted[i] != sorted[i - 1]) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(builder_.file(), ": two columns are called `", Excerpt(sorted[i]), "`"));
  }
  if (type_column_ >= 0) return absl::OkStatus();
  const TypeId type = builder_.default_type();
  if (!type.valid()) {
    return absl::InvalidArgumentError(absl::StrCat(builder_.file(), ": ", builder_.WhyNoType()));
  }
  const InputType& input = builder_.schema().Get(type);
  if (!input.fields.empty() &&
      CsvColumns(input, header_, builder_.options().epoch_unit).matched() == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        builder_.file(), ": no column is called like an attribute of `", input.type->name,
        "`; the header row has: ", Excerpt(absl::StrJoin(header_, ", "))));
  }
  return absl::OkStatus();
}

RowPlace CsvSource::PlaceOf(const CsvRow& row, const char* from) const {
  return {line_ + row.line, text_.substr(row.begin, row.end - row.begin), from};
}

// Puts every row of the scan that can be read into rows_of_type_.
void CsvSource::SortRows() {
  for (const TypeId type : types_) rows_of_type_[type.index()].clear();
  types_.clear();
  faults_.clear();
  const uint32_t count = static_cast<uint32_t>(scanner_.rows().size());
  for (uint32_t i = 0; i < count; ++i) {
    TypeId type;
    if (!TakeRow(i, &type)) continue;
    std::vector<uint32_t>& rows = rows_of_type_[type.index()];
    if (rows.empty()) types_.push_back(type);
    rows.push_back(i);
  }
}

bool CsvSource::TakeRow(uint32_t i, TypeId* type) {
  const CsvRow& row = scanner_.rows()[i];
  const char* at = text_.data() + row.fault_at;
  if (row.fault == CsvFault::kUnclosedQuote) {
    faults_.push_back({i, at, "the quoted field is never closed"});
    return false;
  }
  if (row.fault == CsvFault::kTextAfterQuote) {
    faults_.push_back({i, at, "text after the closing quote of a field"});
    return false;
  }
  if (row.cells > header_.size()) {
    const CsvCell& cell = scanner_.cells()[row.first_cell + header_.size()];
    faults_.push_back(
        {i, text_.data() + cell.begin - cell.quoted,
         absl::StrCat("the row has ", row.cells, " fields and the header ", header_.size())});
    return false;
  }
  return TypeOfRow(i, type);
}

bool CsvSource::TypeOfRow(uint32_t i, TypeId* type) {
  const CsvRow& row = scanner_.rows()[i];
  *type = builder_.default_type();
  if (type_column_ >= 0 && static_cast<uint32_t>(type_column_) < row.cells) {
    const CsvCell cell = scanner_.cells()[row.first_cell + static_cast<uint32_t>(type_column_)];
    const absl::string_view name = text_.substr(cell.begin, cell.end - cell.begin);
    if (name != last_type_name_) {
      last_type_name_ = std::string(name);
      last_type_ = builder_.schema().Find(CellText(cell));
    }
    if (!name.empty()) {
      *type = last_type_;
      if (!type->valid()) builder_.Ignore(name);
      return type->valid();
    }
  }
  if (type->valid()) return true;
  faults_.push_back({i, nullptr, builder_.WhyNoType()});
  return false;
}

CsvColumns& CsvSource::ColumnsOf(TypeId type) {
  std::unique_ptr<CsvColumns>& columns = columns_[type.index()];
  if (columns == nullptr) {
    columns = std::make_unique<CsvColumns>(builder_.schema().Get(type), header_,
                                           builder_.options().epoch_unit);
  }
  return *columns;
}

void CsvSource::DecodeType(TypeId type) {
  EventBatch& batch = builder_.batch(builder_.BatchOf(type));
  const CsvText text{text_, scanner_.rows().data(), scanner_.cells().data()};
  ColumnsOf(type).Decode(text, &rows_of_type_[type.index()], &batch, &faults_,
                         &builder_.mutable_stats()->wrong_types);
}

// Says the order of the rows, and hands out the faults in it.
void CsvSource::AppendRows() {
  std::stable_sort(faults_.begin(), faults_.end(),
                   [](const CsvCellFault& a, const CsvCellFault& b) { return a.row < b.row; });
  for (const CsvCellFault& fault : faults_) {
    builder_.Reject(PlaceOf(scanner_.rows()[fault.row], fault.from), fault.reason);
  }
  std::vector<size_t> next(types_.size(), 0);  // by place in types_
  std::vector<uint32_t> batches(types_.size());
  for (size_t t = 0; t < types_.size(); ++t) batches[t] = builder_.BatchOf(types_[t]);
  for (;;) {  // a merge of the types' rows, which are few lists
    size_t best = types_.size();
    uint32_t best_row = 0xffffffff;
    for (size_t t = 0; t < types_.size(); ++t) {
      const std::vector<uint32_t>& rows = rows_of_type_[types_[t].index()];
      if (next[t] < rows.size() && rows[next[t]] < best_row) {
        best = t;
        best_row = rows[next[t]];
      }
    }
    if (best == types_.size()) return;
    const CsvRow& row = scanner_.rows()[best_row];
    builder_.Append(batches[best], static_cast<uint32_t>(next[best]++), line_ + row.line,
                    text_.substr(row.begin, row.end - row.begin));
  }
}

}  // namespace

std::unique_ptr<EventSource> MakeCsvSource(BlockBuilder builder, RowBuffer buffer, char delimiter) {
  return std::make_unique<CsvSource>(std::move(builder), std::move(buffer), delimiter);
}

}  // namespace spate
