// RegisterMatcher: merged threads for patterns whose conditions compare with earlier events.
//
// As in SetMatcher threads of one future are one entry, whose bindings are a set of the match
// forest; here an entry has registers besides, the values of bound events that later conditions
// still read (RegisterPlan). An event finds the entries that its conditions hold for through
// indexes over registers (RegisterEntries), and touches no others: `p.order_id == o.id` costs a
// look-up whatever the number of open orders, `b.price > a.price` what it accepts. A step without
// such a condition takes all threads of its state, and conditions of other forms are asked of each.
//
// CanDo says which patterns it is for; ThreadMatcher does the others. Not thread-safe.
// Tested by tests/property against tests/reference and against ThreadMatcher.
#ifndef SPATE_RUNTIME_MATCH_REGISTER_MATCHER_H_
#define SPATE_RUNTIME_MATCH_REGISTER_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/match_forest.h"
#include "runtime/match/match_starts.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/register_entries.h"
#include "runtime/match/register_plan.h"
#include "runtime/match/set_reports.h"
#include "runtime/match/stances.h"
#include "runtime/match/state_masks.h"
#include "runtime/model/plan.h"
#include "runtime/store/event_store.h"

namespace spate {

class RegisterMatcher : public PatternMatcher {
 public:
  static bool CanDo(const PatternPlan& pattern) { return RegisterPlan::CanDo(pattern); }

  // All must outlive the matcher. InvalidArgument: a condition does not compile.
  static absl::StatusOr<std::unique_ptr<RegisterMatcher>> Create(const RulePlan& rule,
                                                                 EventStore* store,
                                                                 EvalIssues* issues,
                                                                 const MachineOptions& options);

  absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                       ReportSink* sink) override;
  void Prefetch(absl::Span<const uint32_t> slots) const override {
    for (uint32_t slot : slots) entries_.Prefetch(slot);
  }
  Deadline NextDeadline() const override { return Deadline::None(); }
  bool HasDeadlines() const override { return false; }
  void Fire(Deadline, ReportSink*) override {}
  void Finish(FinishMode, Time, ReportSink*) override {}
  bool AtRest(uint32_t slot) const override {
    return slot >= entries_.partitions() || entries_.IsEmpty(slot);
  }
  uint64_t live() const override { return entries_.size(); }
  uint64_t open() const override { return 0; }

 private:
  // Threads that the event does something to, as they were before it.
  struct Touched {
    EntryId id = kNoEntry;  // kNoEntry: the fresh thread
    SetId set = kNoSet;
    int64_t latest = 0;
    StanceId stance = 0;
    bool expired = false;
    uint64_t takes = 0;   // transitions that take the event
    uint64_t closes = 0;  // transitions that a ban closes
    uint64_t open = 0;    // what stays open for the threads that go on without the event
    bool unlinked = false;
  };

  RegisterMatcher(const RulePlan& rule, std::unique_ptr<RegisterPlan> plan, EventStore* store,
                  EvalIssues* issues, const MachineOptions& options);

  // register_matcher.cc
  // Of two sets of one future only the match that comes first can ever be reported.
  bool OneStays() const { return starts_apart_ || (first_only_ && starts_.unbounded()); }
  void Detach();
  void TakeAll(const Touched& threads);
  void TakeBy(const Touched& threads, size_t transition);
  SetId Taken(const Touched& threads, size_t transition, SetId also);
  void GoOn(const Touched& threads);
  void RegistersAfter(const Touched& threads, size_t transition, StateId target);
  Value FromEvent(const BoundRef& ref) const;
  void Add(StanceId stance, SetId set, int64_t latest, const std::vector<uint32_t>& sources);
  void EndBarred(const StartBar& bar);
  void DropOld(StanceId stance);
  void Merge(EntryId same, SetId set, int64_t latest);
  void SetTo(EntryId id, SetId set, int64_t latest);
  EventRef Stored();
  absl::Status ReportMatches(uint32_t slot, ReportSink* sink);
  absl::Status CheckBudget();
  void MaybeCompact();
  void Compact();

  // register_probes.cc
  void Meet(const RegisterEntries::Bucket& bucket);
  uint64_t FreshTakes();
  bool Accepts(const RegisterProbe& probe) const;
  void MeetBy(const RegisterProbe& probe, const RegisterEntries::Bucket& bucket, uint64_t open);
  void Touch(EntryId id, uint64_t takes, uint64_t closes);
  EvalContext Context();
  Value ValueOf(const EventSide& side);
  bool Holds(const RegisterCondition& condition, absl::Span<const Value> registers);
  void Compute(EntryId id, StateId state);

  const RulePlan& rule_;
  const PatternPlan& pattern_;
  const std::unique_ptr<RegisterPlan> plan_;
  EventStore& store_;
  EvalIssues* const issues_;
  const size_t max_entries_;
  const bool first_only_;    // `skip past last event`
  const bool starts_apart_;  // `skip to ..`
  const MatchStarts starts_;
  const std::vector<StateMasks> masks_;  // by state
  Stances stances_;

  MatchForest forest_;
  SetReports reports_;
  RegisterEntries entries_;
  Time clock_ = kMinTime;
  size_t compact_at_ = size_t{1} << 16;
  size_t check_at_;  // entries at which the budget is looked at

  // Scratch of one event.
  const Arrival* event_ = nullptr;
  absl::Span<const Value> keys_;
  uint32_t slot_ = 0;
  EventRef stored_ = kNoEvent;
  int64_t start_ = 0;       // of a match that begins with the event
  int64_t oldest_ = 0;      // earliest start that the window still holds
  SetId first_new_ = 0;     // sets from here on are of this event
  bool keeps_new_ = false;  // an entry has one of them
  std::vector<Touched> touched_;
  std::vector<SetId> complete_;
  std::vector<StartBar> bars_;
  std::vector<EntryId> barred_;
  std::vector<Value> registers_;
  std::vector<Value> equal_;
  std::vector<Value> bound_;
  std::vector<Value> nulls_;  // the registers of the fresh thread
  Arena event_scratch_;       // what is computed of the event
  Arena scratch_;             // of one evaluation
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_REGISTER_MATCHER_H_
