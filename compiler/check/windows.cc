// Windows: bounds are constants and positive.
#include "compiler/check/windows.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/expression_checker.h"
#include "compiler/check/views.h"
#include "windows/alignment.h"

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

namespace {

// What a window has too many to close at one moment for.
constexpr int64_t kMaxOverlappingWindows = 100'000;

class WindowChecker {
 public:
  WindowChecker(CheckContext& context, const ast::WindowClause& window, uint32_t file)
      : context_(context), window_(window), file_(file) {}

  WindowSpec Check() {
    WindowSpec out;
    out.kind = KindOf(window_.kind);
    if (window_.events != nullptr) {
      out.events = static_cast<uint64_t>(
          ConstantOf(context_, *window_.events, Kind::kInt, 1, "the number of events", file_)
              .value_or(1));
      if (window_.offset.has_value()) Misplaced(window_.offset->span, "`offset`");
      if (window_.zone.has_value()) Misplaced(window_.zone->span, "`zone`");
      return out;
    }
    if (window_.size.has_value()) out.size = PeriodOf(*window_.size, "a window");
    if (window_.every.has_value()) out.every = PeriodOf(*window_.every, "the step of a window");
    if (window_.offset.has_value())
      out.offset.duration = OffsetOf(context_, *window_.offset, file_);
    if (window_.max.has_value()) out.max = PeriodOf(*window_.max, "`max`").duration;
    if (window_.zone.has_value()) out.zone = CheckZone(context_, *window_.zone);
    if (out.kind == WindowSpec::Kind::kHopping) LimitOverlap(out);
    return out;
  }

 private:
  static WindowSpec::Kind KindOf(ast::WindowKind kind) {
    switch (kind) {
      case ast::WindowKind::kTumbling:
        return WindowSpec::Kind::kTumbling;
      case ast::WindowKind::kSliding:
        return WindowSpec::Kind::kSliding;
      case ast::WindowKind::kHopping:
        return WindowSpec::Kind::kHopping;
      case ast::WindowKind::kSession:
        return WindowSpec::Kind::kSession;
      case ast::WindowKind::kEnding:
        return WindowSpec::Kind::kEnding;
      case ast::WindowKind::kUnbounded:
        break;
    }
    return WindowSpec::Kind::kUnbounded;
  }

  Period PeriodOf(const ast::Period& written, absl::string_view what) {
    return CheckPeriod(context_, written, what, file_);
  }

  void Misplaced(Span span, absl::string_view option) {
    context_
        .Report(DiagnosticCode::kBadClause, span,
                absl::StrCat(option, " belongs to windows by time"))
        .label = "these windows count events";
  }

  void LimitOverlap(const WindowSpec& window) {
    if (window.size.duration / window.every.duration < kMaxOverlappingWindows) return;
    context_
        .Report(DiagnosticCode::kBadBound, window_.every->span,
                absl::StrCat("an event would be in more than ", kMaxOverlappingWindows,
                             " of these windows"))
        .label = "too small for windows of this size";
  }

  CheckContext& context_;
  const ast::WindowClause& window_;
  uint32_t file_;
};

}  // namespace

Period CheckPeriod(CheckContext& context, const ast::Period& written, absl::string_view what,
                   uint32_t file) {
  Period out;
  if (written.unit == ast::CalendarUnit::kNone) {
    out.duration = kSecond;  // stands in for a faulty one
    if (written.duration == nullptr) return out;
    out.duration =
        ConstantOf(context, *written.duration, Kind::kDuration, 1, what, file).value_or(kSecond);
    return out;
  }
  static constexpr Period::Unit kUnits[] = {Period::Unit::kFixed, Period::Unit::kDays,
                                            Period::Unit::kWeeks, Period::Unit::kMonths,
                                            Period::Unit::kYears};
  out.unit = kUnits[static_cast<size_t>(written.unit)];
  out.count = written.count;
  if (out.count > kMaxCalendarCount) {
    context
        .Report(DiagnosticCode::kBadBound, written.span,
                absl::StrCat("a period of the calendar has at most ", kMaxCalendarCount, " units"))
        .label = "too large";
    out.count = 1;
  }
  return out;
}

Duration OffsetOf(CheckContext& context, const ast::Period& written, uint32_t file) {
  if (written.duration == nullptr) return 0;
  return ConstantOf(context, *written.duration, Kind::kDuration, kMinTime, "`offset`", file)
      .value_or(0);
}

std::string CheckZone(CheckContext& context, const ast::Name& zone) {
  if (!zone.text.empty() && FindZone(zone.text).ok()) return zone.text;
  Diagnostic& d = context.Report(DiagnosticCode::kUnknownZone, zone.span,
                                 absl::StrCat("unknown time zone ", Quoted(zone.text)));
  d.label = "not a name of the tz database, such as \"Europe/Paris\" or \"UTC\"";
  return "";
}

void CheckWindow(CheckContext& context, const ast::WindowClause& window, uint32_t file,
                 CheckedRule& rule) {
  rule.window = WindowChecker(context, window, file).Check();
  Scope scope;
  scope.file = file;
  scope.place = Place::kEvent;
  for (const ast::TypeUse& use : window.ending) {
    MergeInputs(rule.ending, ExpandUse(context, use, scope));
  }
}

StepUse EndingStep(CheckContext& context, const ast::WindowClause& window) {
  StepUse step;
  step.role = StepUse::Role::kClause;
  step.span = window.span;
  for (const ast::TypeUse& use : window.ending) {
    step.uses.push_back(&use);
    for (TypeId t : BaseTypes(context, use.type)) {
      if (std::find(step.types.begin(), step.types.end(), t) == step.types.end()) {
        step.types.push_back(t);
      }
    }
  }
  return step;
}

Duration CheckHavingFor(CheckContext& context, const ast::Expr& written, uint32_t file) {
  return ConstantOf(context, written, Kind::kDuration, 1, "how long `having` must hold", file)
      .value_or(kSecond);
}

std::optional<CheckedLimit> CheckLimit(CheckContext& context, const ast::LimitClause& limit,
                                       uint32_t file) {
  CheckedLimit out;
  const auto n = ConstantOf(context, *limit.count, Kind::kInt, 1, "`limit`", file);
  if (!n.has_value()) return std::nullopt;
  out.count = static_cast<uint64_t>(*n);
  out.ever = limit.ever;
  if (limit.per != nullptr) {
    out.per = ConstantOf(context, *limit.per, Kind::kDuration, 1, "the time of `limit`", file)
                  .value_or(kSecond);
  }
  return out;
}

std::optional<Duration> CheckGap(CheckContext& context, const ast::GapBound& gap, uint32_t file) {
  return ConstantOf(context, *gap.duration, Kind::kDuration, 0, "`gap`", file);
}

}  // namespace spate
