#include "runtime/channels/csv_writer.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

// Quoted when it must be: also an empty text, and one whose blanks at the ends would be lost.
void AppendText(absl::string_view text, std::string* out) {
  const bool blank_ends = !text.empty() && (text.front() <= ' ' || text.back() <= ' ');
  if (!text.empty() && !blank_ends && text.find_first_of(",;\t\"\r\n") == absl::string_view::npos) {
    out->append(text.data(), text.size());
    return;
  }
  out->push_back('"');
  for (const char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

}  // namespace

void AppendCsvValue(const Value& v, const Type& type, std::string* out) {
  switch (v.kind) {
    case Kind::kString:
      return AppendText(v.text(), out);
    case Kind::kTime:
      return AppendTime(v.i, out);
    case Kind::kDuration:
      return AppendDuration(v.i, out);
    case Kind::kIp:
      return AppendText(FormatIp(v.text()), out);
    case Kind::kList: {
      std::string json;
      AppendJsonValue(v, type, &json);
      return AppendText(json, out);
    }
    case Kind::kBool:
    case Kind::kInt:
      return AppendJsonValue(v, out);
    case Kind::kFloat:
      if (std::isfinite(v.f)) AppendFloat(v.f, out);
      return;
    default:
      return;  // null
  }
}

CsvWriter::CsvWriter(absl::Span<const EventType* const> types, const JsonWriterOptions& options)
    : options_(options), json_(options) {
  for (const EventType* type : types) {
    for (const Field& f : type->fields) {
      if (f.computed != nullptr || f.internal || f.name == "time") continue;
      if (std::find(columns_.begin(), columns_.end(), f.name) == columns_.end()) {
        columns_.push_back(f.name);
      }
    }
  }
  for (const EventType* type : types) {
    std::vector<int>& fields = fields_[type];
    for (const std::string& column : columns_) {
      const FieldId field = type->FindField(column);
      const bool printed = field.valid() && type->fields[field.index()].computed == nullptr;
      fields.push_back(printed ? static_cast<int>(field.index()) : -1);
    }
  }
}

void CsvWriter::AppendHeader(std::string* out) const {
  out->append("type,time,rule");
  if (options_.id) out->append(",event_id");
  if (options_.matched) out->append(",matched");
  for (const std::string& column : columns_) {
    out->push_back(',');
    AppendText(column, out);
  }
  out->push_back('\n');
}

void CsvWriter::Append(const DerivedEvent& event, std::string* out) {
  AppendText(event.type->name, out);
  out->push_back(',');
  AppendTime(event.time, out);
  out->push_back(',');
  AppendText(event.rule->name, out);
  if (options_.id) absl::StrAppend(out, ",", FormatEventId(event.id));
  if (options_.matched) {
    text_.clear();
    json_.AppendMatchedObject(event, &text_);
    out->push_back(',');
    AppendText(text_, out);
  }
  const std::vector<int>& fields = fields_[event.type];
  for (const int field : fields) {
    out->push_back(',');
    if (field < 0) continue;
    const auto f = static_cast<size_t>(field);
    AppendCsvValue(event.values[f], event.type->fields[f].type, out);
  }
  out->push_back('\n');
}

}  // namespace spate
