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

SetMatcher::SetMatcher(const RulePlan& rule, PatternSteps* steps, EventStore* store,
                       const MachineOptions& options)
    : rule_(rule),
      pattern_(*rule.pattern),
      steps_(*steps),
      store_(*store),
      options_(options),
      first_only_(rule.pattern->policy.kind == SkipPolicy::Kind::kPastLastEvent),
      masks_(MakeStateMasks(*rule.pattern)) {}

// What a match that begins with the event counts from: its time, or its place in the input.
int64_t SetMatcher::StartOf(const Partition& p, const Arrival& event) const {
  return pattern_.within.kind == WindowBound::Kind::kEvents ? static_cast<int64_t>(p.count)
                                                            : event.time();
}

// The earliest start that the window still holds.
int64_t SetMatcher::Oldest(const Partition& p, Time time) const {
  switch (pattern_.within.kind) {
    case WindowBound::Kind::kNone:
      return kAlways;
    case WindowBound::Kind::kTime:
      return SaturatingSubtract(time, pattern_.within.duration);
    case WindowBound::Kind::kEvents:
      return SaturatingSubtract(static_cast<int64_t>(p.count) + 1,
                                static_cast<int64_t>(pattern_.within.events));
  }
  return kAlways;
}

uint64_t SetMatcher::LocalMask(StateId state) const {
  const State& s = pattern_.states[state.index()];
  uint64_t mask = 0;
  for (size_t i = 0; i < s.transitions.size(); ++i) {
    if (steps_.Local(s.transitions[i].step)) mask |= uint64_t{1} << i;
  }
  return mask;
}

absl::Status SetMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                                 ReportSink* sink) {
  clock_ = event.time();
  MaybeCompact();
  if (slot >= partitions_.size()) partitions_.resize(slot + 1);
  Partition& p = partitions_[slot];
  ++p.count;
  const bool accepted = steps_.SetEvent(event);
  if (!accepted && p.entries.empty()) return absl::OkStatus();
  event_ = &event;
  stored_ = kNoEvent;
  start_ = StartOf(p, event);
  const int64_t oldest = Oldest(p, event.time());
  next_.clear();
  complete_.clear();
  for (const Entry& entry : p.entries) {
    Advance(entry, accepted ? LocalMask(entry.state) & entry.mask : 0, oldest);
  }
  if (accepted) TakeAll({pattern_.start, kNoSet, 0, start_}, LocalMask(pattern_.start), oldest);
  live_ += next_.size();
  live_ -= p.entries.size();
  p.entries.swap(next_);
  if (complete_.empty()) return absl::OkStatus();
  return ReportMatches(keys, oldest, &p, sink);
}

// What becomes of one entry: the threads that take the event, and those that go on without it.
void SetMatcher::Advance(const Entry& entry, uint64_t accepted, int64_t oldest) {
  if (entry.latest < oldest) return;
  const StateMasks& m = masks_[entry.state.index()];
  if (accepted != 0) TakeAll(entry, accepted, oldest);
  const State& s = pattern_.states[entry.state.index()];
  Put({entry.state, entry.set, StayOpen(s, m, entry.mask, accepted), entry.latest}, oldest);
}

// Makes the threads that take the event by each accepting transition; of an entry without a set,
// fresh ones.
void SetMatcher::TakeAll(const Entry& entry, uint64_t accepted, int64_t oldest) {
  const State& s = pattern_.states[entry.state.index()];
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctzll(bits));
    const Transition& t = s.transitions[i];
    const VarId var = pattern_.steps[t.step].var;
    const SetId taken = entry.set == kNoSet
                            ? forest_.Start(Stored(), start_, i, var)
                            : forest_.Extend(entry.set, entry.latest, Stored(), i, var);
    const StateMasks& target = masks_[t.target.index()];
    if (target.accepting) complete_.push_back(taken);
    Put({t.target, taken, target.accepting ? target.after_match : target.all, entry.latest},
        oldest);
  }
}

void SetMatcher::Put(const Entry& entry, int64_t oldest) {
  if (entry.mask == 0) return;
  for (Entry& e : next_) {
    if (e.state != entry.state || e.mask != entry.mask) continue;
    Merge(entry, oldest, &e);
    return;
  }
  next_.push_back(entry);
}

// Without a window only the match that comes first can ever be reported by a rule that reports one.
void SetMatcher::Merge(const Entry& added, int64_t oldest, Entry* entry) {
  if (first_only_ && pattern_.within.kind == WindowBound::Kind::kNone) {
    if (forest_.SingleComesFirst(added.set, entry->set)) *entry = added;
    return;
  }
  entry->set = forest_.Union(entry->set, entry->latest, added.set, added.latest, oldest);
  entry->latest = std::max(entry->latest, added.latest);
}

void SetMatcher::Prefetch(uint32_t slot) const {
  if (slot < partitions_.size()) __builtin_prefetch(&partitions_[slot]);
}

void SetMatcher::PrefetchDeep(uint32_t slot) const {
  if (slot >= partitions_.size()) return;
  for (const Entry& e : partitions_[slot].entries) forest_.Prefetch(e.set);
}

EventRef SetMatcher::Stored() {
  if (stored_ == kNoEvent) stored_ = store_.Add(*event_->batch, event_->row);
  return stored_;
}

absl::Status SetMatcher::ReportMatches(absl::Span<const Value> keys, int64_t oldest, Partition* p,
                                       ReportSink* sink) {
  if (first_only_) {
    const bool any = std::any_of(complete_.begin(), complete_.end(),
                                 [&](SetId set) { return forest_.LatestStart(set) >= oldest; });
    if (!any) return absl::OkStatus();
    forest_.First(complete_, oldest, &first_);
    ReportOne(first_, keys, sink);
    live_ -= p->entries.size();
    p->entries.clear();
    return absl::OkStatus();
  }
  matches_.Clear();
  for (SetId set : complete_) {
    if (!forest_.List(set, oldest, options_.max_partial_matches, &matches_).ok()) {
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

// Copies what is live when as much has been added as was live after the last time.
void SetMatcher::MaybeCompact() {
  if (forest_.size() + store_.words() / 4 < compact_at_) return;
  forest_.BeginMark();
  for (Partition& p : partitions_) {
    for (const Entry& e : p.entries) forest_.Mark(e.set, Oldest(p, clock_));
  }
  forest_.Compact(&store_);
  for (Partition& p : partitions_) {
    size_t kept = 0;
    for (Entry& e : p.entries) {
      e.set = forest_.Forwarded(e.set);
      if (e.set != kNoSet) p.entries[kept++] = e;
    }
    live_ -= p.entries.size() - kept;
    p.entries.resize(kept);
    if (kept == 0) p.entries.shrink_to_fit();
  }
  forest_.Forget();
  const size_t live = forest_.size() + store_.words() / 4 + partitions_.size();
  compact_at_ = std::max(size_t{1} << 16, 2 * live);
}

}  // namespace spate
