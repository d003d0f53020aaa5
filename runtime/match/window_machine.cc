#include "runtime/match/window_machine.h"

#include <algorithm>
#include <utility>

#include "runtime/match/window_hopping.h"
#include "runtime/match/window_none.h"
#include "runtime/match/window_partition.h"
#include "runtime/match/window_sliding.h"
#include "runtime/match/window_tumbling.h"
#include "windows/alignment.h"

namespace spate {

absl::StatusOr<std::unique_ptr<Machine>> WindowMachine::Create(const Plan& plan,
                                                               const RulePlan& rule,
                                                               const MachineOptions& options,
                                                               EvalIssues* issues) {
  absl::StatusOr<std::unique_ptr<WindowParts>> parts =
      WindowParts::Create(plan, rule, options, issues);
  if (!parts.ok()) return parts.status();
  const FromPlan& from = *rule.from;
  const bool by_time = from.window.events == 0;
  if (from.window.kind == WindowSpec::Kind::kHopping ||
      (from.window.kind == WindowSpec::Kind::kTumbling && by_time)) {
    absl::StatusOr<Alignment> alignment = Alignment::Create(from.window);
    if (!alignment.ok()) return alignment.status();
    std::unique_ptr<Machine> machine;
    if (from.window.kind == WindowSpec::Kind::kTumbling) {
      machine = std::make_unique<TumblingMachine>(*std::move(parts), *alignment);
    } else if (from.report_each || from.having_for > 0) {
      machine = std::make_unique<OverlappingMachine>(*std::move(parts), *alignment);
    } else {
      machine = std::make_unique<HoppingMachine>(*std::move(parts), *alignment);
    }
    return machine;
  }
  std::unique_ptr<Machine> machine;
  const bool has_state = from.on_change || from.having_for > 0;
  if (from.window.kind == WindowSpec::Kind::kNone && !has_state) {
    machine = std::make_unique<NoWindowMachine>(*std::move(parts));
  } else if (from.window.kind == WindowSpec::Kind::kNone ||
             from.window.kind == WindowSpec::Kind::kSliding) {
    machine = std::make_unique<SlidingMachine>(*std::move(parts));
  } else {
    machine = std::make_unique<PartitionMachine>(*std::move(parts));
  }
  return machine;
}

absl::Status WindowMachine::OnEvent(const Arrival& event, ReportSink* sink) {
  if (event.only != nullptr) {
    const absl::Span<const Value> keys(event.only, parts_->keys->width());
    Take(parts_->key_index.FindOrAdd(keys), event, sink);
    return absl::OkStatus();
  }
  if (parts_->keys->GoesToEveryKey(event.type())) {
    ToEveryKey(event, sink);
    return absl::OkStatus();
  }
  absl::Span<const Value> keys;
  if (!parts_->keys->Get(event, &keys)) {
    ++null_keys_;
    return absl::OkStatus();
  }
  Take(keys.empty() ? 0 : parts_->key_index.FindOrAdd(keys), event, sink);
  return absl::OkStatus();
}

void WindowMachine::AddPartition(absl::Span<const Value> keys) {
  if (!keys.empty()) parts_->key_index.FindOrAdd(keys);
}

bool WindowMachine::AtRest(absl::Span<const Value> keys) const {
  const uint32_t slot = keys.empty() ? 0 : parts_->key_index.Find(keys);
  return slot == KeyIndex::kNone || IsClosed(slot);
}

void WindowMachine::ToEveryKey(const Arrival& event, ReportSink* sink) {
  const auto slots = static_cast<uint32_t>(parts_->key_index.size());
  for (uint32_t slot = 0; slot < slots; ++slot) Take(slot, event, sink);
}

Deadline WindowMachine::NextDeadline() const {
  Deadline next = SharedDeadline();
  if (const std::optional<PartitionDeadline> end = ends_.Next()) {
    next = std::min(next, Deadline::Inclusive(end->time));
  }
  if (!holds_.empty()) next = std::min(next, Deadline::Inclusive(holds_.begin()->time));
  return next;
}

// Partition by partition; what has held until now is reported before the partition's end.
absl::Status WindowMachine::Fire(Deadline deadline, ReportSink* sink) {
  if (deadline == SharedDeadline()) CloseShared(deadline.time, sink);
  if (!deadline.inclusive) return absl::OkStatus();
  while (true) {
    const std::optional<PartitionDeadline> end = ends_.Next();
    const bool ended = end.has_value() && end->time == deadline.time;
    const bool held = !holds_.empty() && holds_.begin()->time == deadline.time;
    if (held && (!ended || holds_.begin()->slot <= end->partition)) {
      const Hold hold = *holds_.begin();
      holds_.erase(holds_.begin());
      OnHeld(hold.slot, hold.window, hold.time, sink);
    } else if (ended) {
      ends_.Cancel(end->partition);
      OnEnd(end->partition, end->time, sink);
    } else {
      return absl::OkStatus();
    }
  }
}

absl::Status WindowMachine::Finish(FinishMode mode, Time clock, ReportSink* sink) {
  if (mode == FinishMode::kCount) {
    unreported_ = closable() + holds_.size();
  } else {
    CloseOpen(/*all=*/mode == FinishMode::kReport, clock, sink);
    if (mode == FinishMode::kReport) unreported_ = holds_.size();
  }
  return absl::OkStatus();
}

MachineStats WindowMachine::Stats() const { return {null_keys_, live(), unreported_, 0}; }

GateState* WindowMachine::StateOf(uint32_t slot) {
  if (!gate_.has_state()) return nullptr;
  if (slot >= states_.size()) states_.resize(slot + 1);
  return &states_[slot];
}

template <typename Call>
void WindowMachine::WithHold(GateState* state, uint32_t slot, uint32_t window, const Call& call) {
  if (!gate_.holds()) return call();
  const bool waited = gate_.Waits(*state);
  const Time start = StartOf(window);
  const Hold before{gate_.HeldAt(*state), slot, window, start};
  call();
  const bool waits = gate_.Waits(*state);
  const Hold after{gate_.HeldAt(*state), slot, window, start};
  if (waited && waits && before.time == after.time) return;
  if (waited) holds_.erase(before);
  if (waits) holds_.insert(after);
}

void WindowMachine::Judge(GateState* state, uint32_t slot, uint32_t window, const WindowView& view,
                          ReportSink* sink) {
  WithHold(state, slot, window, [&] { gate_.Judge(state, view, sink); });
}

void WindowMachine::EndWith(GateState* state, uint32_t slot, uint32_t window,
                            const WindowView& view, ReportSink* sink) {
  WithHold(state, slot, window, [&] { gate_.End(state, view, sink); });
}

}  // namespace spate
