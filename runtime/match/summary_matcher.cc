#include "runtime/match/summary_matcher.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "runtime/match/match_aggregates.h"

namespace spate {
namespace {

RunAlgebra AlgebraOf(const SummaryRuns& runs) {
  std::vector<RunAlgebra::Column> columns;
  for (const SummaryRuns::Column& c : runs.columns()) columns.push_back(c.kept);
  return RunAlgebra(columns);
}

Value FromBits(uint64_t bits, Kind kind) {
  if (kind != Kind::kFloat) return Value::Integral(static_cast<int64_t>(bits), kind);
  double v;
  std::memcpy(&v, &bits, sizeof(v));
  return Value::Float(v);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SummaryMatcher>> SummaryMatcher::Create(const RulePlan& rule,
                                                                       SummaryRuns runs,
                                                                       const EventStore* store,
                                                                       EvalIssues* issues) {
  std::unique_ptr<SummaryMatcher> matcher(new SummaryMatcher(rule, std::move(runs), store, issues));
  absl::StatusOr<std::unique_ptr<WindowArguments>> arguments =
      WindowArguments::Create(rule, issues);
  if (!arguments.ok()) return arguments.status();
  matcher->arguments_ = *std::move(arguments);
  return matcher;
}

SummaryMatcher::SummaryMatcher(const RulePlan& rule, SummaryRuns runs, const EventStore* store,
                               EvalIssues* issues)
    : rule_(rule),
      starts_(rule.pattern->within),
      runs_(std::move(runs)),
      store_(*store),
      issues_(issues),
      windows_(AlgebraOf(runs_), runs_.places(), runs_.columns().size(), !starts_.unbounded(),
               runs_.matrices()),
      values_(runs_.columns().size()) {}

absl::Status SummaryMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys,
                                     const Arrival& event, ReportSink* sink) {
  const uint64_t count = Count(slot);
  const uint32_t number = runs_.MatrixOf(event);
  if (number == SummaryRuns::kIdentity) return absl::OkStatus();
  windows_.Reach(slot);
  if (!starts_.unbounded() && !windows_.Empty(slot)) {
    windows_.Evict(slot, starts_.Oldest(count, event.time()));
  }
  const RunMatrix& matrix = runs_.matrices()[number];
  if (windows_.Empty(slot) && !matrix.Begins()) return absl::OkStatus();
  const RunValues values = ValuesOf(event, runs_.Feeds(number));
  if (!matrix.completes.empty()) {
    const uint64_t* complete = windows_.Complete(slot, number, values);
    if (RunAlgebra::Runs(complete) != 0) Report(complete, keys, event.time(), sink);
  }
  windows_.Take(slot, starts_.Of(count, event.time()), number, values);
  if (windows_.kept() >= sweep_at_) SweepIdle(event.time());
  return absl::OkStatus();
}

// The number of an event in the partition's input, where the window asks for it.
uint64_t SummaryMatcher::Count(uint32_t slot) {
  if (!starts_.counts_events()) return 0;
  if (counts_.size() <= slot) counts_.resize(size_t{slot} + 1);
  return ++counts_[slot];
}

// Of the columns `feeds`.
RunValues SummaryMatcher::ValuesOf(const Arrival& event, uint64_t feeds) {
  RunValues result{0, values_.data()};
  if (feeds == 0) return result;
  const absl::Span<const Value> arguments = arguments_->Evaluate(event);
  for (uint64_t bits = feeds; bits != 0; bits &= bits - 1) {
    const auto c = static_cast<size_t>(__builtin_ctzll(bits));
    const uint32_t argument = arguments_->ArgumentOf(runs_.columns()[c].aggregate);
    const bool every_event = argument == WindowArguments::kEveryEvent;
    const Value v = every_event ? Value::Bool(true) : arguments[argument];
    if (v.is_null()) continue;
    result.present |= uint64_t{1} << c;
    std::memcpy(&values_[c], &v.i, sizeof(v.i));
  }
  return result;
}

void SummaryMatcher::Report(const uint64_t* complete, absl::Span<const Value> keys, Time time,
                            ReportSink* sink) {
  aggregates_.clear();
  for (size_t i = 0; i < rule_.aggregates.size(); ++i) aggregates_.push_back(Result(i, complete));
  spate::Report report;
  report.kind = EmitKind::kSummary;
  report.time = time;
  report.store = &store_;
  report.keys = keys;
  report.aggregates = aggregates_;
  sink->OnReport(report);
}

Value SummaryMatcher::Result(size_t aggregate, const uint64_t* complete) {
  const Aggregate& a = rule_.aggregates[aggregate];
  const RunAlgebra& algebra = windows_.algebra();
  const size_t c = runs_.column_of()[aggregate];
  const uint64_t count = a.kind == AggregateKind::kMatchCount ? RunAlgebra::Runs(complete)
                                                              : algebra.Count(complete, c);
  if (a.kind == AggregateKind::kMin || a.kind == AggregateKind::kMax) {
    if (count == 0) return Value::Null();
    return FromBits(
        a.kind == AggregateKind::kMin ? algebra.Min(complete, c) : algebra.Max(complete, c),
        runs_.columns()[c].kind);
  }
  if (count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    issues_->Add(a.origin, EvalFault::kOverflow);
    return Value::Null();
  }
  if (a.kind == AggregateKind::kMatchCount || a.kind == AggregateKind::kCount) {
    return Value::Int(static_cast<int64_t>(count));
  }
  SumParts parts;
  parts.count = static_cast<int64_t>(count);
  parts.kind = runs_.columns()[c].kind;
  if (parts.kind == Kind::kFloat) {
    parts.floating = algebra.FloatSum(complete, c);
  } else {
    parts.whole = WideSum(algebra.Sum(complete, c));
  }
  return SumOrAverage(a, parts, issues_);
}

// Partitions without events keep what has left their window; it is time to look when as much has
// been added as was kept after the last time.
void SummaryMatcher::SweepIdle(Time now) {
  for (uint32_t slot = 0; slot < windows_.size() && !starts_.counts_events(); ++slot) {
    if (!windows_.Empty(slot)) windows_.Evict(slot, starts_.Oldest(0, now));
  }
  sweep_at_ = std::max(kSweepAtLeast, 2 * windows_.kept());
}

}  // namespace spate
