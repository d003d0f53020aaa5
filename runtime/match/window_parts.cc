#include "runtime/match/window_parts.h"

#include <algorithm>
#include <utility>

namespace spate {
namespace {

// Whether events leave the rule's windows one by one.
bool EventsLeave(const FromPlan& from) {
  const bool hops =
      from.window.kind == WindowSpec::Kind::kHopping && !from.report_each && from.having_for == 0;
  return hops || from.window.kind == WindowSpec::Kind::kSliding ||
         from.window.kind == WindowSpec::Kind::kNone;  // with a gate, the last event
}

}  // namespace

absl::StatusOr<std::unique_ptr<WindowParts>> WindowParts::Create(const Plan& plan,
                                                                 const RulePlan& rule,
                                                                 const MachineOptions& options,
                                                                 EvalIssues* issues) {
  auto parts = std::make_unique<WindowParts>(plan, rule, options.keep_matched);
  absl::StatusOr<std::unique_ptr<RuleKeys>> keys = RuleKeys::Create(rule, issues);
  if (!keys.ok()) return keys.status();
  parts->keys = *std::move(keys);
  absl::StatusOr<std::unique_ptr<WindowArguments>> arguments =
      WindowArguments::Create(rule, issues);
  if (!arguments.ok()) return arguments.status();
  parts->arguments = *std::move(arguments);
  // Where events leave and older ones are read, each record notes where its event is stored.
  const bool leave = EventsLeave(*rule.from);
  const bool notes_events = leave && !parts->events_read.newest_only();
  parts->aggregates =
      std::make_unique<WindowAggregates>(rule, *parts->arguments, notes_events ? 1 : 0, leave);
  absl::StatusOr<std::unique_ptr<WindowReporter>> reporter =
      WindowReporter::Create(rule, *parts->aggregates, parts->store, options.observer, issues);
  if (!reporter.ok()) return reporter.status();
  parts->reporter = *std::move(reporter);
  return parts;
}

void WindowParts::Compacted() {
  store.Forget();
  compact_at = std::max(kWordsBeforeCompaction, 2 * store.words());
}

}  // namespace spate
