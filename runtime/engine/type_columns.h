// TypeColumns: what the engine computes of a batch before its rows go to the rules.
//
// Computed attributes that some rule reads, event times, and one bit per row for each predicate of
// the type. Predicates that ask an attribute for a constant are found by its value: those that hold
// for no row cost nothing. Not thread-safe (scratch). Tested by tests/runtime/engine.
#ifndef SPATE_RUNTIME_ENGINE_TYPE_COLUMNS_H_
#define SPATE_RUNTIME_ENGINE_TYPE_COLUMNS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/expr/access_index.h"
#include "runtime/expr/computed_columns.h"
#include "runtime/expr/predicate.h"
#include "runtime/match/machine.h"
#include "runtime/model/plan.h"

namespace spate {

// The masks of one batch; they live as long as this object, until the next Evaluate.
struct BatchBits {
  PredicateBits bits;
  std::vector<uint64_t> words;
  std::vector<uint64_t> none;           // the mask of predicates that hold for no row
  std::vector<PredicateId> candidates;  // those that may hold for some: all others have `none`
};

class TypeColumns {
 public:
  // `index_from`: from so many predicates on one attribute on they are found by its value.
  static absl::StatusOr<std::unique_ptr<TypeColumns>> Create(const Plan& plan, TypeId type,
                                                             size_t index_from, EvalIssues* issues);

  // Fills computed attributes and `times` (of a type with `at`). Does nothing for a batch whose
  // columns are already filled.
  void Prepare(EventBatch* batch);

  // Evaluates the type's predicates for all rows.
  void Evaluate(const EventBatch& batch, BatchBits* out);

 private:
  TypeColumns() = default;
  void Reset(size_t words, BatchBits* out) const;
  uint64_t* MaskOf(size_t predicate, size_t words, BatchBits* out) const;

  const Plan* plan_ = nullptr;
  const EventType* type_ = nullptr;
  std::unique_ptr<ComputedColumns> computed_;  // null: nothing to compute
  std::vector<PredicateId> predicates_;
  std::vector<PredicateKernel> kernels_;
  AccessIndex index_;                // of predicates_
  std::vector<uint32_t> unindexed_;  // those that it cannot find
  std::vector<uint32_t> found_;      // of one batch: those to look at closer
  KernelScratch scratch_;
  EvalIssues* issues_ = nullptr;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_TYPE_COLUMNS_H_
