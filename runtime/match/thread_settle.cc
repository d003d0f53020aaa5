// What completes at one moment: order, the skip policy, pending matches, deadlines and the end.
// Part of ThreadMatcher; see thread_matcher.h.
#include <algorithm>
#include <utility>

#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {

using Policy = SkipPolicy::Kind;

// The starts that a reported match bars: those before `bound`, and `start` itself.
struct ThreadMatcher::Bar {
  uint64_t bound = 0;
  bool same_start = false;
  uint64_t start = 0;
  bool Covers(uint64_t first_sequence) const {
    return first_sequence < bound || (same_start && first_sequence == start);
  }
};

// Pending matches that nothing can extend any more complete now.
void ThreadMatcher::CollectEnded(Moment* m) {
  std::vector<Pending>& pending = m->partition->pending;
  for (uint32_t i = 0; i < pending.size(); ++i) {
    if (!pending[i].open || pending[i].threads > 0) continue;
    completed_.push_back({pending[i].chain, pending[i].first_sequence, kNoPending, i});
  }
}

void ThreadMatcher::Settle(Moment* m) {
  std::sort(completed_.begin(), completed_.end(), [&](const Completed& a, const Completed& b) {
    if (a.first_sequence != b.first_sequence) return a.first_sequence < b.first_sequence;
    return chain_.Compare(a.chain, b.chain) < 0;
  });
  for (size_t i = 0; i < completed_.size(); ++i) {
    const Completed match = completed_[i];
    if (match.chain != kNoChain) ReportMatch(match, m);
  }
}

void ThreadMatcher::ReportMatch(const Completed& match, Moment* m) {
  if (match.pending != kNoPending) {
    Pending& pending = m->partition->pending[match.pending];
    if (!pending.open) return;
    pending.open = false;
  }
  if (!PendingGoFirst(match, m)) return;
  ReportNow(match.chain, match.thread, m);
}

// A pending match that starts earlier comes first, or bars this one. False: it is barred.
bool ThreadMatcher::PendingGoFirst(const Completed& match, Moment* m) {
  const Policy policy = pattern_.policy.kind;
  if (policy == Policy::kNoSkip || policy == Policy::kToNextEvent) return true;
  std::vector<Pending>& pending = m->partition->pending;
  std::vector<uint32_t> earlier;
  for (uint32_t i = 0; i < pending.size(); ++i) {
    const Pending& p = pending[i];
    if (p.open && p.threads > 0 && p.first_sequence < match.first_sequence) earlier.push_back(i);
  }
  std::sort(earlier.begin(), earlier.end(), [&](uint32_t a, uint32_t b) {
    if (pending[a].first_sequence != pending[b].first_sequence) {
      return pending[a].first_sequence < pending[b].first_sequence;
    }
    return chain_.Compare(pending[a].chain, pending[b].chain) < 0;
  });
  // One that an earlier one would bar has no say.
  std::vector<std::pair<uint32_t, Bar>> first;
  for (uint32_t i : earlier) {
    const bool barred = std::any_of(first.begin(), first.end(), [&](const auto& f) {
      return f.second.Covers(pending[i].first_sequence);
    });
    if (barred) continue;
    first.emplace_back(i, BarOf(pending[i].chain));
    if (!first.back().second.Covers(match.first_sequence)) continue;
    if (match.thread != kNoPending && policy == Policy::kPastLastEvent) {
      EndThread(&next_[match.thread], m);
    }
    return false;
  }
  for (const auto& [i, bar] : first) {
    pending[i].open = false;
    for (Thread& t : next_) {
      if (t.pending == i) EndThread(&t, m);
    }
    ReportNow(pending[i].chain, kNoPending, m);
  }
  return true;
}

void ThreadMatcher::ReportNow(ChainId chain, uint32_t own_thread, Moment* m) {
  chain_.Nodes(chain, &nodes_);
  bindings_.clear();
  for (const BindingChain::Node* n : nodes_) {
    bindings_.push_back(
        {n->var == BindingChain::kNoVar ? VarId() : VarId(uint32_t{n->var}), n->event});
  }
  Report report;
  report.time = m->time;
  report.store = &store_;
  report.bindings = bindings_;
  report.keys = m->keys;
  m->sink->OnReport(report);
  if (pattern_.policy.kind != Policy::kNoSkip) Discard(BarOf(chain), own_thread, m);
}

ThreadMatcher::Bar ThreadMatcher::BarOf(ChainId chain) const {
  // From the last event to the first: where the policy's variable was bound.
  EventRef first = kNoEvent;
  EventRef var_first = kNoEvent;
  EventRef var_last = kNoEvent;
  for (ChainId i = chain; i != kNoChain; i = chain_[i].parent) {
    first = chain_[i].event;
    if (pattern_.policy.var.valid() && chain_[i].var == pattern_.policy.var.value) {
      var_first = first;
      if (var_last == kNoEvent) var_last = first;
    }
  }
  Bar bar;
  bar.same_start = true;
  bar.start = store_.SequenceOf(first);
  EventRef to = kNoEvent;
  if (pattern_.policy.kind == Policy::kToFirst) to = var_first;
  if (pattern_.policy.kind == Policy::kToLast) to = var_last;
  if (pattern_.policy.kind == Policy::kPastLastEvent) {
    bar.bound = store_.SequenceOf(chain_[chain].event) + 1;
  } else if (to != kNoEvent && to != first) {
    bar.bound = store_.SequenceOf(to);
  }
  return bar;
}

// Ends what a report bars: threads, pending matches and matches of this moment. What grows out of
// the reported match itself (`own_thread`) is not barred.
void ThreadMatcher::Discard(const Bar& bar, uint32_t own_thread, Moment* m) {
  for (Pending& p : m->partition->pending) {
    if (p.open && bar.Covers(p.first_sequence)) p.open = false;
  }
  for (uint32_t i = 0; i < next_.size(); ++i) {
    if (i != own_thread && next_[i].mask != 0 && bar.Covers(next_[i].first_sequence)) {
      EndThread(&next_[i], m);
    }
  }
  for (Completed& c : completed_) {
    if (bar.Covers(c.first_sequence)) c.chain = kNoChain;
  }
}

// ---- time ------------------------------------------------------------------------------------

// When the last open transition of a thread closes by time; kMaxTime: never.
Time ThreadMatcher::ThreadDeadline(const Thread& thread, const GroupStart* groups) const {
  Time rule_end = kMaxTime;
  if (pattern_.within.kind == WindowBound::Kind::kTime) {
    rule_end = SaturatingAdd(thread.first_time, pattern_.within.duration);
  }
  if (group_count_ == 0) return rule_end;
  const State& s = pattern_.states[thread.state.index()];
  Time latest = kMinTime;
  for (uint64_t bits = thread.mask; bits != 0; bits &= bits - 1) {
    Time end = rule_end;
    for (GroupId g : s.transitions[static_cast<size_t>(__builtin_ctzll(bits))].inside) {
      const WindowBound& bound = pattern_.groups[g.index()].bound;
      if (bound.kind != WindowBound::Kind::kTime) continue;
      end = std::min(end, SaturatingAdd(groups[g.index()].time, bound.duration));
    }
    latest = std::max(latest, end);
  }
  return latest;
}

// Only threads that grew out of a pending match need the clock: their end reports it.
void ThreadMatcher::Schedule(uint32_t slot, const Partition& p) {
  Time earliest = kMaxTime;
  for (size_t i = 0; i < p.threads.size(); ++i) {
    if (p.threads[i].pending == kNoPending) continue;
    earliest = std::min(earliest, ThreadDeadline(p.threads[i], p.groups.data() + i * group_count_));
  }
  if (earliest == kMaxTime) {
    deadlines_.Cancel(slot);
  } else {
    deadlines_.Set({earliest, /*inclusive=*/true, slot});
  }
}

Deadline ThreadMatcher::NextDeadline() const {
  const std::optional<PartitionDeadline> next = deadlines_.Next();
  return next.has_value() ? Deadline::Inclusive(next->time) : Deadline::None();
}

void ThreadMatcher::Fire(Deadline deadline, ReportSink* sink) {
  for (auto due = deadlines_.Next(); due.has_value() && due->time == deadline.time;
       due = deadlines_.Next()) {
    deadlines_.Cancel(due->partition);
    Partition& p = partitions_[due->partition];
    Moment m{&p, keys_.KeyOf(due->partition), deadline.time, 0, p.count, nullptr, kNoEvent, sink};
    next_.assign(p.threads.begin(), p.threads.end());
    next_groups_.assign(p.groups.begin(), p.groups.end());
    completed_.clear();
    CloseEnded(SaturatingAdd(deadline.time, 1), p.count + 1, &m);
    CollectEnded(&m);
    Settle(&m);
    Commit(&m);
    Schedule(due->partition, p);
  }
}

// ---- the end of the input --------------------------------------------------------------------

void ThreadMatcher::Finish(FinishMode mode, Time clock, ReportSink* sink) {
  for (uint32_t slot = 0; slot < partitions_.size(); ++slot) {
    FinishPartition(slot, mode, clock, sink);
  }
}

void ThreadMatcher::FinishPartition(uint32_t slot, FinishMode mode, Time clock, ReportSink* sink) {
  Partition& p = partitions_[slot];
  if (mode == FinishMode::kCount) {
    for (const Pending& x : p.pending) open_ += x.open ? 1 : 0;
    return;
  }
  if (p.pending.empty()) return;
  Moment m{&p, keys_.KeyOf(slot), clock, 0, p.count, nullptr, kNoEvent, sink};
  next_.assign(p.threads.begin(), p.threads.end());
  next_groups_.assign(p.groups.begin(), p.groups.end());
  completed_.clear();
  for (size_t i = 0; i < next_.size(); ++i) {
    const Time end = ThreadDeadline(next_[i], next_groups_.data() + i * group_count_);
    if (mode == FinishMode::kReport || end == kMaxTime) EndThread(&next_[i], &m);
  }
  CollectEnded(&m);
  Settle(&m);
  Commit(&m);
  Schedule(slot, p);
}

}  // namespace spate
