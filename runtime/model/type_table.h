// TypeTable: values for the few event types of one rule.
//
// An array over all types of a program would cost each of many rules as much as all rules together
// declare. Here only the types that have a value take room, and a byte each type with a low number;
// the values of the others are found by halving. Not thread-safe while it is filled.
// Tested by tests/runtime/model/type_table_test.cc.
#ifndef SPATE_RUNTIME_MODEL_TYPE_TABLE_H_
#define SPATE_RUNTIME_MODEL_TYPE_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/ids.h"

namespace spate {

template <typename T>
class TypeTable {
 public:
  // The value of a type, made when it has none yet; that moves the others.
  T& operator[](TypeId type) {
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), type, Before);
    if (at != entries_.end() && at->first == type) return at->second;
    T& added = entries_.insert(at, {type, T()})->second;
    MakeIndex();
    return added;
  }

  // Null when the type has no value.
  const T* Find(TypeId type) const {
    if (type.value < index_.size()) {
      const uint8_t place = index_[type.value];
      return place != kNone ? &entries_[place].second : nullptr;
    }
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), type, Before);
    return at != entries_.end() && at->first == type ? &at->second : nullptr;
  }

  // Of a type that has one.
  const T& At(TypeId type) const {
    const T* value = Find(type);
    SPATE_DCHECK(value != nullptr);
    return *value;
  }

  size_t size() const { return entries_.size(); }

 private:
  static constexpr uint32_t kIndexed = 255;  // types below have a byte in the index
  static constexpr uint8_t kNone = 255;
  using Entry = std::pair<TypeId, T>;
  static bool Before(const Entry& e, TypeId type) { return e.first.value < type.value; }

  void MakeIndex() {
    index_.clear();
    for (size_t i = 0; i < entries_.size() && entries_[i].first.value < kIndexed; ++i) {
      index_.resize(entries_[i].first.value + 1, kNone);
      index_.back() = static_cast<uint8_t>(i);
    }
  }

  std::vector<Entry> entries_;  // by type
  std::vector<uint8_t> index_;  // by type: its place in entries_, or kNone
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_TYPE_TABLE_H_
