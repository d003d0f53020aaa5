// SummaryMatcher: `emit summary` by algebra, without listing a match.
//
// Where the threads of a stance have one future, a summary needs of all of them together only what
// RunAlgebra keeps: how many they are, and counts, sums and extremes over all their bindings. An
// event costs a few operations a stance, whatever the window and however many matches there are.
// What more than 64 bits would have to count is null, and counted as an overflow.
//
// SummaryRuns says which rules it is for. The events of the matches are not known, so that it does
// not serve EngineOptions that ask for them. Not thread-safe.
// Tested by tests/runtime/engine/summary_test.cc, and by tests/property against the reference and
// enumeration.
#ifndef SPATE_RUNTIME_MATCH_SUMMARY_MATCHER_H_
#define SPATE_RUNTIME_MATCH_SUMMARY_MATCHER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/match/match_starts.h"
#include "runtime/match/pattern_matcher.h"
#include "runtime/match/summary_runs.h"
#include "runtime/match/window_arguments.h"
#include "runtime/model/plan.h"
#include "windows/run_windows.h"

namespace spate {

class SummaryMatcher : public PatternMatcher {
 public:
  // `rule`, of which `runs` are, `store` and `issues` must outlive the matcher.
  static absl::StatusOr<std::unique_ptr<SummaryMatcher>> Create(const RulePlan& rule,
                                                                SummaryRuns runs,
                                                                const EventStore* store,
                                                                EvalIssues* issues);

  absl::Status OnEvent(uint32_t slot, absl::Span<const Value> keys, const Arrival& event,
                       ReportSink* sink) override;
  void Prefetch(absl::Span<const uint32_t> slots) const override {
    for (uint32_t slot : slots) windows_.Prefetch(slot);
  }
  Deadline NextDeadline() const override { return Deadline::None(); }
  bool HasDeadlines() const override { return false; }
  void Fire(Deadline, ReportSink*) override {}
  void Finish(FinishMode, Time, ReportSink*) override {}
  bool AtRest(uint32_t slot) const override {
    return slot >= windows_.size() || windows_.Empty(slot);
  }
  uint64_t live() const override { return windows_.active(); }
  uint64_t open() const override { return 0; }

 private:
  SummaryMatcher(const RulePlan& rule, SummaryRuns runs, const EventStore* store,
                 EvalIssues* issues);

  uint64_t Count(uint32_t slot);
  RunValues ValuesOf(const Arrival& event, uint64_t feeds);
  void Report(const uint64_t* complete, absl::Span<const Value> keys, Time time, ReportSink* sink);
  Value Result(size_t aggregate, const uint64_t* complete);
  void SweepIdle(Time now);

  const RulePlan& rule_;
  const MatchStarts starts_;
  const SummaryRuns runs_;
  const EventStore& store_;
  EvalIssues* const issues_;
  std::unique_ptr<WindowArguments> arguments_;
  RunWindows windows_;
  std::vector<uint64_t> counts_;  // by slot: events of the input, where the window counts them
  size_t sweep_at_ = kSweepAtLeast;

  std::vector<uint64_t> values_;   // of the event at hand, by column
  std::vector<Value> aggregates_;  // of the report at hand
  static constexpr size_t kSweepAtLeast = size_t{1} << 16;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_SUMMARY_MATCHER_H_
