// RulesRunner: takes events in order through all rules, layer by layer.
//
// One *moment* is an event (or a deadline, or the end of the input) with all that it causes,
// breadth first: the event goes to all rules that read it, in the order of (layer, place in the
// files), then each derived event does so in the order in which they were made. So reports come in
// the order of docs/language.md ("Derived events") without sorting. Deadlines of one time fire
// layer by layer, what they derive before the next layer's. Not thread-safe. Tested by
// tests/property.
#ifndef SPATE_RUNTIME_ENGINE_RULES_RUNNER_H_
#define SPATE_RUNTIME_ENGINE_RULES_RUNNER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/engine/clocks.h"
#include "runtime/engine/derive.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/limiter.h"
#include "runtime/engine/router.h"
#include "runtime/engine/subscriptions.h"
#include "runtime/engine/type_columns.h"
#include "runtime/match/machine.h"
#include "windows/deadline_queue.h"

namespace spate {

class RulesRunner {
 public:
  static absl::StatusOr<std::unique_ptr<RulesRunner>> Create(const Plan& plan,
                                                             const EngineOptions& options,
                                                             SubscriptionRegistry* subscriptions);

  // Whether some rule reads events of the type.
  bool Reads(TypeId type) const { return router_.Reads(type); }
  void Prepare(EventBatch* batch) { columns_[batch->type_id().index()]->Prepare(batch); }
  void Evaluate(const EventBatch& batch, BatchBits* bits) {
    columns_[batch.type_id().index()]->Evaluate(batch, bits);
    router_.Find(batch, bits);
  }

  // Takes one event of `batch`, whose time is not before the last one's, after everything that is
  // due by then.
  absl::Status Take(EventBatch* batch, const Arrival& event);

  // Says which rows are taken next: see Machine::Expect.
  void Expect(absl::Span<const Arrival> group);
  bool ExpectsAny(TypeId type) const { return router_.ReadsKeyed(type); }

  // Says that an event of `time` is there, which may be taken later: clock events begin with the
  // first one.
  void See(Time time) { clocks_.See(time); }

  // Makes happen what is due when no event before `watermark` is expected any more.
  absl::Status FireDue(Time watermark);

  // Ends the input with the clock at `clock`.
  absl::Status Finish(EndMode mode, Time clock);

  // Goes on with a machine that was run elsewhere, and with the limiter (or null) of its rule.
  // Events have then had sequences up to `sequence`.
  void Adopt(uint32_t rank, std::unique_ptr<Machine> machine, std::unique_ptr<Limiter> limiter);
  void ContinueAfter(uint64_t sequence) { sequence_ = sequence; }

  uint64_t derived() const { return derived_; }
  void AddStats(EngineStats* stats) const;

 private:
  struct Rule {
    const RulePlan* plan;
    std::unique_ptr<EvalIssues> issues;
    std::unique_ptr<Machine> machine;
    std::unique_ptr<Deriver> deriver;
    std::unique_ptr<Limiter> limiter;  // null: no `limit`
    std::unique_ptr<ReportSink> sink;  // gives its reports to OnReport
    Deadline deadline;                 // cached
    bool has_deadlines = true;
    uint64_t reports = 0;
    std::vector<uint32_t> expected;  // places in a group, while Expect works
    std::vector<uint32_t> feeders;   // ranks of rules that emit what this one reads
  };
  struct DerivedSlot {  // a derived event of the moment, as a batch of one
    EventBatch batch;
    BatchBits bits;
  };
  class Sink;

  RulesRunner(const Plan& plan, const EngineOptions& options, SubscriptionRegistry* subscriptions)
      : plan_(plan),
        options_(options),
        subscriptions_(*subscriptions),
        router_(plan, options.index_from) {}

  absl::Status AddRule(const RulePlan& rule);
  void LinkRules();
  absl::Status TakeMoment();
  absl::Status TakeEvent(const Arrival& event);
  void BeginMoment();
  bool OnReport(uint32_t rank, const Report& report);
  void JoinMoment(const EventType& type, Time time, absl::Span<const Value> values,
                  const EventId& id);
  void RefreshDeadline(uint32_t rank);
  absl::Status FireLayer(Deadline deadline);
  void TakeDue(Deadline deadline);
  absl::Status TakeClockEvent();
  absl::Status FinishLayers(FinishMode mode, Time clock);
  absl::Status FinishAdvance(Time clock);
  absl::Status FinishQuiet(Time clock, bool* any);
  bool Quiet(uint32_t rank) const;

  const Plan& plan_;
  const EngineOptions& options_;
  SubscriptionRegistry& subscriptions_;
  std::vector<std::shared_ptr<const Table>> tables_;   // as in the plan
  EvalIssues column_issues_;                           // of computed attributes and predicates
  std::vector<std::unique_ptr<TypeColumns>> columns_;  // by type
  std::vector<Rule> rules_;                            // by rank: (layer, place in the files)
  Router router_;
  std::vector<uint32_t> expecting_;  // ranks of rules that Expect has found events for

  // The moment that is being worked on.
  std::vector<Arrival> moment_;
  std::vector<std::unique_ptr<DerivedSlot>> slots_;  // reused
  size_t slots_used_ = 0;

  DeadlineQueue deadlines_;    // of the rules, by rank
  Deadline next_deadline_;     // the earliest of them, or earlier
  std::vector<uint32_t> due_;  // scratch of FireLayer
  Clocks clocks_;
  BatchBits clock_bits_;
  uint64_t sequence_ = 0;
  uint64_t derived_ = 0;
  std::vector<bool> finished_;  // by rank, during FinishAdvance
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_RULES_RUNNER_H_
