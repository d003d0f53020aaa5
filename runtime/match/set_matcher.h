// SetMatcher: the matching machine with threads of one future merged.
//
// Where no condition reads earlier events, all threads of a partition in one state, with the same
// transitions open, accept the same events for ever: they are one entry, and their bindings one set
// of the match forest. An event then costs a few operations per state, whatever the number of
// partial matches or the length of the window. Under `no skip` all matches are listed when they
// complete; under `skip past last event` the first one is looked for among the sets, once, since
// its report ends everything else: the search is paid by the events that built the sets.
//
// CanDo says which patterns it is for; ThreadMatcher does the others. Not thread-safe.
// Tested by tests/property against tests/reference and against ThreadMatcher.
#ifndef SPATE_RUNTIME_MATCH_SET_MATCHER_H_
#define SPATE_RUNTIME_MATCH_SET_MATCHER_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "runtime/match/key_index.h"
#include "runtime/match/match_forest.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/pattern_steps.h"
#include "runtime/match/state_masks.h"
#include "runtime/model/plan.h"

namespace spate {

class SetMatcher : public PatternMatcher {
 public:
  static bool CanDo(const PatternPlan& pattern);

  // All must outlive the matcher.
  SetMatcher(const RulePlan& rule, PatternSteps* steps, EventStore* store,
             const MachineOptions& options);

  absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                       ReportSink* sink) override;
  void Prefetch(uint32_t slot) const override;
  void PrefetchDeep(uint32_t slot) const override;
  Deadline NextDeadline() const override { return Deadline::None(); }
  void Fire(Deadline, ReportSink*) override {}
  void Finish(FinishMode, Time, ReportSink*) override {}
  uint64_t live() const override { return live_; }
  uint64_t open() const override { return 0; }

 private:
  // All threads in one state with one mask of open transitions.
  struct Entry {
    StateId state;
    SetId set = kNoSet;
    uint64_t mask = 0;
    int64_t latest = 0;  // start among the set's matches, to look no further when it is too old
  };
  using Entries = absl::InlinedVector<Entry, 2>;
  struct alignas(64) Partition {
    uint64_t count = 0;  // events of its input so far
    Entries entries;
  };
  int64_t StartOf(const Partition& p, const Arrival& event) const;
  int64_t Oldest(const Partition& p, Time time) const;
  uint64_t LocalMask(StateId state) const;
  void Advance(const Entry& entry, uint64_t accepted, int64_t oldest);
  void TakeAll(const Entry& entry, uint64_t accepted, int64_t oldest);
  void Put(const Entry& entry, int64_t oldest);
  void Merge(const Entry& added, int64_t oldest, Entry* entry);
  EventRef Stored();
  absl::Status ReportMatches(absl::Span<const Value> keys, int64_t oldest, Partition* p,
                             ReportSink* sink);
  void DropEqual();
  void ReportOne(absl::Span<const MatchForest::Taken> match, absl::Span<const Value> keys,
                 ReportSink* sink);
  void MaybeCompact();

  const RulePlan& rule_;
  const PatternPlan& pattern_;
  PatternSteps& steps_;
  EventStore& store_;
  const MachineOptions options_;
  const bool first_only_;                // `skip past last event`
  const std::vector<StateMasks> masks_;  // by state

  MatchForest forest_;
  std::vector<Partition> partitions_;  // by slot
  uint64_t live_ = 0;
  Time clock_ = kMinTime;
  size_t compact_at_ = size_t{1} << 16;

  // Scratch of one event.
  const Arrival* event_ = nullptr;
  EventRef stored_ = kNoEvent;
  int64_t start_ = 0;
  Entries next_;
  std::vector<SetId> complete_;
  MatchForest::Listing matches_;
  std::vector<size_t> order_;  // indices into matches_
  std::vector<MatchForest::Taken> first_;
  absl::flat_hash_map<size_t, std::vector<size_t>> seen_;  // by hash, into matches_
  std::vector<Binding> bindings_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_SET_MATCHER_H_
