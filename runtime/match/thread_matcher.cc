#include "runtime/match/thread_matcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"
#include "runtime/match/thread_moment.h"

namespace spate {
ThreadMatcher::ThreadMatcher(const RulePlan& rule, PatternSteps* steps, EventStore* store,
                             const KeyIndex* keys, const MachineOptions& options)
    : rule_(rule),
      pattern_(*rule.pattern),
      steps_(*steps),
      store_(*store),
      keys_(*keys),
      options_(options),
      group_count_(rule.pattern->groups.size()),
      masks_(MakeStateMasks(*rule.pattern)) {}

absl::Status ThreadMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys,
                                    const Arrival& event, ReportSink* sink) {
  clock_ = event.time();
  MaybeCompact();
  if (slot >= partitions_.size()) partitions_.resize(slot + 1);
  Partition& p = partitions_[slot];
  ++p.count;
  const bool accepted = steps_.SetEvent(event);
  Moment m{&p, keys, event.time(), event.sequence(), p.count, &event, kNoEvent, sink, 0};
  if (accepted || !p.threads.empty()) {
    next_.clear();
    next_groups_.clear();
    completed_.clear();
    complete_.clear();
    for (size_t i = 0; i < p.threads.size(); ++i) {
      Step(p.threads[i], p.groups.data() + i * group_count_, /*fresh=*/false, &m);
    }
    if (accepted) {
      Thread fresh;
      fresh.state = pattern_.start;
      fresh.mask = masks_[pattern_.start.index()].all;
      fresh.first_time = m.time;
      fresh.first_sequence = m.sequence;
      fresh.first_index = m.index;
      std::vector<GroupStart> groups(group_count_);
      Step(fresh, groups.data(), /*fresh=*/true, &m);
    }
    DropDuplicates(&m);
    CompleteThreads(&m);
    CloseEnded(m.time, m.index + 1, &m);
    CollectEnded(&m);
    Settle(&m);
    Commit(&m);
    if (pattern_.can_pend) Schedule(slot, p);
  }
  if (steps_.history() > 0) {
    p.history.push_back(StoredEvent(&m));
    if (p.history.size() > steps_.history()) p.history.erase(p.history.begin());
  }
  if (live_ > options_.max_partial_matches) {
    return absl::ResourceExhaustedError(
        absl::StrCat("rule `", rule_.name, "` has more than ", options_.max_partial_matches,
                     " partial matches: shorten its window, or ask for less with the skip policy"));
  }
  return absl::OkStatus();
}

EventRef ThreadMatcher::StoredEvent(Moment* m) {
  if (m->stored == kNoEvent) m->stored = store_.Add(*m->event->batch, m->event->row);
  return m->stored;
}

bool ThreadMatcher::WithinBound(const WindowBound& bound, Time first, uint64_t first_index,
                                Time time, uint64_t index) const {
  switch (bound.kind) {
    case WindowBound::Kind::kNone:
      return true;
    case WindowBound::Kind::kTime:
      return time <= SaturatingAdd(first, bound.duration);
    case WindowBound::Kind::kEvents:
      return index - first_index < bound.events;
  }
  return true;
}

// The open transitions that an event of that time and place in the input could still take.
uint64_t ThreadMatcher::OpenMask(const Thread& thread, const GroupStart* groups, Time time,
                                 uint64_t index) const {
  if (!WithinBound(pattern_.within, thread.first_time, thread.first_index, time, index)) return 0;
  if (group_count_ == 0) return thread.mask;
  uint64_t open = thread.mask;
  const State& s = pattern_.states[thread.state.index()];
  for (uint64_t bits = thread.mask; bits != 0; bits &= bits - 1) {
    const int i = __builtin_ctzll(bits);
    for (GroupId g : s.transitions[static_cast<size_t>(i)].inside) {
      const GroupStart& start = groups[g.index()];
      if (!WithinBound(pattern_.groups[g.index()].bound, start.time, start.index, time, index)) {
        open &= ~(uint64_t{1} << i);
      }
    }
  }
  return open;
}

uint64_t ThreadMatcher::Accepting(const Thread& thread, const GroupStart* groups, Moment* m) {
  const State& s = pattern_.states[thread.state.index()];
  uint64_t accepted = 0;
  for (uint64_t bits = OpenMask(thread, groups, m->time, m->index); bits != 0; bits &= bits - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctzll(bits));
    const uint32_t step = s.transitions[i].step;
    if (!steps_.Local(step)) continue;
    if (steps_.HasResidual(step) && !steps_.Residual(step, *m->event, chain_, thread.chain, store_,
                                                     m->keys, m->partition->history)) {
      continue;
    }
    accepted |= uint64_t{1} << i;
  }
  return accepted;
}

// One thread meets the event: new threads for what accepts it, and what is left of the old one.
void ThreadMatcher::Step(const Thread& thread, const GroupStart* groups, bool fresh, Moment* m) {
  const State& s = pattern_.states[thread.state.index()];
  const StateMasks& masks = masks_[thread.state.index()];
  Thread rest = thread;
  uint64_t accepted = Accepting(thread, groups, m);
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctzll(bits));
    const size_t before = next_.size();
    Take(thread, groups, i, m);
    if (next_.size() == before) accepted &= ~(uint64_t{1} << i);  // refused by `where` after all
  }
  if (fresh) return;
  rest.mask = StayOpen(s, masks, OpenMask(thread, groups, m->time, m->index), accepted);
  if (rest.mask == 0) {
    EndThread(&rest, m);
    return;
  }
  // The old thread keeps its hold on its pending match, and its place behind what grew out of it.
  next_.push_back(rest);
  next_groups_.insert(next_groups_.end(), groups, groups + group_count_);
}

void ThreadMatcher::Take(const Thread& parent, const GroupStart* groups, size_t transition,
                         Moment* m) {
  const Transition& t = pattern_.states[parent.state.index()].transitions[transition];
  const State& target = pattern_.states[t.target.index()];
  Thread child = parent;
  child.state = t.target;
  child.mask = masks_[t.target.index()].all;
  child.chain = chain_.Extend(parent.chain, StoredEvent(m), m->sequence, transition,
                              pattern_.steps[t.step].var);
  if (target.accepting && target.transitions.empty() &&
      !steps_.Accepts(chain_, child.chain, store_, m->keys)) {
    return;
  }
  if (child.pending != kNoPending) ++m->partition->pending[child.pending].threads;
  next_.push_back(child);
  next_groups_.insert(next_groups_.end(), groups, groups + group_count_);
  GroupStart* own = next_groups_.data() + next_groups_.size() - group_count_;
  for (GroupId g : t.enters) own[g.index()] = {m->time, m->index};
  const bool is_match = target.accepting && (target.transitions.empty() ||
                                             steps_.Accepts(chain_, child.chain, store_, m->keys));
  if (is_match) complete_.push_back(static_cast<uint32_t>(next_.size() - 1));
}

// Threads that have all they need, in order. Of those with equal bindings one is a match, the
// preferred one.
void ThreadMatcher::CompleteThreads(Moment* m) {
  std::sort(complete_.begin(), complete_.end(), [this](uint32_t a, uint32_t b) {
    const Thread& x = next_[a];
    const Thread& y = next_[b];
    if (x.first_sequence != y.first_sequence) return x.first_sequence < y.first_sequence;
    return chain_.Compare(x.chain, y.chain) < 0;
  });
  for (size_t i = 0; i < complete_.size(); ++i) {
    const ChainId chain = next_[complete_[i]].chain;
    bool is_match = true;
    for (size_t j = i; is_match && j-- > 0;) {
      const ChainId other = next_[complete_[j]].chain;
      if (next_[complete_[j]].first_sequence != next_[complete_[i]].first_sequence) break;
      is_match = chain_[chain].hash != chain_[other].hash || !chain_.SameBindings(chain, other);
    }
    Complete(complete_[i], is_match, m);
  }
}

// A complete thread: reported now, or pending; and what of it goes on.
void ThreadMatcher::Complete(uint32_t index, bool is_match, Moment* m) {
  Thread& thread = next_[index];
  const StateMasks& masks = masks_[thread.state.index()];
  if (is_match) ReplacePrefixes(thread.chain, m);
  thread.mask &= masks.after_match;
  if (!is_match) return;
  if (thread.pending != kNoPending) {
    --m->partition->pending[thread.pending].threads;
    thread.pending = kNoPending;
  }
  if (!masks.pends) {
    completed_.push_back({thread.chain, thread.first_sequence, index, kNoPending});
    return;
  }
  thread.pending = static_cast<uint32_t>(m->partition->pending.size());
  m->partition->pending.push_back(
      {thread.chain, thread.first_sequence, m->sequence, /*threads=*/1, /*open=*/true});
}

// A match takes the place of the pending ones that are its beginning.
void ThreadMatcher::ReplacePrefixes(ChainId match, Moment* m) {
  for (Pending& p : m->partition->pending) {
    if (!p.open || chain_.Length(p.chain) >= chain_.Length(match)) continue;
    ChainId beginning = match;
    while (chain_.Length(beginning) > chain_.Length(p.chain)) beginning = chain_[beginning].parent;
    if (chain_.SameBindings(beginning, p.chain)) p.open = false;
  }
}

// Threads equal in place and bindings are one, the preferred one. Only threads that took this event
// can have become equal.
void ThreadMatcher::DropDuplicates(Moment* m) {
  same_.clear();
  for (uint32_t i = 0; i < next_.size(); ++i) {
    const Thread& t = next_[i];
    if (t.chain != kNoChain && chain_[t.chain].event == m->stored) same_.push_back(i);
  }
  if (same_.size() < 2) return;
  std::sort(same_.begin(), same_.end(), [&](uint32_t a, uint32_t b) {
    return chain_[next_[a].chain].hash < chain_[next_[b].chain].hash;
  });
  for (size_t i = 0; i < same_.size(); ++i) {
    for (size_t j = i + 1; j < same_.size(); ++j) {
      Thread& a = next_[same_[i]];
      Thread& b = next_[same_[j]];
      if (chain_[a.chain].hash != chain_[b.chain].hash) break;
      if (a.state != b.state || a.mask != b.mask || a.mask == 0) continue;
      if (!SameGroups(same_[i], same_[j]) || !chain_.SameBindings(a.chain, b.chain)) continue;
      EndThread(chain_.Compare(a.chain, b.chain) <= 0 ? &b : &a, m);
    }
  }
}

// Where bounded groups began is part of a thread's place.
bool ThreadMatcher::SameGroups(uint32_t a, uint32_t b) const {
  const GroupStart* groups = next_groups_.data();
  return std::equal(groups + a * group_count_, groups + (a + 1) * group_count_,
                    groups + b * group_count_);
}

void ThreadMatcher::EndThread(Thread* thread, Moment* m) {
  thread->mask = 0;
  if (thread->pending == kNoPending) return;
  --m->partition->pending[thread->pending].threads;
  thread->pending = kNoPending;
}

// Ends the threads that no event from `time` and `next_index` on could extend.
void ThreadMatcher::CloseEnded(Time time, uint64_t next_index, Moment* m) {
  for (size_t i = 0; i < next_.size(); ++i) {
    Thread& thread = next_[i];
    if (thread.mask == 0) {
      EndThread(&thread, m);
      continue;
    }
    const uint64_t open =
        OpenMask(thread, next_groups_.data() + i * group_count_, time, next_index);
    if (open == 0) EndThread(&thread, m);
  }
}

// Puts the surviving threads in place of the partition's.
void ThreadMatcher::Commit(Moment* m) {
  Partition& p = *m->partition;
  live_ -= p.threads.size();
  size_t kept = 0;
  for (size_t i = 0; i < next_.size(); ++i) {
    if (next_[i].mask == 0) continue;
    if (kept != i) {
      next_[kept] = next_[i];
      std::copy_n(next_groups_.begin() + static_cast<ptrdiff_t>(i * group_count_), group_count_,
                  next_groups_.begin() + static_cast<ptrdiff_t>(kept * group_count_));
    }
    ++kept;
  }
  p.threads.assign(next_.begin(), next_.begin() + static_cast<ptrdiff_t>(kept));
  p.groups.assign(next_groups_.begin(),
                  next_groups_.begin() + static_cast<ptrdiff_t>(kept * group_count_));
  live_ += kept;
  DropClosedPending(&p);
}

// Forgets pending matches that are over, when they are the larger part.
void ThreadMatcher::DropClosedPending(Partition* p) {
  const auto alive = static_cast<size_t>(std::count_if(
      p->pending.begin(), p->pending.end(), [](const Pending& x) { return x.threads > 0; }));
  if (alive == p->pending.size() || (alive > 0 && p->pending.size() < 2 * alive + 16)) return;
  std::vector<uint32_t> moved(p->pending.size(), kNoPending);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < p->pending.size(); ++i) {
    if (p->pending[i].threads == 0) continue;
    moved[i] = kept;
    p->pending[kept++] = p->pending[i];
  }
  p->pending.resize(kept);
  for (Thread& t : p->threads) {
    if (t.pending != kNoPending) t.pending = moved[t.pending];
  }
}

}  // namespace spate
