// SetMatcher: the matching machine with threads of one future merged.
//
// Where no condition reads earlier events, all threads of a partition in one state, with the same
// transitions open, accept the same events for ever: they are one entry, and their bindings one set
// of the match forest. An event then costs a few operations per state, whatever the number of
// partial matches or the length of the window. Under `no skip` all matches are listed when they
// complete; under `skip past last event` the first one is looked for among the sets, once, since
// its report ends everything else: the search is paid by the events that built the sets. What an
// event adds for its reports alone is taken back at once.
//
// CanDo says which patterns it is for; ThreadMatcher does the others. Not thread-safe.
// Tested by tests/property against tests/reference and against ThreadMatcher.
#ifndef SPATE_RUNTIME_MATCH_SET_MATCHER_H_
#define SPATE_RUNTIME_MATCH_SET_MATCHER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "runtime/match/accept_masks.h"
#include "runtime/match/match_forest.h"
#include "runtime/match/match_starts.h"
#include "runtime/match/partition_blocks.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/set_reports.h"
#include "runtime/match/stances.h"
#include "runtime/match/state_masks.h"
#include "runtime/model/plan.h"

namespace spate {

class SetMatcher : public PatternMatcher {
 public:
  static bool CanDo(const PatternPlan& pattern);

  // All must outlive the matcher.
  SetMatcher(const RulePlan& rule, EventStore* store, const MachineOptions& options);

  absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                       ReportSink* sink) override;
  void Prefetch(absl::Span<const uint32_t> slots) const override;
  Deadline NextDeadline() const override { return Deadline::None(); }
  bool HasDeadlines() const override { return false; }
  void Fire(Deadline, ReportSink*) override {}
  void Finish(FinishMode, Time, ReportSink*) override {}
  bool AtRest(uint32_t slot) const override {
    return slot >= partitions_.size() || partitions_.Entries(slot).empty();
  }
  uint64_t live() const override { return live_; }
  uint64_t open() const override { return 0; }

 private:
  // All threads of one stance.
  struct Entry {
    int64_t latest;  // start among the set's matches, to look no further when it is too old
    SetId set;       // kNoSet: the fresh thread
    StanceId stance;
  };

  // What a transition makes of a thread that takes an event by it.
  struct Move {
    uint64_t open;    // transitions of the state behind it; 0: nothing goes on there
    StanceId stance;  // with those open
    VarId var;        // that the event is bound to
    bool completes;   // a match
  };

  // Without a window only the match that comes first can ever be reported by a rule that reports
  // one, so that of two sets one stays.
  bool OneStays() const { return first_only_ && starts_.unbounded(); }
  void MakeMoves();
  // The transitions of a state that accept the event.
  uint64_t Accepting(StateId state) const {
    const uint64_t mask = accepting_[state.index()].Accepting(*event_);
    return event_->view == nullptr ? mask : InView(state, mask);
  }
  // The transitions of a state that a ban on the event closes.
  uint64_t Banned(StateId state) const {
    if (banning_ == nullptr) return 0;
    const uint64_t mask = banning_[state.index()].Accepting(*event_);
    return mask == 0 || event_->view == nullptr ? mask : BannedInView(state, mask);
  }
  uint64_t InView(StateId state, uint64_t accepting) const;
  uint64_t BannedInView(StateId state, uint64_t banning) const;
  void Advance(const Entry& entry);
  void TakeAll(const Entry& entry, StateId state, uint64_t accepted);
  void TakeBy(const Entry& entry, size_t transition, const Move& move);
  // The matches of an entry with the event behind them, and those of `also`.
  SetId Taken(const Entry& entry, size_t transition, VarId var, SetId also) {
    if (stored_ == kNoEvent) stored_ = store_.Add(*event_->batch, event_->row);
    if (entry.set == kNoSet) return forest_.Start(stored_, start_, transition, var, also);
    return forest_.Extend(entry.set, entry.latest, stored_, transition, var, also);
  }
  void Put(int64_t latest, SetId set, StanceId stance);
  void AddNext(int64_t latest, SetId set, StanceId stance);
  void Merge(const Entry& added, Entry* entry);
  Entry* InNext(StanceId stance);
  absl::Status ReportMatches(absl::Span<const Value> keys, ReportSink* sink);
  void MaybeCompact();
  void Compact();

  const PatternPlan& pattern_;
  EventStore& store_;
  const bool first_only_;  // `skip past last event`
  const MatchStarts starts_;
  const std::vector<StateMasks> masks_;  // by state
  const AcceptMasks accepts_;
  const AcceptMasks bans_;
  const bool has_bans_;
  Stances stances_;
  std::vector<std::vector<Move>> moves_;  // by state and transition

  MatchForest forest_;
  SetReports reports_;
  PartitionBlocks<Entry> partitions_;  // by slot
  uint64_t live_ = 0;
  Time clock_ = kMinTime;
  size_t compact_at_ = size_t{1} << 16;

  // Scratch of one event.
  const Arrival* event_ = nullptr;
  const AcceptMasks::OfState* accepting_ = nullptr;  // for the event's type, by state
  const AcceptMasks::OfState* banning_ = nullptr;    // the same of bans; null: the rule has none
  EventRef stored_ = kNoEvent;
  int64_t start_ = 0;   // of a match that begins with the event
  int64_t oldest_ = 0;  // earliest start that the window still holds
  std::vector<Entry> next_;
  std::vector<SetId> complete_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_SET_MATCHER_H_
