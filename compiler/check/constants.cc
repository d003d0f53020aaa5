// Constants: a `param` takes its value from the options, in literal syntax, or its default.
#include "compiler/check/constants.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/syntax/parse.h"

namespace spate {
namespace {

// The text of an option as an expression, with its own sources; null when it is none.
struct ParsedOption {
  SourceMap sources;
  ast::File file;

  const ast::Expr* value() const {
    if (file.declarations.size() != 1) return nullptr;
    const auto* decl = std::get_if<ast::ConstDecl>(&file.declarations[0].node);
    return decl == nullptr ? nullptr : decl->value.get();
  }
};

std::optional<ExprPtr> ReadLiteral(const std::string& text, const Type& target, Span span) {
  ParsedOption option;
  Diagnostics faults;
  uint32_t file = option.sources.Add("param", absl::StrCat("const value = ", text, "\n"));
  option.file = Parse(option.sources, file, {}, &faults);
  if (faults.has_errors() || option.value() == nullptr) return std::nullopt;
  std::vector<ast::File> none;
  CheckOptions no_options;
  CheckContext alone(none, option.sources, no_options, &faults);
  ExpressionChecker checker(alone, Scope{});
  ExprPtr value = checker.CheckConstant(*option.value(), target, "the value");
  if (faults.has_errors() || value->op != Op::kConst || IsError(value)) return std::nullopt;
  return MakeConstant(value->constant, value->type, span);
}

// Plain text for a string, a time, an address: without quotes.
std::optional<ExprPtr> ReadPlain(const std::string& text, const Type& target, Span span) {
  switch (target.kind) {
    case Kind::kString:
      return MakeConstant(Constant::String(text), Type::Of(Kind::kString), span);
    case Kind::kTime:
    case Kind::kDuration: {
      std::optional<int64_t> v = target.kind == Kind::kTime ? ParseTime(text) : ParseDuration(text);
      if (!v.has_value()) return std::nullopt;
      return MakeConstant(Constant::Integral(*v, target.kind), Type::Of(target.kind), span);
    }
    case Kind::kIp: {
      char bytes[16];
      if (!ParseIp(text, bytes)) return std::nullopt;
      return MakeConstant(Constant::Ip(std::string(bytes, 16)), Type::Of(Kind::kIp), span);
    }
    default:
      return std::nullopt;
  }
}

ExprPtr ReadOption(CheckContext& context, const ConstantInfo& param, const std::string& text,
                   const Type& target) {
  std::optional<ExprPtr> value = ReadLiteral(text, target, param.name.span);
  if (!value.has_value()) value = ReadPlain(text, target, param.name.span);
  if (value.has_value()) return *value;
  Diagnostic& d = context.Report(
      DiagnosticCode::kTypeMismatch, param.name.span,
      absl::StrCat("the param ", Quoted(param.name.text), " is ", Quoted(TypeName(target)),
                   ", and its value ", Quoted(text), " is not"));
  d.label = "declared here";
  return ErrorExpr(param.name.span);
}

ExprPtr Evaluate(CheckContext& context, ConstantInfo& constant) {
  Type target;  // kError: whatever the value is
  if (constant.type->has_value()) {
    target = CheckTypeExpr(context, **constant.type);
    if (target.kind == Kind::kError) return ErrorExpr(constant.name.span);
  }
  if (constant.value == nullptr) return ErrorExpr(constant.name.span);
  Scope scope;
  scope.file = constant.name.span.file;
  ExpressionChecker checker(context, scope);
  ExprPtr value = checker.CheckConstant(*constant.value, target, Quoted(constant.name.text));
  if (IsError(value) || !constant.is_param) return value;
  auto option = context.options.params.find(constant.name.text);
  if (option != context.options.params.end()) {
    if (target.kind == Kind::kError) target = value->type;
    return ReadOption(context, constant, option->second, target);
  }
  return value;
}

}  // namespace

ExprPtr ConstantValue(CheckContext& context, ConstantInfo& constant) {
  constant.used = true;
  if (constant.progress == Progress::kDone) return constant.result;
  if (constant.progress == Progress::kBusy) {
    Diagnostic& d = context.Report(DiagnosticCode::kCircularDefinition, constant.name.span,
                                   absl::StrCat(Quoted(constant.name.text), " depends on itself"));
    d.label = "needs itself";
    return ErrorExpr(constant.name.span);
  }
  constant.progress = Progress::kBusy;
  ExprPtr result = Evaluate(context, constant);
  constant.progress = Progress::kDone;
  constant.result = result;
  return result;
}

void CheckConstants(CheckContext& context) {
  std::set<std::string> params;
  context.constants.ForEach([&](const std::string& name, uint32_t, ConstantInfo& constant) {
    if (constant.is_param) params.insert(name);
    bool used = constant.used;
    ConstantValue(context, constant);
    constant.used = used;
  });
  for (const auto& [name, value] : context.options.params) {
    if (params.count(name) != 0) continue;
    Diagnostic& d = context.Report(DiagnosticCode::kUnknownParam, Span{},
                                   absl::StrCat("no file declares the param ", Quoted(name)));
    d.label = "a value was given for it";
    std::string nearest = NearestName(name, {params.begin(), params.end()});
    if (!nearest.empty()) {
      d.fix = Fix{absl::StrCat("did you mean ", Quoted(nearest), "?"), std::nullopt, ""};
    }
  }
}

}  // namespace spate
