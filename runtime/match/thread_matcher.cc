#include "runtime/match/thread_matcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/match/thread_moment.h"

namespace spate {
namespace {

bool NeedsClock(const PatternPlan& pattern) {
  const bool waits = std::any_of(pattern.states.begin(), pattern.states.end(),
                                 [](const State& s) { return !s.waits.empty(); });
  return pattern.can_pend || pattern.has_timeout || waits;
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
      masks_(MakeStateMasks(*rule.pattern)),
      is_session_(rule.pattern->window.kind == WindowSpec::Kind::kSession),
      needs_clock_(NeedsClock(*rule.pattern)) {
  IndexBans();
}

absl::StatusOr<std::unique_ptr<ThreadMatcher>> ThreadMatcher::Create(
    const RulePlan& rule, PatternSteps* steps, EventStore* store, const KeyIndex* keys,
    const MachineOptions& options) {
  std::unique_ptr<ThreadMatcher> matcher(new ThreadMatcher(rule, steps, store, keys, options));
  const WindowSpec& window = rule.pattern->window;
  if (window.kind == WindowSpec::Kind::kTumbling && window.events == 0) {
    absl::StatusOr<Alignment> alignment = Alignment::Create(window);
    if (!alignment.ok()) return alignment.status();
    matcher->alignment_ = *std::move(alignment);
  }
  return matcher;
}

absl::Status ThreadMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys,
                                    const Arrival& event, ReportSink* sink) {
  clock_ = event.time();
  MaybeCompact();
  if (slot >= partitions_.size()) partitions_.resize(slot + 1);
  Partition& p = partitions_[slot];
  ++p.count;
  const bool accepted = steps_.SetEvent(event);
  Moment m{
      &p,     keys,     event.time(), Deadline::Exclusive(event.time()), event.sequence(), p.count,
      &event, kNoEvent, sink};
  if (is_session_) EnterSession(&m);
  if (steps_.IsUntil(event)) Discard(&m);
  if (options_.observer != nullptr && !accepted) ObserveStart(&m);
  if (accepted || !p.threads.empty()) TakeEvent(accepted, steps_.IsEnding(event), &m);
  if (needs_clock_) Schedule(slot, p);
  if (!looking_back_.empty()) Remember(&m);
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

// `closes`: the window ends with this event.
void ThreadMatcher::TakeEvent(bool accepted, bool closes, Moment* m) {
  const Partition& p = *m->partition;
  const bool begins = accepted && (pattern_.keep != KeepPolicy::kFirst || !AnyAlive(*m));
  next_.clear();
  next_marks_.clear();
  for (size_t i = 0; i < p.threads.size(); ++i) {
    Step(p.threads[i], p.marks.data() + i * mark_count_, /*fresh=*/false, m);
  }
  if (begins) {
    fresh_marks_.assign(mark_count_, Mark{});
    if (LookBack(m)) Step(Fresh(*m), fresh_marks_.data(), /*fresh=*/true, m);
  }
  DropDuplicates(m);
  if (pattern_.keep == KeepPolicy::kLatest) KeepLatest(m);
  SettleAll(closes, m);
}

// The thread that stands at the pattern's start, for this event only.
ThreadMatcher::Thread ThreadMatcher::Fresh(const Moment& m) const {
  Thread fresh;
  fresh.state = pattern_.start;
  fresh.mask = masks_[pattern_.start.index()].all;
  fresh.first_time = fresh.last_time = m.time;
  fresh.first_sequence = m.sequence;
  fresh.first_index = m.index;
  SetRuleEnd(&fresh);
  return fresh;
}

// `until`: partial matches are discarded and pending ones reported, before the event is taken.
void ThreadMatcher::Discard(Moment* m) {
  if (m->partition->threads.empty()) return;
  LoadThreads(*m->partition);
  for (Thread& t : next_) {
    if (options_.observer != nullptr) ObserveEnd(t, ThreadEnd::kUntil, m);
    EndThread(&t, m);
  }
  SettleAll(/*closes=*/false, m);
}

EventRef ThreadMatcher::StoredEvent(Moment* m) {
  if (m->stored == kNoEvent) m->stored = store_.Add(*m->event->batch, m->event->row);
  return m->stored;
}

uint64_t ThreadMatcher::Accepting(const Thread& thread, const Mark* marks, uint64_t open,
                                  bool fresh, Moment* m) {
  const State& s = pattern_.states[thread.state.index()];
  uint64_t accepted = 0;
  open &= masks_[thread.state.index()].transitions();
  for (uint64_t bits = open; bits != 0; bits &= bits - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctzll(bits));
    const Transition& t = s.transitions[i];
    if (!steps_.Local(t.step) || !HoldsResidual(t.step, thread, m)) continue;
    if (!t.guards.empty() && !GuardsLetPass(t, marks, fresh, *m)) continue;
    accepted |= uint64_t{1} << i;
  }
  return accepted;
}

// One thread meets the event: new threads for what accepts it, and what is left of the old one.
void ThreadMatcher::Step(const Thread& thread, const Mark* marks, bool fresh, Moment* m) {
  const StateMasks& masks = masks_[thread.state.index()];
  const uint64_t open = OpenMask(thread, marks, *m);
  uint64_t accepted = Accepting(thread, marks, open, fresh, m);
  for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
    const size_t i = static_cast<size_t>(__builtin_ctzll(bits));
    // One after which the thread could not go on is not taken.
    if (Take(thread, marks, i, m) == Taken::kRefused) accepted &= ~(uint64_t{1} << i);
  }
  if (fresh && options_.observer == nullptr) return;
  Thread rest = thread;
  rest.mask = StayOpen(pattern_.states[thread.state.index()], masks, open, accepted);
  if (!fresh && (rest.mask & masks.guarded) != 0) {
    rest.mask &= ~Banned(thread, marks, rest.mask, m);
  }
  if (options_.observer != nullptr) {
    ObserveStep(thread, marks, open, accepted, rest.mask, fresh, m);
  }
  if (fresh) return;
  if (rest.mask == 0) {
    EndThread(&rest, m);
    return;
  }
  // The old thread keeps its hold on its pending match, and its place behind what grew out of it.
  next_.push_back(rest);
  next_marks_.insert(next_marks_.end(), marks, marks + mark_count_);
}

ThreadMatcher::Taken ThreadMatcher::Take(const Thread& parent, const Mark* marks, size_t transition,
                                         Moment* m) {
  const Transition& t = pattern_.states[parent.state.index()].transitions[transition];
  Thread child = parent;
  child.state = Move(t, &child);
  child.mask = MaskOf(child);
  child.chain = chain_.Extend(parent.chain, StoredEvent(m), m->sequence, transition,
                              pattern_.steps[t.step].var);
  steps_.Extended(chain_, child.chain, store_);
  child.last_time = m->time;
  child.last_index = m->index;
  const bool is_match =
      masks_[child.state.index()].accepting && steps_.Accepts(chain_, child.chain, store_, m->keys);
  if (!is_match && child.mask == 0) return Taken::kRefused;
  next_.push_back(child);
  next_marks_.insert(next_marks_.end(), marks, marks + mark_count_);
  if (child.pending != kNoPending) ++m->partition->pending[child.pending].threads;
  if (pattern_.has_timeout && parent.chain == kNoChain) AddStart(m);
  Mark* own = next_marks_.data() + next_marks_.size() - mark_count_;
  // Of a group that has been left nothing is kept: a ban at its end waits for a new round of it.
  std::fill_n(own, pattern_.groups.size(), Mark{});
  for (GroupId g : t.inside) {
    own[g.index()] = marks[g.index()];
    own[g.index()].last = m->time;
  }
  for (GroupId g : t.enters) own[g.index()] = {m->time, m->index, m->time};
  // A limit that is null ends the thread; what is complete is so all the same.
  if (!SetLimits(child, own, m)) next_.back().mask = 0;
  if (is_match) complete_.push_back({static_cast<uint32_t>(next_.size() - 1), /*by_wait=*/false});
  if (!is_match && next_.back().mask == 0) EndThread(&next_.back(), m);
  return Taken::kTaken;
}

// Where a transition leads; in a permutation, what of it remains then.
StateId ThreadMatcher::Move(const Transition& t, Thread* child) const {
  if (t.permutation == kNoPermutation) {
    child->remaining = 0;
    return t.target;
  }
  const PermutationPlan& permutation = pattern_.permutations[t.permutation];
  if (t.begins) child->remaining = permutation.full;
  child->remaining -= uint64_t{1} << permutation.elements[t.element].shift;
  return child->remaining == 0 ? t.exit : t.target;
}

// What is open for a thread that has just come to its state.
uint64_t ThreadMatcher::MaskOf(const Thread& thread) const {
  const StateMasks& masks = masks_[thread.state.index()];
  if (!masks.in_permutation) return masks.all;
  const State& s = pattern_.states[thread.state.index()];
  uint64_t open = masks.all;
  for (size_t i = 0; i < s.transitions.size(); ++i) {
    const Transition& t = s.transitions[i];
    const PermutationPlan& permutation = pattern_.permutations[t.permutation];
    if (permutation.Remaining(thread.remaining, t.element) == 0) open &= ~(uint64_t{1} << i);
  }
  return open;
}

void ThreadMatcher::EndThread(Thread* thread, Moment* m) {
  thread->mask = 0;
  if (thread->pending == kNoPending) return;
  --m->partition->pending[thread->pending].threads;
  thread->pending = kNoPending;
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
      std::copy_n(next_marks_.begin() + static_cast<ptrdiff_t>(i * mark_count_), mark_count_,
                  next_marks_.begin() + static_cast<ptrdiff_t>(kept * mark_count_));
    }
    ++kept;
  }
  p.threads.assign(next_.begin(), next_.begin() + static_cast<ptrdiff_t>(kept));
  p.marks.assign(next_marks_.begin(),
                 next_marks_.begin() + static_cast<ptrdiff_t>(kept * mark_count_));
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
