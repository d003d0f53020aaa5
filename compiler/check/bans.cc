// Bans: one walk that knows for each element whether it is at the start or the end of the pattern.
#include "compiler/check/bans.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace spate {
namespace {

using PatternKind = CheckedPattern::Kind;
using BanLimit = BanPlan::Limit;

bool NamesVariables(const Expr& e) {
  if (e.op == Op::kBound || e.op == Op::kBoundTime || e.op == Op::kAggregate) return true;
  return std::any_of(e.args.begin(), e.args.end(),
                     [](const ExprPtr& a) { return NamesVariables(*a); });
}

// Where an element stands in the whole pattern.
struct Position {
  bool at_start = true;                       // no step is before it, not even an optional one
  bool at_end = true;                         // no step is after it
  bool in_loop = false;                       // inside more than one round
  bool in_bound = false;                      // inside a group with a window
  std::optional<Contiguity> left;             // the operator on its left
  const CheckedPattern* later_ban = nullptr;  // another ban at the end, after it
};

class BanChecker {
 public:
  BanChecker(CheckContext& context, bool has_window) : context_(context), has_window_(has_window) {}

  void Visit(const CheckedPattern& p, Position place) {
    if (p.kind == PatternKind::kBan) return CheckBan(p, place);
    place.in_loop = place.in_loop || p.max != std::optional<uint64_t>(1);
    place.in_bound = place.in_bound || p.bound.kind != WindowBound::Kind::kNone;
    if (p.kind == PatternKind::kSequence) return VisitSequence(p, place);
    for (const CheckedPatternPtr& e : p.elements) Visit(*e, place);
  }

  // A pattern, a round and a branch bind an event.
  bool BindsNothing(const CheckedPattern& p) {
    if (p.kind == PatternKind::kBan) return true;
    if (p.kind == PatternKind::kStep) return false;
    return std::all_of(p.elements.begin(), p.elements.end(),
                       [this](const CheckedPatternPtr& e) { return BindsNothing(*e); });
  }

  void ReportBindsNothing(const CheckedPattern& p) {
    Diagnostic& d = context_.Report(DiagnosticCode::kBindsNothing, p.span,
                                    "a match binds at least one event, and bans bind none");
    d.label = "there are only bans here";
    d.fix = Fix{"begin with a step, or with a clock event (`event Tick every 1h`) for silence",
                std::nullopt, ""};
  }

  bool failed() const { return failed_; }

 private:
  void VisitSequence(const CheckedPattern& p, const Position& place) {
    const size_t n = p.elements.size();
    // Places behind the last step, and before the first one.
    size_t last = n;
    while (last > 0 && p.elements[last - 1]->kind == PatternKind::kBan) --last;
    size_t first = 0;
    while (first < n && p.elements[first]->kind == PatternKind::kBan) ++first;
    const CheckedPattern* later = place.later_ban;
    for (size_t i = n; i-- > 0;) {
      Position inner = place;
      inner.at_start = place.at_start && i <= first;
      inner.at_end = place.at_end && i + 1 >= last;
      inner.later_ban = inner.at_end ? later : nullptr;
      if (i > 0) inner.left = p.operators[i - 1];
      Visit(*p.elements[i], inner);
      if (p.elements[i]->kind == PatternKind::kBan && inner.at_end) later = p.elements[i].get();
    }
  }

  void CheckBan(const CheckedPattern& ban, const Position& place) {
    if (place.at_start) {
      CheckAtStart(ban, place);
    } else if (ban.limit == BanLimit::kEver) {
      Diagnostic& d = Report(ban, "`ever` is for a ban at the start");
      d.label = "there are steps before it";
      d.fix = Fix{"leave `ever` out: `not N` looks from the step before it on", std::nullopt, ""};
    }
    if (place.at_end && !place.at_start) CheckAtEnd(ban, place);
  }

  void CheckAtStart(const CheckedPattern& ban, const Position& place) {
    if (ban.limit == BanLimit::kNone && !place.in_loop) {
      Diagnostic& d =
          Report(ban, "a ban at the start needs `for D` or `ever`", DiagnosticCode::kBanNeedsLimit);
      d.label = "how far back does it look?";
      d.fix = Fix{"write `not N for 10m -> ..` or `not N ever -> ..`", std::nullopt, ""};
      return;
    }
    if (ban.limit == BanLimit::kBefore) {
      Report(ban, "`before` is for a ban after a step").label = "no step is before it";
      return;
    }
    bool names = ban.limit_value != nullptr && NamesVariables(*ban.limit_value);
    for (const CheckedInput& input : ban.types) {
      names = names || (input.condition != nullptr && NamesVariables(*input.condition));
    }
    if (!names) return;
    Report(ban, "a ban at the start uses no variables").label = "nothing is bound before it";
  }

  void CheckAtEnd(const CheckedPattern& ban, const Position& place) {
    if (place.later_ban != nullptr) {
      Diagnostic& d = Report(*place.later_ban, "there is one ban at the end");
      d.label = "a second one";
      d.labels.push_back({ban.span, "the first one"});
      d.fix = Fix{"ban both together: `not (A | B) for 5s`", std::nullopt, ""};
      return;
    }
    if (place.left != Contiguity::kRelaxed) {
      Diagnostic& d = Report(ban, "a ban at the end stands after `->`");
      d.label = place.left == Contiguity::kStrict ? "stands after `,`" : "stands after `->>`";
      d.fix = Fix{"write `->` before it: it waits, whatever comes next", std::nullopt, ""};
      return;
    }
    if (ban.limit != BanLimit::kNone || has_window_ || place.in_bound) return;
    Diagnostic& d = Report(ban, "a ban at the end needs `for D`, `before t`, or a window that ends",
                           DiagnosticCode::kBanNeedsLimit);
    d.label = "how long does it wait?";
    d.fix =
        Fix{"write `-> not N for 10s`, or give the rule a window: `within 10s`", std::nullopt, ""};
  }

  Diagnostic& Report(const CheckedPattern& ban, std::string message,
                     DiagnosticCode code = DiagnosticCode::kBanMisplaced) {
    failed_ = true;
    return context_.Report(code, ban.span, std::move(message));
  }

  CheckContext& context_;
  bool has_window_;
  bool failed_ = false;
};

// Reports rounds and branches that bind nothing; false when the whole pattern is one.
bool CheckBindings(BanChecker& checker, const CheckedPattern& p, bool is_root) {
  if (checker.BindsNothing(p)) {
    if (is_root || p.kind != PatternKind::kBan) checker.ReportBindsNothing(p);
    return false;
  }
  bool all = true;
  for (const CheckedPatternPtr& e : p.elements) {
    if (!CheckBindings(checker, *e, /*is_root=*/false) && e->kind != PatternKind::kBan) all = false;
  }
  return all;
}

}  // namespace

bool CheckBans(CheckContext& context, const CheckedRule& rule) {
  const bool has_window =
      rule.within.kind != WindowBound::Kind::kNone || rule.window.kind != WindowSpec::Kind::kNone;
  BanChecker checker(context, has_window);
  if (!CheckBindings(checker, *rule.pattern, /*is_root=*/true)) return false;
  checker.Visit(*rule.pattern, {});
  return !checker.failed();
}

}  // namespace spate
