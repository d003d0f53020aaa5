#include "runtime/match/set_matcher.h"

#include <algorithm>
#include <utility>

#include "runtime/match/merged_threads.h"

namespace spate {
bool SetMatcher::CanDo(const PatternPlan& pattern) {
  return !pattern.has_residuals && !KeepsStartsApart(pattern) && CanMergeThreads(pattern);
}

SetMatcher::SetMatcher(const RulePlan& rule, EventStore* store, const MachineOptions& options)
    : pattern_(*rule.pattern),
      store_(*store),
      first_only_(rule.pattern->policy.kind == SkipPolicy::Kind::kPastLastEvent),
      starts_(rule.pattern->within),
      masks_(MakeStateMasks(*rule.pattern)),
      accepts_(rule, AcceptMasks::Of::kSteps),
      bans_(rule, AcceptMasks::Of::kBans),
      has_bans_(!rule.pattern->bans.empty()),
      stances_(masks_),
      reports_(rule, &forest_, store, options.max_partial_matches),
      partitions_(WaitingStates(masks_, rule.pattern->start)) {
  MakeMoves();
}

void SetMatcher::MakeMoves() {
  for (const State& state : pattern_.states) {
    std::vector<Move>& moves = moves_.emplace_back();
    for (const Transition& t : state.transitions) {
      const StateMasks& m = masks_[t.target.index()];
      const uint64_t open = m.accepting ? m.after_match : m.all;
      const StanceId stance = stances_.Of(t.target, open);
      moves.push_back({open, stance, pattern_.steps[t.step].var, m.accepting});
    }
  }
}

absl::Status SetMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                                 ReportSink* sink) {
  clock_ = event.time();
  MaybeCompact();
  partitions_.Reach(slot);
  const uint64_t count = ++partitions_.Count(slot);
  accepting_ = accepts_.OfType(event.type());
  banning_ = has_bans_ ? bans_.OfType(event.type()) : nullptr;
  event_ = &event;
  const uint64_t fresh = Accepting(pattern_.start);
  const absl::Span<Entry> entries = partitions_.Entries(slot);
  if (fresh == 0 && entries.empty()) return absl::OkStatus();
  stored_ = kNoEvent;
  start_ = starts_.Of(count, clock_);
  oldest_ = starts_.Oldest(count, clock_);
  next_.clear();
  complete_.clear();
  const size_t sets = forest_.size();
  const size_t words = store_.words();
  for (const Entry& entry : entries) Advance(entry);
  if (fresh != 0) TakeAll({start_, kNoSet, pattern_.start.value}, pattern_.start, fresh);
  absl::Status status = complete_.empty() ? absl::OkStatus() : ReportMatches(keys, sink);
  live_ += next_.size();
  live_ -= entries.size();
  partitions_.Assign(slot, next_);
  const auto is_new = [sets](const Entry& e) { return e.set >= sets; };
  if (forest_.size() > sets && std::none_of(next_.begin(), next_.end(), is_new)) {
    forest_.Truncate(sets);
    store_.Truncate(words);
  }
  return status;
}

// Of transitions that accept the event those whose steps may take it in this partition.
uint64_t SetMatcher::InView(StateId state, uint64_t accepting) const {
  uint64_t mask = accepting;
  const std::vector<uint32_t>& steps = event_->view->steps;
  for (uint64_t bits = mask; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(__builtin_ctzll(bits));
    const uint32_t step = pattern_.states[state.index()].transitions[i].step;
    if (!std::binary_search(steps.begin(), steps.end(), step)) mask &= ~(uint64_t{1} << i);
  }
  return mask;
}

// The same of transitions that a ban closes, whose steps are looked at one by one.
uint64_t SetMatcher::BannedInView(StateId state, uint64_t banning) const {
  const std::vector<uint32_t>& steps = event_->view->steps;
  const auto forbids = [&](const Guard& g) {
    const uint32_t step = pattern_.bans[g.ban].step;
    if (!std::binary_search(steps.begin(), steps.end(), step)) return false;
    const std::vector<StepInput>& inputs = pattern_.steps[step].inputs;
    return std::any_of(inputs.begin(), inputs.end(), [&](const StepInput& in) {
      return in.type == event_->type() && event_->bits->Test(in.predicate, event_->row);
    });
  };
  uint64_t banned = 0;
  for (uint64_t bits = banning; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(__builtin_ctzll(bits));
    const std::vector<Guard>& guards = pattern_.states[state.index()].transitions[i].guards;
    if (std::any_of(guards.begin(), guards.end(), forbids)) banned |= uint64_t{1} << i;
  }
  return banned;
}

// What becomes of one entry: the threads that take the event, and those that go on without it.
void SetMatcher::Advance(const Entry& entry) {
  if (entry.latest < oldest_) return;
  const Stances::Stance stance = stances_[entry.stance];
  const uint64_t accepted = Accepting(stance.state) & stance.open;
  if (accepted != 0) TakeAll(entry, stance.state, accepted);
  const StateMasks& m = masks_[stance.state.index()];
  const uint64_t open = StayOpen(pattern_.states[stance.state.index()], m, stance.open, accepted) &
                        ~Banned(stance.state);
  if (open == stance.open) {
    Put(entry.latest, entry.set, entry.stance);
  } else if (open != 0) {
    Put(entry.latest, entry.set, stances_.Of(stance.state, open));
  }
}

// Makes the threads that take the event by each accepting transition.
void SetMatcher::TakeAll(const Entry& entry, StateId state, uint64_t accepted) {
  const std::vector<Move>& moves = moves_[state.index()];
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    const auto transition = static_cast<size_t>(__builtin_ctzll(bits));
    TakeBy(entry, transition, moves[transition]);
  }
}

void SetMatcher::TakeBy(const Entry& entry, size_t transition, const Move& move) {
  Entry* same = InNext(move.stance);
  // The usual case, where the event is one more after what is there, takes one node.
  if (!move.completes && same != nullptr && !OneStays() && same->latest <= entry.latest) {
    const SetId also = same->latest < oldest_ ? kNoSet : same->set;
    *same = {entry.latest, Taken(entry, transition, move.var, also), move.stance};
    return;
  }
  const SetId taken = Taken(entry, transition, move.var, kNoSet);
  if (move.completes) complete_.push_back(taken);
  if (move.open == 0) return;
  if (same != nullptr) return Merge({entry.latest, taken, move.stance}, same);
  AddNext(entry.latest, taken, move.stance);
}

SetMatcher::Entry* SetMatcher::InNext(StanceId stance) {
  for (Entry& e : next_) {
    if (e.stance == stance) return &e;
  }
  return nullptr;
}

void SetMatcher::Put(int64_t latest, SetId set, StanceId stance) {
  if (Entry* same = InNext(stance); same != nullptr) return Merge({latest, set, stance}, same);
  AddNext(latest, set, stance);
}

// Part by part: reading back at once an entry that was put together in memory has to wait.
void SetMatcher::AddNext(int64_t latest, SetId set, StanceId stance) {
  Entry& entry = next_.emplace_back();
  entry.latest = latest;
  entry.set = set;
  entry.stance = stance;
}

void SetMatcher::Merge(const Entry& added, Entry* entry) {
  if (OneStays()) {
    if (forest_.SingleComesFirst(added.set, entry->set)) *entry = added;
    return;
  }
  entry->set = forest_.Union(entry->set, entry->latest, added.set, added.latest, oldest_);
  entry->latest = std::max(entry->latest, added.latest);
}

void SetMatcher::Prefetch(absl::Span<const uint32_t> slots) const {
  for (uint32_t slot : slots) partitions_.Prefetch(slot);
  for (uint32_t slot : slots) {
    if (slot >= partitions_.size()) continue;
    for (const Entry& e : partitions_.Entries(slot)) forest_.Prefetch(e.set);
  }
  if (!first_only_) return;
  for (uint32_t slot : slots) {
    if (slot >= partitions_.size()) continue;
    for (const Entry& e : partitions_.Entries(slot)) forest_.PrefetchRight(e.set);
  }
}

absl::Status SetMatcher::ReportMatches(absl::Span<const Value> keys, ReportSink* sink) {
  const SetReports::Moment moment{complete_, oldest_, clock_, keys, sink};
  if (!first_only_) return reports_.All(moment);
  if (reports_.First(moment)) next_.clear();
  return absl::OkStatus();
}

void SetMatcher::MaybeCompact() {
  if (forest_.size() + store_.words() / 4 >= compact_at_) Compact();
}

// Copies what is live. It is time for it when as much has been added as was live after the last
// time.
void SetMatcher::Compact() {
  const auto slots = static_cast<uint32_t>(partitions_.size());
  forest_.BeginMark();
  for (uint32_t slot = 0; slot < slots; ++slot) {
    constexpr uint32_t kAhead = 16;
    if (slot + kAhead < slots) {
      for (const Entry& e : partitions_.Entries(slot + kAhead)) forest_.Prefetch(e.set);
    }
    const int64_t oldest = starts_.Oldest(partitions_.Count(slot), clock_);
    for (const Entry& e : partitions_.Entries(slot)) forest_.Mark(e.set, oldest);
  }
  forest_.Compact(&store_);
  for (uint32_t slot = 0; slot < slots; ++slot) {
    const absl::Span<Entry> entries = partitions_.Entries(slot);
    if (entries.empty()) continue;
    size_t kept = 0;
    for (Entry e : entries) {
      e.set = forest_.Forwarded(e.set);
      if (e.set != kNoSet) entries[kept++] = e;
    }
    live_ -= entries.size() - kept;
    partitions_.Assign(slot, entries.first(kept));
  }
  forest_.Forget();
  const size_t live = forest_.size() + store_.words() / 4 + partitions_.size();
  compact_at_ = std::max(size_t{1} << 16, 2 * live);
}

}  // namespace spate
