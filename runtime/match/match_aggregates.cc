#include "runtime/match/match_aggregates.h"

#include <optional>
#include <utility>

#include "runtime/match/tally.h"
#include "runtime/model/scalar_ops.h"
#include "windows/aggregates.h"

namespace spate {
namespace {

absl::StatusOr<std::optional<Program>> CompileOrNone(const ExprPtr& e) {
  if (e == nullptr) return std::optional<Program>();
  absl::StatusOr<Program> program = Program::Compile(*e);
  if (!program.ok()) return program.status();
  return std::optional<Program>(*std::move(program));
}

Value Extreme(Op better, absl::Span<const Value> values) {
  Value best;
  for (const Value& v : values) {
    if (v.is_null()) continue;
    // A float that is not a number gives way to any other.
    const bool replaces = best.is_null() || CompareValues(better, v, best).is_true() ||
                          (best.kind == Kind::kFloat && best.f != best.f);
    if (replaces) best = v;
  }
  return best;
}

// Sum or average; null over nothing, or when 64 bits do not hold an integer sum.
Value SumOrAverage(const Aggregate& a, absl::Span<const Value> values, EvalIssues* issues) {
  WideSum whole;
  double floating = 0;
  int64_t n = 0;
  Kind kind = Kind::kNull;
  for (const Value& v : values) {
    if (v.is_null()) continue;
    kind = v.kind;
    ++n;
    if (kind == Kind::kFloat) {
      floating += v.f;
    } else {
      whole.Add(v.i);
    }
  }
  if (n == 0) return Value::Null();
  if (a.kind == AggregateKind::kAvg) {
    const double sum = kind == Kind::kFloat ? floating : whole.ToDouble();
    const double mean = sum / static_cast<double>(n);
    if (a.type.kind == Kind::kFloat) return Value::Float(mean);
    return Value::Integral(static_cast<int64_t>(mean), a.type.kind);
  }
  if (kind == Kind::kFloat) return Value::Float(floating);
  if (!whole.Fits()) {
    issues->Add(a.origin, EvalFault::kOverflow);
    return Value::Null();
  }
  return Value::Integral(*whole.Narrow(), kind);
}

// The sample's variance or standard deviation.
Value Spread(AggregateKind kind, absl::Span<const Value> values) {
  Moments moments;
  for (const Value& v : values) {
    if (v.is_null()) continue;
    const bool is_float = v.kind == Kind::kFloat;
    moments = Moments::Combine(moments, Moments::Of(is_float ? static_cast<long double>(v.f)
                                                             : static_cast<long double>(v.i)));
  }
  const std::optional<double> result =
      kind == AggregateKind::kVariance ? moments.Variance() : moments.Deviation();
  return result.has_value() ? Value::Float(*result) : Value::Null();
}

Value Collected(absl::Span<const Value> values, Arena* arena) {
  Value* elements = arena->AllocateArray<Value>(values.size());
  size_t n = 0;
  for (const Value& v : values) {
    if (!v.is_null()) elements[n++] = v;
  }
  return Value::List(absl::Span<const Value>(elements, n));
}

Value Combine(const Aggregate& a, absl::Span<const Value> values, Arena* arena,
              EvalIssues* issues) {
  switch (a.kind) {
    case AggregateKind::kCount: {
      int64_t n = 0;
      for (const Value& v : values) n += v.is_null() ? 0 : 1;
      return Value::Int(n);
    }
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
      return SumOrAverage(a, values, issues);
    case AggregateKind::kMin:
      return Extreme(Op::kLt, values);
    case AggregateKind::kMax:
      return Extreme(Op::kGt, values);
    case AggregateKind::kFirst:
      return values.empty() ? Value::Null() : values.front();
    case AggregateKind::kLast:
      return values.empty() ? Value::Null() : values.back();
    case AggregateKind::kCollect:
      return Collected(values, arena);
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      return Spread(a.kind, values);
    default:
      return TallyOf(a.kind, a.parameter, values, arena);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<MatchAggregates>> MatchAggregates::Create(
    const std::vector<Aggregate>& aggregates, const PatternPlan& pattern, EvalIssues* issues) {
  std::unique_ptr<MatchAggregates> result(new MatchAggregates(pattern));
  result->issues_ = issues;
  for (const Aggregate& a : aggregates) {
    Compiled compiled{&a, {}};
    for (const Aggregate::Input& in : a.inputs) {
      absl::StatusOr<std::optional<Program>> value = CompileOrNone(in.value);
      if (!value.ok()) return value.status();
      absl::StatusOr<std::optional<Program>> where = CompileOrNone(in.where);
      if (!where.ok()) return where.status();
      compiled.inputs.push_back({in.type, *std::move(value), *std::move(where)});
    }
    result->compiled_.push_back(std::move(compiled));
  }
  return result;
}

const Value* MatchAggregates::FieldsOf(EventRef event, const EventStore& store, Arena* arena) {
  const size_t n = store.TypeOf(event).fields.size();
  Value* fields = arena->AllocateArray<Value>(n);
  for (size_t f = 0; f < n; ++f) fields[f] = store.Get(event, FieldId(f), arena);
  return fields;
}

// The aggregate's argument over each of its events, in order. Counting events counts `true`s.
void MatchAggregates::Collect(const Compiled& c, absl::Span<const Binding> bindings,
                              const EventStore& store, Arena* arena) {
  collected_.clear();
  for (const Binding& b : bindings) {
    if (c.aggregate->var.valid() && !pattern_.Names(b.var, c.aggregate->var)) continue;
    const TypeId type = store.TypeOf(b.event).id;
    const Input* input = nullptr;
    for (const Input& in : c.inputs) {
      if (in.type == type) input = &in;
    }
    if (input == nullptr || (!input->value.has_value() && !input->where.has_value())) {
      collected_.push_back(Value::Bool(true));
      continue;
    }
    EvalContext context;
    context.fields = FieldsOf(b.event, store, arena);
    context.time = store.TimeOf(b.event);
    context.scratch = arena;
    context.issues = issues_;
    if (input->where.has_value() && !input->where->Holds(context)) continue;
    collected_.push_back(input->value.has_value() ? input->value->Eval(context)
                                                  : Value::Bool(true));
  }
}

void MatchAggregates::Evaluate(absl::Span<const Binding> bindings, uint64_t match_count,
                               const EventStore& store, Arena* arena, std::vector<Value>* out) {
  out->clear();
  for (const Compiled& c : compiled_) {
    if (c.aggregate->kind == AggregateKind::kMatchCount) {
      out->push_back(Value::Int(static_cast<int64_t>(match_count)));
      continue;
    }
    Collect(c, bindings, store, arena);
    out->push_back(Combine(*c.aggregate, collected_, arena, issues_));
  }
}

}  // namespace spate
