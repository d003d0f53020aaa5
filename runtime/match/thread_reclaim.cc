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

void ThreadMatcher::Compact() {
  chain_.BeginCompaction();
  for (Partition& p : partitions_) {
    size_t kept = 0;
    for (size_t i = 0; i < p.threads.size(); ++i) {
      Thread t = p.threads[i];
      GroupStart* groups = p.groups.data() + i * group_count_;
      if (t.pending == kNoPending && ThreadDeadline(t, groups) < clock_) continue;
      t.chain = chain_.Keep(t.chain);
      std::copy_n(groups, group_count_, p.groups.data() + kept * group_count_);
      p.threads[kept++] = t;
    }
    live_ -= p.threads.size() - kept;
    p.threads.resize(kept);
    p.groups.resize(kept * group_count_);
    for (Pending& x : p.pending) x.chain = x.open ? chain_.Keep(x.chain) : kNoChain;
    if (p.threads.empty()) {  // an idle key costs no buffers
      std::vector<Thread>().swap(p.threads);
      std::vector<GroupStart>().swap(p.groups);
    }
    for (EventRef e : p.history) store_.Mark(e);
  }
  chain_.EndCompaction();
  chain_.MarkEvents(&store_);
  store_.Compact();
  chain_.ForwardEvents(store_);
  for (Partition& p : partitions_) {
    for (EventRef& e : p.history) e = store_.Forwarded(e);
  }
  store_.Forget();
}

}  // namespace spate
