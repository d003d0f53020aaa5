#include "runtime/match/set_matcher.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

constexpr int64_t kAlways = std::numeric_limits<int64_t>::min();

size_t HashOfBindings(absl::Span<const MatchForest::Taken> match) {
  size_t hash = match.size();
  for (const MatchForest::Taken& t : match) {
    hash = (hash ^ t.event ^ (size_t{t.var} << 40)) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 31;
  }
  return hash;
}

// How many entries a partition has: one for each state in which threads wait.
size_t UsualEntries(const std::vector<StateMasks>& masks, StateId start) {
  size_t waiting = 0;
  for (size_t s = 0; s < masks.size(); ++s) {
    if (s != start.index() && (masks[s].accepting ? masks[s].after_match : masks[s].all) != 0) {
      ++waiting;
    }
  }
  return waiting;
}

}  // namespace

bool SetMatcher::CanDo(const PatternPlan& pattern) {
  if (pattern.has_residuals || pattern.accept_condition != nullptr) return false;
  if (pattern.can_pend || !pattern.groups.empty()) return false;
  if (!pattern.bans.empty() || !pattern.permutations.empty() || pattern.has_timeout) return false;
  if (pattern.gap >= 0 || pattern.keep != KeepPolicy::kAll || !pattern.until.empty()) return false;
  if (pattern.window.kind != WindowSpec::Kind::kNone) return false;
  if (pattern.policy.kind == SkipPolicy::Kind::kNoSkip) return true;
  if (pattern.policy.kind != SkipPolicy::Kind::kPastLastEvent) return false;
  // What grows out of a reported match would have to be told from what it bars.
  const std::vector<StateMasks> masks = MakeStateMasks(pattern);
  return std::all_of(masks.begin(), masks.end(),
                     [](const StateMasks& m) { return !m.accepting || m.after_match == 0; });
}

SetMatcher::SetMatcher(const RulePlan& rule, EventStore* store, const MachineOptions& options)
    : rule_(rule),
      pattern_(*rule.pattern),
      store_(*store),
      options_(options),
      first_only_(rule.pattern->policy.kind == SkipPolicy::Kind::kPastLastEvent),
      unbounded_(rule.pattern->within.kind == WindowBound::Kind::kNone),
      masks_(MakeStateMasks(*rule.pattern)),
      accepts_(rule),
      stances_(masks_),
      partitions_(UsualEntries(masks_, rule.pattern->start)) {}

// What a match that begins with the event counts from: its time, or its place in the input.
int64_t SetMatcher::StartOf(uint64_t count, Time time) const {
  return pattern_.within.kind == WindowBound::Kind::kEvents ? static_cast<int64_t>(count) : time;
}

// The earliest start that the window still holds.
int64_t SetMatcher::Oldest(uint64_t count, Time time) const {
  switch (pattern_.within.kind) {
    case WindowBound::Kind::kNone:
      return kAlways;
    case WindowBound::Kind::kTime:
      return SaturatingSubtract(time, pattern_.within.duration);
    case WindowBound::Kind::kEvents:
      return SaturatingSubtract(static_cast<int64_t>(count) + 1,
                                static_cast<int64_t>(pattern_.within.events));
  }
  return kAlways;
}

absl::Status SetMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                                 ReportSink* sink) {
  clock_ = event.time();
  MaybeCompact();
  partitions_.Reach(slot);
  const uint64_t count = ++partitions_.Count(slot);
  accepting_ = accepts_.OfType(event.type());
  event_ = &event;
  const uint64_t fresh = Accepting(pattern_.start);
  const absl::Span<Entry> entries = partitions_.Entries(slot);
  if (fresh == 0 && entries.empty()) return absl::OkStatus();
  stored_ = kNoEvent;
  start_ = StartOf(count, clock_);
  oldest_ = Oldest(count, clock_);
  next_.clear();
  complete_.clear();
  const size_t sets = forest_.size();
  const size_t words = store_.words();
  for (const Entry& entry : entries) Advance(entry);
  if (fresh != 0) TakeAll({start_, kNoSet, pattern_.start.value}, fresh);
  absl::Status status = complete_.empty() ? absl::OkStatus() : ReportMatches(keys, sink);
  live_ += next_.size();
  live_ -= entries.size();
  partitions_.Assign(slot, next_);
  if (std::none_of(next_.begin(), next_.end(), [&](const Entry& e) { return e.set >= sets; })) {
    forest_.Truncate(sets);
    store_.Truncate(words);
  }
  return status;
}

// The transitions of a state that accept the event.
uint64_t SetMatcher::Accepting(StateId state) const {
  uint64_t mask = accepting_[state.index()].Accepting(*event_);
  if (event_->view == nullptr) return mask;
  const std::vector<uint32_t>& steps = event_->view->steps;
  for (uint64_t bits = mask; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(__builtin_ctzll(bits));
    const uint32_t step = pattern_.states[state.index()].transitions[i].step;
    if (!std::binary_search(steps.begin(), steps.end(), step)) mask &= ~(uint64_t{1} << i);
  }
  return mask;
}

// What becomes of one entry: the threads that take the event, and those that go on without it.
void SetMatcher::Advance(const Entry& entry) {
  if (entry.latest < oldest_) return;
  const Stances::Stance stance = stances_[entry.stance];
  const uint64_t accepted = Accepting(stance.state) & stance.open;
  if (accepted != 0) TakeAll(entry, accepted);
  const StateMasks& m = masks_[stance.state.index()];
  const uint64_t open = StayOpen(pattern_.states[stance.state.index()], m, stance.open, accepted);
  if (open == stance.open) {
    Put(entry.latest, entry.set, entry.stance);
  } else if (open != 0) {
    Put(entry.latest, entry.set, stances_.Of(stance.state, open));
  }
}

// Makes the threads that take the event by each accepting transition.
void SetMatcher::TakeAll(const Entry& entry, uint64_t accepted) {
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    TakeBy(entry, static_cast<size_t>(__builtin_ctzll(bits)));
  }
}

void SetMatcher::TakeBy(const Entry& entry, size_t transition) {
  const StateId target =
      pattern_.states[stances_[entry.stance].state.index()].transitions[transition].target;
  const StateMasks& m = masks_[target.index()];
  const uint64_t open = m.accepting ? m.after_match : m.all;
  const StanceId stance = stances_.Of(target, open);
  Entry* same = InNext(stance);
  // The usual case, where the event is one more after what is there, takes one node.
  if (!m.accepting && same != nullptr && !OneStays() && same->latest <= entry.latest) {
    const SetId also = same->latest < oldest_ ? kNoSet : same->set;
    *same = {entry.latest, Taken(entry, transition, also), stance};
    return;
  }
  const SetId taken = Taken(entry, transition, kNoSet);
  if (m.accepting) complete_.push_back(taken);
  if (open != 0) Put(entry.latest, taken, stance);
}

SetId SetMatcher::Taken(const Entry& entry, size_t transition, SetId also) {
  const Transition& t =
      pattern_.states[stances_[entry.stance].state.index()].transitions[transition];
  const VarId var = pattern_.steps[t.step].var;
  if (entry.set == kNoSet) return forest_.Start(Stored(), start_, transition, var, also);
  return forest_.Extend(entry.set, entry.latest, Stored(), transition, var, also);
}

SetMatcher::Entry* SetMatcher::InNext(StanceId stance) {
  for (Entry& e : next_) {
    if (e.stance == stance) return &e;
  }
  return nullptr;
}

void SetMatcher::Put(int64_t latest, SetId set, StanceId stance) {
  if (Entry* same = InNext(stance); same != nullptr) {
    Merge({latest, set, stance}, same);
    return;
  }
  // Part by part: reading back at once an entry that was put together in memory has to wait.
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
}

EventRef SetMatcher::Stored() {
  if (stored_ == kNoEvent) stored_ = store_.Add(*event_->batch, event_->row);
  return stored_;
}

// A rule that reports one match, of those in the window.
void SetMatcher::ReportFirst(absl::Span<const Value> keys, ReportSink* sink) {
  const bool any = std::any_of(complete_.begin(), complete_.end(),
                               [&](SetId set) { return forest_.LatestStart(set) >= oldest_; });
  if (!any) return;
  forest_.First(complete_, oldest_, &first_);
  ReportOne(first_, keys, sink);
  next_.clear();
}

absl::Status SetMatcher::ReportMatches(absl::Span<const Value> keys, ReportSink* sink) {
  if (first_only_) {
    ReportFirst(keys, sink);
    return absl::OkStatus();
  }
  matches_.Clear();
  for (SetId set : complete_) {
    if (!forest_.List(set, oldest_, options_.max_partial_matches, &matches_).ok()) {
      return absl::ResourceExhaustedError(
          absl::StrCat("rule `", rule_.name, "` has more than ", options_.max_partial_matches,
                       " matches at one moment: use a skip policy, or a shorter window"));
    }
  }
  order_.resize(matches_.matches.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::sort(order_.begin(), order_.end(), [this](size_t a, size_t b) {
    return MatchForest::ComesFirst(matches_[a], matches_[b]);
  });
  if (order_.size() > 1) DropEqual();
  for (size_t i : order_) ReportOne(matches_[i], keys, sink);
  return absl::OkStatus();
}

// Of matches with equal bindings the first counts.
void SetMatcher::DropEqual() {
  const auto same = [this](size_t a, size_t b) {
    const absl::Span<const MatchForest::Taken> x = matches_[a];
    const absl::Span<const MatchForest::Taken> y = matches_[b];
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const MatchForest::Taken& s, const MatchForest::Taken& t) {
                        return s.event == t.event && s.var == t.var;
                      });
  };
  seen_.clear();
  order_.erase(std::remove_if(order_.begin(), order_.end(),
                              [&](size_t i) {
                                std::vector<size_t>& bucket = seen_[HashOfBindings(matches_[i])];
                                for (size_t j : bucket) {
                                  if (same(i, j)) return true;
                                }
                                bucket.push_back(i);
                                return false;
                              }),
               order_.end());
}

void SetMatcher::ReportOne(absl::Span<const MatchForest::Taken> match, absl::Span<const Value> keys,
                           ReportSink* sink) {
  bindings_.clear();
  for (const MatchForest::Taken& t : match) {
    bindings_.push_back({t.var == MatchForest::kNoVar ? VarId() : VarId(uint32_t{t.var}), t.event});
  }
  Report report;
  report.time = event_->time();
  report.store = &store_;
  report.bindings = bindings_;
  report.keys = keys;
  sink->OnReport(report);
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
    const int64_t oldest = Oldest(partitions_.Count(slot), clock_);
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
