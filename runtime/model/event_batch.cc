#include "runtime/model/event_batch.h"

#include "runtime/base/check.h"

namespace spate {

void Column::MarkLast(bool is_null) {
  if (!is_null && !has_nulls) return;
  has_nulls = true;
  const size_t row = size() - 1;
  nulls.resize(row / 64 + 1);
  if (is_null) nulls[row >> 6] |= uint64_t{1} << (row & 63);
}

void Column::Append(const Value& v) {
  if (v.is_null()) {
    AppendNull();
    return;
  }
  SPATE_DCHECK(v.kind == kind);
  switch (kind) {
    case Kind::kFloat:
      AppendFloat(v.f);
      break;
    case Kind::kString:
    case Kind::kIp:
      AppendText(v.text());
      break;
    case Kind::kList:
      lists.push_back(v);
      MarkLast(false);
      break;
    default:
      AppendInt(v.i);
      break;
  }
}

void Column::AppendNull() {
  switch (kind) {
    case Kind::kFloat:
      floats.push_back(0.0);
      break;
    case Kind::kString:
    case Kind::kIp:
      texts.emplace_back();
      break;
    case Kind::kList:
      lists.push_back(Value::List({}));
      break;
    default:
      ints.push_back(0);
      break;
  }
  MarkLast(true);
}

void Column::AppendInt(int64_t v) {
  ints.push_back(v);
  MarkLast(false);
}

void Column::AppendFloat(double v) {
  floats.push_back(v);
  MarkLast(false);
}

void Column::AppendText(absl::string_view v) {
  texts.push_back(v);
  MarkLast(false);
}

void Column::Clear() {
  has_nulls = false;
  nulls.clear();
  ints.clear();
  floats.clear();
  texts.clear();
  lists.clear();
}

void EventBatch::Init(const EventType& type) {
  type_ = &type;
  times.clear();
  sequences.clear();
  ids.clear();
  arena.Reset();
  columns.resize(type.fields.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i].Clear();
    columns[i].kind = type.fields[i].type.kind;
    columns[i].present = true;
  }
}

void EventBatch::AppendRow(Time time, uint64_t sequence, absl::Span<const Value> values) {
  SPATE_DCHECK(values.size() == columns.size());
  times.push_back(time);
  sequences.push_back(sequence);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].present || type_->fields[i].computed != nullptr) continue;
    columns[i].Append(Own(values[i]));
  }
}

Value EventBatch::Own(const Value& v) { return CopyValue(v, &arena); }

void EventBatch::Clear() {
  times.clear();
  sequences.clear();
  ids.clear();
  for (Column& c : columns) c.Clear();
  arena.Reset();
}

}  // namespace spate
