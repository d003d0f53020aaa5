// Table: rows that rules look up by their key (`Watchlist[card].level`, `card in Watchlist`).
//
// Constant once it is made, so that any number of engines and threads may share one; a look-up is
// one hash. Keys compare as `==` does, but that no part of a key is null.
// Thread-safety: constant data. Tested by tests/runtime/model/table_test.cc.
#ifndef SPATE_RUNTIME_MODEL_TABLE_H_
#define SPATE_RUNTIME_MODEL_TABLE_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/model/plan.h"
#include "runtime/model/value.h"

namespace spate {

class Table {
 public:
  // `rows`: one value for each of the plan's columns, which are copied. InvalidArgument for a value
  // of another type, a null in a column that has none, and two rows with one key.
  static absl::StatusOr<std::shared_ptr<const Table>> Create(
      const TablePlan& plan, absl::Span<const std::vector<Value>> rows);

  // The values of the row with that key (one value for each key column, of its kind), one for each
  // column; null when there is none.
  const Value* Find(absl::Span<const Value> key) const;
  // Whether it was made for these columns and keys.
  bool Fits(const TablePlan& plan) const { return plan.columns == types_ && plan.keys == keys_; }
  size_t rows() const { return columns_ == 0 ? 0 : values_.size() / columns_; }

  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

 private:
  friend class TableBuilder;
  struct Hash {
    using is_transparent = void;
    const Table* table;
    size_t operator()(uint32_t row) const;
    size_t operator()(absl::Span<const Value> key) const;
  };
  struct Equal {
    using is_transparent = void;
    const Table* table;
    bool operator()(uint32_t a, uint32_t b) const;
    bool operator()(uint32_t row, absl::Span<const Value> key) const;
    bool operator()(absl::Span<const Value> key, uint32_t row) const { return (*this)(row, key); }
  };
  explicit Table(const TablePlan& plan);
  const Value* Row(uint32_t row) const { return &values_[row * columns_]; }

  std::vector<NamedType> types_;
  size_t columns_;
  std::vector<uint32_t> keys_;
  Arena arena_;
  std::vector<Value> values_;  // row by row
  absl::flat_hash_set<uint32_t, Hash, Equal> index_;
};

// Takes rows one by one, for readers that know where each stands.
class TableBuilder {
 public:
  explicit TableBuilder(const TablePlan& plan);  // `plan` must outlive this
  // As Table::Create says; a row that was not taken leaves the table as it was.
  absl::Status Add(absl::Span<const Value> row);
  std::shared_ptr<const Table> Finish() { return std::move(table_); }

 private:
  const TablePlan& plan_;
  std::shared_ptr<Table> table_;
};

// Whether `v` is a value of that type: its kind, and so for the elements of lists and records.
bool IsOfType(const Value& v, const Type& type);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_TABLE_H_
