// Bans: what they forbid on the way, when the ones at the end are over, and what the ones at the
// start look back at. Part of ThreadMatcher; see thread_matcher.h.
#include <algorithm>

#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {

using Limit = BanPlan::Limit;

// Which bans have a limit that is computed when a thread comes to a state, and where it is kept.
void ThreadMatcher::IndexBans() {
  mark_count_ = pattern_.groups.size();
  for (uint32_t b = 0; b < pattern_.bans.size(); ++b) {
    const BanPlan& ban = pattern_.bans[b];
    const bool limited = ban.limit == Limit::kFor || ban.limit == Limit::kBefore;
    limit_mark_.push_back(limited ? static_cast<uint32_t>(mark_count_++) : kNoMark);
    if (ban.at_start) looking_back_.push_back(b);
  }
  state_limits_.resize(pattern_.states.size());
  for (size_t s = 0; s < pattern_.states.size(); ++s) {
    std::vector<uint32_t>& limits = state_limits_[s];
    const auto add = [&](uint32_t ban) {
      if (limit_mark_[ban] == kNoMark) return;
      if (std::find(limits.begin(), limits.end(), ban) == limits.end()) limits.push_back(ban);
    };
    for (const Transition& t : pattern_.states[s].transitions) {
      for (const Guard& g : t.guards) add(g.ban);
    }
    for (const Wait& w : pattern_.states[s].waits) {
      add(w.ban);
      for (const Guard& g : w.guards) add(g.ban);
    }
  }
}

bool ThreadMatcher::HoldsResidual(uint32_t step, const Thread& thread, Moment* m) {
  if (!steps_.HasResidual(step)) return true;
  const EventRef stored = steps_.ReadsAggregates(step) ? StoredEvent(m) : kNoEvent;
  return steps_.Residual(step, *m->event, stored, chain_, thread.chain, store_, m->keys,
                         m->partition->history);
}

Deadline ThreadMatcher::LimitOf(uint32_t ban, const Mark* marks) const {
  const Time time = marks[limit_mark_[ban]].time;
  if (time == kMaxTime) return Deadline::None();
  return pattern_.bans[ban].limit == Limit::kFor ? Deadline::Inclusive(time)
                                                 : Deadline::Exclusive(time);
}

// Whether the event at hand is what the ban forbids there.
bool ThreadMatcher::Forbids(const Guard& guard, const Thread& thread, const Mark* marks,
                            Moment* m) {
  const BanPlan& ban = pattern_.bans[guard.ban];
  if (!steps_.Local(ban.step)) return false;
  if (guard.next_only && m->index != thread.last_index + 1) return false;
  if (ban.limit == Limit::kBefore && m->time >= marks[limit_mark_[guard.ban]].time) return false;
  return HoldsResidual(ban.step, thread, m);
}

// The open moves that a ban ends with the event at hand.
uint64_t ThreadMatcher::Banned(const Thread& thread, const Mark* marks, uint64_t open, Moment* m) {
  const State& s = pattern_.states[thread.state.index()];
  uint64_t banned = 0;
  for (uint64_t bits = open & masks_[thread.state.index()].guarded; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<size_t>(__builtin_ctzll(bits));
    const bool is_wait = i >= s.transitions.size();
    const std::vector<Guard>& guards =
        is_wait ? s.waits[i - s.transitions.size()].guards : s.transitions[i].guards;
    bool forbidden =
        is_wait && Forbids({s.waits[i - s.transitions.size()].ban, false}, thread, marks, m);
    for (size_t g = 0; !forbidden && g < guards.size(); ++g) {
      forbidden = Forbids(guards[g], thread, marks, m);
    }
    if (forbidden) banned |= uint64_t{1} << i;
  }
  return banned;
}

// Whether the bans on a transition's way let an event pass now: none at the start that looks back
// at what it forbids, none whose time is not over.
bool ThreadMatcher::GuardsLetPass(const Transition& t, const Mark* marks, bool fresh,
                                  const Moment& m) const {
  return std::all_of(t.guards.begin(), t.guards.end(), [&](const Guard& guard) {
    const BanPlan& ban = pattern_.bans[guard.ban];
    const std::vector<Time>& banned = m.partition->banned;
    const Time seen = guard.ban < banned.size() ? banned[guard.ban] : kMinTime;
    if (ban.limit == Limit::kEver) return seen == kMinTime;
    if (limit_mark_[guard.ban] == kNoMark) return true;
    if (!fresh) return m.time >= marks[limit_mark_[guard.ban]].time;
    // The mark of a fresh thread holds the beginning of what is looked back at.
    return seen == kMinTime || seen < marks[limit_mark_[guard.ban]].time;
  });
}

// Computes the limits that begin where a thread has come to. False: one of them is null.
bool ThreadMatcher::SetLimits(const Thread& child, Mark* marks, Moment* m) {
  for (uint32_t ban : state_limits_[child.state.index()]) {
    const Value limit = steps_.Limit(ban, chain_, child.chain, store_, m->keys);
    if (limit.is_null()) {
      ++null_limits_;
      return false;
    }
    marks[limit_mark_[ban]].time =
        pattern_.bans[ban].limit == Limit::kFor ? SaturatingAdd(m->time, limit.i) : limit.i;
  }
  return true;
}

bool ThreadMatcher::WaitIsOver(const Thread& thread, const Mark* marks, const Wait& wait,
                               bool closes, const Moment& m) const {
  const BanPlan& ban = pattern_.bans[wait.ban];
  if (limit_mark_[wait.ban] != kNoMark) return IsOver(LimitOf(wait.ban, marks), m.horizon);
  if (ban.group.valid() && marks[ban.group.index()].index != 0) {
    return GroupIsOver(ban.group, marks[ban.group.index()], m);
  }
  return closes || RuleIsOver(thread, m);
}

// Threads that a ban at the end completes now.
void ThreadMatcher::CollectWaits(bool closes, Moment* m) {
  for (uint32_t i = 0; i < next_.size(); ++i) {
    Thread& thread = next_[i];
    const State& s = pattern_.states[thread.state.index()];
    if ((thread.mask & masks_[thread.state.index()].waits) == 0) continue;
    for (size_t w = 0; w < s.waits.size(); ++w) {
      const uint64_t bit = uint64_t{1} << (s.transitions.size() + w);
      if ((thread.mask & bit) == 0) continue;
      if (!WaitIsOver(thread, next_marks_.data() + i * mark_count_, s.waits[w], closes, *m)) {
        continue;
      }
      if (steps_.Accepts(chain_, thread.chain, store_, m->keys)) {
        complete_.push_back({i, /*by_wait=*/true});
        if (options_.observer != nullptr) ObserveWaitOver(thread, s.waits[w].ban, m);
        break;
      }
      thread.mask &= ~bit;
      if (thread.mask == 0) EndThread(&thread, m);
    }
  }
}

// Notes the event at hand for the bans that look back.
void ThreadMatcher::Remember(Moment* m) {
  std::vector<Time>& banned = m->partition->banned;
  for (uint32_t ban : looking_back_) {
    const uint32_t step = pattern_.bans[ban].step;
    if (options_.observer != nullptr) ObserveMemory(ban, m);
    if (!steps_.Local(step) || !HoldsResidual(step, Thread{}, m)) continue;
    if (banned.empty()) banned.assign(pattern_.bans.size(), kMinTime);
    banned[ban] = m->time;
  }
}

// From when on a fresh thread looks back, for each ban at the start that says so. False: one is
// null, and nothing can begin.
bool ThreadMatcher::LookBack(Moment* m) {
  for (uint32_t ban : looking_back_) {
    if (pattern_.bans[ban].limit != Limit::kFor) continue;
    const Value length = steps_.Limit(ban, chain_, kNoChain, store_, m->keys);
    if (length.is_null()) return false;
    fresh_marks_[limit_mark_[ban]].time = SaturatingAdd(m->time, -length.i);
  }
  return true;
}

}  // namespace spate
