// AccessIndex: which of many conditions can hold for a row, found by what the row has.
//
// Rules by the hundred ask of the same attribute whether it is this or that constant (`name ==
// "x"`, `port in [22, 23]`), or above or below one. Where such a comparison is a conjunct of a
// condition, that cannot hold for a row for which the comparison does not. So one look-up of the
// row's value among the constants finds the conditions that are left: those with an equal constant,
// whatever their number, and of sorted bounds those that the value has passed. Only a conjunct
// before which nothing can fault counts, so that faults are counted as without the index.
//
// Source: access predicates (Fabret et al., SIGMOD 2001). Thread-safety: constant after the
// constructor. Tested by tests/runtime/expr/access_index_test.cc.
#ifndef SPATE_RUNTIME_EXPR_ACCESS_INDEX_H_
#define SPATE_RUNTIME_EXPR_ACCESS_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/expr/matchers.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/expr.h"

namespace spate {

class AccessIndex {
 public:
  AccessIndex() = default;
  // Conditions are known by their place in the list. `worthwhile`: from so many of them on one
  // attribute on a look-up is made.
  AccessIndex(const std::vector<const Expr*>& conditions, size_t worthwhile);

  bool empty() const { return equals_.empty() && bounds_.empty(); }
  // Whether Probe says for which rows the condition can hold; else it can for all.
  bool Has(size_t condition) const { return has_[condition]; }

  // Whether it holds for all these rows: the comparison is the whole condition.
  bool IsExact(size_t condition) const { return exact_[condition]; }

  // Calls hit(condition, row) for each condition of the index that can hold for a row.
  template <typename Hit>
  void Probe(const EventBatch& batch, Hit&& hit) const {
    for (const Equals& table : equals_) ProbeEquals(table, batch, hit);
    for (const Bounds& table : bounds_) ProbeBounds(table, batch, hit);
  }

 private:
  using Conditions = std::vector<uint32_t>;
  // The constants that one attribute is compared with for equality, with or without its case.
  struct Equals {
    FieldId field;
    bool fold = false;
    absl::flat_hash_map<int64_t, Conditions> integers;  // bool, int, time, duration
    absl::flat_hash_map<std::string, Conditions> texts;
    absl::flat_hash_map<std::string, Conditions, FoldedTextHash, FoldedTextEqual> folded;
  };
  // A constant that an attribute must be above or below.
  template <typename T>
  struct Bound {
    T constant;
    bool inclusive;
    uint32_t condition;
  };
  // The bounds of one attribute; those that a value has passed come first, up to one that it has
  // not: lower bounds ascend, upper ones descend, at one constant the inclusive ones are first.
  struct Bounds {
    FieldId field;
    bool upper = false;
    bool as_float = false;  // an integer column is read as one, as the comparisons do
    std::vector<Bound<int64_t>> integers;
    std::vector<Bound<double>> floats;
  };

  template <typename Hit>
  static void ProbeEquals(const Equals& table, const EventBatch& batch, Hit& hit) {
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

  template <typename Hit>
  static void ProbeBounds(const Bounds& table, const EventBatch& batch, Hit& hit) {
    const Column& column = batch.columns[table.field.index()];
    if (!column.present) return;
    if (!table.as_float) {
      PassBounds(table.integers, table.upper, column, column.ints, hit);
    } else if (column.kind == Kind::kFloat) {
      PassBounds(table.floats, table.upper, column, column.floats, hit);
    } else {
      PassBounds(table.floats, table.upper, column, column.ints, hit);
    }
  }
  template <typename T, typename Values, typename Hit>
  static void PassBounds(const std::vector<Bound<T>>& bounds, bool upper, const Column& column,
                         const Values& values, Hit& hit) {
    for (size_t row = 0; row < values.size(); ++row) {
      if (column.IsNull(row)) continue;
      const T value = static_cast<T>(values[row]);
      for (const Bound<T>& b : bounds) {
        const bool beyond = upper ? value < b.constant : value > b.constant;
        if (!beyond && !(b.inclusive && value == b.constant)) break;
        hit(b.condition, row);
      }
    }
  }

  struct Access;
  Equals* EqualsOf(const Access& access);
  Bounds* BoundsOf(const Access& access);
  void Add(const Access& access, uint32_t condition);
  void SortBounds();

  std::vector<Equals> equals_;
  std::vector<Bounds> bounds_;
  std::vector<bool> has_;  // by condition
  std::vector<bool> exact_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_ACCESS_INDEX_H_
