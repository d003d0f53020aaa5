// EqualityIndex: which of many conditions can hold for a row, found by what the row has.
//
// Rules by the hundred ask of the same attribute whether it is this or that constant (`name ==
// "x"`, `port in [22, 23]`). A condition of which that is a conjunct cannot hold for a row with
// another value: one look-up of the row's value finds the few conditions that are left, whatever
// their number. Only a conjunct before which nothing can fault counts, so that faults are counted
// as without the index.
//
// Source: access predicates (Fabret et al., SIGMOD 2001). Thread-safety: constant after Create.
// Tested by tests/runtime/expr/equality_index_test.cc.
#ifndef SPATE_RUNTIME_EXPR_EQUALITY_INDEX_H_
#define SPATE_RUNTIME_EXPR_EQUALITY_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/expr/matchers.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/expr.h"

namespace spate {

class EqualityIndex {
 public:
  EqualityIndex() = default;
  // Conditions are known by their place in the list. `worthwhile`: from so many of them on one
  // attribute on a look-up is made.
  EqualityIndex(const std::vector<const Expr*>& conditions, size_t worthwhile);

  bool empty() const { return tables_.empty(); }
  // Whether Probe says for which rows the condition can hold; else it can for all.
  bool Has(size_t condition) const { return has_[condition]; }

  // Calls hit(condition, row) for each condition of the index that can hold for a row.
  template <typename Hit>
  void Probe(const EventBatch& batch, Hit&& hit) const {
    for (const Table& table : tables_) ProbeTable(table, batch, hit);
  }

 private:
  using Conditions = std::vector<uint32_t>;
  // The constants with which one attribute is compared, with or without its case.
  struct Table {
    FieldId field;
    bool fold = false;
    absl::flat_hash_map<int64_t, Conditions> integers;  // bool, int, time, duration
    absl::flat_hash_map<std::string, Conditions> texts;
    absl::flat_hash_map<std::string, Conditions, FoldedTextHash, FoldedTextEqual> folded;
  };

  template <typename Hit>
  static void ProbeTable(const Table& table, const EventBatch& batch, Hit& hit) {
    const Column& column = batch.columns[table.field.index()];
    if (!column.present) return;
    if (!table.integers.empty()) {
      ProbeRows(table.integers, column, column.ints, hit);
    } else if (table.fold) {
      ProbeRows(table.folded, column, column.texts, hit);
    } else {
      ProbeRows(table.texts, column, column.texts, hit);
    }
  }
  template <typename Map, typename Values, typename Hit>
  static void ProbeRows(const Map& map, const Column& column, const Values& values, Hit& hit) {
    for (size_t row = 0; row < values.size(); ++row) {
      if (column.IsNull(row)) continue;
      const auto found = map.find(values[row]);
      if (found == map.end()) continue;
      for (uint32_t condition : found->second) hit(condition, row);
    }
  }
  Table* TableOf(FieldId field, bool fold);

  std::vector<Table> tables_;
  std::vector<bool> has_;  // by condition
};

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_EQUALITY_INDEX_H_
