// TreeReader: `5m`, `3 events`, `1 day`, and the windows made of them.
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/tree_reader.h"
#include "compiler/syntax/literals.h"

namespace spate::syntax {
namespace {

ast::CalendarUnit CalendarUnitOf(Tree::PeriodUnitContext* tree) {
  switch (tree->getStart()->getType()) {
    case Tree::K_DAY:
    case Tree::K_DAYS:
      return ast::CalendarUnit::kDay;
    case Tree::K_WEEK:
    case Tree::K_WEEKS:
      return ast::CalendarUnit::kWeek;
    case Tree::K_MONTH:
    case Tree::K_MONTHS:
      return ast::CalendarUnit::kMonth;
    case Tree::K_YEAR:
    case Tree::K_YEARS:
      return ast::CalendarUnit::kYear;
    default:
      return ast::CalendarUnit::kNone;
  }
}

// `1 day` as a plain duration, in words of the language; months and years have no fixed length.
std::string PlainDuration(absl::string_view count, ast::CalendarUnit unit) {
  const std::optional<int64_t> n = ReadInt(count);
  if (!n.has_value() || *n > 10'000) return "";
  switch (unit) {
    case ast::CalendarUnit::kDay:
      return absl::StrCat(*n, "d");
    case ast::CalendarUnit::kWeek:
      return absl::StrCat(*n, "w");
    case ast::CalendarUnit::kMonth:
      return absl::StrCat(*n * 30, "d");
    case ast::CalendarUnit::kYear:
      return absl::StrCat(*n * 365, "d");
    default:
      return "";
  }
}

}  // namespace

bool TreeReader::IsEvents(Tree::PeriodContext* tree) {
  return tree->periodUnit() != nullptr && tree->periodUnit()->K_EVENTS() != nullptr;
}

ast::Period TreeReader::Period(Tree::PeriodContext* tree) {
  ast::Period period;
  period.span = SpanOf(tree);
  Tree::PeriodUnitContext* unit = tree->periodUnit();
  if (unit == nullptr) {
    period.duration = Expr(tree->expr());
    return period;
  }
  const Span count = SpanOf(tree->expr());
  if (IsEvents(tree)) {
    Report(DiagnosticCode::kBadClause, period.span, "a count of events cannot stand here").label =
        "write a duration, as in `5m`";
    return period;
  }
  const std::optional<int64_t> n = ReadInt(TextOf(count));
  if (!n.has_value() || *n == 0) {
    Report(DiagnosticCode::kCalendarUnit, count, "a calendar unit follows a whole number").label =
        "write `1 day`, `2 weeks`";
  }
  period.count = n.value_or(1);
  period.unit = CalendarUnitOf(unit);
  return period;
}

ast::ExprPtr TreeReader::Duration(Tree::PeriodContext* tree) {
  Tree::PeriodUnitContext* unit = tree->periodUnit();
  if (unit == nullptr) return Expr(tree->expr());
  const Span span = SpanOf(tree);
  if (IsEvents(tree)) {
    Report(DiagnosticCode::kBadClause, span, "a count of events cannot stand here").label =
        "write a duration, as in `5m`";
  } else {
    Diagnostic& d = Report(DiagnosticCode::kCalendarUnit, SpanOf(unit),
                           "calendar units are for tumbling windows and clocks");
    const std::string plain = PlainDuration(TextOf(SpanOf(tree->expr())), CalendarUnitOf(unit));
    if (!plain.empty()) d.fix = Fix{absl::StrCat("write `", plain, "`"), span, plain};
  }
  return MakeExpr(span, ast::DurationLit{kDay});
}

void TreeReader::WindowSize(Tree::PeriodContext* tree, ast::WindowClause* window) {
  if (IsEvents(tree)) {
    window->events = Expr(tree->expr());
  } else if (window->kind == ast::WindowKind::kTumbling) {
    window->size = Period(tree);
  } else {
    window->size = ast::Period{SpanOf(tree), Duration(tree), 0, ast::CalendarUnit::kNone};
  }
}

void TreeReader::Window(Tree::WindowContext* tree, ast::WindowClause* window) {
  using enum ast::WindowKind;
  const auto sized = [&](ast::WindowKind kind, auto* t) {
    window->kind = kind;
    WindowSize(t->period(), window);
    WindowOptions(t->windowOption(), window);
  };
  if (auto* tumbling = As<Tree::TumblingWindowContext>(tree)) {
    sized(kTumbling, tumbling);
  } else if (auto* sliding = As<Tree::SlidingWindowContext>(tree)) {
    sized(kSliding, sliding);
  } else if (auto* hopping = As<Tree::HoppingWindowContext>(tree)) {
    sized(kHopping, hopping);
  } else if (auto* session = As<Tree::SessionWindowContext>(tree)) {
    sized(kSession, session);
  } else if (auto* ending = As<Tree::EndingWindowContext>(tree)) {
    window->kind = kEnding;
    window->ending =
        TypeUses(ending->alternation(), "`window ending`", /*parentheses=*/false, nullptr);
  } else {
    window->kind = kUnbounded;
  }
  const bool counts = window->kind == kTumbling || window->kind == kSliding;
  if (window->events != nullptr && !counts) {
    Report(DiagnosticCode::kBadClause, window->events->span,
           "only tumbling and sliding windows count events");
  }
  if (window->kind == kHopping && !window->every.has_value()) {
    Report(DiagnosticCode::kBadClause, window->span, "a hopping window needs its step").label =
        "write `window hopping D every S`";
  }
}

void TreeReader::WindowOptions(const std::vector<Tree::WindowOptionContext*>& trees,
                               ast::WindowClause* window) {
  using enum ast::WindowKind;
  for (Tree::WindowOptionContext* tree : trees) {
    const Span span = SpanOf(tree);
    const std::string word = absl::StrCat("`", TextOf(SpanOf(tree->getStart())), "`");
    bool there = false;
    ast::WindowKind kind = kTumbling;
    if (tree->K_EVERY() != nullptr) {
      there = window->every.has_value();
      kind = kHopping;
    } else if (tree->K_MAX() != nullptr) {
      there = window->max.has_value();
      kind = kSession;
    } else {
      there = tree->K_ZONE() != nullptr ? window->zone.has_value() : window->offset.has_value();
    }
    if (!Once(there, span, word)) continue;
    const bool allowed =
        window->kind == kind || (tree->K_OFFSET() != nullptr && window->kind == kHopping);
    if (!allowed) {
      const absl::string_view owner = kind == kHopping   ? "hopping"
                                      : kind == kSession ? "session"
                                                         : "tumbling";
      Report(DiagnosticCode::kBadClause, span,
             absl::StrCat(word, " belongs to ", owner, " windows"));
      continue;
    }
    const auto plain = [&] {
      return ast::Period{SpanOf(tree->period()), Duration(tree->period()), 0,
                         ast::CalendarUnit::kNone};
    };
    if (tree->K_EVERY() != nullptr) window->every = plain();
    if (tree->K_MAX() != nullptr) window->max = plain();
    if (tree->K_OFFSET() != nullptr) window->offset = plain();
    if (tree->K_ZONE() != nullptr)
      window->zone = ast::Name{Text(tree->text()), SpanOf(tree->text())};
  }
}

}  // namespace spate::syntax
