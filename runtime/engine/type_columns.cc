#include "runtime/engine/type_columns.h"

#include <algorithm>
#include <utility>

#include "runtime/engine/engine.h"

namespace spate {

absl::StatusOr<std::unique_ptr<TypeColumns>> TypeColumns::Create(const Plan& plan, TypeId type,
                                                                 size_t index_from,
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
  std::vector<const Expr*> conditions;
  for (size_t i = 0; i < plan.predicates.size(); ++i) {
    if (plan.predicates[i].type != type) continue;
    absl::StatusOr<PredicateKernel> kernel =
        PredicateKernel::Compile(*plan.predicates[i].condition, *columns->type_);
    if (!kernel.ok()) return kernel.status();
    columns->predicates_.push_back(PredicateId(i));
    columns->kernels_.push_back(*std::move(kernel));
    conditions.push_back(plan.predicates[i].condition.get());
  }
  columns->index_ = AccessIndex(conditions, index_from);
  for (uint32_t i = 0; i < conditions.size(); ++i) {
    if (!columns->index_.Has(i)) columns->unindexed_.push_back(i);
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

// Gives all predicates the mask of no row.
void TypeColumns::Reset(size_t words, BatchBits* out) const {
  std::vector<const uint64_t*>& masks = out->bits.masks;
  if (masks.size() != plan_->predicates.size() || out->none.size() < words) {
    out->none.assign(std::max(words, out->none.size()), 0);
    masks.assign(plan_->predicates.size(), out->none.data());
  }
  for (PredicateId p : out->candidates) masks[p.index()] = out->none.data();
  out->candidates.clear();
  if (out->words.size() < words * predicates_.size()) out->words.resize(words * predicates_.size());
}

// The mask of predicate number `i`, which becomes a candidate.
uint64_t* TypeColumns::MaskOf(size_t i, size_t words, BatchBits* out) const {
  uint64_t* mask = out->words.data() + i * words;
  out->bits.masks[predicates_[i].index()] = mask;
  out->candidates.push_back(predicates_[i]);
  return mask;
}

void TypeColumns::Evaluate(const EventBatch& batch, BatchBits* out) {
  const size_t words = (batch.rows() + 63) / 64;
  Reset(words, out);
  for (uint32_t i : unindexed_) kernels_[i].Evaluate(batch, MaskOf(i, words, out), &scratch_);
  if (index_.empty()) return;
  found_.clear();
  index_.Probe(batch, [&](uint32_t i, size_t row) {
    uint64_t* mask = out->words.data() + i * words;
    if (out->bits.masks[predicates_[i].index()] != mask) {
      std::fill_n(MaskOf(i, words, out), words, 0);
      if (!index_.IsExact(i)) found_.push_back(i);
    }
    mask[row / 64] |= uint64_t{1} << (row % 64);
  });
  for (uint32_t i : found_) kernels_[i].Narrow(batch, out->words.data() + i * words, &scratch_);
}

}  // namespace spate
