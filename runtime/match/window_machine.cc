#include "runtime/match/window_machine.h"

#include <algorithm>
#include <utility>

#include "runtime/match/window_none.h"
#include "runtime/match/window_sliding.h"
#include "runtime/match/window_tumbling.h"

namespace spate {

absl::StatusOr<std::unique_ptr<WindowParts>> WindowParts::Create(const Plan& plan,
                                                                 const RulePlan& rule,
                                                                 const MachineOptions& options,
                                                                 EvalIssues* issues) {
  auto parts = std::make_unique<WindowParts>(plan, rule, options.keep_matched);
  parts->size = rule.from->window.size.duration;
  absl::StatusOr<std::unique_ptr<RuleKeys>> keys = RuleKeys::Create(plan, rule, issues);
  if (!keys.ok()) return keys.status();
  parts->keys = *std::move(keys);
  absl::StatusOr<std::unique_ptr<WindowArguments>> arguments =
      WindowArguments::Create(plan, rule, issues);
  if (!arguments.ok()) return arguments.status();
  parts->arguments = *std::move(arguments);
  // A sliding window whose older events are read notes in each record where its event is stored.
  const bool notes_events =
      rule.from->window.kind == WindowSpec::Kind::kSliding && !parts->events_read.newest_only();
  parts->aggregates =
      std::make_unique<WindowAggregates>(rule, *parts->arguments, notes_events ? 1 : 0);
  absl::StatusOr<std::unique_ptr<WindowReporter>> reporter =
      WindowReporter::Create(rule, *parts->aggregates, parts->store, issues);
  if (!reporter.ok()) return reporter.status();
  parts->reporter = *std::move(reporter);
  return parts;
}

absl::StatusOr<std::unique_ptr<Machine>> WindowMachine::Create(const Plan& plan,
                                                               const RulePlan& rule,
                                                               const MachineOptions& options,
                                                               EvalIssues* issues) {
  absl::StatusOr<std::unique_ptr<WindowParts>> parts =
      WindowParts::Create(plan, rule, options, issues);
  if (!parts.ok()) return parts.status();
  std::unique_ptr<Machine> machine;
  switch (rule.from->window.kind) {
    case WindowSpec::Kind::kNone:
      machine = std::make_unique<NoWindowMachine>(*std::move(parts));
      break;
    case WindowSpec::Kind::kTumbling:
      machine = std::make_unique<TumblingMachine>(*std::move(parts));
      break;
    case WindowSpec::Kind::kSliding:
      machine = std::make_unique<SlidingMachine>(*std::move(parts));
      break;
    default:
      return absl::InternalError("this kind of window has no machine");
  }
  return machine;
}

absl::Status WindowMachine::OnEvent(const Arrival& event, ReportSink* sink) {
  absl::Span<const Value> keys;
  if (!parts_->keys->Get(event, &keys)) {
    ++null_keys_;
    return absl::OkStatus();
  }
  Take(keys.empty() ? 0 : parts_->key_index.FindOrAdd(keys), event, sink);
  return absl::OkStatus();
}

absl::Status WindowMachine::Fire(Deadline, ReportSink*) { return absl::OkStatus(); }

absl::Status WindowMachine::Finish(FinishMode, Time, ReportSink*) { return absl::OkStatus(); }

MachineStats WindowMachine::Stats() const { return {null_keys_, live(), open()}; }

void WindowMachine::Compacted() {
  parts_->store.Forget();
  compact_at_ = std::max(kWordsBeforeCompaction, 2 * parts_->store.words());
}

}  // namespace spate
