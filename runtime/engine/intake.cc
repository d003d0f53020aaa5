#include "runtime/engine/intake.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

// Rows whose keys are looked up together: enough that waits for memory overlap, few enough that
// what they bring stays in the cache until it is used.
constexpr size_t kGroup = 128;

}  // namespace

bool Intake::Admit(const EventBatch& batch, size_t row) {
  const Time time = batch.times[row];
  if (time == kNullTime) {
    ++null_times_;
    return false;
  }
  if (watermarks_.IsLate(time)) {
    ++late_;
    if (options_.on_late) options_.on_late({batch, row, watermarks_.value()});
    return false;
  }
  ++events_;
  watermarks_.See(source_, time);
  last_seen_ = std::max(last_seen_, time);
  runner_.See(time);
  if (runner_.Reads(batch.type_id())) return true;
  ++ignored_;
  return false;
}

// Gives the rows ids, but for those to which the caller gave some.
void Intake::Number(EventBatch* batch) {
  if (!options_.keep_ids) return batch->ids.clear();
  const bool given = batch->ids.size() == batch->rows();
  if (!given) batch->ids.resize(batch->rows());
  for (EventId& id : batch->ids) {
    ++pushed_;
    if (!given) id = EventId::OfNumber(pushed_);
  }
}

void Intake::Number(EventBlock* block) {
  std::vector<bool> given;
  for (EventBatch& batch : block->batches) {
    given.push_back(batch.ids.size() == batch.rows());
    batch.ids.resize(options_.keep_ids ? batch.rows() : 0);
  }
  if (!options_.keep_ids) return;
  for (const EventBlock::Entry& e : block->order) {
    ++pushed_;
    if (!given[e.batch]) block->batches[e.batch].ids[e.row] = EventId::OfNumber(pushed_);
  }
}

absl::Status Intake::Push(EventBatch* batch, uint32_t source) {
  source_ = source;
  Number(batch);
  runner_.Prepare(batch);
  batch->sequences.resize(batch->rows());
  if (bits_.empty()) bits_.resize(1);
  if (holds()) {
    Held* held = nullptr;
    for (size_t row = 0; row < batch->rows(); ++row) {
      if (Admit(*batch, row)) Hold(*batch, row, &held);
    }
    return Release({held});
  }
  runner_.Evaluate(*batch, &bits_[0]);
  for (size_t row = 0; row < batch->rows(); ++row) {
    if (!Admit(*batch, row)) continue;
    if (absl::Status s = runner_.Take(batch, {batch, row, &bits_[0].bits}); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status Intake::Push(EventBlock* block, uint32_t source) {
  source_ = source;
  Number(block);
  for (EventBatch& batch : block->batches) {
    if (batch.rows() == 0) continue;
    runner_.Prepare(&batch);
    batch.sequences.resize(batch.rows());
  }
  return holds() ? HoldBlock(*block) : TakeBlock(block);
}

absl::Status Intake::TakeBlock(EventBlock* block) {
  if (bits_.size() < block->batches.size()) bits_.resize(block->batches.size());
  bool expects = false;
  for (size_t b = 0; b < block->batches.size(); ++b) {
    const EventBatch& batch = block->batches[b];
    if (batch.rows() == 0) continue;
    runner_.Evaluate(batch, &bits_[b]);
    expects |= runner_.ExpectsAny(batch.type_id());
  }
  for (size_t begin = 0; begin < block->order.size(); begin += kGroup) {
    if (absl::Status s = TakeGroup(block, begin, expects); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// Takes the next rows of a block, which the rules that `expects` may look at together beforehand.
absl::Status Intake::TakeGroup(EventBlock* block, size_t begin, bool expects) {
  const size_t size = std::min(kGroup, block->order.size() - begin);
  group_.resize(size);
  for (size_t i = 0; i < size; ++i) {
    const EventBlock::Entry e = block->order[begin + i];
    Arrival& event = group_[i];
    event.batch = &block->batches[e.batch];
    event.row = e.row;
    event.bits = &bits_[e.batch].bits;
    event.place = expects ? static_cast<uint32_t>(i) : Arrival::kUnexpected;
  }
  if (expects) runner_.Expect(group_);
  for (size_t i = 0; i < size; ++i) {
    const Arrival& event = group_[i];
    if (!Admit(*event.batch, event.row)) continue;
    EventBatch* const batch = &block->batches[block->order[begin + i].batch];
    if (absl::Status s = runner_.Take(batch, event); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status Intake::HoldBlock(const EventBlock& block) {
  std::vector<Held*> held(block.batches.size(), nullptr);
  for (const EventBlock::Entry& e : block.order) {
    const EventBatch& batch = block.batches[e.batch];
    if (Admit(batch, e.row)) Hold(batch, e.row, &held[e.batch]);
  }
  return Release(held);
}

Intake::Held* Intake::NewHeld(const EventType& type) {
  if (free_.size() <= type.id.index()) free_.resize(type.id.index() + 1);
  std::vector<Held*>& free = free_[type.id.index()];
  if (free.empty()) {
    held_.push_back(std::make_unique<Held>());
    held_.back()->batch = EventBatch(type);
    return held_.back().get();
  }
  Held* held = free.back();
  free.pop_back();
  held->batch.Clear();
  return held;
}

// Copies a row to `*held`, made when it is null, and lets it wait.
void Intake::Hold(const EventBatch& batch, size_t row, Held** held) {
  if (*held == nullptr) *held = NewHeld(batch.type());
  values_.clear();
  for (const Column& column : batch.columns) {
    values_.push_back(column.size() > row ? column.Get(row) : Value::Null());
  }
  waiting_.Push(batch.times[row], {*held, (*held)->batch.rows()});
  (*held)->batch.AppendRow(batch.times[row], 0, values_);
  if (!batch.ids.empty()) (*held)->batch.ids.push_back(batch.ids[row]);
  ++(*held)->left;
}

// Makes newly held batches ready, and takes the rows that the watermark has reached.
absl::Status Intake::Release(const std::vector<Held*>& added) {
  for (Held* held : added) {
    if (held == nullptr) continue;
    runner_.Prepare(&held->batch);
    runner_.Evaluate(held->batch, &held->bits);
  }
  if (absl::Status s = TakeWaiting(watermarks_.value()); !s.ok()) return s;
  if (waiting_.size() > options_.max_waiting_events) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", options_.max_waiting_events, " events wait to be put in order"));
  }
  return runner_.FireDue(watermarks_.value());
}

absl::Status Intake::TakeWaiting(Time until) {
  due_.clear();
  waiting_.Release(until, [&](Time, Row row) { due_.push_back(row); });
  for (const Row& row : due_) {
    EventBatch& batch = row.held->batch;
    absl::Status status = runner_.Take(&batch, {&batch, row.row, &row.held->bits.bits});
    if (--row.held->left == 0) free_[batch.type_id().index()].push_back(row.held);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Intake::AdvanceTo(Time time) {
  watermarks_.AdvanceAllTo(time);
  return Release({});
}

absl::Status Intake::AdvanceTo(uint32_t source, Time time) {
  watermarks_.AdvanceTo(source, time);
  return Release({});
}

absl::Status Intake::SetIdle(uint32_t source) {
  watermarks_.SetIdle(source);
  return Release({});
}

absl::Status Intake::Flush() {
  if (absl::Status s = TakeWaiting(kMaxTime); !s.ok()) return s;
  return runner_.FireDue(Clock());
}

void Intake::AddStats(EngineStats* stats) const {
  stats->events = events_;
  stats->late = late_;
  stats->ignored = ignored_;
  stats->null_times = null_times_;
  stats->watermark = watermarks_.value();
}

}  // namespace spate
