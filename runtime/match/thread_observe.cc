// What ThreadMatcher tells an observer. Part of ThreadMatcher; see thread_matcher.h.
//
// Nothing here changes what the matcher does: it asks again what the matcher has asked, one part at
// a time. Only called when there is an observer.
#include <algorithm>

#include "runtime/match/observer.h"
#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {
namespace {

// Whether one of the step's types is the event's, in this partition.
bool Concerns(const PatternPlan& pattern, uint32_t step, const Arrival& event) {
  if (event.view != nullptr &&
      !std::binary_search(event.view->steps.begin(), event.view->steps.end(), step)) {
    return false;
  }
  const std::vector<StepInput>& inputs = pattern.steps[step].inputs;
  return std::any_of(inputs.begin(), inputs.end(),
                     [&](const StepInput& in) { return in.type == event.type(); });
}

}  // namespace

ObservedThread ThreadMatcher::Observed(const Thread& thread, const Moment& m) {
  chain_.Nodes(thread.chain, &nodes_);
  observed_.clear();
  for (const BindingChain::Node* n : nodes_) {
    observed_.push_back({BindingChain::VarOf(*n), n->event});
  }
  return {rule_, m.keys, thread.state, observed_, store_};
}

// An event with which nothing can begin.
void ThreadMatcher::ObserveStart(Moment* m) {
  const Thread fresh = Fresh(*m);
  fresh_marks_.assign(mark_count_, Mark{});
  const uint64_t open = OpenMask(fresh, fresh_marks_.data(), *m);
  ObserveStep(fresh, fresh_marks_.data(), open, 0, 0, /*fresh=*/true, m);
}

// One thread has met the event: `open` were its moves then, `taken` is what it took, `left` what
// goes on without the event.
void ThreadMatcher::ObserveStep(const Thread& thread, const Mark* marks, uint64_t open,
                                uint64_t taken, uint64_t left, bool fresh, Moment* m) {
  const EventRef stored = StoredEvent(m);
  const ObservedThread seen = Observed(thread, *m);
  const ObservedEvent event{*m->event, stored, m->partition->history};
  MatchObserver& observer = *options_.observer;
  if (open != thread.mask) ObserveBounds(seen, thread, marks, open, *m);
  const State& s = pattern_.states[thread.state.index()];
  uint64_t bits = open & masks_[thread.state.index()].transitions();
  for (; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(__builtin_ctzll(bits));
    const Transition& t = s.transitions[i];
    if (!Concerns(pattern_, t.step, *m->event)) continue;
    MoveOutcome outcome = MoveOutcome::kTaken;
    if (!steps_.Local(t.step) || !HoldsResidual(t.step, thread, m)) {
      outcome = MoveOutcome::kCondition;
    } else if (!GuardsLetPass(t, marks, fresh, *m)) {
      outcome = MoveOutcome::kBanned;
      for (const Guard& guard : t.guards) {
        const bool shuts = pattern_.bans[guard.ban].at_start || limit_mark_[guard.ban] != kNoMark;
        if (shuts) observer.OnBan(seen, guard.ban, event, /*hit=*/true);
      }
    } else if (((taken >> i) & 1) == 0) {
      outcome = MoveOutcome::kDeadEnd;
    }
    Thread child = thread;
    observer.OnMove(seen, i, event, Move(t, &child), outcome);
    if (outcome != MoveOutcome::kTaken) continue;
    for (const Guard& guard : t.guards) observer.OnBanPassed(seen, guard.ban);
  }
  if (fresh) return;
  const bool banned = ObserveBans(seen, thread, marks, open & ~taken, event, m);
  if (left != 0 || taken != 0) return;
  const ThreadEnd over = open == 0 ? BoundThatIsOver(thread, marks, *m).first : ThreadEnd::kBroken;
  observer.OnEnd(seen, banned ? ThreadEnd::kBanned : over, &event);
}

// The bans on the way of these moves; whether one of them forbids the event.
bool ThreadMatcher::ObserveBans(const ObservedThread& seen, const Thread& thread, const Mark* marks,
                                uint64_t moves, const ObservedEvent& event, Moment* m) {
  const State& s = pattern_.states[thread.state.index()];
  std::vector<Guard> guards;
  for (uint64_t bits = moves & masks_[thread.state.index()].guarded; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(__builtin_ctzll(bits));
    const bool is_wait = i >= s.transitions.size();
    if (is_wait) guards.push_back({s.waits[i - s.transitions.size()].ban, false});
    const std::vector<Guard>& more =
        is_wait ? s.waits[i - s.transitions.size()].guards : s.transitions[i].guards;
    guards.insert(guards.end(), more.begin(), more.end());
  }
  bool any = false;
  for (size_t g = 0; g < guards.size(); ++g) {
    const auto begin = guards.begin() + static_cast<ptrdiff_t>(g);
    if (std::find(guards.begin(), begin, guards[g]) != begin) continue;
    const uint32_t step = pattern_.bans[guards[g].ban].step;
    if (pattern_.bans[guards[g].ban].at_start || !Concerns(pattern_, step, *m->event)) continue;
    const bool hit = Forbids(guards[g], thread, marks, m);
    options_.observer->OnBan(seen, guards[g].ban, event, hit);
    any = any || hit;
  }
  return any;
}

// Which bound keeps a thread from going on, and whose it is.
std::pair<ThreadEnd, GroupId> ThreadMatcher::BoundThatIsOver(const Thread& thread,
                                                             const Mark* marks,
                                                             const Moment& m) const {
  if (RuleIsOver(thread, m)) return {ThreadEnd::kWindow, GroupId()};
  for (size_t g = 0; g < pattern_.groups.size(); ++g) {
    const Mark& mark = marks[g];
    if (mark.index == 0) continue;
    if (GroupIsOver(GroupId(g), mark, m)) return {ThreadEnd::kGroup, GroupId(g)};
    const Duration gap = pattern_.groups[g].gap;
    if (gap >= 0 && Deadline::Inclusive(SaturatingAdd(mark.last, gap)) < m.horizon) {
      return {ThreadEnd::kGap, GroupId(g)};
    }
  }
  return {pattern_.gap >= 0 ? ThreadEnd::kGap : ThreadEnd::kWindow, GroupId()};
}

void ThreadMatcher::ObserveBounds(const ObservedThread& seen, const Thread& thread,
                                  const Mark* marks, uint64_t open, const Moment& m) {
  const uint64_t moves = masks_[thread.state.index()].transitions();
  if ((thread.mask & ~open & moves) == 0) return;
  const auto [bound, group] = BoundThatIsOver(thread, marks, m);
  options_.observer->OnBound(seen, bound, group);
}

// A bound has ended the thread.
void ThreadMatcher::ObserveClosed(const Thread& thread, const Mark* marks, Moment* m) {
  const ObservedThread seen = Observed(thread, *m);
  const auto [bound, group] = BoundThatIsOver(thread, marks, *m);
  options_.observer->OnBound(seen, bound, group);
  options_.observer->OnEnd(seen, bound, nullptr);
}

void ThreadMatcher::ObserveEnd(const Thread& thread, ThreadEnd reason, Moment* m) {
  if (thread.mask == 0) return;
  const ObservedThread seen = Observed(thread, *m);
  if (m->event == nullptr) return options_.observer->OnEnd(seen, reason, nullptr);
  const ObservedEvent event{*m->event, StoredEvent(m), m->partition->history};
  options_.observer->OnEnd(seen, reason, &event);
}

// A ban at the start looks at the event; whether it forbids one is known when one comes.
void ThreadMatcher::ObserveMemory(uint32_t ban, Moment* m) {
  if (!Concerns(pattern_, pattern_.bans[ban].step, *m->event)) return;
  Thread start;
  start.state = pattern_.start;
  const ObservedEvent event{*m->event, StoredEvent(m), m->partition->history};
  options_.observer->OnBan(Observed(start, *m), ban, event, /*hit=*/false);
}

void ThreadMatcher::ObserveWaitOver(const Thread& thread, uint32_t ban, Moment* m) {
  options_.observer->OnBanPassed(Observed(thread, *m), ban);
}

// The threads that the end of the input leaves; what is over at the clock is so.
void ThreadMatcher::ObserveLeft(uint32_t slot, Time clock) {
  Partition& p = partitions_[slot];
  Moment m{&p,      keys_.KeyOf(slot), clock,  Deadline::Exclusive(clock), 0, p.count + 1,
           nullptr, kNoEvent,          nullptr};
  for (size_t i = 0; i < p.threads.size(); ++i) {
    const Thread& thread = p.threads[i];
    const Mark* marks = p.marks.data() + i * mark_count_;
    const ObservedThread seen = Observed(thread, m);
    const uint64_t open = OpenMask(thread, marks, m);
    ObserveBounds(seen, thread, marks, open, m);
    if (open == 0) {
      options_.observer->OnEnd(seen, BoundThatIsOver(thread, marks, m).first, nullptr);
    } else {
      const bool waits = (open & masks_[thread.state.index()].waits) != 0;
      options_.observer->OnLeft(seen, waits ? FirstWait(thread, marks, p) : Deadline::None());
    }
  }
}

}  // namespace spate
