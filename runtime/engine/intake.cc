#include "runtime/engine/intake.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace spate {

bool Intake::Admit(const EventBatch& batch, size_t row) {
  const Time time = batch.times[row];
  if (time == kNullTime) {
    ++null_times_;
    return false;
  }
  if (watermark_.IsLate(time)) {
    ++late_;
    if (options_.on_late) options_.on_late(batch, row);
    return false;
  }
  ++events_;
  watermark_.See(time);
  last_seen_ = std::max(last_seen_, time);
  if (runner_.Reads(batch.type_id())) return true;
  ++ignored_;
  return false;
}

absl::Status Intake::TakeRow(EventBatch* batch, size_t row, const PredicateBits& bits) {
  return runner_.Take(batch, row, bits);
}

absl::Status Intake::Push(EventBatch* batch) {
  runner_.Prepare(batch);
  batch->sequences.resize(batch->rows());
  if (bits_.empty()) bits_.resize(1);
  if (options_.lateness == 0) runner_.Evaluate(*batch, &bits_[0]);
  for (size_t row = 0; row < batch->rows(); ++row) {
    if (!Admit(*batch, row)) continue;
    absl::Status status =
        options_.lateness == 0 ? TakeRow(batch, row, bits_[0].bits) : Hold(*batch, {row});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Intake::Push(EventBlock* block) {
  if (bits_.size() < block->batches.size()) bits_.resize(block->batches.size());
  for (size_t b = 0; b < block->batches.size(); ++b) {
    EventBatch& batch = block->batches[b];
    if (batch.rows() == 0) continue;
    runner_.Prepare(&batch);
    batch.sequences.resize(batch.rows());
    if (options_.lateness == 0) runner_.Evaluate(batch, &bits_[b]);
  }
  bool expects = false;
  for (const EventBatch& batch : block->batches) {
    expects |= batch.rows() > 0 && runner_.ExpectsAny(batch.type_id());
  }
  for (size_t i = 0; i < block->order.size(); ++i) {
    const EventBlock::Entry e = block->order[i];
    if (expects && options_.lateness == 0) Expect(*block, i);
    EventBatch& batch = block->batches[e.batch];
    if (!Admit(batch, e.row)) continue;
    absl::Status status =
        options_.lateness == 0 ? TakeRow(&batch, e.row, bits_[e.batch].bits) : Hold(batch, {e.row});
    if (!status.ok()) return status;
  }
  if (expects) runner_.ForgetExpected();
  return absl::OkStatus();
}

// Lets the rules look ahead for the state of coming events.
void Intake::Expect(const EventBlock& block, size_t position) {
  constexpr size_t kFar = 16;
  constexpr size_t kNear = 8;
  for (const size_t ahead : {kFar, kNear}) {
    if (position + ahead >= block.order.size()) continue;
    const EventBlock::Entry e = block.order[position + ahead];
    runner_.Expect(block.batches[e.batch], e.row, bits_[e.batch].bits, ahead == kNear);
  }
}

Intake::Held* Intake::NewHeld(const EventType& type) {
  for (size_t i = 0; i < free_.size(); ++i) {
    if (free_[i]->batch.type_id() != type.id) continue;
    Held* held = free_[i];
    free_[i] = free_.back();
    free_.pop_back();
    held->batch.Clear();
    return held;
  }
  held_.push_back(std::make_unique<Held>());
  held_.back()->batch = EventBatch(type);
  return held_.back().get();
}

absl::Status Intake::Hold(const EventBatch& batch, const std::vector<size_t>& rows) {
  Held* held = NewHeld(batch.type());
  for (size_t row : rows) {
    values_.clear();
    for (size_t f = 0; f < batch.columns.size(); ++f) {
      values_.push_back(batch.columns[f].size() > row ? batch.columns[f].Get(row) : Value::Null());
    }
    waiting_.Push(batch.times[row], {held, held->batch.rows()});
    held->batch.AppendRow(batch.times[row], 0, values_);
  }
  held->left = rows.size();
  runner_.Prepare(&held->batch);
  runner_.Evaluate(held->batch, &held->bits);
  if (waiting_.size() > options_.max_waiting_events) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", options_.max_waiting_events, " events wait to be put in order"));
  }
  return Release();
}

absl::Status Intake::Release() {
  due_.clear();
  waiting_.Release(watermark_.value(), [&](Time time, Row row) { due_.emplace_back(time, row); });
  for (const auto& [time, row] : due_) {
    absl::Status status = TakeRow(&row.held->batch, row.row, row.held->bits.bits);
    if (--row.held->left == 0) free_.push_back(row.held);
    if (!status.ok()) return status;
  }
  return runner_.FireDue(watermark_.value());
}

absl::Status Intake::AdvanceTo(Time time) {
  watermark_.AdvanceTo(time);
  return Release();
}

absl::Status Intake::Flush() {
  due_.clear();
  waiting_.Release(kMaxTime, [&](Time time, Row row) { due_.emplace_back(time, row); });
  for (const auto& [time, row] : due_) {
    absl::Status status = TakeRow(&row.held->batch, row.row, row.held->bits.bits);
    if (!status.ok()) return status;
  }
  return runner_.FireDue(Clock());
}

void Intake::AddStats(EngineStats* stats) const {
  stats->events = events_;
  stats->late = late_;
  stats->ignored = ignored_;
  stats->null_times = null_times_;
  stats->watermark = watermark_.value();
}

}  // namespace spate
