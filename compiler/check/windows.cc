// Windows: bounds are constants and positive.
#include "compiler/check/windows.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/patterns.h"

namespace spate {
namespace {

// A constant of at least `least`; nullopt when it is none (reported).
std::optional<int64_t> ConstantOf(CheckContext& context, const ast::Expr& e, Kind kind,
                                  int64_t least, absl::string_view what, uint32_t file) {
  Scope scope;
  scope.file = file;
  ExpressionChecker checker(context, scope);
  ExprPtr value = checker.CheckConstant(e, Type::Of(kind), what);
  if (!IsConstant(value)) return std::nullopt;
  int64_t v = std::get<int64_t>(value->constant.data);
  if (v >= least) return v;
  Diagnostic& d = context.Report(
      DiagnosticCode::kBadBound, e.span,
      absl::StrCat(what, least > 0 ? " must be more than zero" : " must not be negative"));
  d.label = "too small";
  return std::nullopt;
}

}  // namespace

WindowBound CheckWithin(CheckContext& context, const ast::WithinBound& within, uint32_t file) {
  WindowBound bound;
  if (within.unbounded) return bound;
  if (within.events != nullptr) {
    auto n = ConstantOf(context, *within.events, Kind::kInt, 1, "the number of events", file);
    if (!n.has_value()) return bound;
    bound.kind = WindowBound::Kind::kEvents;
    bound.events = static_cast<uint64_t>(*n);
  } else if (within.duration != nullptr) {
    auto d = ConstantOf(context, *within.duration, Kind::kDuration, 0, "`within`", file);
    if (!d.has_value()) return bound;
    bound.kind = WindowBound::Kind::kTime;
    bound.duration = *d;
  }
  return bound;
}

FromWindow CheckWindow(CheckContext& context, const ast::WindowClause& window, uint32_t file) {
  FromWindow out;
  if (!window.size.has_value() || window.size->duration == nullptr) return out;
  auto d = ConstantOf(context, *window.size->duration, Kind::kDuration, 1, "a window", file);
  out.kind = window.kind == ast::WindowKind::kTumbling ? FromWindow::Kind::kTumbling
                                                       : FromWindow::Kind::kSliding;
  out.size = d.value_or(kSecond);
  return out;
}

void CheckNeedsWindow(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule) {
  if (decl.bounds.within.has_value() || IsBounded(*rule.pattern)) return;
  Diagnostic& d = context.Report(
      DiagnosticCode::kNeedsWindow, decl.name.span,
      absl::StrCat("rule ", Quoted(rule.name), " needs a window, or the words `within unbounded`"));
  d.label = "without one, what was begun would be kept for ever";
  d.labels.push_back({decl.match->span, "something in this pattern waits without end"});
  d.fix = Fix{"write `within 10m`, say, after the pattern", std::nullopt, ""};
}

}  // namespace spate
