// `on timeout`: first events that gave no match before a bound ended their last living thread. Part
// of ThreadMatcher; see thread_matcher.h.
#include <algorithm>

#include "runtime/match/thread_matcher.h"
#include "runtime/match/thread_moment.h"

namespace spate {

ThreadMatcher::Start* ThreadMatcher::FindStart(uint64_t sequence, Partition* p) const {
  const auto at = std::lower_bound(p->starts.begin(), p->starts.end(), sequence,
                                   [](const Start& s, uint64_t q) { return s.sequence < q; });
  return at != p->starts.end() && at->sequence == sequence ? &*at : nullptr;
}

// The event at hand begins a match: sequences only grow.
void ThreadMatcher::AddStart(Moment* m) {
  std::vector<Start>& starts = m->partition->starts;
  if (!starts.empty() && starts.back().sequence == m->sequence) return;
  starts.emplace_back();
  starts.back().sequence = m->sequence;
}

// A bound ends a thread. Of each start the one that came furthest counts.
void ThreadMatcher::NoteEnded(const Thread& thread, Moment* m) {
  Start* start = FindStart(thread.first_sequence, m->partition);
  if (start == nullptr) return;
  start->ended_now = true;
  const bool further = start->furthest == kNoChain ||
                       chain_.Length(thread.chain) > chain_.Length(start->furthest) ||
                       (chain_.Length(thread.chain) == chain_.Length(start->furthest) &&
                        chain_.Compare(thread.chain, start->furthest) < 0);
  if (further) start->furthest = thread.chain;
}

// After the matches of the moment: starts of which no thread lives any more.
void ThreadMatcher::ReportTimeouts(Moment* m) {
  std::vector<Start>& starts = m->partition->starts;
  std::vector<bool> alive(starts.size(), false);
  for (const Thread& t : next_) {
    if (t.mask == 0) continue;
    const Start* start = FindStart(t.first_sequence, m->partition);
    if (start != nullptr) alive[static_cast<size_t>(start - starts.data())] = true;
  }
  size_t kept = 0;
  for (size_t i = 0; i < starts.size(); ++i) {
    Start start = starts[i];
    const bool timed_out = !alive[i] && start.ended_now && !start.matched;
    start.ended_now = false;
    if (alive[i]) {
      starts[kept++] = start;
    } else if (timed_out) {
      Say(start.furthest, EmitKind::kOnTimeout, m);
    }
  }
  starts.resize(kept);
}

}  // namespace spate
