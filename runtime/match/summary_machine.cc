#include "runtime/match/summary_machine.h"

#include <algorithm>

namespace spate {

class SummaryMachine::Gatherer : public ReportSink {
 public:
  Gatherer(ReportSink* sink, Gathered* gathered)
      : sink_(*sink), bindings_(gathered->bindings), keys_(gathered->keys) {
    bindings_.clear();
  }

  bool OnReport(const Report& report) override {
    // Matches of one partition come one after the other, its timeouts behind them.
    if (summary_.match_count > 0 &&
        (report.kind != EmitKind::kReport || report.keys.data() != partition_)) {
      Say();
    }
    if (!sink_.OnReport(report)) return false;
    if (report.kind != EmitKind::kReport) return true;
    bindings_.insert(bindings_.end(), report.bindings.begin(), report.bindings.end());
    if (summary_.match_count == 0) {
      // The summary outlives the report, whose keys may not.
      partition_ = report.keys.data();
      keys_.assign(report.keys.begin(), report.keys.end());
    }
    const uint64_t matches = summary_.match_count + 1;
    summary_ = report;
    summary_.match_count = matches;
    return true;
  }

  // What has been gathered, if anything has.
  void Say() {
    if (summary_.match_count == 0) return;
    summary_.kind = EmitKind::kSummary;
    summary_.bindings = bindings_;
    summary_.keys = keys_;
    sink_.OnReport(summary_);
    summary_.match_count = 0;
    bindings_.clear();
  }

 private:
  ReportSink& sink_;
  std::vector<Binding>& bindings_;
  std::vector<Value>& keys_;
  const Value* partition_ = nullptr;  // where its keys lie
  Report summary_ = NoMatches();

  static Report NoMatches() {
    Report report;
    report.match_count = 0;
    return report;
  }
};

bool SummaryMachine::IsFor(const RulePlan& rule) {
  return std::any_of(rule.emits.begin(), rule.emits.end(),
                     [](const EmitPlan& e) { return e.kind == EmitKind::kSummary; });
}

absl::Status SummaryMachine::OnEvent(const Arrival& event, ReportSink* sink) {
  Gatherer gatherer(sink, &gathered_);
  absl::Status status = machine_->OnEvent(event, &gatherer);
  gatherer.Say();
  return status;
}

absl::Status SummaryMachine::Fire(Deadline deadline, ReportSink* sink) {
  Gatherer gatherer(sink, &gathered_);
  absl::Status status = machine_->Fire(deadline, &gatherer);
  gatherer.Say();
  return status;
}

absl::Status SummaryMachine::Finish(FinishMode mode, Time clock, ReportSink* sink) {
  Gatherer gatherer(sink, &gathered_);
  absl::Status status = machine_->Finish(mode, clock, &gatherer);
  gatherer.Say();
  return status;
}

}  // namespace spate
