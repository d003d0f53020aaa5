// ThreadMatcher: the matching machine of docs/language.md, thread by thread.
//
// A thread is a place in the automaton, the mask of its open moves (transitions that take an event,
// and waits for a ban at the end), where its bounded groups began and its bans end, and a chain of
// bindings. An event makes a new thread for each open transition that accepts it; the old one goes
// on with what the contiguity of its transitions and the bans leave open. A complete thread that a
// greedy quantifier could still extend leaves a *pending* match behind, which lives until no thread
// that grew out of it is alive. All that completes at one moment is settled together: ordered by
// preference, then reported under the skip policy.
//
//   thread_matcher.cc   one event: threads take it, or go on without it
//   thread_bans.cc      what bans forbid, when they end, what the start remembers
//   thread_complete.cc  threads that have all they need; equal threads
//   thread_settle.cc    reports and the skip policy
//   thread_bounds.cc    windows, gaps, deadlines, the end of the input
//   thread_timeouts.cc  starts that gave no match
//   thread_reclaim.cc   memory
//   thread_observe.cc   what an observer is told
//
// The cost of an event grows with the threads of its partition: SetMatcher and RegisterMatcher do
// better where they can be used. Not thread-safe. Tested by tests/property against tests/reference.
#ifndef SPATE_RUNTIME_MATCH_THREAD_MATCHER_H_
#define SPATE_RUNTIME_MATCH_THREAD_MATCHER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/match/binding_chain.h"
#include "runtime/match/key_index.h"
#include "runtime/match/machine.h"
#include "runtime/match/observer.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/pattern_steps.h"
#include "runtime/match/start_bar.h"
#include "runtime/match/state_masks.h"
#include "runtime/model/plan.h"
#include "windows/alignment.h"
#include "windows/deadline_queue.h"

namespace spate {

class ThreadMatcher : public PatternMatcher {
 public:
  // All must outlive the matcher; `keys` gives the partitions' keys by slot.
  static absl::StatusOr<std::unique_ptr<ThreadMatcher>> Create(const RulePlan& rule,
                                                               PatternSteps* steps,
                                                               EventStore* store,
                                                               const KeyIndex* keys,
                                                               const MachineOptions& options);

  absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                       ReportSink* sink) override;
  void Prefetch(absl::Span<const uint32_t> slots) const override {
    for (uint32_t slot : slots) {
      if (slot < partitions_.size()) __builtin_prefetch(&partitions_[slot]);
    }
  }
  Deadline NextDeadline() const override;
  void Fire(Deadline deadline, ReportSink* sink) override;
  void Finish(FinishMode mode, Time clock, ReportSink* sink) override;
  bool AtRest(uint32_t slot) const override {
    return slot >= partitions_.size() || partitions_[slot].threads.empty();
  }
  uint64_t live() const override { return live_; }
  uint64_t open() const override { return open_; }
  uint64_t null_limits() const override { return null_limits_; }

 private:
  static constexpr uint32_t kNoPending = ~uint32_t{0};
  static constexpr uint32_t kNoMark = ~uint32_t{0};
  static constexpr uint64_t kNoIndex = ~uint64_t{0};

  // Where a bounded group began, or until when (from when) a ban with a limit forbids (lets pass).
  struct Mark {
    Time time = 0;
    uint64_t index = 0;  // groups: of the first event in the partition's input; 0: none
    Time last = 0;       // groups: of the last event
    friend bool operator==(const Mark&, const Mark&) = default;
  };
  struct Thread {
    StateId state;
    ChainId chain = kNoChain;
    uint64_t mask = 0;       // open transitions, then open waits; 0: dead
    uint64_t remaining = 0;  // of the permutation in which it is
    Time first_time = 0;
    Time last_time = 0;
    uint64_t first_sequence = 0;
    uint64_t first_index = 0;  // place of the first (last) event in the partition's input
    uint64_t last_index = 0;
    Deadline end;                   // of the rule's window
    uint64_t end_index = kNoIndex;  // the last place that lies in it
    uint32_t pending = kNoPending;  // the pending match that it grew out of
  };
  struct Pending {
    ChainId chain = kNoChain;
    uint64_t first_sequence = 0;
    uint64_t last_sequence = 0;
    uint32_t threads = 0;  // alive that grew out of it, its own thread included
    bool open = true;      // neither replaced nor reported nor dropped
  };
  // A first event, for `on timeout`.
  struct Start {
    uint64_t sequence = 0;
    bool matched = false;         // or barred by another one's report
    bool ended_now = false;       // a bound ended one of its threads in this moment
    ChainId furthest = kNoChain;  // of its threads that a bound has ended
  };
  struct Partition {
    uint64_t count = 0;  // events of its input so far
    std::vector<Thread> threads;
    std::vector<Mark> marks;  // mark_count_ for each thread
    std::vector<Pending> pending;
    std::vector<EventRef> history;  // the last events, for `prev`
    std::vector<Start> starts;      // by sequence
    std::vector<Time> banned;       // by ban: when it was last seen; kMinTime: never
    Time session_start = 0;
    uint64_t session_index = 0;  // place of its first event in the input
    Deadline session_end;
  };
  // A thread of next_ that has all it needs at this moment.
  struct Complete {
    uint32_t thread;
    bool by_wait;  // by a ban at the end: the thread ends
  };
  // A match that completes now.
  struct Completed {
    ChainId chain;
    uint64_t first_sequence;
    uint32_t thread;   // its own thread, which goes on; kNoPending: none
    uint32_t pending;  // the pending match that it is, or kNoPending
  };
  enum class Taken { kRefused, kTaken };
  struct Moment;  // what one event or deadline does to one partition

  ThreadMatcher(const RulePlan& rule, PatternSteps* steps, EventStore* store, const KeyIndex* keys,
                const MachineOptions& options);

  // thread_matcher.cc
  void TakeEvent(bool accepted, bool closes, Moment* m);
  Thread Fresh(const Moment& m) const;
  void Step(const Thread& thread, const Mark* marks, bool fresh, Moment* m);
  uint64_t Accepting(const Thread& thread, const Mark* marks, uint64_t open, bool fresh, Moment* m);
  Taken Take(const Thread& parent, const Mark* marks, size_t transition, Moment* m);
  StateId Move(const Transition& t, Thread* child) const;
  uint64_t MaskOf(const Thread& thread) const;
  void Discard(Moment* m);
  EventRef StoredEvent(Moment* m);
  void EndThread(Thread* thread, Moment* m);
  void Commit(Moment* m);
  static void DropClosedPending(Partition* p);

  // thread_bans.cc
  void IndexBans();
  bool HoldsResidual(uint32_t step, const Thread& thread, Moment* m);
  bool Forbids(const Guard& guard, const Thread& thread, const Mark* marks, Moment* m);
  uint64_t Banned(const Thread& thread, const Mark* marks, uint64_t open, Moment* m);
  bool GuardsLetPass(const Transition& t, const Mark* marks, bool fresh, const Moment& m) const;
  bool SetLimits(const Thread& child, Mark* marks, Moment* m);
  Deadline LimitOf(uint32_t ban, const Mark* marks) const;
  void CollectWaits(bool closes, Moment* m);
  bool WaitIsOver(const Thread& thread, const Mark* marks, const Wait& wait, bool closes,
                  const Moment& m) const;
  void Remember(Moment* m);
  bool LookBack(Moment* m);

  // thread_complete.cc
  void CompleteThreads(Moment* m);
  void CompleteThread(const Complete& complete, bool is_match, Moment* m);
  void ReplacePrefixes(const Thread& match, Moment* m);
  void DropDuplicates(Moment* m);
  bool SameMarks(uint32_t a, uint32_t b) const;
  void KeepLatest(Moment* m);
  bool IsNewer(const Thread& a, const Thread& b) const;

  // thread_settle.cc
  void CollectEnded(Moment* m);
  void Settle(Moment* m);
  void ReportMatch(const Completed& match, Moment* m);
  bool PendingGoFirst(const Completed& match, Moment* m);
  void ReportNow(ChainId chain, uint32_t own_thread, Moment* m);
  void Say(ChainId chain, EmitKind kind, Moment* m);
  StartBar BarOf(ChainId chain) const;
  void Discard(const StartBar& bar, uint32_t own_thread, Moment* m);
  void DropBarred(Moment* m);
  uint64_t LastSequence(const Thread& thread) const;

  // thread_bounds.cc
  static bool IsOver(const Deadline& end, const Deadline& horizon) {
    return !end.none && !(horizon < end);
  }
  void SetRuleEnd(Thread* thread) const;
  void EnterSession(Moment* m);
  Deadline RuleEnd(const Thread& thread, const Partition& p) const;
  bool RuleIsOver(const Thread& thread, const Moment& m) const;
  bool GroupIsOver(GroupId group, const Mark& mark, const Moment& m) const;
  Deadline GroupEnd(GroupId group, const Mark& mark) const;
  uint64_t OpenMask(const Thread& thread, const Mark* marks, const Moment& m) const;
  bool AnyAlive(const Moment& m) const;
  void CloseEnded(bool closes, Moment* m);
  Deadline WaitEnd(const Thread& thread, const Mark* marks, const Wait& wait,
                   const Partition& p) const;
  Deadline FirstWait(const Thread& thread, const Mark* marks, const Partition& p) const;
  Deadline LastTransition(const Thread& thread, const Mark* marks, const Partition& p) const;
  bool LivesForEver(const Thread& thread, const Mark* marks, const Partition& p) const;
  void Schedule(uint32_t slot, const Partition& p);
  void LoadThreads(const Partition& p);
  void SettleAll(bool closes, Moment* m);
  void CountOpen(const Partition& p);
  void FinishPartition(uint32_t slot, FinishMode mode, Time clock, ReportSink* sink);

  // thread_timeouts.cc
  void AddStart(Moment* m);
  Start* FindStart(uint64_t sequence, Partition* p) const;
  void NoteEnded(const Thread& thread, Moment* m);
  void ReportTimeouts(Moment* m);

  // thread_reclaim.cc
  void MaybeCompact();
  void Compact();
  bool IsIdle(const Thread& thread, const Mark* marks, const Partition& p) const;

  // thread_observe.cc
  ObservedThread Observed(const Thread& thread, const Moment& m);
  void ObserveStart(Moment* m);
  void ObserveStep(const Thread& thread, const Mark* marks, uint64_t open, uint64_t taken,
                   uint64_t left, bool fresh, Moment* m);
  bool ObserveBans(const ObservedThread& seen, const Thread& thread, const Mark* marks,
                   uint64_t moves, const ObservedEvent& event, Moment* m);
  std::pair<ThreadEnd, GroupId> BoundThatIsOver(const Thread& thread, const Mark* marks,
                                                const Moment& m) const;
  void ObserveBounds(const ObservedThread& seen, const Thread& thread, const Mark* marks,
                     uint64_t open, const Moment& m);
  void ObserveClosed(const Thread& thread, const Mark* marks, Moment* m);
  void ObserveEnd(const Thread& thread, ThreadEnd reason, Moment* m);
  void ObserveMemory(uint32_t ban, Moment* m);
  void ObserveWaitOver(const Thread& thread, uint32_t ban, Moment* m);
  void ObserveLeft(uint32_t slot, Time clock);

  const RulePlan& rule_;
  const PatternPlan& pattern_;
  PatternSteps& steps_;
  EventStore& store_;
  const KeyIndex& keys_;
  const MachineOptions options_;
  const std::vector<StateMasks> masks_;  // by state
  const bool is_session_;
  const bool needs_clock_;  // something happens by time alone: pending matches, waits, timeouts
  std::optional<Alignment> alignment_;  // of a tumbling window by time

  std::vector<uint32_t> limit_mark_;                 // by ban: its mark, or kNoMark
  std::vector<std::vector<uint32_t>> state_limits_;  // by state: bans whose limit begins there
  std::vector<uint32_t> looking_back_;               // bans that the start remembers
  size_t mark_count_ = 0;                            // groups, then limits of bans

  BindingChain chain_;
  std::vector<Partition> partitions_;  // by slot
  mutable DeadlineQueue deadlines_;
  uint64_t live_ = 0;
  uint64_t open_ = 0;
  uint64_t null_limits_ = 0;
  Time clock_ = kMinTime;
  size_t compact_at_ = size_t{1} << 16;  // words and nodes that make it worth while

  // Scratch of one moment, kept to allocate nothing in steady state.
  std::vector<Thread> next_;
  std::vector<Mark> next_marks_;
  std::vector<Mark> fresh_marks_;
  std::vector<Completed> completed_;
  std::vector<Binding> bindings_;
  std::vector<const BindingChain::Node*> nodes_;
  std::vector<uint32_t> same_;
  std::vector<Complete> complete_;
  std::vector<Binding> observed_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_THREAD_MATCHER_H_
