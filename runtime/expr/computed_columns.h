// ComputedColumns: fills the computed attributes of a batch.
//
// Thread-safety: Fill may be called from several threads, each with its own batch and issues.
// Tested by tests/runtime/expr/computed_columns_test.cc.
#ifndef SPATE_RUNTIME_EXPR_COMPUTED_COLUMNS_H_
#define SPATE_RUNTIME_EXPR_COMPUTED_COLUMNS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/expr/eval_issues.h"
#include "runtime/expr/program.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/schema.h"

namespace spate {

class ComputedColumns {
 public:
  // For the computed fields of `type` that `read` marks (one per field), and those that they read.
  static absl::StatusOr<ComputedColumns> Create(const EventType& type,
                                                const std::vector<bool>& read);

  // Computes those fields for all rows of a batch of that type, in EventType::computed_order; a
  // column that already has all its rows is left alone. Text is borrowed from the batch, its arena
  // or this object, which must outlive the batch's use.
  void Fill(EventBatch* batch, EvalIssues* issues) const;

  // The computed fields that Fill fills, in its order.
  const std::vector<FieldId>& fields() const { return fields_; }

 private:
  std::vector<FieldId> fields_;
  std::vector<Program> programs_;  // one per field
};

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_COMPUTED_COLUMNS_H_
