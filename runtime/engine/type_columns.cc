#include "runtime/engine/type_columns.h"

#include <utility>

#include "runtime/engine/engine.h"

namespace spate {

absl::StatusOr<std::unique_ptr<TypeColumns>> TypeColumns::Create(const Plan& plan, TypeId type,
                                                                 EvalIssues* issues) {
  std::unique_ptr<TypeColumns> columns(new TypeColumns());
  columns->plan_ = &plan;
  columns->type_ = &plan.types[type.index()];
  columns->issues_ = issues;
  columns->scratch_.issues = issues;
  bool computes = false;
  for (FieldId f : columns->type_->computed_order) {
    computes |= plan.read_fields[type.index()][f.index()];
  }
  if (computes) {
    absl::StatusOr<ComputedColumns> computed =
        ComputedColumns::Create(*columns->type_, plan.read_fields[type.index()]);
    if (!computed.ok()) return computed.status();
    columns->computed_ = std::make_unique<ComputedColumns>(*std::move(computed));
  }
  for (size_t i = 0; i < plan.predicates.size(); ++i) {
    if (plan.predicates[i].type != type) continue;
    absl::StatusOr<PredicateKernel> kernel =
        PredicateKernel::Compile(*plan.predicates[i].condition, *columns->type_);
    if (!kernel.ok()) return kernel.status();
    columns->predicates_.push_back(PredicateId(i));
    columns->kernels_.push_back(*std::move(kernel));
  }
  return columns;
}

void TypeColumns::Prepare(EventBatch* batch) {
  const FieldId at = type_->time_field;
  if (computed_ != nullptr) computed_->Fill(batch, issues_);
  if (!at.valid()) return;
  const Column& column = batch->columns[at.index()];
  batch->times.resize(batch->rows());
  for (size_t row = 0; row < batch->times.size(); ++row) {
    batch->times[row] = column.IsNull(row) ? kNullTime : column.ints[row];
  }
}

void TypeColumns::Evaluate(const EventBatch& batch, BatchBits* out) {
  const size_t words = (batch.rows() + 63) / 64;
  out->bits.masks.resize(plan_->predicates.size(), nullptr);
  out->words.resize(words * predicates_.size());
  for (size_t i = 0; i < predicates_.size(); ++i) {
    uint64_t* mask = out->words.data() + i * words;
    kernels_[i].Evaluate(batch, mask, &scratch_);
    out->bits.masks[predicates_[i].index()] = mask;
  }
}

}  // namespace spate
