// PredicateTable: conditions on one event, each once for all rules of a plan.
//
// Not thread-safe. Tested by tests/compiler/lower.
#ifndef SPATE_COMPILER_LOWER_PREDICATE_TABLE_H_
#define SPATE_COMPILER_LOWER_PREDICATE_TABLE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/model/expr.h"
#include "runtime/model/plan.h"

namespace spate {

class PredicateTable {
 public:
  // `predicates` must outlive the table, which appends to it.
  explicit PredicateTable(std::vector<Predicate>* predicates) : predicates_(*predicates) {}

  // Invalid for a null condition: every event.
  PredicateId Intern(TypeId type, ExprPtr condition) {
    if (condition == nullptr) return PredicateId();
    std::vector<PredicateId>& bucket = by_hash_[HashExpr(*condition) ^ type.value];
    for (PredicateId id : bucket) {
      const Predicate& p = predicates_[id.index()];
      if (p.type == type && SameExpr(*p.condition, *condition)) return id;
    }
    bucket.push_back(PredicateId(predicates_.size()));
    predicates_.push_back({type, std::move(condition)});
    return bucket.back();
  }

 private:
  std::vector<Predicate>& predicates_;
  absl::flat_hash_map<uint64_t, std::vector<PredicateId>> by_hash_;
};

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_PREDICATE_TABLE_H_
