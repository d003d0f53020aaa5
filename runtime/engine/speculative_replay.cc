// Partitions that are run again. Part of SpeculativeRule; see speculative_rule.h.
#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "runtime/engine/speculative_sink.h"

namespace spate {
namespace {

// What making a machine costs, in events.
constexpr size_t kMachineWork = 16;

}  // namespace

absl::Status SpeculativeRule::Replay(uint32_t slot, Time clock, std::vector<Change>* out) {
  Partition& p = At(slot);
  UpdateLog(slot);
  ++shared_.replays;
  shared_.replayed_events += p.log.size();
  absl::StatusOr<std::unique_ptr<Machine>> machine = MakeMachine();
  if (!machine.ok()) return machine.status();
  const std::vector<EventPtr> before = std::move(p.derived);
  p.derived.clear();
  GoBack(slot);
  Sink sink(this, Mode::kReplay, slot, nullptr);
  if (absl::Status s = RunLogs(machine->get(), {slot}, clock, &sink); !s.ok()) return s;
  reports_ = reports_ - before.size() + p.derived.size();
  Compare(before, &p.derived, out);
  if (keys_->empty()) {
    const MachineStats old = common_->Stats();
    const MachineStats now = (*machine)->Stats();
    before_.null_limits += old.null_limits - std::min(old.null_limits, now.null_limits);
    common_ = *std::move(machine);
    return absl::OkStatus();
  }
  p.apart = true;
  p.own = *std::move(machine);
  RefreshOwn(slot);
  apart_work_ += p.log.size() + kMachineWork;
  return absl::OkStatus();
}

// Puts the changes of the present Run into a partition's log.
void SpeculativeRule::UpdateLog(uint32_t slot) {
  Partition& p = At(slot);
  kept_ -= p.log.size();
  absl::flat_hash_set<const SpeculativeEvent*> removed;
  for (const Item& item : items_) {
    if (item.slot == slot && item.change.removed) removed.insert(item.change.event.get());
  }
  if (!removed.empty()) {
    p.log.erase(std::remove_if(p.log.begin(), p.log.end(),
                               [&](const Logged& l) { return removed.contains(l.event.get()); }),
                p.log.end());
  }
  const auto old = static_cast<ptrdiff_t>(p.log.size());
  for (const Item& item : items_) {
    if (item.slot == slot && !item.change.removed && !item.clock) {
      p.log.push_back({item.change.event, item.view, false});
    }
  }
  std::inplace_merge(
      p.log.begin(), p.log.begin() + old, p.log.end(),
      [](const Logged& a, const Logged& b) { return a.event->place < b.event->place; });
  kept_ += p.log.size();
  p.looked_through = 0;
  if (!removed.empty() && !p.forgotten && !keys_->empty()) FindFirst(&p);
}

// After events were taken away: where the partition begins now, if it still is one.
void SpeculativeRule::FindFirst(Partition* p) {
  p->exists = !p->log.empty();
  if (!p->exists) return;
  const PartitionStart start{p->log.front().event->place, p->log.front().view};
  if (start.first == p->start.first && start.view == p->start.view) return;
  p->start = start;
  p->cut = start.first;
  shared_.moved.insert(&p->start);
  out_of_order_ = true;
}

// What was remembered of the reports of a partition, as it was when they became final.
void SpeculativeRule::GoBack(uint32_t slot) {
  Partition& p = At(slot);
  p.reports.clear();
  p.passes.clear();
  if (limiter_ == nullptr) return;
  limiter_->Reset(KeysOf(slot), p.past != nullptr ? *p.past : Limiter::Partition());
}

// Runs the logs of some partitions up to now.
absl::Status SpeculativeRule::RunLogs(Machine* machine, absl::Span<const uint32_t> slots,
                                      Time clock, Sink* sink) {
  struct Entry {
    uint32_t slot;
    Logged* logged;
  };
  std::vector<Entry> entries;
  Time from = kMaxTime;
  for (uint32_t slot : slots) {
    Partition& p = At(slot);
    p.last = nullptr;
    from = std::min(from, p.cut.time);
    for (Logged& logged : p.log) entries.push_back({slot, &logged});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.logged->event->place < b.logged->event->place;
  });
  std::vector<EventPtr> beats;
  if (reads_clock_) beats = shared_.clocks.Between(from, clock);
  const auto take = [&](uint32_t slot, const EventPtr& event) {
    absl::Status status = FireDue(machine, event->place.time, sink);
    if (status.ok()) status = Feed(machine, slot, event, sink);
    At(slot).last = event;
    return status;
  };
  size_t next = 0;
  for (size_t beat = 0; beat <= beats.size(); ++beat) {
    for (; next < entries.size(); ++next) {
      const auto& [slot, logged] = entries[next];
      if (beat < beats.size() && beats[beat]->place < logged->event->place) break;
      if (absl::Status s = take(slot, logged->event); !s.ok()) return s;
      logged->at_rest = machine->AtRest(KeysOf(slot));
    }
    if (beat == beats.size() || !Reads(beats[beat]->type->id)) continue;
    for (uint32_t slot : slots) {
      const Partition& p = At(slot);
      if (!p.exists || !(p.cut < beats[beat]->place)) continue;
      if (absl::Status s = take(slot, beats[beat]); !s.ok()) return s;
    }
  }
  return FireDue(machine, clock, sink);
}

bool SpeculativeRule::Reads(TypeId type) const {
  return std::any_of(rule_.inputs.begin(), rule_.inputs.end(),
                     [&](const RuleInput& input) { return input.type == type; });
}

// Whether the order of an event among others may have changed though its place reads the same.
bool SpeculativeRule::Touched(const SpeculativeEvent& event) const {
  if (shared_.moved.empty()) return false;
  return std::any_of(event.place.path.begin(), event.place.path.end(),
                     [&](const PlaceStep& step) { return shared_.moved.contains(step.start); });
}

bool SpeculativeRule::Same(const EventPtr& a, const EventPtr& b) const {
  return a->print == b->print && a->place == b->place && !Touched(*a);
}

// Appends the changes that make `before` of `after`. Events that stay keep their identity.
void SpeculativeRule::Compare(const std::vector<EventPtr>& before, std::vector<EventPtr>* after,
                              std::vector<Change>* out) const {
  size_t begin = 0;
  size_t old_end = before.size();
  size_t new_end = after->size();
  for (; begin < std::min(old_end, new_end) && Same(before[begin], (*after)[begin]); ++begin) {
    (*after)[begin] = before[begin];
  }
  for (; old_end > begin && new_end > begin && Same(before[old_end - 1], (*after)[new_end - 1]);) {
    (*after)[--new_end] = before[--old_end];
  }
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, std::vector<size_t>> old;  // by print
  for (size_t i = old_end; i-- > begin;) {
    old[{before[i]->print.high, before[i]->print.low}].push_back(i);
  }
  for (size_t i = begin; i < new_end; ++i) {
    EventPtr& event = (*after)[i];
    std::vector<size_t>& same = old[{event->print.high, event->print.low}];
    if (same.empty()) {
      out->push_back({event, /*removed=*/false, /*shown=*/true});
      continue;
    }
    const EventPtr& was = before[same.back()];
    same.pop_back();
    if (Same(was, event)) {
      event = was;
    } else {
      out->push_back({was, /*removed=*/true, /*shown=*/false});
      out->push_back({event, /*removed=*/false, /*shown=*/false});
    }
  }
  for (const auto& [print, left] : old) {
    for (size_t i : left) out->push_back({before[i], /*removed=*/true, /*shown=*/true});
  }
}

// Puts all partitions into a new common machine, in the order in which they began.
absl::Status SpeculativeRule::MakeCommon(Time clock) {
  absl::StatusOr<std::unique_ptr<Machine>> machine = MakeMachine();
  if (!machine.ok()) return machine.status();
  const EvalIssues counted = issues_;
  std::vector<uint32_t> slots(partitions_.size());
  std::iota(slots.begin(), slots.end(), 0u);
  std::sort(slots.begin(), slots.end(),
            [this](uint32_t a, uint32_t b) { return At(a).start < At(b).start; });
  for (uint32_t slot : slots) {
    Partition& p = At(slot);
    p.own = nullptr;
    RefreshOwn(slot);
    p.apart = false;
    if (p.exists) (*machine)->AddPartition(KeysOf(slot));
    GoBack(slot);
  }
  Sink sink(this, Mode::kKnown, kAnySlot, nullptr);
  if (absl::Status s = RunLogs(machine->get(), slots, clock, &sink); !s.ok()) return s;
  const MachineStats old = common_->Stats();
  const MachineStats now = (*machine)->Stats();
  before_.null_keys += old.null_keys;
  before_.null_limits += old.null_limits - std::min(old.null_limits, now.null_limits);
  common_ = *std::move(machine);
  issues_ = counted;
  out_of_order_ = false;
  apart_work_ = 0;
  return absl::OkStatus();
}

absl::Status SpeculativeRule::Gather(Time clock) {
  const bool any_apart =
      std::any_of(partitions_.begin(), partitions_.end(), [](const auto& p) { return p->apart; });
  return any_apart || out_of_order_ ? MakeCommon(clock) : absl::OkStatus();
}

}  // namespace spate
