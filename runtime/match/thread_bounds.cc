// Windows, gaps and bounded groups: what they close, when, and the end of the input. Part of
// ThreadMatcher; see thread_matcher.h.
//
// What a bound allows ends at a Deadline. It is over at a moment whose horizon has reached it: an
// event's horizon is the exclusive deadline of its own time, so that inclusive ends of that time
// still hold.
#include <algorithm>

#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {
namespace {

Deadline After(Time begin, Duration d) {
  const Time end = SaturatingAdd(begin, d);
  return end == kMaxTime ? Deadline::None() : Deadline::Inclusive(end);
}

}  // namespace

// ---- what is over ----------------------------------------------------------------------------

// The end of the window in which a first event lies.
void ThreadMatcher::SetRuleEnd(Thread* thread) const {
  const WindowBound& within = pattern_.within;
  if (within.kind == WindowBound::Kind::kTime) {
    thread->end = After(thread->first_time, within.duration);
  } else if (within.kind == WindowBound::Kind::kEvents) {
    thread->end_index = thread->first_index + (within.events - 1);
  }
  if (pattern_.window.kind != WindowSpec::Kind::kTumbling) return;
  if (alignment_.has_value()) {
    thread->end = Deadline::Exclusive(alignment_->End(thread->first_time));
  } else {
    const uint64_t n = pattern_.window.events;
    thread->end_index = ((thread->first_index - 1) / n + 1) * n;
  }
}

// A session goes on with the event, or is over and a new one begins.
void ThreadMatcher::EnterSession(Moment* m) {
  Partition& p = *m->partition;
  const bool begins = p.count == 1 || IsOver(p.session_end, m->horizon);
  if (begins) {
    p.session_start = m->time;
    p.session_index = m->index;
  }
  p.session_end = After(m->time, pattern_.window.size.duration);
  if (pattern_.window.max > 0) {
    p.session_end = std::min(p.session_end, After(p.session_start, pattern_.window.max));
  }
}

Deadline ThreadMatcher::RuleEnd(const Thread& thread, const Partition& p) const {
  if (!is_session_) return thread.end;
  // What began in an earlier session lives only for a ban at the end.
  return thread.first_index < p.session_index ? Deadline::Exclusive(kMinTime) : p.session_end;
}

bool ThreadMatcher::RuleIsOver(const Thread& thread, const Moment& m) const {
  return m.index > thread.end_index || IsOver(RuleEnd(thread, *m.partition), m.horizon);
}

Deadline ThreadMatcher::GroupEnd(GroupId group, const Mark& mark) const {
  const WindowBound& bound = pattern_.groups[group.index()].bound;
  return bound.kind == WindowBound::Kind::kTime ? After(mark.time, bound.duration)
                                                : Deadline::None();
}

// The window of a group; its gap is another matter.
bool ThreadMatcher::GroupIsOver(GroupId group, const Mark& mark, const Moment& m) const {
  const WindowBound& bound = pattern_.groups[group.index()].bound;
  if (bound.kind == WindowBound::Kind::kEvents && m.index - mark.index >= bound.events) return true;
  return IsOver(GroupEnd(group, mark), m.horizon);
}

// The moves that are still open at this moment. Waits end by themselves.
uint64_t ThreadMatcher::OpenMask(const Thread& thread, const Mark* marks, const Moment& m) const {
  const uint64_t waits = thread.mask & masks_[thread.state.index()].waits;
  if (RuleIsOver(thread, m)) return waits;
  if (pattern_.gap >= 0 && IsOver(After(thread.last_time, pattern_.gap), m.horizon)) return waits;
  if (pattern_.groups.empty()) return thread.mask;
  uint64_t open = thread.mask;
  const State& s = pattern_.states[thread.state.index()];
  for (uint64_t bits = thread.mask & ~waits; bits != 0; bits &= bits - 1) {
    const int i = __builtin_ctzll(bits);
    for (GroupId g : s.transitions[static_cast<size_t>(i)].inside) {
      const Mark& mark = marks[g.index()];
      const Duration gap = pattern_.groups[g.index()].gap;
      const bool over =
          GroupIsOver(g, mark, m) || (gap >= 0 && IsOver(After(mark.last, gap), m.horizon));
      if (over) open &= ~(uint64_t{1} << i);
    }
  }
  return open;
}

bool ThreadMatcher::AnyAlive(const Moment& m) const {
  const Partition& p = *m.partition;
  for (size_t i = 0; i < p.threads.size(); ++i) {
    if (OpenMask(p.threads[i], p.marks.data() + i * mark_count_, m) != 0) return true;
  }
  return false;
}

// Ends the threads that no later event could extend. `closes`: the rule's window is over.
void ThreadMatcher::CloseEnded(bool closes, Moment* m) {
  for (size_t i = 0; i < next_.size(); ++i) {
    Thread& thread = next_[i];
    if (thread.mask == 0) {
      EndThread(&thread, m);
      continue;
    }
    const Mark* marks = next_marks_.data() + i * mark_count_;
    const uint64_t open =
        closes ? thread.mask & masks_[thread.state.index()].waits : OpenMask(thread, marks, *m);
    if (open != 0) {
      thread.mask = open;
      continue;
    }
    if (pattern_.has_timeout) NoteEnded(thread, m);
    if (options_.observer != nullptr) ObserveClosed(thread, marks, m);
    EndThread(&thread, m);
  }
}

// After threads have moved, or time has: what completes, what ends, what is reported.
void ThreadMatcher::SettleAll(bool closes, Moment* m) {
  const bool is_event = m->event != nullptr;
  completed_.clear();
  if (is_event) ++m->index;  // what ends with the place of this event ends now
  CollectWaits(closes, m);
  CompleteThreads(m);
  CloseEnded(closes, m);
  if (is_event) --m->index;
  CollectEnded(m);
  Settle(m);
  if (pattern_.has_timeout) ReportTimeouts(m);
  if (pattern_.can_pend) DropBarred(m);
  Commit(m);
}

// ---- deadlines -------------------------------------------------------------------------------

Deadline ThreadMatcher::WaitEnd(const Thread& thread, const Mark* marks, const Wait& wait,
                                const Partition& p) const {
  const GroupId group = pattern_.bans[wait.ban].group;
  if (limit_mark_[wait.ban] != kNoMark) return LimitOf(wait.ban, marks);
  if (group.valid() && marks[group.index()].index != 0) {
    return GroupEnd(group, marks[group.index()]);
  }
  return RuleEnd(thread, p);
}

Deadline ThreadMatcher::FirstWait(const Thread& thread, const Mark* marks,
                                  const Partition& p) const {
  const State& s = pattern_.states[thread.state.index()];
  Deadline first = Deadline::None();
  for (size_t w = 0; w < s.waits.size(); ++w) {
    if (((thread.mask >> (s.transitions.size() + w)) & 1) == 0) continue;
    first = std::min(first, WaitEnd(thread, marks, s.waits[w], p));
  }
  return first;
}

// When the last open transition of a thread closes by time; none: never.
Deadline ThreadMatcher::LastTransition(const Thread& thread, const Mark* marks,
                                       const Partition& p) const {
  Deadline rule_end = RuleEnd(thread, p);
  if (pattern_.gap >= 0) rule_end = std::min(rule_end, After(thread.last_time, pattern_.gap));
  if (pattern_.groups.empty()) return rule_end;
  const State& s = pattern_.states[thread.state.index()];
  Deadline latest = Deadline::Exclusive(kMinTime);
  uint64_t bits = thread.mask & masks_[thread.state.index()].transitions();
  for (; bits != 0; bits &= bits - 1) {
    Deadline end = rule_end;
    for (GroupId g : s.transitions[static_cast<size_t>(__builtin_ctzll(bits))].inside) {
      const Mark& mark = marks[g.index()];
      end = std::min(end, GroupEnd(g, mark));
      const Duration gap = pattern_.groups[g.index()].gap;
      if (gap >= 0) end = std::min(end, After(mark.last, gap));
    }
    latest = std::max(latest, end);
  }
  return latest;
}

// Whether time alone never ends the thread.
bool ThreadMatcher::LivesForEver(const Thread& thread, const Mark* marks,
                                 const Partition& p) const {
  const bool waits = (thread.mask & masks_[thread.state.index()].waits) != 0;
  return waits ? FirstWait(thread, marks, p).none : LastTransition(thread, marks, p).none;
}

// Only threads that grew out of a pending match, wait for a ban or may time out need the clock.
void ThreadMatcher::Schedule(uint32_t slot, const Partition& p) {
  Deadline earliest = Deadline::None();
  for (size_t i = 0; i < p.threads.size(); ++i) {
    const Thread& thread = p.threads[i];
    const Mark* marks = p.marks.data() + i * mark_count_;
    const StateMasks& masks = masks_[thread.state.index()];
    if ((thread.mask & masks.waits) != 0) {
      earliest = std::min(earliest, FirstWait(thread, marks, p));
    }
    const bool end_counts = pattern_.has_timeout || thread.pending != kNoPending;
    if (end_counts && (thread.mask & masks.transitions()) != 0) {
      earliest = std::min(earliest, LastTransition(thread, marks, p));
    }
  }
  if (earliest.none) {
    deadlines_.Cancel(slot);
  } else {
    deadlines_.Set({earliest.time, earliest.inclusive, slot});
  }
}

Deadline ThreadMatcher::NextDeadline() const { return Deadline::Of(deadlines_.Next()); }

void ThreadMatcher::LoadThreads(const Partition& p) {
  next_.assign(p.threads.begin(), p.threads.end());
  next_marks_.assign(p.marks.begin(), p.marks.end());
}

void ThreadMatcher::Fire(Deadline deadline, ReportSink* sink) {
  for (auto due = deadlines_.Next();
       due.has_value() && due->time == deadline.time && due->inclusive == deadline.inclusive;
       due = deadlines_.Next()) {
    deadlines_.Cancel(due->partition);
    Partition& p = partitions_[due->partition];
    Moment m{&p,
             keys_.KeyOf(due->partition),
             deadline.time,
             deadline,
             0,
             p.count + 1,
             nullptr,
             kNoEvent,
             sink};
    LoadThreads(p);
    SettleAll(/*closes=*/false, &m);
    Schedule(due->partition, p);
  }
}

// ---- the end of the input --------------------------------------------------------------------

void ThreadMatcher::Finish(FinishMode mode, Time clock, ReportSink* sink) {
  for (uint32_t slot = 0; slot < partitions_.size(); ++slot) {
    FinishPartition(slot, mode, clock, sink);
  }
}

// What has not been observed: bans at the end, and starts that may still give a match.
void ThreadMatcher::CountOpen(const Partition& p) {
  for (const Thread& t : p.threads) {
    if ((t.mask & masks_[t.state.index()].waits) != 0) ++open_;
  }
  for (const Start& s : p.starts) open_ += s.matched ? 0 : 1;
}

void ThreadMatcher::FinishPartition(uint32_t slot, FinishMode mode, Time clock, ReportSink* sink) {
  Partition& p = partitions_[slot];
  if (options_.observer != nullptr) ObserveLeft(slot, clock);
  if (mode != FinishMode::kNoDeadline) CountOpen(p);
  if (mode == FinishMode::kCount) {
    for (const Pending& x : p.pending) open_ += x.open ? 1 : 0;
    return;
  }
  if (p.pending.empty()) return;
  Moment m{&p,      keys_.KeyOf(slot), clock, Deadline::Exclusive(kMinTime), 0, 0,
           nullptr, kNoEvent,          sink};
  LoadThreads(p);
  completed_.clear();
  // A pending match has no deadline when a thread that grew out of it has none.
  std::vector<bool> ends(p.pending.size(), mode == FinishMode::kReport);
  for (size_t i = 0; i < next_.size(); ++i) {
    const Mark* marks = next_marks_.data() + i * mark_count_;
    if (next_[i].pending == kNoPending || next_[i].mask == 0) continue;
    if (LivesForEver(next_[i], marks, p)) ends[next_[i].pending] = true;
  }
  for (Thread& thread : next_) {
    if (thread.pending != kNoPending && ends[thread.pending]) EndThread(&thread, &m);
  }
  CollectEnded(&m);
  Settle(&m);
  Commit(&m);
  Schedule(slot, p);
}

}  // namespace spate
