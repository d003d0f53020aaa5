// Memory of a ThreadMatcher: chains and stored events that no thread holds any more are given back
// by copying the live ones, when as much has been added as was live after the last time. Threads
// whose window has passed and that nothing waits for are dropped on the way, also of idle keys.
#include <algorithm>

#include "runtime/match/thread_matcher.h"

namespace spate {

void ThreadMatcher::MaybeCompact() {
  if (chain_.size() + store_.words() < compact_at_) return;
  Compact();
  const size_t live = chain_.size() + store_.words() + partitions_.size();
  compact_at_ = std::max(size_t{1} << 16, 2 * live);
}

// Its windows have passed, and nobody will say anything about it.
bool ThreadMatcher::IsIdle(const Thread& thread, const Mark* marks, const Partition& p) const {
  const bool matters = pattern_.has_timeout || thread.pending != kNoPending ||
                       (thread.mask & masks_[thread.state.index()].waits) != 0;
  return !matters && IsOver(LastTransition(thread, marks, p), Deadline::Exclusive(clock_));
}

void ThreadMatcher::Compact() {
  chain_.BeginCompaction();
  for (Partition& p : partitions_) {
    size_t kept = 0;
    for (size_t i = 0; i < p.threads.size(); ++i) {
      Thread t = p.threads[i];
      const Mark* marks = p.marks.data() + i * mark_count_;
      if (IsIdle(t, marks, p)) continue;
      t.chain = chain_.Keep(t.chain);
      std::copy_n(marks, mark_count_, p.marks.data() + kept * mark_count_);
      p.threads[kept++] = t;
    }
    live_ -= p.threads.size() - kept;
    p.threads.resize(kept);
    p.marks.resize(kept * mark_count_);
    for (Start& x : p.starts) x.furthest = chain_.Keep(x.furthest);
    for (Pending& x : p.pending) x.chain = x.open ? chain_.Keep(x.chain) : kNoChain;
    if (p.threads.empty()) {  // an idle key costs no buffers
      std::vector<Thread>().swap(p.threads);
      std::vector<Mark>().swap(p.marks);
    }
    for (EventRef e : p.history) store_.Mark(e);
  }
  chain_.EndCompaction();
  steps_.Compacted(chain_);
  chain_.MarkEvents(&store_);
  store_.Compact();
  chain_.ForwardEvents(store_);
  for (Partition& p : partitions_) {
    for (EventRef& e : p.history) e = store_.Forwarded(e);
  }
  store_.Forget();
}

}  // namespace spate
