// Refusals: a walk over the clauses and the pattern that looks at kinds of nodes only.
#include "compiler/check/refusals.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compiler/check/patterns.h"

namespace spate {
namespace {

class Refusals {
 public:
  void Add(Span span, std::string construct) { found_.emplace_back(span, std::move(construct)); }

  void VisitPattern(const ast::Pattern& p) {
    if (p.variable.has_value() && !std::holds_alternative<ast::Ban>(p.node) && !NamesStepsOnly(p)) {
      Add(p.variable->span, "a name for a group of steps");
      return;
    }
    if (const auto* s = std::get_if<ast::Sequence>(&p.node)) VisitAll(s->elements);
    if (const auto* a = std::get_if<ast::Alternation>(&p.node)) VisitAll(a->elements);
    if (std::holds_alternative<ast::Permutation>(p.node)) Add(p.span, "a permutation (`A & B`)");
    if (const auto* b = std::get_if<ast::Ban>(&p.node)) Add(b->span, "a ban (`not N`)");
    if (const auto* g = std::get_if<ast::Group>(&p.node)) {
      if (g->bounds.gap.has_value()) Add(g->bounds.gap->span, "`gap`");
      VisitPattern(*g->inner);
    }
  }

  void VisitClauses(const ast::RuleDecl& r) {
    if (r.bounds.gap.has_value()) Add(r.bounds.gap->span, "`gap`");
    if (r.until.has_value()) Add(r.until->span, "`until`");
    if (r.keep.has_value() && r.keep->keep != ast::Keep::kAll) Add(r.keep->span, "`keep`");
    if (r.limit.has_value()) Add(r.limit->span, "`limit`");
    if (r.on_change.has_value()) Add(r.on_change->span, "`on change`");
    if (r.having.has_value() && r.having->for_duration != nullptr) {
      Add(r.having->span, "`having .. for`");
    }
    if (r.match == nullptr && r.report.has_value() && r.report->when == ast::ReportWhen::kEach) {
      Add(r.report->span, "`report each` in a `from` rule");
    }
    if (r.window.has_value()) VisitWindow(*r.window, r.match != nullptr);
    for (const ast::EmitClause& e : r.emits) {
      if (e.kind == ast::EmitKind::kSummary) Add(e.span, "`emit summary`");
      if (e.kind == ast::EmitKind::kElse) Add(e.span, "`else emit`");
      if (e.kind == ast::EmitKind::kOnTimeout) Add(e.span, "`on timeout emit`");
    }
  }

  // Reports the first one in the text.
  bool Report(CheckContext& context) const {
    if (found_.empty()) return false;
    auto first = std::min_element(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
      return a.first.begin < b.first.begin;
    });
    context.ReportNotSupported(first->first, first->second);
    return true;
  }

 private:
  void VisitAll(const std::vector<ast::PatternPtr>& elements) {
    for (const ast::PatternPtr& e : elements) VisitPattern(*e);
  }

  void VisitWindow(const ast::WindowClause& w, bool is_pattern) {
    if (is_pattern) return Add(w.span, "a window of a pattern other than `within`");
    switch (w.kind) {
      case ast::WindowKind::kHopping:
        return Add(w.span, "`window hopping`");
      case ast::WindowKind::kSession:
        return Add(w.span, "`window session`");
      case ast::WindowKind::kEnding:
        return Add(w.span, "`window ending`");
      case ast::WindowKind::kUnbounded:
        return Add(w.span, "`window unbounded`");
      default:
        break;
    }
    if (w.events != nullptr) return Add(w.span, "a window of N events");
    if (w.offset.has_value()) return Add(w.offset->span, "`offset`");
    if (w.zone.has_value()) return Add(w.zone->span, "`zone`");
    if (w.size.has_value() && w.size->unit != ast::CalendarUnit::kNone) {
      Add(w.size->span, "a window in calendar units");
    }
  }

  std::vector<std::pair<Span, std::string>> found_;
};

class ClauseChecker {
 public:
  explicit ClauseChecker(CheckContext& context) : context_(context) {}

  void Pattern(const ast::RuleDecl& r) {
    if (r.having.has_value()) Misplaced(r.having->span, "`having` is for `from` rules", "`where`");
    if (r.on_change.has_value()) Misplaced(r.on_change->span, "`on change` is for `from` rules");
    if (r.from.has_value() && r.from->variable.has_value()) {
      Misplaced(r.from->variable->span, "`from` before `match` takes no variable");
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

bool RefuseUnsupported(CheckContext& context, const ast::RuleDecl& rule) {
  Refusals refusals;
  if (rule.match != nullptr) refusals.VisitPattern(*rule.match);
  refusals.VisitClauses(rule);
  return refusals.Report(context);
}

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
