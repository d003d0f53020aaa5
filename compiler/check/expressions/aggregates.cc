// Aggregates: over the events of a variable, or of a `from` rule's window.
#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/expressions/walk.h"
#include "runtime/model/functions.h"

namespace spate {
namespace {

const std::map<std::string, AggregateKind>& AggregateNames() {
  static const auto* const names = new std::map<std::string, AggregateKind>{
      {"count", AggregateKind::kCount},
      {"sum", AggregateKind::kSum},
      {"avg", AggregateKind::kAvg},
      {"min", AggregateKind::kMin},
      {"max", AggregateKind::kMax},
      {"first", AggregateKind::kFirst},
      {"last", AggregateKind::kLast},
      {"collect", AggregateKind::kCollect},
      {"stddev", AggregateKind::kStddev},
      {"variance", AggregateKind::kVariance},
      {"median", AggregateKind::kMedian},
      {"percentile", AggregateKind::kPercentile},
      {"count_distinct", AggregateKind::kCountDistinct},
      {"top", AggregateKind::kTop},
  };
  return *names;
}

// `percentile(x, p)` and `top(x, k)` have a second argument.
bool HasParameter(AggregateKind kind) {
  return kind == AggregateKind::kPercentile || kind == AggregateKind::kTop;
}

constexpr int64_t kMaxTop = 100'000;

}  // namespace

bool ExpressionChecker::IsAggregate(const ast::Call& call) {
  const std::string& name = call.function.text;
  if (AggregateNames().count(name) == 0) return false;
  return (name != "min" && name != "max") || call.arguments.size() == 1;
}

bool ExpressionChecker::IsFunctionName(absl::string_view name) {
  const absl::Span<const FunctionRow> functions = FunctionTable();
  return AggregateNames().count(std::string(name)) != 0 ||
         std::any_of(functions.begin(), functions.end(),
                     [&](const FunctionRow& row) { return row.name == name; });
}

ExprPtr ExpressionChecker::CheckAggregate(const ast::Expr& e, const ast::Call& call) {
  const AggregateKind kind = AggregateNames().at(call.function.text);
  std::string written = absl::StrCat(Quoted(absl::StrCat(call.function.text, "(..)")));
  switch (scope_.place) {
    case Place::kEmit:
    case Place::kHaving:
      break;
    case Place::kStep:
    case Place::kWhere:
      break;
    case Place::kAggregate:
      return Fail(DiagnosticCode::kAggregatePlace, e.span, "an aggregate inside an aggregate",
                  "stands in another one");
    default:
      return Fail(DiagnosticCode::kAggregatePlace, e.span,
                  absl::StrCat(written, " has nothing to aggregate here"),
                  "there is only one event");
  }
  const size_t wanted = HasParameter(kind) ? 2 : 1;
  if (call.arguments.size() != wanted &&
      !(call.arguments.empty() && kind == AggregateKind::kCount)) {
    return Fail(
        DiagnosticCode::kWrongArguments, e.span,
        absl::StrCat(written, wanted == 2 ? " takes a value, with or without `where`, and a number"
                                          : " takes one value, with or without `where`"));
  }
  if (scope_.place == Place::kStep && !scope_.no_variables.empty()) {
    return Fail(DiagnosticCode::kAggregatePlace, e.span,
                absl::StrCat(written, " has nothing to aggregate here"),
                std::string(scope_.no_variables));
  }
  bool failed = false;
  std::optional<VarId> var = AggregatedVariable(e, call, &failed);
  if (failed || (var.has_value() && !CanName(*var, e.span))) return ErrorExpr(e.span);
  if (scope_.navigates != nullptr) *scope_.navigates = true;
  return BuildAggregate(e, call, kind, var);
}

// match_count() of `emit summary`.
ExprPtr ExpressionChecker::CheckMatchCount(const ast::Expr& e, const ast::Call& call) {
  if (!call.arguments.empty()) {
    return Fail(DiagnosticCode::kWrongArguments, e.span, "`match_count` takes nothing");
  }
  if (!scope_.is_summary || scope_.place == Place::kAggregate) {
    return Fail(DiagnosticCode::kAggregatePlace, e.span,
                "`match_count()` has no matches to count here", "it is for `emit summary`");
  }
  Aggregate aggregate;
  aggregate.kind = AggregateKind::kMatchCount;
  aggregate.type = Type::Of(Kind::kInt);
  aggregate.origin = ToOrigin(e.span);
  return AddAggregate(std::move(aggregate));
}

// first(x), last(x, n): navigation in patterns, aggregates in `from` rules and with `where`.
ExprPtr ExpressionChecker::CheckNavigationCall(const ast::Expr& e, const ast::Call& call) {
  bool has_where = false;
  for (const ast::Argument& a : call.arguments) has_where = has_where || a.where != nullptr;
  bool is_from = scope_.rule != nullptr && scope_.rule->is_from;
  if (scope_.place == Place::kAggregate) return CheckAggregate(e, call);
  bool aggregates = is_from && call.arguments.size() < 2;
  if (aggregates || has_where || scope_.is_summary || scope_.place == Place::kEvent ||
      scope_.place == Place::kConstant) {
    return CheckAggregate(e, call);
  }
  if (call.arguments.empty() || call.arguments.size() > 2 || call.arguments[0].value == nullptr) {
    return Fail(DiagnosticCode::kWrongArguments, e.span,
                absl::StrCat(Quoted(call.function.text), " takes `v.attribute` and a number"));
  }
  if (ResolveNavigation(e).has_value()) {
    return Fail(DiagnosticCode::kNotAValue, e.span, "an event is no value",
                "name one of its attributes");
  }
  bool failed = false;
  std::optional<VarId> var = AggregatedVariable(e, call, &failed);
  if (failed || !var.has_value()) return ErrorExpr(e.span);
  if (scope_.navigates != nullptr) *scope_.navigates = true;
  int64_t n = 0;
  if (call.arguments.size() == 2) {
    const ast::Expr& number = *call.arguments[1].value;
    ExprPtr value = CheckConstant(number, Type::Of(Kind::kInt), "the number of an event");
    if (IsError(value)) return value;
    n = std::get<int64_t>(value->constant.data);
    if (n < 0 || n > (1 << 20)) {
      return Fail(DiagnosticCode::kWrongArguments, number.span,
                  "the number of an event counts from 0");
    }
  }
  Scope inner = scope_;
  inner.navigated = *var;
  inner.nav = call.function.text == "first" ? Nav::kFirst : Nav::kLast;
  inner.offset = static_cast<uint32_t>(n);
  ExpressionChecker checker(context_, std::move(inner));
  checker.depth_ = depth_;
  return checker.Check(*call.arguments[0].value);
}

// The rule's variables that `e` names.
void ExpressionChecker::CollectVariables(const ast::Expr& e,
                                         std::vector<std::pair<VarId, Span>>* variables) const {
  if (const auto* n = std::get_if<ast::NameRef>(&e.node)) {
    if (FindLocal(n->name.text) != nullptr) return;
    std::optional<VarId> var = FindVariable(n->name.text);
    if (var.has_value()) variables->emplace_back(*var, n->name.span);
    return;
  }
  ForEachPart(e, [&](const ast::Expr& part) { CollectVariables(part, variables); });
}

std::optional<VarId> ExpressionChecker::AggregatedVariable(const ast::Expr& e,
                                                           const ast::Call& call, bool* failed) {
  std::vector<std::pair<VarId, Span>> variables;
  if (!call.arguments.empty()) {  // a second one is a number
    const ast::Argument& a = call.arguments[0];
    for (const ast::ExprPtr* part : {&a.value, &a.where}) {
      if (*part != nullptr) CollectVariables(**part, &variables);
    }
  }
  if (scope_.rule->is_from) return VarId(0u);
  if (variables.empty()) {
    if (call.arguments.empty()) return std::nullopt;  // count(): all that is bound
    Fail(DiagnosticCode::kAggregateVariables, e.span,
         absl::StrCat(Quoted(absl::StrCat(call.function.text, "(..)")),
                      " names no variable of the rule"),
         "over which events?");
    *failed = true;
    return std::nullopt;
  }
  for (const auto& [var, span] : variables) {
    if (var == variables[0].first) continue;
    Diagnostic& d = context_.Report(DiagnosticCode::kAggregateVariables, e.span,
                                    absl::StrCat(Quoted(absl::StrCat(call.function.text, "(..)")),
                                                 " is over the events of one variable"));
    d.labels.push_back({variables[0].second, "one variable"});
    d.labels.push_back({span, "another one"});
    *failed = true;
    return std::nullopt;
  }
  return variables[0].first;
}

ExprPtr ExpressionChecker::BuildAggregate(const ast::Expr& e, const ast::Call& call,
                                          AggregateKind kind, std::optional<VarId> var) {
  Aggregate aggregate;
  aggregate.kind = kind;
  aggregate.origin = ToOrigin(e.span);
  if (call.arguments.empty()) {
    aggregate.type = Type::Of(Kind::kInt);
    return AddAggregate(std::move(aggregate));
  }
  const ast::Argument& argument = call.arguments[0];
  if (argument.value == nullptr) {
    return Fail(DiagnosticCode::kWrongArguments, e.span, "an aggregate takes a value");
  }
  if (HasParameter(kind)) {
    const std::optional<double> parameter = AggregateParameter(call, kind);
    if (!parameter.has_value()) return ErrorExpr(e.span);
    aggregate.parameter = *parameter;
  }
  const CheckedVariable& variable = scope_.rule->variables[var->index()];
  std::optional<Type> value_type;
  aggregate.var = *var;
  for (TypeId type : variable.types) {
    Scope inner = scope_;
    inner.place = Place::kAggregate;
    inner.current = type;
    inner.own = *var;
    inner.groups.clear();
    ExpressionChecker checker(context_, std::move(inner));
    checker.depth_ = depth_;
    Aggregate::Input input;
    input.type = type;
    std::optional<Path> path = checker.ResolvePath(Bare(*argument.value));
    bool is_event = path.has_value() && path->attribute.empty() && kind == AggregateKind::kCount;
    if (is_event && path->event.poisoned) return ErrorExpr(e.span);
    if (!is_event) {
      input.value = checker.Check(*argument.value);
      if (IsError(input.value)) return ErrorExpr(e.span);
      if (value_type.has_value()) value_type = UnifyTypes(*value_type, input.value->type);
      if (aggregate.inputs.empty()) value_type = input.value->type;
      if (!value_type.has_value()) {
        return Fail(DiagnosticCode::kTypeMismatch, argument.value->span,
                    "this has another type in each event type");
      }
    }
    if (argument.where != nullptr) {
      input.where = checker.CheckCondition(*argument.where);
      if (IsError(input.where)) return ErrorExpr(e.span);
    }
    aggregate.inputs.push_back(std::move(input));
  }
  for (Aggregate::Input& input : aggregate.inputs) {
    if (input.value == nullptr || kind == AggregateKind::kCount) continue;
    input.value = Convert(context_, nullptr, input.value, *value_type);
  }
  bool maybe_empty = variable.optional || argument.where != nullptr || scope_.rule->may_be_empty ||
                     (scope_.is_timeout && !scope_.rule->first[var->index()]);
  std::optional<Type> type =
      AggregateType(call, kind, value_type.value_or(Type::Of(Kind::kInt)), maybe_empty);
  if (!type.has_value()) return ErrorExpr(e.span);
  aggregate.type = *type;
  if (scope_.rule->is_from && !value_type.has_value() && argument.where == nullptr) {
    aggregate.var = VarId();  // count(r) is count()
    aggregate.inputs.clear();
  }
  return AddAggregate(std::move(aggregate));
}

// The second argument; nullopt (reported) when it is not a constant in its range.
std::optional<double> ExpressionChecker::AggregateParameter(const ast::Call& call,
                                                            AggregateKind kind) {
  const ast::Argument& argument = call.arguments[1];
  if (argument.value == nullptr || argument.where != nullptr) {
    Fail(DiagnosticCode::kWrongArguments, call.function.span,
         "`where` follows the value, and the number comes last");
    return std::nullopt;
  }
  const bool is_top = kind == AggregateKind::kTop;
  const char* what = is_top ? "the number of values of `top`" : "the percentage of `percentile`";
  const ExprPtr value =
      CheckConstant(*argument.value, Type::Of(is_top ? Kind::kInt : Kind::kFloat), what);
  if (!IsConstant(value)) return std::nullopt;
  double number = 0;
  if (const auto* i = std::get_if<int64_t>(&value->constant.data)) number = static_cast<double>(*i);
  if (const auto* f = std::get_if<double>(&value->constant.data)) number = *f;
  if (is_top ? number >= 1 && number <= kMaxTop : number >= 0 && number <= 100) return number;
  Fail(DiagnosticCode::kWrongArguments, argument.value->span,
       is_top ? absl::StrCat(what, " lies between 1 and ", kMaxTop)
              : absl::StrCat(what, " lies between 0 and 100"));
  return std::nullopt;
}

// The type of the result; nullopt (reported) when the aggregate has no meaning for the input.
std::optional<Type> ExpressionChecker::AggregateType(const ast::Call& call, AggregateKind kind,
                                                     const Type& input, bool maybe_empty) {
  bool nullable = maybe_empty || input.nullable;
  bool number = IsNumeric(input.kind);
  bool ordered = number || input.kind == Kind::kString || input.kind == Kind::kTime ||
                 input.kind == Kind::kDuration;
  switch (kind) {
    case AggregateKind::kCount:
      return Type::Of(Kind::kInt);
    case AggregateKind::kSum:
      if (number || input.kind == Kind::kDuration) return Type::Of(input.kind, nullable);
      break;
    case AggregateKind::kAvg:
      if (number) return Type::Of(Kind::kFloat, nullable);
      break;
    case AggregateKind::kMin:
    case AggregateKind::kMax:
      if (ordered) return Type::Of(input.kind, nullable);
      break;
    case AggregateKind::kCollect:
      if (input.kind != Kind::kNull) return Type::ListOf(input.AsNullable(false), false);
      break;
    case AggregateKind::kStddev:
    case AggregateKind::kVariance:  // null over fewer than two
      if (number) return Type::Of(Kind::kFloat, true);
      break;
    case AggregateKind::kMedian:
    case AggregateKind::kPercentile:
      if (number) return Type::Of(Kind::kFloat, nullable);
      if (input.kind == Kind::kDuration) return Type::Of(Kind::kDuration, nullable);
      break;
    case AggregateKind::kCountDistinct:
      if (input.kind != Kind::kList && input.kind != Kind::kNull) return Type::Of(Kind::kInt);
      break;
    case AggregateKind::kTop:
      if (input.kind != Kind::kList && input.kind != Kind::kNull) return Type::ListOf(input.kind);
      break;
    default:
      return input.AsNullable(nullable);
  }
  Fail(DiagnosticCode::kTypeMismatch, call.arguments[0].value->span,
       absl::StrCat(Quoted(absl::StrCat(call.function.text, "(..)")), " of ",
                    Quoted(TypeName(input)), " has no meaning"));
  return std::nullopt;
}

ExprPtr ExpressionChecker::AddAggregate(Aggregate aggregate) {
  std::vector<Aggregate>& all = scope_.rule->aggregates;
  size_t index = 0;
  while (index < all.size() && !SameAggregate(all[index], aggregate)) ++index;
  Expr e;
  e.op = Op::kAggregate;
  e.index = static_cast<uint32_t>(index);
  e.type = aggregate.type;
  e.origin = aggregate.origin;
  if (index == all.size()) all.push_back(std::move(aggregate));
  return Finish(std::move(e));
}

}  // namespace spate
