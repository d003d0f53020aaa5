#include "runtime/match/window_report.h"

#include <algorithm>
#include <utility>

#include "runtime/match/bound_values.h"
#include "runtime/match/observer.h"

namespace spate {
namespace {

// Calls `visit(const Expr&)` for every part of what `having` and `emit` evaluate.
template <typename Visit>
void VisitAll(const Expr* root, const Visit& visit) {
  if (root == nullptr) return;
  visit(*root);
  for (const ExprPtr& arg : root->args) VisitAll(arg.get(), visit);
}

template <typename Visit>
void VisitReads(const RulePlan& rule, const Visit& visit) {
  VisitAll(rule.from->having.get(), visit);
  for (const EmitPlan& emit : rule.emits) {
    for (const ExprPtr& value : emit.values) VisitAll(value.get(), visit);
  }
}

bool IsBound(const Expr& e) { return e.op == Op::kBound || e.op == Op::kBoundTime; }

// Reads the newest event from where it came from.
Value NewestValue(const BoundRef& ref, const Arrival& newest) {
  if (ref.is_time) return Value::OfTime(newest.time());
  for (const TypeField& f : ref.fields) {
    if (f.type == newest.type()) return newest.batch->Get(newest.row, f.field);
  }
  return Value::Null();
}

}  // namespace

WindowEventsRead WindowReporter::EventsRead(const RulePlan& rule, bool keep_matched) {
  WindowEventsRead read;
  read.all = keep_matched;
  VisitReads(rule, [&](const Expr& e) {
    if (!IsBound(e)) return;
    size_t& count = e.nav == Nav::kFirst ? read.first : read.last;
    count = std::max<size_t>(count, size_t{e.offset} + 1);
  });
  return read;
}

std::vector<EventStore::KeptType> WindowReporter::KeptTypes(const Plan& plan, const RulePlan& rule,
                                                            bool keep_matched) {
  std::vector<EventStore::KeptType> kept;
  for (const RuleInput& input : rule.inputs) {
    const EventType& type = plan.types[input.type.index()];
    std::vector<bool> fields(type.fields.size(), keep_matched);
    VisitReads(rule, [&](const Expr& e) {
      if (!IsBound(e)) return;
      for (const TypeField& f : e.fields) {
        if (f.type == type.id) fields[f.field.index()] = true;
      }
    });
    kept.push_back({&type, std::move(fields)});
  }
  return kept;
}

absl::StatusOr<std::unique_ptr<WindowReporter>> WindowReporter::Create(
    const RulePlan& rule, const WindowAggregates& aggregates, const EventStore& store,
    MatchObserver* observer, EvalIssues* issues) {
  std::unique_ptr<WindowReporter> reporter(
      new WindowReporter(rule, aggregates, store, observer, issues));
  const Expr* having = rule.from->having.get();
  if (having == nullptr) return reporter;
  absl::StatusOr<Program> program = Program::Compile(*having);
  if (!program.ok()) return program.status();
  reporter->having_ = *std::move(program);
  VisitAll(having, [&](const Expr& e) {
    if (e.op == Op::kAggregate) reporter->in_having_[e.index] = true;
  });
  return reporter;
}

bool WindowReporter::Judge(const WindowView& window) {
  scratch_.Reset();
  bindings_.reset();
  FindAggregates(/*of_having=*/true, window.content);
  const bool holds = !having_.has_value() || Having(window);
  if (observer_ != nullptr) Observe(window, holds);
  return holds;
}

void WindowReporter::Observe(const WindowView& window, bool holds) {
  const auto bound = [&](const BoundRef& ref) { return BoundValue(ref, window); };
  observer_->OnJudge({rule_, window.keys, window.time, window.start, window.end, values_, bound,
                      &scratch_, holds});
}

bool WindowReporter::Report(const WindowView& window, EmitKind kind, ReportSink* sink) {
  FindAggregates(/*of_having=*/false, window.content);
  spate::Report report;
  report.kind = kind;
  report.time = window.time;
  report.store = &store_;
  report.bindings = BindingsOf(window);
  report.newest_left = window.newest_left;
  report.keys = window.keys;
  report.aggregates = values_;
  report.window_start = window.start;
  report.window_end = window.end;
  if (observer_ != nullptr) observer_->OnWindowReport(rule_, window.keys, kind);
  return sink->OnReport(report);
}

bool WindowReporter::Having(const WindowView& window) {
  bound_.clear();
  for (const BoundRef& ref : having_->bound_refs()) bound_.push_back(BoundValue(ref, window));
  EvalContext context;
  context.time = window.time;
  context.bound = bound_.data();
  context.keys = window.keys.data();
  context.aggregates = values_.data();
  context.window_start = window.start;
  context.window_end = window.end;
  context.scratch = &scratch_;
  context.issues = issues_;
  return having_->Holds(context);
}

Value WindowReporter::BoundValue(const BoundRef& ref, const WindowView& window) {
  const bool is_newest = ref.nav == Nav::kLast && ref.offset == 0;
  return is_newest && window.newest != nullptr ? NewestValue(ref, *window.newest)
                                               : BoundOf(ref, window);
}

Value WindowReporter::BoundOf(const BoundRef& ref, const WindowView& window) {
  const absl::Span<const Binding> bindings = BindingsOf(window);
  const Binding left{VarId(0u), window.newest_left};
  const bool none = bindings.empty() && window.newest_left != kNoEvent;
  return BoundInMatch(ref, nullptr, none ? absl::MakeConstSpan(&left, 1) : bindings, store_,
                      &scratch_);
}

void WindowReporter::FindAggregates(bool of_having, const WindowContent& content) {
  for (size_t i = 0; i < values_.size(); ++i) {
    if (in_having_[i] != of_having) continue;
    values_[i] = aggregates_.Result(i, content, &scratch_, issues_);
  }
}

absl::Span<const Binding> WindowReporter::BindingsOf(const WindowView& window) {
  if (!bindings_.has_value()) bindings_ = window.bindings();
  return *bindings_;
}

}  // namespace spate
