#include "runtime/engine/speculative_rule.h"

#include <algorithm>

#include "runtime/engine/given.h"
#include "runtime/engine/speculative_sink.h"
#include "runtime/match/pattern_machine.h"
#include "runtime/match/window_machine.h"

namespace spate {

// ---- reports ---------------------------------------------------------------------------------

bool SpeculativeRule::Sink::OnReport(const Report& report) {
  const uint32_t slot = slot_ != kAnySlot ? slot_ : rule_.SlotOf(report.keys);
  Partition& p = rule_.At(slot);
  if (slot_ == kAnySlot && p.apart) return true;  // of what the machine knows wrongly
  reports_ = slot == last_slot_ ? reports_ + 1 : 0;
  last_slot_ = slot;
  if (rule_.memory_.unreported) p.reports.push_back(cause_.time);
  if (cause_.time < p.settled) return true;
  const bool limited = rule_.limiter_ != nullptr && report.kind != EmitKind::kElse &&
                       report.kind != EmitKind::kSummary;
  if (limited) {
    const bool passes = rule_.limiter_->Pass(report.keys, report.time);
    p.passes.emplace_back(cause_.time, passes);
    if (!passes) return false;
  }
  if (mode_ != Mode::kKnown) Derive(report, &p);
  return true;
}

void SpeculativeRule::Sink::Derive(const Report& report, Partition* p) {
  const EngineOptions& options = rule_.shared_.options;
  absl::Span<const EventId> sources;
  if (options.keep_ids) sources = rule_.deriver_->Sources(report);
  rule_.deriver_->Derive(report, [&](size_t emit, TypeId type, absl::Span<const Value> values) {
    DerivedEvent derived{&rule_.shared_.plan.types[type.index()],
                         report.time,
                         &rule_.rule_,
                         values,
                         {},
                         {},
                         sources};
    if (options.keep_ids) derived.id = DerivedId(rule_.rule_.name, emit, report.time, sources);
    if (options.keep_matched) derived.matched = rule_.deriver_->Matched(report);
    const auto number = static_cast<uint32_t>(emit);
    std::shared_ptr<SpeculativeEvent> event = KeepDerived(derived, number);
    event->place = cause_;
    event->place.path.push_back({rule_.rank_, &p->start, reports_, number});
    p->derived.push_back(event);
    if (mode_ != Mode::kLive) return;
    ++rule_.reports_;
    out_->push_back({std::move(event), /*removed=*/false, /*shown=*/true});
  });
}

// ---- what a rule is made of --------------------------------------------------------------------

SpeculativeRule::SpeculativeRule(SpeculativeShared* shared, const RulePlan& rule, uint32_t rank)
    : shared_(*shared),
      rule_(rule),
      rank_(rank),
      memory_(ReplayMemoryOf(shared->plan, rule)),
      key_index_(RuleKeys::Kinds(rule)) {}

absl::StatusOr<std::unique_ptr<SpeculativeRule>> SpeculativeRule::Create(SpeculativeShared* shared,
                                                                         const RulePlan& plan,
                                                                         uint32_t rank) {
  std::unique_ptr<SpeculativeRule> rule(new SpeculativeRule(shared, plan, rank));
  rule->issues_.set_tables(shared->tables);
  rule->key_issues_.set_tables(shared->tables);
  absl::StatusOr<std::unique_ptr<RuleKeys>> keys = RuleKeys::Create(plan, &rule->key_issues_);
  if (!keys.ok()) return keys.status();
  rule->keys_ = *std::move(keys);
  absl::StatusOr<std::unique_ptr<Deriver>> deriver =
      Deriver::Create(shared->plan, plan, &rule->issues_);
  if (!deriver.ok()) return deriver.status();
  rule->deriver_ = *std::move(deriver);
  rule->limiter_ = Limiter::Create(plan);
  absl::StatusOr<std::unique_ptr<Machine>> machine = rule->MakeMachine();
  if (!machine.ok()) return machine.status();
  rule->common_ = *std::move(machine);
  for (const RuleInput& input : plan.inputs) {
    rule->reads_clock_ |= shared->plan.types[input.type.index()].clock;
  }
  if (rule->keys_->empty()) rule->At(0).exists = true;
  return rule;
}

absl::StatusOr<std::unique_ptr<Machine>> SpeculativeRule::MakeMachine() {
  const MachineOptions options = MachineOptionsOf(shared_.options);
  return rule_.pattern != nullptr ? PatternMachine::Create(shared_.plan, rule_, options, &issues_)
                                  : WindowMachine::Create(shared_.plan, rule_, options, &issues_);
}

SpeculativeRule::Partition& SpeculativeRule::At(uint32_t slot) {
  while (slot >= partitions_.size()) partitions_.push_back(std::make_unique<Partition>());
  return *partitions_[slot];
}

uint32_t SpeculativeRule::SlotOf(absl::Span<const Value> keys) {
  return keys.empty() ? 0 : key_index_.FindOrAdd(keys);
}

// ---- which partitions an event is in -----------------------------------------------------------

// Fills in_slots_.
void SpeculativeRule::FindPartitions(const Arrival& row) {
  in_slots_.clear();
  absl::Span<const Value> keys;
  if (!keys_->has_views()) {
    if (keys_->Get(row, &keys)) in_slots_.emplace_back(SlotOf(keys), 0);
    return;
  }
  for (uint32_t view = 0; view < keys_->ViewCount(row.type()); ++view) {
    if (!keys_->GetView(row, view, &keys)) continue;
    const uint32_t slot = SlotOf(keys);
    const bool known = std::any_of(in_slots_.begin(), in_slots_.end(),
                                   [&](const auto& in) { return in.first == slot; });
    if (!known) in_slots_.emplace_back(slot, view);
  }
}

// Makes the items of one change.
absl::Status SpeculativeRule::Distribute(const Change& change, Time before) {
  const Place& place = change.event->place;
  if (change.event->type->clock) {
    for (uint32_t slot = 0; slot < partitions_.size(); ++slot) {
      const Partition& p = *partitions_[slot];
      if (p.exists && p.start.first < place) Enter({change, slot, 0, /*clock=*/true}, before);
    }
    return absl::OkStatus();
  }
  const Arrival row = shared_.rows->RowOf(change.event);
  FindPartitions(row);
  for (const auto& [slot, view] : in_slots_) {
    Enter({change, slot, view, /*clock=*/false}, before);
  }
  if (!in_slots_.empty() || change.removed) return absl::OkStatus();
  Sink sink(this, Mode::kLive, kAnySlot, nullptr);
  return common_->OnEvent(row, &sink);  // has no key, and is counted
}

void SpeculativeRule::Enter(const Item& item, Time before) {
  Partition& p = At(item.slot);
  const Place& place = item.change.event->place;
  if (!item.clock && !item.change.removed) MeetFirst(item, &p);
  p.changed |=
      item.change.removed || place.time < before || (p.last != nullptr && place < p.last->place);
  items_.push_back(item);
}

// Keeps the order of the partitions.
void SpeculativeRule::MeetFirst(const Item& item, Partition* p) {
  const PartitionStart start{item.change.event->place, item.view};
  if (p->exists && !(start < p->start)) return;
  if (p->exists) {
    shared_.moved.insert(&p->start);
    out_of_order_ = true;
  }
  p->exists = true;
  p->start = start;
  p->cut = start.first;
  if (start < latest_start_) {
    out_of_order_ = true;
  } else {
    latest_start_ = start;
  }
}

// ---- in order ----------------------------------------------------------------------------------

absl::Status SpeculativeRule::Run(Time before, Time clock, std::vector<Change>* out) {
  std::vector<Change> changes;
  std::swap(changes, changes_);
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return a.event->place < b.event->place;
  });
  items_.clear();
  for (const Change& change : changes) {
    if (absl::Status s = Distribute(change, before); !s.ok()) return s;
  }
  std::vector<uint32_t> changed;
  for (const Item& item : items_) {
    Partition& p = At(item.slot);
    if (p.changed && std::find(changed.begin(), changed.end(), item.slot) == changed.end()) {
      changed.push_back(item.slot);
    }
  }
  for (uint32_t slot : changed) {
    if (absl::Status s = Replay(slot, clock, out); !s.ok()) return s;
  }
  if (absl::Status s = TakeInOrder(out, clock); !s.ok()) return s;
  for (uint32_t slot : changed) At(slot).changed = false;
  for (const Item& item : items_) PlanSettling(item.slot);
  // By then as much has been spent on replays as it costs.
  const bool worth_while = apart_work_ > 2 * kept_ + 8 * partitions_.size() + 256;
  return worth_while ? MakeCommon(clock) : absl::OkStatus();
}

absl::Status SpeculativeRule::TakeInOrder(std::vector<Change>* out, Time clock) {
  Sink common(this, Mode::kLive, kAnySlot, out);
  for (const Item& item : items_) {
    Partition& p = At(item.slot);
    if (p.changed) continue;
    const EventPtr& event = item.change.event;
    Sink own(this, Mode::kLive, item.slot, out);
    Machine* machine = p.apart ? p.own.get() : common_.get();
    Sink* sink = p.apart ? &own : &common;
    if (absl::Status s = FireDue(machine, event->place.time, sink); !s.ok()) return s;
    if (absl::Status s = Feed(machine, item.slot, event, sink); !s.ok()) return s;
    p.last = event;
    if (p.apart) RefreshOwn(item.slot);
    if (item.clock) continue;
    p.log.push_back({event, item.view, machine->AtRest(KeysOf(item.slot))});
    ++kept_;
  }
  if (absl::Status s = FireDue(common_.get(), clock, &common); !s.ok()) return s;
  return FireOwn(clock, &common);
}

absl::Status SpeculativeRule::Feed(Machine* machine, uint32_t slot, const EventPtr& event,
                                   Sink* sink) {
  Arrival row = shared_.rows->RowOf(event);
  const absl::Span<const Value> keys = KeysOf(slot);
  if (!keys.empty()) row.only = keys.data();
  sink->Begin(event->place);
  return machine->OnEvent(row, sink);
}

absl::Status SpeculativeRule::FireDue(Machine* machine, Time until, Sink* sink) {
  if (!machine->HasDeadlines()) return absl::OkStatus();
  for (Deadline d = machine->NextDeadline(); d.DueAt(until); d = machine->NextDeadline()) {
    sink->Begin(d.inclusive
                    ? Place::Of(d.time, Place::kInclusive, static_cast<uint64_t>(rule_.layer))
                    : Place::Of(d.time, Place::kExclusive, 0));
    if (absl::Status s = machine->Fire(d, sink); !s.ok()) return s;
  }
  return absl::OkStatus();
}

void SpeculativeRule::RefreshOwn(uint32_t slot) {
  Partition& p = At(slot);
  const Deadline next = p.own != nullptr ? p.own->NextDeadline() : Deadline::None();
  if (next == p.deadline) return;
  if (!p.deadline.none) own_deadlines_.erase({p.deadline, slot});
  if (!next.none) own_deadlines_.insert({next, slot});
  p.deadline = next;
}

absl::Status SpeculativeRule::FireOwn(Time clock, Sink* common) {
  while (!own_deadlines_.empty() && own_deadlines_.begin()->first.DueAt(clock)) {
    const uint32_t slot = own_deadlines_.begin()->second;
    Sink sink(this, Mode::kLive, slot, common->out());
    if (absl::Status s = FireDue(At(slot).own.get(), clock, &sink); !s.ok()) return s;
    RefreshOwn(slot);
  }
  return absl::OkStatus();
}

Deadline SpeculativeRule::NextDeadline() const {
  Deadline next = common_->NextDeadline();
  if (!own_deadlines_.empty()) next = std::min(next, own_deadlines_.begin()->first);
  return next;
}

RuleStats SpeculativeRule::Stats() const {
  const MachineStats now = common_ != nullptr ? common_->Stats() : MachineStats();
  RuleStats stats;
  stats.name = rule_.name;
  stats.reports = reports_;
  stats.null_keys = before_.null_keys + now.null_keys;
  stats.null_limits = before_.null_limits + now.null_limits;
  stats.live_threads = now.live;
  for (const auto& p : partitions_) {
    if (p->own != nullptr) stats.live_threads += p->own->Stats().live;
  }
  stats.held_back = limiter_ != nullptr ? limiter_->held_back() : 0;
  return stats;
}

}  // namespace spate
