// Clauses: a walk over them that looks at kinds of nodes only.
#include "compiler/check/clauses.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

class ClauseChecker {
 public:
  explicit ClauseChecker(CheckContext& context) : context_(context) {}

  void Pattern(const ast::RuleDecl& r) {
    if (r.having.has_value()) Misplaced(r.having->span, "`having` is for `from` rules", "`where`");
    if (r.on_change.has_value()) Misplaced(r.on_change->span, "`on change` is for `from` rules");
    if (r.from.has_value() && r.from->variable.has_value()) {
      Misplaced(r.from->variable->span, "`from` before `match` takes no variable");
    }
    for (const ast::EmitClause& e : r.emits) {
      if (e.kind == ast::EmitKind::kElse) Misplaced(e.span, "`else emit` is for `from` rules");
    }
    if (!r.window.has_value()) return;
    const char* kind = r.window->kind == ast::WindowKind::kSliding     ? "sliding"
                       : r.window->kind == ast::WindowKind::kHopping   ? "hopping"
                       : r.window->kind == ast::WindowKind::kUnbounded ? "unbounded"
                                                                       : nullptr;
    if (kind == nullptr) return;
    Misplaced(r.window->span, absl::StrCat("`window ", kind, "` is for `from` rules"),
              "`within ..`");
  }

  void From(const ast::RuleDecl& r) {
    if (r.bounds.within.has_value()) {
      Misplaced(r.bounds.within->span, "`within` is for pattern rules", "`window sliding ..`");
    }
    if (r.bounds.gap.has_value()) Misplaced(r.bounds.gap->span, "`gap` is for pattern rules");
    if (r.until.has_value()) Misplaced(r.until->span, "`until` is for pattern rules");
    if (r.keep.has_value()) Misplaced(r.keep->span, "`keep` is for pattern rules");
    if (r.after_match.has_value()) {
      Misplaced(r.after_match->span, "`after match` is for pattern rules");
    }
    const bool turns =
        r.having.has_value() && (r.on_change.has_value() || r.having->for_duration != nullptr);
    if (r.on_change.has_value() && !r.having.has_value()) {
      Misplaced(r.on_change->span, "`on change` needs a `having`");
    }
    for (const ast::EmitClause& e : r.emits) {
      if (e.kind == ast::EmitKind::kElse && !turns) {
        Misplaced(e.span, "`else emit` goes with `having` and `on change`");
      } else if (e.kind == ast::EmitKind::kSummary) {
        Misplaced(e.span, "`emit summary` is for pattern rules", "`emit`");
      } else if (e.kind == ast::EmitKind::kOnTimeout) {
        Misplaced(e.span, "`on timeout emit` is for pattern rules");
      }
    }
  }

  bool failed() const { return failed_; }

  void Misplaced(Span span, std::string message, absl::string_view instead = "") {
    Diagnostic& d = context_.Report(DiagnosticCode::kClausePlace, span, std::move(message));
    d.label = "does not go with this rule";
    if (!instead.empty()) d.fix = Fix{absl::StrCat("write ", instead), std::nullopt, ""};
    failed_ = true;
  }

 private:
  CheckContext& context_;
  bool failed_ = false;
};

}  // namespace

bool CheckClauses(CheckContext& context, const ast::RuleDecl& rule) {
  if (rule.match == nullptr && !rule.from.has_value()) {
    Diagnostic& d = context.Report(
        DiagnosticCode::kNoInput, rule.name.span,
        absl::StrCat("rule ", Quoted(rule.name.text), " has neither `match` nor `from`"));
    d.label = "a rule reads events";
    return true;
  }
  ClauseChecker checker(context);
  if (rule.match != nullptr) {
    checker.Pattern(rule);
  } else {
    checker.From(rule);
  }
  return checker.failed();
}

}  // namespace spate
