#include "runtime/match/window_arguments.h"

#include <algorithm>
#include <utility>

#include "runtime/match/window_values.h"

namespace spate {
namespace {

bool SameOrBothNull(const ExprPtr& a, const ExprPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return SameExpr(*a, *b);
}

}  // namespace

bool SameArgument(const Aggregate& a, const Aggregate& b) {
  return std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(),
                    [](const Aggregate::Input& x, const Aggregate::Input& y) {
                      return x.type == y.type && SameOrBothNull(x.value, y.value) &&
                             SameOrBothNull(x.where, y.where);
                    });
}

absl::StatusOr<std::unique_ptr<WindowArguments>> WindowArguments::Create(const RulePlan& rule,
                                                                         EvalIssues* issues) {
  std::unique_ptr<WindowArguments> arguments(new WindowArguments());
  arguments->issues_ = issues;
  for (const Aggregate& aggregate : rule.aggregates) {
    if (absl::Status status = arguments->AddArgument(aggregate); !status.ok()) return status;
  }
  for (const RuleInput& input : rule.inputs) {
    arguments->by_type_[input.type].resize(arguments->size());
  }
  arguments->values_.resize(arguments->size());
  return arguments;
}

absl::Status WindowArguments::AddArgument(const Aggregate& aggregate) {
  if (aggregate.inputs.empty()) {
    argument_of_.push_back(kEveryEvent);
    return absl::OkStatus();
  }
  const auto same =
      std::find_if(representatives_.begin(), representatives_.end(),
                   [&](const Aggregate* other) { return SameArgument(*other, aggregate); });
  argument_of_.push_back(static_cast<uint32_t>(same - representatives_.begin()));
  if (same != representatives_.end()) return absl::OkStatus();
  representatives_.push_back(&aggregate);
  for (const Aggregate::Input& input : aggregate.inputs) {
    absl::StatusOr<Source> source = MakeSource(input);
    if (!source.ok()) return source.status();
    has_programs_ |= source->value.has_value() || source->where.has_value();
    std::vector<Source>& sources = by_type_[input.type];
    sources.resize(representatives_.size());
    sources.back() = *std::move(source);
  }
  return absl::OkStatus();
}

absl::StatusOr<WindowArguments::Source> WindowArguments::MakeSource(const Aggregate::Input& input) {
  Source source;
  if (input.value == nullptr) {
    source.kind = Source::Kind::kEvent;
  } else if (input.value->op == Op::kField) {
    source.kind = Source::Kind::kField;
    source.field = input.value->field;
  } else {
    absl::StatusOr<Program> program = Program::Compile(*input.value);
    if (!program.ok()) return program.status();
    source.kind = Source::Kind::kProgram;
    source.value = *std::move(program);
  }
  if (input.where != nullptr) {
    absl::StatusOr<Program> program = Program::Compile(*input.where);
    if (!program.ok()) return program.status();
    source.where = *std::move(program);
  }
  return source;
}

absl::Span<const Value> WindowArguments::Evaluate(const Arrival& event) {
  EvalContext context;
  if (has_programs_) {
    scratch_.Reset();
    context.batch = event.batch;
    context.row = event.row;
    context.time = event.time();
    context.scratch = &scratch_;
    context.issues = issues_;
  }
  const std::vector<Source>& sources = by_type_.At(event.type());
  for (size_t i = 0; i < sources.size(); ++i) values_[i] = Get(sources[i], event, context);
  return values_;
}

Value WindowArguments::Get(const Source& source, const Arrival& event,
                           const EvalContext& context) const {
  if (source.kind == Source::Kind::kAbsent) return AbsentValue();
  if (source.where.has_value() && !source.where->Holds(context)) return AbsentValue();
  if (source.kind == Source::Kind::kEvent) return Value::Bool(true);
  const Value v = source.kind == Source::Kind::kField ? event.batch->Get(event.row, source.field)
                                                      : source.value->Eval(context);
  return v.is_null() ? PresentNull() : v;
}

}  // namespace spate
