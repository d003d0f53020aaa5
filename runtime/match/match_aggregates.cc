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

Value Extreme(AggregateKind kind, absl::Span<const Value> values) {
  Value best;
  for (const Value& v : values) {
    if (!v.is_null()) best = BetterOf(kind, best, v);
  }
  return best;
}

SumParts PartsOf(absl::Span<const Value> values) {
  SumParts parts;
  for (const Value& v : values) {
    if (v.is_null()) continue;
    parts.kind = v.kind;
    ++parts.count;
    if (v.kind == Kind::kFloat) {
      parts.floating += v.f;
    } else {
      parts.whole.Add(v.i);
    }
  }
  return parts;
}

Moments MomentsOf(absl::Span<const Value> values) {
  Moments moments;
  for (const Value& v : values) {
    if (v.is_null()) continue;
    const bool is_float = v.kind == Kind::kFloat;
    moments = Moments::Combine(moments, Moments::Of(is_float ? static_cast<long double>(v.f)
                                                             : static_cast<long double>(v.i)));
  }
  return moments;
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
      return SumOrAverage(a, PartsOf(values), issues);
    case AggregateKind::kMin:
    case AggregateKind::kMax:
      return Extreme(a.kind, values);
    case AggregateKind::kFirst:
      return values.empty() ? Value::Null() : values.front();
    case AggregateKind::kLast:
      return values.empty() ? Value::Null() : values.back();
    case AggregateKind::kCollect:
      return Collected(values, arena);
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      return SpreadOf(a.kind, MomentsOf(values));
    default:
      return TallyOf(a.kind, a.parameter, values, arena);
  }
}

}  // namespace

Value BetterOf(AggregateKind kind, const Value& best, const Value& value) {
  if (best.is_null()) return value;
  // A float that is not a number gives way to any other.
  if (best.kind == Kind::kFloat && best.f != best.f) return value;
  const Op better = kind == AggregateKind::kMin ? Op::kLt : Op::kGt;
  return CompareValues(better, value, best).is_true() ? value : best;
}

Value SumOrAverage(const Aggregate& a, const SumParts& parts, EvalIssues* issues) {
  if (parts.count == 0) return Value::Null();
  if (a.kind == AggregateKind::kAvg) {
    const double sum = parts.kind == Kind::kFloat ? parts.floating : parts.whole.ToDouble();
    const double mean = sum / static_cast<double>(parts.count);
    if (a.type.kind == Kind::kFloat) return Value::Float(mean);
    return Value::Integral(static_cast<int64_t>(mean), a.type.kind);
  }
  if (parts.kind == Kind::kFloat) return Value::Float(parts.floating);
  if (!parts.whole.Fits()) {
    issues->Add(a.origin, EvalFault::kOverflow);
    return Value::Null();
  }
  return Value::Integral(*parts.whole.Narrow(), parts.kind);
}

Value SpreadOf(AggregateKind kind, const Moments& moments) {
  const std::optional<double> result =
      kind == AggregateKind::kVariance ? moments.Variance() : moments.Deviation();
  return result.has_value() ? Value::Float(*result) : Value::Null();
}

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

// The argument of an aggregate over one event; nullopt: the event is not of it, or its `where` does
// not hold. Counting events counts `true`s.
std::optional<Value> MatchAggregates::ArgumentOf(const Compiled& c, const Binding& b,
                                                 const EventStore& store, Arena* arena) {
  if (c.aggregate->var.valid() && !pattern_.Names(b.var, c.aggregate->var)) return std::nullopt;
  const TypeId type = store.TypeOf(b.event).id;
  const Input* input = nullptr;
  for (const Input& in : c.inputs) {
    if (in.type == type) input = &in;
  }
  if (input == nullptr || (!input->value.has_value() && !input->where.has_value())) {
    return Value::Bool(true);
  }
  EvalContext context;
  context.fields = FieldsOf(b.event, store, arena);
  context.time = store.TimeOf(b.event);
  context.scratch = arena;
  context.issues = issues_;
  if (input->where.has_value() && !input->where->Holds(context)) return std::nullopt;
  return input->value.has_value() ? input->value->Eval(context) : Value::Bool(true);
}

void MatchAggregates::Collect(const Compiled& c, absl::Span<const Binding> bindings,
                              const EventStore& store, Arena* arena) {
  collected_.clear();
  for (const Binding& b : bindings) {
    const std::optional<Value> value = ArgumentOf(c, b, store, arena);
    if (value.has_value()) collected_.push_back(*value);
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
