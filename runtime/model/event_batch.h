// EventBatch: columns of events of one type; EventBlock: batches of several types and their order.
//
// A batch has 1 to kMaxBatchRows rows, each with its event time (ns) and arrival sequence. One
// pushed event is a batch of one: the same code. Results never depend on how rows are cut into
// batches. Text and lists are copied into the batch's arena, or borrowed when the source outlives
// the batch. Columns that no rule reads stay empty (`present` false). Not thread-safe.
// Tested by tests/runtime/model/event_batch_test.cc.
#ifndef SPATE_RUNTIME_MODEL_EVENT_BATCH_H_
#define SPATE_RUNTIME_MODEL_EVENT_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/base/ids.h"
#include "runtime/model/event_id.h"
#include "runtime/model/schema.h"
#include "runtime/model/value.h"
#include "windows/time.h"

namespace spate {

inline constexpr size_t kMaxBatchRows = 2048;

// One attribute of the rows of a batch. Exactly one of the arrays is used, chosen by the kind.
struct Column {
  Kind kind = Kind::kNull;
  bool present = false;    // false: nothing reads it, all arrays are empty
  bool has_nulls = false;  // false: `nulls` need not be looked at
  // Bit set: the row is null (its array element is zero). (size() + 63) / 64 words when has_nulls.
  std::vector<uint64_t> nulls;
  std::vector<int64_t> ints;             // kBool, kInt, kTime, kDuration
  std::vector<double> floats;            // kFloat
  std::vector<absl::string_view> texts;  // kString, kIp (16 bytes)
  std::vector<Value> lists;              // kList (kind kList; null rows too, size 0)

  size_t size() const {
    switch (kind) {
      case Kind::kFloat:
        return floats.size();
      case Kind::kString:
      case Kind::kIp:
        return texts.size();
      case Kind::kList:
        return lists.size();
      default:
        return ints.size();
    }
  }
  bool IsNull(size_t row) const { return has_nulls && ((nulls[row >> 6] >> (row & 63)) & 1) != 0; }
  // Null for every row of a column that is not present.
  Value Get(size_t row) const {
    if (!present || IsNull(row)) return Value::Null();
    switch (kind) {
      case Kind::kFloat:
        return Value::Float(floats[row]);
      case Kind::kString:
        return Value::String(texts[row]);
      case Kind::kIp:
        return Value::Ip(texts[row].data());
      case Kind::kList:
        return lists[row];
      default:
        return Value::Integral(ints[row], kind);
    }
  }
  // Appends one row. `v` has the column's kind or is null; its text or list must outlive the batch.
  void Append(const Value& v);
  void AppendNull();
  void AppendInt(int64_t v);
  void AppendFloat(double v);
  void AppendText(absl::string_view v);
  void Clear();  // keeps capacity, kind and present

 private:
  void MarkLast(bool is_null);  // keeps `nulls` in step after an append
};

class EventBatch {
 public:
  EventBatch() = default;
  // Columns for all fields of `type`, which must outlive the batch; all present.
  explicit EventBatch(const EventType& type) { Init(type); }
  void Init(const EventType& type);

  TypeId type_id() const { return type_->id; }
  const EventType& type() const { return *type_; }
  size_t rows() const { return times.size(); }
  Value Get(size_t row, FieldId field) const { return columns[field.index()].Get(row); }

  // Appends a row with `values` (one per field; values of computed fields are ignored and filled by
  // the engine), copying text and lists into the batch's arena.
  void AppendRow(Time time, uint64_t sequence, absl::Span<const Value> values);
  // Copies text or list content into the arena of this batch.
  Value Own(const Value& v);
  void Clear();

  std::vector<Time> times;
  std::vector<uint64_t> sequences;  // order of arrival over all types, from 1
  std::vector<EventId> ids;         // empty, or one per row: see event_id.h
  std::vector<Column> columns;      // one per field
  Arena arena;

 private:
  const EventType* type_ = nullptr;
};

// Rows of several types in order of arrival: what a reader hands to the engine.
struct EventBlock {
  struct Entry {
    uint32_t batch;  // index into batches
    uint32_t row;
  };
  std::vector<EventBatch> batches;  // at most one per event type
  std::vector<Entry> order;         // every row of every batch once

  void Clear() {
    for (EventBatch& b : batches) b.Clear();
    order.clear();
  }
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_EVENT_BATCH_H_
