// Threads that have all they need at one moment, and threads that are equal or kept only as the
// latest. Part of ThreadMatcher; see thread_matcher.h.
#include <algorithm>

#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {

// In order; of those with equal bindings one is a match, the preferred one.
void ThreadMatcher::CompleteThreads(Moment* m) {
  std::sort(complete_.begin(), complete_.end(), [this](const Complete& a, const Complete& b) {
    const Thread& x = next_[a.thread];
    const Thread& y = next_[b.thread];
    if (x.first_sequence != y.first_sequence) return x.first_sequence < y.first_sequence;
    return chain_.Compare(x.chain, y.chain) < 0;
  });
  for (size_t i = 0; i < complete_.size(); ++i) {
    const Thread& thread = next_[complete_[i].thread];
    bool is_match = true;
    for (size_t j = i; is_match && j-- > 0;) {
      const Thread& other = next_[complete_[j].thread];
      if (other.first_sequence != thread.first_sequence) break;
      is_match = chain_[thread.chain].hash != chain_[other.chain].hash ||
                 !chain_.SameBindings(thread.chain, other.chain);
    }
    CompleteThread(complete_[i], is_match, m);
  }
  complete_.clear();
}

// A complete thread: reported now, or pending; and what of it goes on.
void ThreadMatcher::CompleteThread(const Complete& complete, bool is_match, Moment* m) {
  Thread& thread = next_[complete.thread];
  const StateMasks& masks = masks_[thread.state.index()];
  if (is_match) ReplacePrefixes(thread, m);
  if (complete.by_wait) {
    if (is_match)
      completed_.push_back({thread.chain, thread.first_sequence, kNoPending, kNoPending});
    EndThread(&thread, m);
    return;
  }
  thread.mask &= masks.after_match;
  if (!is_match) return;
  if (thread.pending != kNoPending) {
    --m->partition->pending[thread.pending].threads;
    thread.pending = kNoPending;
  }
  if (!masks.pends) {
    completed_.push_back({thread.chain, thread.first_sequence, complete.thread, kNoPending});
    return;
  }
  thread.pending = static_cast<uint32_t>(m->partition->pending.size());
  m->partition->pending.push_back(
      {thread.chain, thread.first_sequence, m->sequence, /*threads=*/1, /*open=*/true});
}

// A match takes the place of the pending ones that are its beginning.
void ThreadMatcher::ReplacePrefixes(const Thread& match, Moment* m) {
  const uint32_t length = chain_.Length(match.chain);
  for (Pending& p : m->partition->pending) {
    if (!p.open || p.first_sequence != match.first_sequence) continue;
    if (chain_.Length(p.chain) >= length) continue;
    ChainId beginning = match.chain;
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
      if (a.remaining != b.remaining || !SameMarks(same_[i], same_[j])) continue;
      if (!chain_.SameBindings(a.chain, b.chain)) continue;
      EndThread(chain_.Compare(a.chain, b.chain) <= 0 ? &b : &a, m);
    }
  }
}

// Where bounded groups began is part of a thread's place.
bool ThreadMatcher::SameMarks(uint32_t a, uint32_t b) const {
  const Mark* marks = next_marks_.data();
  return std::equal(marks + a * mark_count_, marks + (a + 1) * mark_count_,
                    marks + b * mark_count_);
}

// The one that came to its state later; of two that came with one event, that with the later start.
bool ThreadMatcher::IsNewer(const Thread& a, const Thread& b) const {
  if (a.last_index != b.last_index) return a.last_index > b.last_index;
  if (a.first_index != b.first_index) return a.first_index > b.first_index;
  return chain_.Compare(a.chain, b.chain) < 0;
}

// `keep latest`: one thread a state, those apart that wait for a ban at the end.
void ThreadMatcher::KeepLatest(Moment* m) {
  for (size_t i = 0; i < next_.size(); ++i) {
    for (size_t j = 0; j < i && next_[i].mask != 0; ++j) {
      Thread& a = next_[i];
      Thread& b = next_[j];
      if (b.mask == 0 || a.state != b.state) continue;
      if (((a.mask | b.mask) & masks_[a.state.index()].waits) != 0) continue;
      EndThread(IsNewer(a, b) ? &b : &a, m);
    }
  }
}

}  // namespace spate
