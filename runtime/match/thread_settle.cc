// What completes at one moment: order, the skip policy, pending matches.
// Part of ThreadMatcher; see thread_matcher.h.
#include <algorithm>
#include <utility>

#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {

using Policy = SkipPolicy::Kind;

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
  std::vector<std::pair<uint32_t, StartBar>> first;
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
    // A start whose match is barred is no timeout.
    Start* start = FindStart(match.first_sequence, m->partition);
    if (start != nullptr) start->matched = true;
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
  Say(chain, EmitKind::kReport, m);
  if (pattern_.has_timeout) {
    Start* start = FindStart(store_.SequenceOf(nodes_.front()->event), m->partition);
    if (start != nullptr) start->matched = true;
  }
  if (pattern_.policy.kind != Policy::kNoSkip) Discard(BarOf(chain), own_thread, m);
}

void ThreadMatcher::Say(ChainId chain, EmitKind kind, Moment* m) {
  chain_.Nodes(chain, &nodes_);
  bindings_.clear();
  for (const BindingChain::Node* n : nodes_) {
    bindings_.push_back({BindingChain::VarOf(*n), n->event});
  }
  Report report;
  report.kind = kind;
  report.time = m->time;
  report.store = &store_;
  report.bindings = bindings_;
  report.keys = m->keys;
  if (options_.observer != nullptr) {
    options_.observer->OnReport({rule_, m->keys, StateId(), bindings_, store_}, kind);
  }
  m->sink->OnReport(report);
}

StartBar ThreadMatcher::BarOf(ChainId chain) const {
  // From the last event to the first: where the policy's variable was bound.
  EventRef first = kNoEvent;
  EventRef var_first = kNoEvent;
  EventRef var_last = kNoEvent;
  for (ChainId i = chain; i != kNoChain; i = chain_[i].parent) {
    first = chain_[i].event;
    if (pattern_.policy.var.valid() &&
        pattern_.Names(BindingChain::VarOf(chain_[i]), pattern_.policy.var)) {
      var_first = first;
      if (var_last == kNoEvent) var_last = first;
    }
  }
  StartBar bar;
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

uint64_t ThreadMatcher::LastSequence(const Thread& thread) const {
  return store_.SequenceOf(chain_[thread.chain].event);
}

// Ends now what the earliest pending match will bar whatever comes: it, or what it grows into, is
// reported before any later start, and its last event only moves on. So a long loop at the end of a
// pattern costs one thread and not one for each of its events. (What a bar ends is no timeout, but
// only a report tells it from one: rules with `on timeout` keep all.)
void ThreadMatcher::DropBarred(Moment* m) {
  if (pattern_.policy.kind != Policy::kPastLastEvent || pattern_.has_timeout) return;
  std::vector<Pending>& pending = m->partition->pending;
  uint64_t first = ~uint64_t{0};
  uint64_t last = ~uint64_t{0};
  for (const Pending& p : pending) {
    if (!p.open || p.first_sequence > first) continue;
    last = p.first_sequence < first ? p.last_sequence : std::min(last, p.last_sequence);
    first = p.first_sequence;
  }
  for (const Thread& t : next_) {
    if (t.mask == 0) continue;
    if (t.first_sequence < first) return;
    // One that waits for a ban may complete first, with the last event that it has now.
    const bool waits = (t.mask & masks_[t.state.index()].waits) != 0;
    if (waits && t.first_sequence == first) last = std::min(last, LastSequence(t));
  }
  const auto barred = [&](uint64_t start) { return start > first && start <= last; };
  for (Pending& p : pending) {
    if (barred(p.first_sequence)) p.open = false;
  }
  for (Thread& t : next_) {
    if (t.mask != 0 && barred(t.first_sequence)) EndThread(&t, m);
  }
}

// Ends what a report bars: threads, pending matches and matches of this moment. What grows out of
// the reported match itself (`own_thread`) is not barred.
void ThreadMatcher::Discard(const StartBar& bar, uint32_t own_thread, Moment* m) {
  for (Pending& p : m->partition->pending) {
    if (p.open && bar.Covers(p.first_sequence)) p.open = false;
  }
  for (uint32_t i = 0; i < next_.size(); ++i) {
    if (i != own_thread && next_[i].mask != 0 && bar.Covers(next_[i].first_sequence)) {
      if (options_.observer != nullptr) ObserveEnd(next_[i], ThreadEnd::kSkipped, m);
      EndThread(&next_[i], m);
    }
  }
  for (Completed& c : completed_) {
    if (bar.Covers(c.first_sequence)) c.chain = kNoChain;
  }
  for (Start& s : m->partition->starts) s.matched |= bar.Covers(s.sequence);
}

}  // namespace spate
