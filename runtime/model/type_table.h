// TypeTable: values for the few event types of one rule.
//
// An array over all types of a program would cost each of many rules as much as all rules together
// declare. Here only the types that have a value take room; few are looked at one by one, many by
// halving. Not thread-safe while it is filled. Tested by tests/runtime/model/type_table_test.cc.
#ifndef SPATE_RUNTIME_MODEL_TYPE_TABLE_H_
#define SPATE_RUNTIME_MODEL_TYPE_TABLE_H_

#include <algorithm>
#include <cstddef>
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
    return entries_.insert(at, {type, T()})->second;
  }

  // Null when the type has no value.
  const T* Find(TypeId type) const {
    if (entries_.size() <= kFew) {
      for (const auto& [t, value] : entries_) {
        if (t == type) return &value;
      }
      return nullptr;
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
  static constexpr size_t kFew = 8;
  using Entry = std::pair<TypeId, T>;
  static bool Before(const Entry& e, TypeId type) { return e.first.value < type.value; }

  std::vector<Entry> entries_;  // by type
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_TYPE_TABLE_H_
