// Ast of rules: their clauses, and what they emit.
//
// Thread-safety: values. See ast.h.
#ifndef SPATE_COMPILER_SYNTAX_AST_RULE_H_
#define SPATE_COMPILER_SYNTAX_AST_RULE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/source/source.h"
#include "compiler/syntax/ast_expr.h"
#include "compiler/syntax/ast_pattern.h"

namespace spate::ast {

// `1 day`, `5m`, a calendar unit where a window or clock takes one.
enum class CalendarUnit { kNone, kDay, kWeek, kMonth, kYear };
struct Period {
  Span span;
  ExprPtr duration;   // a duration expression, or null when calendar
  int64_t count = 0;  // calendar: `2 weeks`
  CalendarUnit unit = CalendarUnit::kNone;
};

struct KeyPart {  // one of the parts joined by `=`: `Order.id`
  ExprPtr value;
};
struct Key {
  std::vector<KeyPart> parts;  // one: `by user`; several: `by a.x = b.y`
  std::optional<Name> as;
  Span span;
};

enum class WindowKind { kTumbling, kSliding, kHopping, kSession, kEnding, kUnbounded };
struct WindowClause {
  Span span;
  WindowKind kind;
  std::optional<Period> size;   // duration or calendar
  ExprPtr events;               // `N events`
  std::optional<Period> every;  // hopping
  std::optional<Period> offset;
  std::optional<Name> zone;     // text literal
  std::optional<Period> max;    // session
  std::vector<TypeUse> ending;  // ending Type[cond] | ..
};

enum class AfterMatch { kSkipPastLastEvent, kSkipToFirst, kSkipToLast, kSkipToNextEvent, kNoSkip };
struct AfterMatchClause {
  Span span;
  AfterMatch policy;
  Name variable;
};
enum class Keep { kAll, kLatest, kFirst };
struct KeepClause {
  Span span;
  Keep keep;
};

struct FromClause {  // `from r: Type[c]`, `from (A | B)`, `from e: (A | B)`
  Span span;
  std::optional<Name> variable;
  std::vector<TypeUse> alternatives;
};
struct UntilClause {
  Span span;
  std::vector<TypeUse> alternatives;
};
struct HavingClause {
  Span span;
  ExprPtr condition;
  ExprPtr for_duration;
};
struct LimitClause {
  Span span;
  ExprPtr count;
  ExprPtr per;
  bool ever = false;
};
enum class ReportWhen { kEach, kLongest };
struct ReportClause {
  Span span;
  ReportWhen when;
};
struct OnChangeClause {
  Span span;
};

struct EmitField {
  std::optional<Name> label;  // `name: expr`; otherwise the last word of the path is the name
  ExprPtr value;
  std::vector<EmitField> record;  // `process: { name: .. }`, value is null then
  Span span;
};
enum class EmitKind { kPlain, kSummary, kElse, kOnTimeout };
struct EmitClause {
  Span span;
  EmitKind kind = EmitKind::kPlain;
  Name type;
  std::vector<EmitField> fields;
};

// Clauses as written; the parser reports a second one of a kind that stands once.
struct RuleDecl {
  Name name;
  PatternPtr match;  // null for a `from` rule without `match`
  Bounds bounds;     // of the rule's pattern: within, gap
  std::optional<FromClause> from;
  std::vector<ExprPtr> where;
  std::vector<Key> by;
  std::optional<WindowClause> window;
  std::optional<UntilClause> until;
  std::optional<HavingClause> having;
  std::optional<ReportClause> report;
  std::optional<AfterMatchClause> after_match;
  std::optional<KeepClause> keep;
  std::optional<LimitClause> limit;
  std::optional<OnChangeClause> on_change;
  std::vector<EmitClause> emits;
};

}  // namespace spate::ast

#endif  // SPATE_COMPILER_SYNTAX_AST_RULE_H_
