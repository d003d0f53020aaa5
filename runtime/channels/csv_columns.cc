#include "runtime/channels/csv_columns.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/channels/block_builder.h"
#include "simdjson.h"

namespace spate {
namespace {

bool IsAscii(absl::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if ((text[i] & 0x80) != 0) return false;
  }
  return true;
}

bool IsUtf8(absl::string_view text) {
  return IsAscii(text) || simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace

CsvColumns::CsvColumns(const InputType& type, absl::Span<const std::string> header,
                       Duration epoch_unit)
    : type_(type), times_(epoch_unit) {
  auto find = [&](absl::string_view name) {
    for (size_t i = 0; i < header.size(); ++i) {
      if (header[i] == name) return static_cast<int>(i);
    }
    return -1;
  };
  for (const InputField& field : type.fields) {
    jobs_.push_back({&field, find(field.name)});
    if (jobs_.back().column >= 0) ++matched_;
  }
  if (type.time_from == TimeFrom::kEnvelope) {
    time_column_ = find("time");
    if (time_column_ >= 0) ++matched_;
  }
}

void CsvColumns::Decode(const CsvText& text, std::vector<uint32_t>* rows, EventBatch* batch,
                        std::vector<CsvCellFault>* faults, uint64_t* wrong_types) {
  text_ = text;
  faults_ = faults;
  if (!DecodeOnce(*rows, batch)) {
    size_t kept = 0;
    for (size_t i = 0; i < rows->size(); ++i) {
      if (!failed_[i]) (*rows)[kept++] = (*rows)[i];
    }
    rows->resize(kept);
    batch->Clear();
    DecodeOnce(*rows, batch);
  }
  *wrong_types += wrong_types_;
}

// Returns whether all rows could be taken.
bool CsvColumns::DecodeOnce(const std::vector<uint32_t>& rows, EventBatch* batch) {
  arena_ = &batch->arena;
  count_ = rows.size();
  wrong_types_ = 0;
  failed_.assign(rows.size(), false);
  const size_t faults_before = faults_->size();
  for (const Job& job : jobs_) {
    Column* column = &batch->columns[job.field->id.index()];
    if (!job.field->read) {
      scratch_.kind = job.field->type.kind;
      scratch_.Clear();
      column = &scratch_;
    }
    DecodeField(job, rows, column);
  }
  DecodeTimes(rows, batch);
  return faults_->size() == faults_before;
}

inline CsvColumns::Content CsvColumns::Get(uint32_t row, int column) {
  const CsvRow& r = text_.rows[row];
  Content content;
  content.maybe_non_ascii = r.maybe_non_ascii;
  if (column < 0 || static_cast<uint32_t>(column) >= r.cells) {
    content.missing = true;
    return content;
  }
  const CsvCell cell = text_.cells[r.first_cell + static_cast<uint32_t>(column)];
  content.text = text_.text.substr(cell.begin, cell.end - cell.begin);
  content.quoted = cell.quoted != 0;
  if (cell.escaped != 0) {
    char* to = arena_->Allocate(content.text.size());
    content.text = absl::string_view(to, UnescapeCsv(content.text, to));
  }
  return content;
}

void CsvColumns::Fault(uint32_t row, const char* from, std::string reason) {
  faults_->push_back({row, from, std::move(reason)});
}

void CsvColumns::SetNull(Column* column, size_t index) const {
  if (!column->has_nulls) {
    column->has_nulls = true;
    column->nulls.assign((count_ + 63) / 64, 0);
  }
  column->nulls[index >> 6] |= uint64_t{1} << (index & 63);
}

void CsvColumns::NoValue(const Job& job, uint32_t row, size_t index, const Content& cell,
                         Column* column) {
  const InputField& field = *job.field;
  const bool empty = cell.missing || (cell.text.empty() && !cell.quoted);
  const bool wrong = !empty && type_.type->sparse;
  if (wrong) ++wrong_types_;
  if (wrong || (empty && field.nullable)) {
    SetNull(column, index);
    return;
  }
  if (failed_[index]) return;  // one reason a row is enough
  failed_[index] = true;
  const CsvRow& r = text_.rows[row];
  const char* from = nullptr;
  if (!cell.missing) {
    const CsvCell& c = text_.cells[r.first_cell + static_cast<uint32_t>(job.column)];
    from = text_.text.data() + c.begin - c.quoted;
  }
  const Kind kind = field.type.kind == Kind::kList ? field.type.element : field.type.kind;
  std::string reason;
  if (cell.missing) {
    reason = "the field is missing";
  } else if (empty) {
    reason = absl::StrCat("the field is empty and no ", TypeName(field.type));
  } else {
    reason = WhyNotRead(kind, cell.text, times_.epoch_unit());
  }
  Fault(row, from, absl::StrCat("`", field.name, "`: ", reason));
}

bool CsvColumns::ReadText(const Content& cell, absl::string_view* out) const {
  if (cell.maybe_non_ascii && !IsUtf8(cell.text)) return false;
  *out = cell.text;
  return true;
}

template <typename T, typename Read>
void CsvColumns::DecodeFixed(const Job& job, const std::vector<uint32_t>& rows, Column* column,
                             std::vector<T>* out, Read read) {
  out->resize(rows.size());
  T* values = out->data();
  // An empty text is a value where null is none.
  const bool empty_is_text = job.field->type.kind == Kind::kString && !job.field->nullable;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Content cell = Get(rows[i], job.column);
    const bool has_text = !cell.text.empty() || cell.quoted || (empty_is_text && !cell.missing);
    if (!has_text || !read(cell, &values[i])) {
      values[i] = T();
      NoValue(job, rows[i], i, cell, column);
    }
  }
}

void CsvColumns::DecodeField(const Job& job, const std::vector<uint32_t>& rows, Column* column) {
  switch (job.field->type.kind) {
    case Kind::kBool:
      return DecodeFixed(job, rows, column, &column->ints,
                         [](const Content& c, int64_t* out) { return ReadBool(c.text, out); });
    case Kind::kInt:
      return DecodeFixed(job, rows, column, &column->ints,
                         [](const Content& c, int64_t* out) { return ReadInt(c.text, out); });
    case Kind::kDuration:
      return DecodeFixed(job, rows, column, &column->ints,
                         [](const Content& c, int64_t* out) { return ReadDuration(c.text, out); });
    case Kind::kTime:
      return DecodeFixed(job, rows, column, &column->ints, [this](const Content& c, int64_t* out) {
        return times_.Read(c.text, out);
      });
    case Kind::kFloat:
      return DecodeFixed(job, rows, column, &column->floats,
                         [](const Content& c, double* out) { return ReadFloat(c.text, out); });
    case Kind::kString:
      return DecodeFixed(
          job, rows, column, &column->texts,
          [this](const Content& c, absl::string_view* out) { return ReadText(c, out); });
    case Kind::kIp:
      return DecodeFixed(job, rows, column, &column->texts,
                         [this](const Content& c, absl::string_view* out) {
                           Value v;
                           if (!ReadScalar(Kind::kIp, c.text, &times_, arena_, &v)) return false;
                           *out = v.text();
                           return true;
                         });
    case Kind::kList:
      return DecodeLists(job, rows, column);
    default:
      return;
  }
}

// A cell is a scalar: a list of one.
void CsvColumns::DecodeLists(const Job& job, const std::vector<uint32_t>& rows, Column* column) {
  const Kind element = job.field->type.element;
  DecodeFixed(job, rows, column, &column->lists, [&](const Content& c, Value* out) {
    if (element == Kind::kString && c.maybe_non_ascii && !IsUtf8(c.text)) return false;
    Value v;
    if (!ReadScalar(element, c.text, &times_, arena_, &v)) return false;
    Value* list = arena_->AllocateArray<Value>(1);
    *list = v;
    *out = Value::List(absl::Span<const Value>(list, 1));
    return true;
  });
  for (Value& v : column->lists) v.kind = Kind::kList;  // of null rows too
}

void CsvColumns::DecodeTimes(const std::vector<uint32_t>& rows, EventBatch* batch) {
  std::vector<Time>& times = batch->times;
  switch (type_.time_from) {
    case TimeFrom::kComputed:
      times.assign(rows.size(), kNoTime);
      return;
    case TimeFrom::kBefore:
      times.assign(rows.size(), kTimeBefore);
      return;
    case TimeFrom::kEnvelope: {
      static const InputField& kTimeField =
          *new InputField{FieldId(), "time", Type::Of(Kind::kTime, true), true, true};
      scratch_.kind = Kind::kTime;
      scratch_.Clear();
      DecodeField({&kTimeField, time_column_}, rows, &scratch_);
      times = scratch_.ints;
      for (size_t i = 0; i < rows.size(); ++i) {
        if (scratch_.IsNull(i)) times[i] = kTimeBefore;
      }
      return;
    }
    case TimeFrom::kAttribute:
    case TimeFrom::kOptional:
      break;
  }
  const Column& column = batch->columns[type_.time_field.index()];
  times = column.ints;
  if (!column.has_nulls) return;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!column.IsNull(i)) continue;
    times[i] = kTimeBefore;
    if (type_.time_from == TimeFrom::kOptional || failed_[i]) continue;
    failed_[i] = true;
    Fault(rows[i], nullptr,
          absl::StrCat("the event time `", type_.type->fields[type_.time_field.index()].name,
                       "` is null"));
  }
}

}  // namespace spate
