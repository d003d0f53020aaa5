// SummaryMachine: `emit summary`, one report for all matches of a partition at one moment.
//
// Stands around the machine of a pattern rule and gathers what it reports: the bindings of all
// matches one after the other, and how many there were. Plain reports pass on their way; a summary
// comes behind them and before what timed out. Not thread-safe. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_SUMMARY_MACHINE_H_
#define SPATE_RUNTIME_MATCH_SUMMARY_MACHINE_H_

#include <memory>
#include <vector>

#include "runtime/match/machine.h"
#include "runtime/model/plan.h"

namespace spate {

class SummaryMachine : public Machine {
 public:
  explicit SummaryMachine(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {}

  static bool IsFor(const RulePlan& rule);

  absl::Status OnEvent(const Arrival& event, ReportSink* sink) override;
  void Expect(absl::Span<const Arrival> group, absl::Span<const uint32_t> places) override {
    machine_->Expect(group, places);
  }
  std::optional<std::vector<PredicateId>> Interest(TypeId type) const override {
    return machine_->Interest(type);
  }
  bool HasKeys() const override { return machine_->HasKeys(); }
  void AddPartition(absl::Span<const Value> keys) override { machine_->AddPartition(keys); }
  bool AtRest(absl::Span<const Value> keys) const override { return machine_->AtRest(keys); }
  Deadline NextDeadline() const override { return machine_->NextDeadline(); }
  bool HasDeadlines() const override { return machine_->HasDeadlines(); }
  absl::Status Fire(Deadline deadline, ReportSink* sink) override;
  absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) override;
  MachineStats Stats() const override { return machine_->Stats(); }

 private:
  class Gatherer;  // the sink of the machine inside

  std::unique_ptr<Machine> machine_;
  struct Gathered {  // of the partition at hand
    std::vector<Binding> bindings;
    std::vector<Value> keys;
  };
  Gathered gathered_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_SUMMARY_MACHINE_H_
