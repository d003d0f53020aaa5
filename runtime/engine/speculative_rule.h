// SpeculativeRule: one rule of a SpeculativeEngine, of which single partitions can be run again.
//
// A partition of a rule is a function of its ordered input. So the input is kept, partition by
// partition; an event that comes late, or that no longer holds, changes it in one place, the
// partition is run again by a machine of its own, and what it derives is compared with what it had
// derived: the difference goes on to the rules that read it. All partitions begin in one common
// machine; one that was run again stays apart until, after as much work as it costs, all are put
// into one new machine. What no event can change any more is forgotten (replay_memory.h).
//
//   speculative_rule.cc     what comes in order, deadlines, derived events
//   speculative_replay.cc   what does not: replays, differences, the new common machine
//   speculative_settle.cc   what may be forgotten
//
// Not thread-safe. Tested by tests/runtime/engine/speculative_test.cc and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_SPECULATIVE_RULE_H_
#define SPATE_RUNTIME_ENGINE_SPECULATIVE_RULE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/engine/clock_events.h"
#include "runtime/engine/derive.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/event_rows.h"
#include "runtime/engine/limiter.h"
#include "runtime/engine/replay_memory.h"
#include "runtime/engine/speculative_event.h"
#include "runtime/match/key_index.h"
#include "runtime/match/rule_keys.h"

namespace spate {

// One difference of a sequence of events.
struct Change {
  EventPtr event;
  bool removed = false;  // else it is new
  bool shown = true;     // false: only its place is another, of which consumers are not told
};

// What the rules of one engine share.
struct SpeculativeShared {
  // When to look whether a partition can forget something: at a watermark.
  struct Due {
    Time time;
    uint32_t rank;
    uint32_t slot;
    friend bool operator>(const Due& a, const Due& b) { return a.time > b.time; }
  };

  const Plan& plan;
  const EngineOptions& options;
  absl::Span<const std::shared_ptr<const Table>> tables;
  std::unique_ptr<EventRows> rows;
  ClockEvents clocks;
  Time watermark = kMinTime;  // what is before it is final
  // Partitions whose place among those of their rule has changed with the event at hand.
  absl::flat_hash_set<const PartitionStart*> moved = {};
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due = {};
  uint64_t replays = 0;
  uint64_t replayed_events = 0;
};

class SpeculativeRule {
 public:
  // `shared` and `rule` must outlive the result. `rank`: place among the rules by layer.
  static absl::StatusOr<std::unique_ptr<SpeculativeRule>> Create(SpeculativeShared* shared,
                                                                 const RulePlan& rule,
                                                                 uint32_t rank);

  // Which events of a type it needs: see Machine.
  std::optional<std::vector<PredicateId>> Interest(TypeId type) const {
    return common_->Interest(type);
  }

  // Gives a change of the rule's input to the next Run.
  void Add(const Change& change) { changes_.push_back(change); }

  // Takes the changes, and lets time go from `before` to `clock`. Appends how what the rule derives
  // has changed. After an error the rule can not go on.
  absl::Status Run(Time before, Time clock, std::vector<Change>* out);

  Deadline NextDeadline() const;

  // An entry of SpeculativeShared::due: forgets what the watermark allows.
  void OnDue(uint32_t slot);

  // For the end of the input: all partitions in one machine, in their order, and given away.
  absl::Status Gather(Time clock);
  std::unique_ptr<Machine> TakeMachine() { return std::move(common_); }
  std::unique_ptr<Limiter> TakeLimiter() { return std::move(limiter_); }

  const RulePlan& plan() const { return rule_; }
  const EvalIssues& issues() const { return issues_; }
  // Without what machine and limiter know when they have been given away.
  RuleStats Stats() const;
  // Events that are kept, those of several partitions more than once; for tests.
  size_t kept() const { return kept_; }

 private:
  static constexpr uint32_t kAnySlot = ~uint32_t{0};

  struct Logged {
    EventPtr event;
    uint32_t view = 0;     // number of the keys that bring it into the partition
    bool at_rest = false;  // after it
  };
  struct Partition {
    PartitionStart start;
    bool exists = false;            // in the run in order it has had an event
    bool apart = false;             // what the common machine knows of it is not true
    bool changed = false;           // in the present Run it must be run again
    bool forgotten = false;         // the log does not begin with the first event
    bool due = false;               // is in SpeculativeShared::due
    Place cut;                      // clock events behind it are taken when it is run again
    Time settled = kMinTime;        // what was reported before is final
    std::vector<Logged> log;        // by place
    EventPtr last;                  // the last one taken
    std::vector<EventPtr> derived;  // since `settled`, by place
    std::vector<Time> reports;      // where memory_.unreported
    std::vector<std::pair<Time, bool>> passes;  // since `settled`: what `limit` said
    std::unique_ptr<Limiter::Partition> past;   // at `settled`; null: nothing
    std::unique_ptr<Machine> own;               // when it is apart
    Deadline deadline;                          // of it
    size_t looked_through = 0;                  // of the log, without finding rest
    size_t forget_at = 16;                      // size of the log that makes it worth while
  };
  struct Item {  // a change on its way to a partition
    Change change;
    uint32_t slot;
    uint32_t view;
    bool clock;
  };
  enum class Mode {
    kLive,    // what is derived is new
    kReplay,  // it is to be compared
    kKnown,   // it is known
  };
  class Sink;

  SpeculativeRule(SpeculativeShared* shared, const RulePlan& rule, uint32_t rank);

  // speculative_rule.cc
  absl::StatusOr<std::unique_ptr<Machine>> MakeMachine();
  absl::Span<const Value> KeysOf(uint32_t slot) const { return key_index_.KeyOf(slot); }
  Partition& At(uint32_t slot);
  uint32_t SlotOf(absl::Span<const Value> keys);
  void FindPartitions(const Arrival& row);
  absl::Status Distribute(const Change& change, Time before);
  void Enter(const Item& item, Time before);
  void MeetFirst(const Item& item, Partition* p);
  absl::Status TakeInOrder(std::vector<Change>* out, Time clock);
  absl::Status Feed(Machine* machine, uint32_t slot, const EventPtr& event, Sink* sink);
  absl::Status FireDue(Machine* machine, Time until, Sink* sink);
  void RefreshOwn(uint32_t slot);
  absl::Status FireOwn(Time clock, Sink* sink);
  void PlanSettling(uint32_t slot);

  // speculative_replay.cc
  absl::Status Replay(uint32_t slot, Time clock, std::vector<Change>* out);
  void UpdateLog(uint32_t slot);
  void FindFirst(Partition* p);
  void GoBack(uint32_t slot);
  absl::Status RunLogs(Machine* machine, absl::Span<const uint32_t> slots, Time clock, Sink* sink);
  void Compare(const std::vector<EventPtr>& before, std::vector<EventPtr>* after,
               std::vector<Change>* out) const;
  bool Reads(TypeId type) const;
  bool Same(const EventPtr& a, const EventPtr& b) const;
  bool Touched(const SpeculativeEvent& event) const;
  absl::Status MakeCommon(Time clock);

  // speculative_settle.cc
  void Settle(uint32_t slot);
  void SettleDerived(Partition* p, Time horizon) const;
  void Forget(Partition* p, Time horizon);
  static size_t CountBefore(const Partition& p, Time time);
  size_t Forgettable(Partition* p, Time horizon, Place* cut) const;
  size_t ForgettableQuiet(Partition* p, Time horizon, Place* cut) const;

  SpeculativeShared& shared_;
  const RulePlan& rule_;
  const uint32_t rank_;
  const ReplayMemory memory_;
  bool reads_clock_ = false;
  EvalIssues issues_;
  EvalIssues key_issues_;  // keys are evaluated by the machines too, which count
  std::unique_ptr<RuleKeys> keys_;
  KeyIndex key_index_;
  std::unique_ptr<Deriver> deriver_;
  std::unique_ptr<Limiter> limiter_;  // null: no `limit`
  std::unique_ptr<Machine> common_;
  bool out_of_order_ = false;  // the common machine's order of partitions is not theirs
  std::vector<std::unique_ptr<Partition>> partitions_;  // by slot of key_index_
  PartitionStart latest_start_;
  std::set<std::pair<Deadline, uint32_t>> own_deadlines_;

  std::vector<Change> changes_;
  std::vector<Item> items_;                              // of the present Run
  std::vector<std::pair<uint32_t, uint32_t>> in_slots_;  // scratch: slot and view
  size_t kept_ = 0;
  size_t apart_work_ = 0;  // of replays since the common machine was made
  MachineStats before_;    // what machines counted that are gone
  uint64_t reports_ = 0;   // derived events that stand
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SPECULATIVE_RULE_H_
