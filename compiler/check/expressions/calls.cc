// Calls: library functions by their table, and `fn`s, which are inlined.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"
#include "runtime/model/functions.h"

namespace spate {
namespace {

constexpr int kMaxInlinedCalls = 10'000;

// What a function of SQL, EQL or Esper is here, where the names are not near; "" if not known.
absl::string_view OursFor(absl::string_view name) {
  struct Foreign {
    absl::string_view name;  // in small letters
    absl::string_view ours;
  };
  static constexpr Foreign kForeign[] = {
      {"length", "`len(x)`"},
      {"char_length", "`len(text)`"},
      {"strlen", "`len(text)`"},
      {"size", "`len(list)`"},
      {"cardinality", "`len(list)`"},
      {"array_length", "`len(list)`"},
      {"coalesce", "`a ?? b`"},
      {"nvl", "`a ?? b`"},
      {"ifnull", "`a ?? b`"},
      {"isnull", "`x is null`"},
      {"iif", "`if c then a else b`"},
      {"cast", "`int(x)`, `float(x)`, `string(x)`, `ip(x)`, `time(x)` or `duration(x)`"},
      {"tostring", "`string(x)`"},
      {"number", "`int(x)` or `float(x)`"},
      {"now", "`v.time`: rules live by the time of events"},
      {"current_timestamp", "`v.time`: rules live by the time of events"},
      {"mean", "`avg(x)`"},
      {"lag", "`prev(x)`"},
      {"cidrmatch", "`cidr(address, nets..)`"},
      {"stringcontains", "`contains(text, part)`"},
      {"position", "`index_of(text, part)`"},
      {"instr", "`index_of(text, part)`"},
      {"wildcard", "`x like \"a*\"`, or `like~` to ignore case"},
      {"regexp_like", "`x matches r\"..\"`"},
      {"regexp_extract", "`extract(text, pattern, group)`"},
      {"array_contains", "`x in list`"},
  };
  const std::string small = absl::AsciiStrToLower(name);
  const auto* const found = std::find_if(std::begin(kForeign), std::end(kForeign),
                                         [&](const Foreign& f) { return f.name == small; });
  return found == std::end(kForeign) ? "" : found->ours;
}

// How well an argument fits a parameter: 0 exactly, 1 after a conversion, -1 not at all.
int Fit(const Operand& argument, const Type& parameter) {
  const Type& t = argument.expr->type;
  if (parameter.kind == Kind::kError || t.kind == Kind::kError) return 0;
  if (t.kind == Kind::kNull) return 0;
  if (parameter.kind == Kind::kList && t.kind == Kind::kList) {
    bool any = parameter.element == Kind::kError || parameter.element == Kind::kNull;
    return any || t.element == Kind::kNull || t.element == parameter.element ? 0 : -1;
  }
  if (t.kind == parameter.kind) return 0;
  if (t.kind == Kind::kInt && parameter.kind == Kind::kFloat) return 1;
  bool from_text = parameter.kind == Kind::kIp || parameter.kind == Kind::kTime ||
                   parameter.kind == Kind::kDuration;
  return IsTextLiteral(argument.ast) && from_text ? 1 : -1;
}

const Type& Parameter(const FunctionRow& row, size_t i) {
  return row.parameters[std::min(i, row.parameters.size() - 1)];
}

// The sum of the fits, or -1 when the row does not take these arguments.
int FitRow(const FunctionRow& row, const std::vector<Operand>& arguments) {
  size_t n = arguments.size();
  if (n < row.required || (n > row.parameters.size() && !row.variadic)) return -1;
  int sum = 0;
  for (size_t i = 0; i < n; ++i) {
    int fit = Fit(arguments[i], Parameter(row, i));
    if (fit < 0) return -1;
    sum += fit;
  }
  return sum;
}

std::string TypeList(const std::vector<Operand>& arguments) {
  std::string out;
  for (const Operand& a : arguments) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", TypeName(a.expr->type));
  }
  return out;
}

// What a row gives for these arguments; a kError in the table stands for the first one's type.
Type ResultType(const FunctionRow& row, const std::vector<ExprPtr>& args) {
  Type type = row.result;
  if (type.kind == Kind::kError && !args.empty()) {
    bool nullable = type.nullable;
    type = args[0]->type;
    type.nullable = nullable;
  } else if (type.kind == Kind::kList && type.element == Kind::kError && !args.empty()) {
    type = Type::ListOf(args[0]->type.Element(), type.nullable);
  }
  if (row.null_aware) return type;
  for (const ExprPtr& a : args) type.nullable = type.nullable || a->type.nullable;
  return type;
}

}  // namespace

ExprPtr ExpressionChecker::CheckCall(const ast::Expr& e, const ast::Call& call) {
  const std::string& name = call.function.text;
  if (FnInfo* fn = context_.FindFn(name, scope_.file)) return CheckFn(e, call, *fn);
  if (name == "any" || name == "all" || name == "count_if") return CheckLambdaCall(e, call);
  if (name == "window_start" || name == "window_end") return CheckWindowEdge(e, call);
  if (name == "prev") return CheckPrev(e, call);
  if (name == "match_count") return CheckMatchCount(e, call);
  if (name == "first" || name == "last") return CheckNavigationCall(e, call);
  if (IsAggregate(call)) return CheckAggregate(e, call);
  return CheckLibrary(e, call);
}

std::optional<std::vector<Operand>> ExpressionChecker::CheckArguments(const ast::Call& call) {
  std::vector<Operand> arguments;
  bool ok = true;
  for (const ast::Argument& a : call.arguments) {
    if (a.value == nullptr || a.where != nullptr) {
      Span span = a.where != nullptr         ? a.where->span
                  : a.lambda_body != nullptr ? a.lambda_body->span
                                             : call.function.span;
      Fail(DiagnosticCode::kWrongArguments, span,
           absl::StrCat(Quoted(call.function.text), " takes values only"));
      ok = false;
      continue;
    }
    arguments.push_back({a.value.get(), Check(*a.value)});
    ok = ok && !IsError(arguments.back().expr);
  }
  if (!ok) return std::nullopt;
  return arguments;
}

ExprPtr ExpressionChecker::CheckLibrary(const ast::Expr& e, const ast::Call& call) {
  absl::Span<const FunctionRow> table = FunctionTable();
  std::string signatures;
  int best_fit = -1;
  size_t best = 0;
  std::optional<std::vector<Operand>> arguments;
  bool exists = std::any_of(table.begin(), table.end(),
                            [&](const FunctionRow& row) { return row.name == call.function.text; });
  for (const auto& function : context_.options.functions) {
    if (!exists && function->name == call.function.text) return CheckRegistered(e, call, function);
  }
  if (!exists) {
    std::vector<std::string> names = {"any", "all", "count_if", "first", "last",   "count",
                                      "sum", "avg", "min",      "max",   "collect"};
    for (const FunctionRow& row : table) names.emplace_back(row.name);
    for (const auto& function : context_.options.functions) names.push_back(function->name);
    context_.fns.ForEach(
        [&](const std::string& fn, uint32_t, const FnInfo&) { names.push_back(fn); });
    Diagnostic& d =
        context_.Report(DiagnosticCode::kUndefinedFunction, call.function.span,
                        absl::StrCat("undefined function ", Quoted(call.function.text)));
    const absl::string_view ours = OursFor(call.function.text);
    if (ours.empty()) {
      SuggestName(d, call.function, names);
    } else {
      d.fix = Fix{absl::StrCat("write ", ours), std::nullopt, ""};
    }
    return ErrorExpr(e.span);
  }
  arguments = CheckArguments(call);
  if (!arguments.has_value()) return ErrorExpr(e.span);
  for (size_t i = 0; i < table.size(); ++i) {
    if (table[i].name != call.function.text) continue;
    if (!absl::StrContains(signatures, table[i].signature)) {
      absl::StrAppend(&signatures, signatures.empty() ? "" : ", or ", table[i].signature);
    }
    int fit = FitRow(table[i], *arguments);
    if (fit < 0 || (best_fit >= 0 && fit >= best_fit)) continue;
    best_fit = fit;
    best = i;
  }
  if (best_fit < 0) {
    return Fail(
        DiagnosticCode::kWrongArguments, e.span,
        absl::StrCat(Quoted(call.function.text), " does not take (", TypeList(*arguments), ")"),
        signatures);
  }
  const FunctionRow& row = table[best];
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < arguments->size(); ++i) {
    const Type& parameter = Parameter(row, i);
    bool any = parameter.kind == Kind::kError || parameter.kind == Kind::kList;
    const Operand& a = (*arguments)[i];
    args.push_back(any ? a.expr : Convert(context_, a.ast, a.expr, parameter));
  }
  if (AnyError(args)) return ErrorExpr(e.span);
  if (row.name == "extract" && args.size() > 1 && !CheckRegexes(*(*arguments)[1].ast, args[1])) {
    return ErrorExpr(e.span);
  }
  Expr node;
  node.op = Op::kCall;
  node.function = FunctionId(best);
  node.type = ResultType(row, args);
  node.origin = ToOrigin(e.span);
  node.args = std::move(args);
  return Finish(std::move(node));
}

// A function of the embedding program.
ExprPtr ExpressionChecker::CheckRegistered(
    const ast::Expr& e, const ast::Call& call,
    const std::shared_ptr<const RegisteredFunction>& function) {
  std::optional<std::vector<Operand>> arguments = CheckArguments(call);
  if (!arguments.has_value()) return ErrorExpr(e.span);
  if (arguments->size() != function->parameters.size()) {
    return Fail(DiagnosticCode::kWrongArguments, e.span,
                absl::StrCat(Quoted(function->name), " takes ", function->parameters.size(),
                             " arguments, not ", arguments->size()),
                SignatureOf(*function));
  }
  Expr node;
  node.op = Op::kCall;
  node.registered = function;
  node.type = function->result;
  node.origin = ToOrigin(e.span);
  for (size_t i = 0; i < arguments->size(); ++i) {
    const Operand& a = (*arguments)[i];
    ExprPtr value = ToType(*a.ast, a.expr, function->parameters[i].AsNullable(),
                           absl::StrCat("argument ", i + 1, " of ", Quoted(function->name)));
    if (IsError(value)) return value;
    node.type.nullable = node.type.nullable || (value->type.nullable && !function->takes_null);
    node.args.push_back(std::move(value));
  }
  return Finish(std::move(node));
}

ExprPtr ExpressionChecker::CheckWindowEdge(const ast::Expr& e, const ast::Call& call) {
  bool in_report = scope_.place == Place::kEmit || scope_.place == Place::kHaving;
  if (!call.arguments.empty()) {
    return Fail(DiagnosticCode::kWrongArguments, e.span,
                absl::StrCat(Quoted(call.function.text), " takes nothing"));
  }
  if (!in_report || scope_.rule == nullptr || !scope_.rule->is_from ||
      scope_.rule->window.kind == WindowSpec::Kind::kNone) {
    return Fail(DiagnosticCode::kAggregatePlace, e.span,
                absl::StrCat(Quoted(call.function.text), " has no window here"),
                "in `emit` and `having` of a `from` rule with a window");
  }
  Expr node;
  node.op = call.function.text == "window_start" ? Op::kWindowStart : Op::kWindowEnd;
  node.type = Type::Of(Kind::kTime);
  node.origin = ToOrigin(e.span);
  return Finish(std::move(node));
}

ExprPtr ExpressionChecker::CheckFn(const ast::Expr& e, const ast::Call& call, FnInfo& fn) {
  const ast::FnDecl& decl = *fn.decl;
  fn.used = true;
  if (fn.poisoned) return ErrorExpr(e.span);
  if (fn.busy) {
    return Fail(DiagnosticCode::kCircularDefinition, call.function.span,
                absl::StrCat(Quoted(decl.name.text), " calls itself"), "calls itself");
  }
  if (++context_.inlined_calls > kMaxInlinedCalls) {
    return Fail(DiagnosticCode::kExpressionTooDeep, call.function.span,
                absl::StrCat("more than ", kMaxInlinedCalls, " calls of fns"));
  }
  if (call.arguments.size() != decl.params.size()) {
    Fail(DiagnosticCode::kWrongArguments, e.span,
         absl::StrCat(Quoted(decl.name.text), " takes ", decl.params.size(),
                      decl.params.size() == 1 ? " argument, not " : " arguments, not ",
                      call.arguments.size()));
    return ErrorExpr(e.span);
  }
  Scope inner = scope_;
  inner.file = decl.name.span.file;
  inner.in_fn = true;
  inner.locals.clear();
  bool ok = true;
  for (size_t i = 0; i < decl.params.size(); ++i) {
    const ast::FnParam& param = decl.params[i];
    const ast::Argument& argument = call.arguments[i];
    if (argument.value == nullptr || argument.where != nullptr) {
      Fail(DiagnosticCode::kWrongArguments, call.function.span,
           absl::StrCat(Quoted(decl.name.text), " takes values only"));
      return ErrorExpr(e.span);
    }
    std::optional<TypeId> event = context_.FindType(param.type.name.text);
    if (event.has_value()) {
      std::optional<Path> path = ResolvePath(Bare(*argument.value));
      bool fits = path.has_value() && path->attribute.empty();
      for (TypeId t : fits ? path->event.types : std::vector<TypeId>()) fits = fits && t == *event;
      if (!fits) {
        Fail(DiagnosticCode::kWrongArguments, argument.value->span,
             absl::StrCat(Quoted(param.name.text), " is an event ", Quoted(param.type.name.text)),
             "not such an event");
        ok = false;
        continue;
      }
      inner.locals.push_back({param.name.text, ErrorExpr(e.span), path->event});
      continue;
    }
    Type type = CheckTypeExpr(context_, param.type);
    ExprPtr value = CheckAs(*argument.value, type, Quoted(param.name.text));
    ok = ok && !IsError(value);
    inner.locals.push_back({param.name.text, value, std::nullopt});
  }
  if (!ok) return ErrorExpr(e.span);
  fn.busy = true;
  ExpressionChecker body(context_, std::move(inner));
  body.depth_ = depth_;
  ExprPtr result = decl.result.has_value()
                       ? body.CheckAs(*decl.body, CheckTypeExpr(context_, *decl.result),
                                      absl::StrCat("the result of ", Quoted(decl.name.text)))
                       : body.Check(*decl.body);
  fn.busy = false;
  return result;
}

}  // namespace spate
