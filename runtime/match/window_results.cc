// WindowAggregates: reading the aggregates of a window from its totals and its front.
#include <optional>

#include "runtime/match/window_aggregates.h"
#include "windows/aggregates.h"

namespace spate {

Value WindowAggregates::Result(size_t aggregate, const WindowContent& content, Arena* scratch,
                               EvalIssues* issues) const {
  const Reading& r = readings_[aggregate];
  if (r.tally != kNone) {
    return TallyOf(content.totals, tallies_[r.tally])->Result(r.kind, r.parameter, scratch);
  }
  switch (r.kind) {
    case AggregateKind::kCount:
      return Value::Int(CountOf(r, content));
    case AggregateKind::kSum:
      return SumOf(r, content, issues);
    case AggregateKind::kAvg:
      return AverageOf(r, content);
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      return MomentsOf(r, content);
    case AggregateKind::kCollect:
      return ListOf(r, content, scratch);
    default:
      return FoldOf(r, content);
  }
}

int64_t WindowAggregates::CountOf(const Reading& r, const WindowContent& content) const {
  if (r.count == kNone) return static_cast<int64_t>(content.events);
  return static_cast<int64_t>(content.totals[counts_[r.count].totals]);
}

// Null, for a consumer without the mark of a null that is present, when nothing was folded.
Value WindowAggregates::FoldOf(const Reading& r, const WindowContent& content) const {
  const Fold& fold = folds_[r.fold];
  Value v = LoadValue(content.totals + fold.totals);
  if (content.front != nullptr) {
    v = Combine(fold.kind, LoadValue(content.front + fold.record), v);
  }
  return v.is_null() ? Value::Null() : v;
}

Value WindowAggregates::SumOf(const Reading& r, const WindowContent& content,
                              EvalIssues* issues) const {
  if (r.fold != kNone) return FoldOf(r, content);
  if (CountOf(r, content) == 0) return Value::Null();
  const std::optional<int64_t> sum = LoadSum(content.totals + sums_[r.sum].totals).Narrow();
  if (sum.has_value()) return Value::Integral(*sum, r.type.kind);
  if (issues != nullptr) issues->Add(r.origin, EvalFault::kOverflow);
  return Value::Null();
}

Value WindowAggregates::AverageOf(const Reading& r, const WindowContent& content) const {
  const int64_t n = CountOf(r, content);
  if (n == 0) return Value::Null();
  const double sum = r.fold != kNone ? FoldOf(r, content).f
                                     : LoadSum(content.totals + sums_[r.sum].totals).ToDouble();
  return Value::Float(sum / static_cast<double>(n));
}

Value WindowAggregates::MomentsOf(const Reading& r, const WindowContent& content) const {
  const MomentsPart& part = moments_[r.moments];
  Moments m = LoadMoments(content.totals + part.totals);
  if (content.front != nullptr) {
    m = Moments::Combine(LoadMoments(content.front + part.record), m);
  }
  const std::optional<double> result =
      r.kind == AggregateKind::kVariance ? m.Variance() : m.Deviation();
  return result.has_value() ? Value::Float(*result) : Value::Null();
}

Value WindowAggregates::ListOf(const Reading& r, const WindowContent& content,
                               Arena* scratch) const {
  size_t n = 0;
  Value* elements = scratch->AllocateArray<Value>(content.events);
  content.for_each(r.list, [&](const Value& v) {
    if (!v.is_null()) elements[n++] = v;
  });
  return Value::List(absl::Span<const Value>(elements, n));
}

}  // namespace spate
