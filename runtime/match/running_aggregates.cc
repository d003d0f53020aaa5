#include "runtime/match/running_aggregates.h"

#include <algorithm>
#include <utility>

#include "runtime/model/scalar_ops.h"

namespace spate {
namespace {

bool IsScalar(Kind kind) {
  return kind != Kind::kString && kind != Kind::kIp && kind != Kind::kList;
}

}  // namespace

bool RunningAggregates::IsKept(const Aggregate& a) {
  switch (a.kind) {
    case AggregateKind::kCount:
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      return true;
    case AggregateKind::kMin:
    case AggregateKind::kMax:
      return IsScalar(a.type.kind);
    default:
      return false;
  }
}

absl::StatusOr<std::unique_ptr<RunningAggregates>> RunningAggregates::Create(const RulePlan& rule,
                                                                             EvalIssues* issues) {
  const PatternPlan& pattern = *rule.pattern;
  std::unique_ptr<RunningAggregates> running(new RunningAggregates());
  running->issues_ = issues;
  running->values_.resize(rule.aggregates.size());
  for (uint32_t number : pattern.running_aggregates) {
    const Aggregate& a = rule.aggregates[number];
    if (IsKept(a)) {
      running->kept_.push_back({&a, number});
      running->kept_list_.push_back(a);
    } else {
      running->other_numbers_.push_back(number);
      running->other_list_.push_back(a);
    }
  }
  absl::StatusOr<std::unique_ptr<MatchAggregates>> arguments =
      MatchAggregates::Create(running->kept_list_, pattern, issues);
  if (!arguments.ok()) return arguments.status();
  running->arguments_ = *std::move(arguments);
  if (!running->other_list_.empty()) {
    absl::StatusOr<std::unique_ptr<MatchAggregates>> others =
        MatchAggregates::Create(running->other_list_, pattern, issues);
    if (!others.ok()) return others.status();
    running->others_ = *std::move(others);
  }
  running->totals_.resize(running->kept_.size());  // of the empty chain
  return running;
}

void RunningAggregates::Take(const Aggregate& a, const Value& value, Total* total) {
  ++total->count;
  total->kind = value.kind;
  const bool is_float = value.kind == Kind::kFloat;
  switch (a.kind) {
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
      if (is_float) {
        total->floating += value.f;
      } else {
        total->whole.Add(value.i);
      }
      return;
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      total->moments = Moments::Combine(total->moments,
                                        Moments::Of(is_float ? static_cast<long double>(value.f)
                                                             : static_cast<long double>(value.i)));
      return;
    case AggregateKind::kMin:
    case AggregateKind::kMax:
      total->best = BetterOf(a.kind, total->best, value);
      return;
    default:
      return;
  }
}

Value RunningAggregates::Result(const Aggregate& a, const Total& total, EvalIssues* issues) {
  switch (a.kind) {
    case AggregateKind::kCount:
      return Value::Int(total.count);
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
      return SumOrAverage(a, {total.count, total.whole, total.floating, total.kind}, issues);
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      return SpreadOf(a.kind, total.moments);
    default:
      return total.best;
  }
}

void RunningAggregates::Extend(const BindingChain& chain, ChainId id, const EventStore& store) {
  const size_t n = kept_.size();
  if (n == 0) return;
  totals_.resize((size_t{id} + 1) * n);
  const BindingChain::Node& node = chain[id];
  const Binding binding{BindingChain::VarOf(node), node.event};
  scratch_.Reset();
  for (size_t i = 0; i < n; ++i) {
    Total total = TotalAt(node.parent, i);
    const Value value = arguments_->Argument(i, binding, store, &scratch_);
    if (!value.is_null()) Take(*kept_[i].aggregate, value, &total);
    totals_[size_t{id} * n + i] = total;
  }
}

const std::vector<Value>& RunningAggregates::Evaluate(const BindingChain& chain, ChainId id,
                                                      Binding current, const EventStore& store,
                                                      Arena* arena) {
  for (size_t i = 0; i < kept_.size(); ++i) {
    const Aggregate& a = *kept_[i].aggregate;
    Total total = TotalAt(id, i);
    if (current.event != kNoEvent) {
      const Value value = arguments_->Argument(i, current, store, arena);
      if (!value.is_null()) Take(a, value, &total);
    }
    values_[kept_[i].number] = Result(a, total, issues_);
  }
  if (others_ == nullptr) return values_;
  bindings_.clear();
  if (current.event != kNoEvent) bindings_.push_back(current);
  for (ChainId i = id; i != kNoChain; i = chain[i].parent) {
    bindings_.push_back({BindingChain::VarOf(chain[i]), chain[i].event});
  }
  std::reverse(bindings_.begin(), bindings_.end());
  others_->Evaluate(bindings_, /*match_count=*/1, store, arena, &other_values_);
  for (size_t i = 0; i < other_values_.size(); ++i) values_[other_numbers_[i]] = other_values_[i];
  return values_;
}

void RunningAggregates::Forward(const BindingChain& chain) {
  const size_t n = kept_.size();
  moved_.assign(chain.size() * n, Total{});
  for (size_t old = 0; old * n < totals_.size() && n > 0; ++old) {
    const ChainId now = chain.Forwarded(static_cast<ChainId>(old));
    if (now == kNoChain) continue;
    std::copy_n(totals_.begin() + static_cast<ptrdiff_t>(old * n), n,
                moved_.begin() + static_cast<ptrdiff_t>(now * n));
  }
  totals_.swap(moved_);
}

}  // namespace spate
