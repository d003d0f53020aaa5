// ThreadMatcher: the matching machine of the language reference (section 3), thread by thread.
//
// A thread is a place in the automaton, the mask of its open transitions, where its bounded groups
// began, and a chain of bindings. An event makes a new thread for each open transition that accepts
// it; the old one goes on with what the contiguity of its transitions leaves open. A complete
// thread that a greedy quantifier could still extend leaves a *pending* match behind, which lives
// until no thread that grew out of it is alive. All that completes at one moment is settled
// together: ordered by preference, then reported under the skip policy (thread_settle.cc).
//
// The cost of an event grows with the threads of its partition: SetMatcher does better where it can
// be used. Not thread-safe. Tested by tests/property against tests/reference.
#ifndef SPATE_RUNTIME_MATCH_THREAD_MATCHER_H_
#define SPATE_RUNTIME_MATCH_THREAD_MATCHER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "runtime/match/binding_chain.h"
#include "runtime/match/key_index.h"
#include "runtime/match/machine.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/pattern_steps.h"
#include "runtime/match/state_masks.h"
#include "runtime/model/plan.h"
#include "windows/deadline_queue.h"

namespace spate {

class ThreadMatcher : public PatternMatcher {
 public:
  // All must outlive the matcher; `keys` gives the partitions' keys by slot.
  ThreadMatcher(const RulePlan& rule, PatternSteps* steps, EventStore* store, const KeyIndex* keys,
                const MachineOptions& options);

  absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                       ReportSink* sink) override;
  void Prefetch(uint32_t slot) const override {
    if (slot < partitions_.size()) __builtin_prefetch(&partitions_[slot]);
  }
  Deadline NextDeadline() const override;
  void Fire(Deadline deadline, ReportSink* sink) override;
  void Finish(FinishMode mode, Time clock, ReportSink* sink) override;
  uint64_t live() const override { return live_; }
  uint64_t open() const override { return open_; }

 private:
  static constexpr uint32_t kNoPending = ~uint32_t{0};

  struct GroupStart {
    Time time;
    uint64_t index;
    friend bool operator==(const GroupStart&, const GroupStart&) = default;
  };
  struct Thread {
    StateId state;
    ChainId chain = kNoChain;
    uint64_t mask = 0;  // open transitions; 0: dead
    Time first_time = 0;
    uint64_t first_sequence = 0;
    uint64_t first_index = 0;       // place of the first event in the partition's input
    uint32_t pending = kNoPending;  // the pending match that it grew out of
  };
  struct Pending {
    ChainId chain = kNoChain;
    uint64_t first_sequence = 0;
    uint64_t last_sequence = 0;
    uint32_t threads = 0;  // alive that grew out of it, its own thread included
    bool open = true;      // neither replaced nor reported nor dropped
  };
  struct Partition {
    uint64_t count = 0;  // events of its input so far
    std::vector<Thread> threads;
    std::vector<GroupStart> groups;  // group_count_ for each thread
    std::vector<Pending> pending;
    std::vector<EventRef> history;  // the last events, for `prev`
  };
  // A match that completes now.
  struct Completed {
    ChainId chain;
    uint64_t first_sequence;
    uint32_t thread;   // its own thread, which goes on; kNoPending: none
    uint32_t pending;  // the pending match that it is, or kNoPending
  };
  struct Moment;  // what one event or deadline does to one partition

  // thread_matcher.cc: one event.
  void Step(const Thread& thread, const GroupStart* groups, bool fresh, Moment* m);
  uint64_t Accepting(const Thread& thread, const GroupStart* groups, Moment* m);
  void Take(const Thread& parent, const GroupStart* groups, size_t transition, Moment* m);
  void CompleteThreads(Moment* m);
  void Complete(uint32_t thread, bool is_match, Moment* m);
  void ReplacePrefixes(ChainId match, Moment* m);
  void DropDuplicates(Moment* m);
  bool SameGroups(uint32_t a, uint32_t b) const;
  EventRef StoredEvent(Moment* m);
  uint64_t OpenMask(const Thread& thread, const GroupStart* groups, Time time,
                    uint64_t index) const;
  bool WithinBound(const WindowBound& bound, Time first, uint64_t first_index, Time time,
                   uint64_t index) const;
  void CloseEnded(Time time, uint64_t next_index, Moment* m);
  void EndThread(Thread* thread, Moment* m);
  void Commit(Moment* m);
  static void DropClosedPending(Partition* p);

  // thread_settle.cc: what completes at one moment, and time.
  struct Bar;  // which starts a report bars
  void CollectEnded(Moment* m);
  void Settle(Moment* m);
  void ReportMatch(const Completed& match, Moment* m);
  bool PendingGoFirst(const Completed& match, Moment* m);
  void ReportNow(ChainId chain, uint32_t own_thread, Moment* m);
  Bar BarOf(ChainId chain) const;
  void Discard(const Bar& bar, uint32_t own_thread, Moment* m);
  Time ThreadDeadline(const Thread& thread, const GroupStart* groups) const;
  void Schedule(uint32_t slot, const Partition& p);
  void FinishPartition(uint32_t slot, FinishMode mode, Time clock, ReportSink* sink);

  // thread_reclaim.cc: memory.
  void MaybeCompact();
  void Compact();

  const RulePlan& rule_;
  const PatternPlan& pattern_;
  PatternSteps& steps_;
  EventStore& store_;
  const KeyIndex& keys_;
  const MachineOptions options_;
  const size_t group_count_;
  const std::vector<StateMasks> masks_;  // by state

  BindingChain chain_;
  std::vector<Partition> partitions_;  // by slot
  mutable DeadlineQueue deadlines_;
  uint64_t live_ = 0;
  uint64_t open_ = 0;
  Time clock_ = kMinTime;
  size_t compact_at_ = size_t{1} << 16;  // words and nodes that make it worth while

  // Scratch of one moment, kept to allocate nothing in steady state.
  std::vector<Thread> next_;
  std::vector<GroupStart> next_groups_;
  std::vector<Completed> completed_;
  std::vector<Binding> bindings_;
  std::vector<const BindingChain::Node*> nodes_;
  std::vector<uint32_t> same_;
  std::vector<uint32_t> complete_;  // threads of next_ that became matches with this event
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_THREAD_MATCHER_H_
