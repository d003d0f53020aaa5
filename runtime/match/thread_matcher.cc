#include "runtime/match/thread_matcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"
#include "runtime/match/thread_moment.h"

namespace spate {
namespace {

uint64_t AllTransitions(const State& s) {
  const size_t n = s.transitions.size();
  return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1;
}

// What stays open for a thread that goes on without the event that `accepted` took.
uint64_t StayOpen(const State& s, uint64_t open, uint64_t accepted) {
  uint64_t stay = 0;
  uint64_t closed = 0;
  for (uint64_t bits = open; bits != 0; bits &= bits - 1) {
    const int i = __builtin_ctzll(bits);
    const Transition& t = s.transitions[static_cast<size_t>(i)];
    const uint64_t bit = uint64_t{1} << i;
    const bool took = (accepted & bit) != 0;
    if (took) closed |= t.closes;
    if (t.contiguity == Contiguity::kAny) stay |= bit;
    if (t.contiguity == Contiguity::kRelaxed && !took) stay |= bit;
  }
  // Only relaxed transitions close; `closes` names no others.
  return stay & ~closed;
}

}  // namespace

ThreadMatcher::ThreadMatcher(const RulePlan& rule, PatternSteps* steps, EventStore* store,
                             const KeyIndex* keys, const MachineOptions& options)
    : rule_(rule),
      pattern_(*rule.pattern),
      steps_(*steps),
      store_(*store),
      keys_(*keys),
      options_(options),
      group_count_(rule.pattern->groups.size()) {}

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
    for (size_t i = 0; i < p.threads.size(); ++i) {
      Step(p.threads[i], p.groups.data() + i * group_count_, /*fresh=*/false, &m);
    }
    if (accepted) {
      Thread fresh;
      fresh.state = pattern_.start;
      fresh.mask = AllTransitions(pattern_.states[pattern_.start.index()]);
      fresh.first_time = m.time;
      fresh.first_sequence = m.sequence;
      fresh.first_index = m.index;
      std::vector<GroupStart> groups(group_count_);
      Step(fresh, groups.data(), /*fresh=*/true, &m);
    }
    DropDuplicates(&m);
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
    if (steps_.HasResidual(step) &&
        !steps_.Residual(step, *m->event, chain_, thread.chain, store_, m->keys,
                         m->partition->history)) {
      continue;
    }
    accepted |= uint64_t{1} << i;
  }
  return accepted;
}

// One thread meets the event: new threads for what accepts it, and what is left of the old one.
void ThreadMatcher::Step(const Thread& thread, const GroupStart* groups, bool fresh, Moment* m) {
  const State& s = pattern_.states[thread.state.index()];
  Thread rest = thread;
  uint64_t accepted = Accepting(thread, groups, m);
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctzll(bits));
    const size_t before = next_.size();
    Take(thread, groups, i, m);
    if (next_.size() == before) accepted &= ~(uint64_t{1} << i);  // refused by `where` after all
  }
  if (fresh) return;
  rest.mask = StayOpen(s, OpenMask(thread, groups, m->time, m->index), accepted);
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
  child.mask = AllTransitions(target);
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
  if (target.accepting) Classify(static_cast<uint32_t>(next_.size() - 1), m);
}

// A thread that has all it needs: reported now, or pending; and what of it goes on.
void ThreadMatcher::Classify(uint32_t index, Moment* m) {
  Thread& thread = next_[index];
  const State& s = pattern_.states[thread.state.index()];
  if (!s.transitions.empty() && !steps_.Accepts(chain_, thread.chain, store_, m->keys)) return;
  uint64_t waits = 0;  // transitions of greedy quantifiers that make the match wait
  for (size_t i = 0; i < s.transitions.size(); ++i) {
    const uint64_t bit = uint64_t{1} << i;
    if ((s.before_accept & bit) != 0 && s.transitions[i].contiguity != Contiguity::kAny) {
      waits |= bit;
    }
  }
  if (!pattern_.report_each) thread.mask &= s.before_accept;
  if (thread.pending != kNoPending) {  // it replaces the match that is its beginning
    Pending& before = m->partition->pending[thread.pending];
    before.open = false;
    --before.threads;
    thread.pending = kNoPending;
  }
  if (waits == 0 || pattern_.report_each) {
    completed_.push_back({thread.chain, thread.first_sequence, index, kNoPending});
    return;
  }
  thread.pending = static_cast<uint32_t>(m->partition->pending.size());
  m->partition->pending.push_back(
      {thread.chain, thread.first_sequence, m->sequence, /*threads=*/1, /*open=*/true});
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
      if (!chain_.SameBindings(a.chain, b.chain)) continue;
      Thread& loser = chain_.Compare(a.chain, b.chain) <= 0 ? b : a;
      if (loser.pending != kNoPending) {
        Pending& pending = m->partition->pending[loser.pending];
        if (pending.chain == loser.chain) pending.open = false;  // the same match twice
      }
      EndThread(&loser, m);
    }
  }
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
    const uint64_t open = OpenMask(thread, next_groups_.data() + i * group_count_, time, next_index);
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
  const auto alive = static_cast<size_t>(
      std::count_if(p->pending.begin(), p->pending.end(), [](const Pending& x) {
        return x.threads > 0;
      }));
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
