// Ast: a rule file as it is written. Plain structs, each with its Span; no names are resolved.
//
// Everything of the language's sections 1 to 4, 6 and 9 has a place here. Produced by parse.h, read
// by compiler/check and the formatter. Thread-safety: values. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_AST_H_
#define SPATE_COMPILER_SYNTAX_AST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/source/source.h"
#include "windows/time.h"

namespace spate::ast {

struct Name {
  std::string text;  // without back-quotes
  Span span;
};

// ---- expressions -----------------------------------------------------------------------------

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

enum class UnaryOp { kNot, kNegate };
enum class BinaryOp {
  kOr,
  kAnd,
  kUnless,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kEqFold,
  kNeFold,  // == != < <= > >= ==~ !=~
  kIn,
  kNotIn,
  kInFold,
  kNotInFold,  // in, not in, in~, not in~
  kLike,
  kNotLike,
  kLikeFold,
  kNotLikeFold,  // like .. like~
  kMatches,
  kNotMatches,
  kMatchesFold,
  kNotMatchesFold,  // matches .. matches~
  kCoalesce,        // ??
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
};
enum class IsTest { kNull, kTrue, kFalse };

struct NullLit {};
struct BoolLit {
  bool value;
};
struct IntLit {
  int64_t value;
};
struct FloatLit {
  double value;
};
struct TextLit {
  std::string value;
};  // unescaped
struct DurationLit {
  Duration value;
};
struct TimeLit {
  Time value;
};
struct ListLit {
  std::vector<ExprPtr> elements;
};
struct NameRef {
  Name name;
};
struct Member {
  ExprPtr object;
  Name member;
};  // a.b
struct Index {
  ExprPtr object;
  ExprPtr index;
};                 // xs[0], b[-1], Watchlist[c]
struct Argument {  // of a call
  ExprPtr value;   // null for a lambda
  // `x => body`, `any(xs, x => cond)`: parameter names and body.
  std::vector<Name> lambda_params;
  ExprPtr lambda_body;
  ExprPtr where;  // `count(r where cond)`
};
struct Call {
  Name function;
  std::vector<Argument> arguments;
};
struct Unary {
  UnaryOp op;
  Span op_span;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};
struct Between {
  ExprPtr value;
  ExprPtr low;
  ExprPtr high;
  bool negated;
};
struct Is {
  ExprPtr value;
  IsTest test;
  bool negated;
};
struct If {
  ExprPtr condition;
  ExprPtr then_value;
  ExprPtr else_value;
};
struct Parenthesized {
  ExprPtr inner;
};

struct Expr {
  Span span;
  std::variant<NullLit, BoolLit, IntLit, FloatLit, TextLit, DurationLit, TimeLit, ListLit, NameRef,
               Member, Index, Call, Unary, Binary, Between, Is, If, Parenthesized>
      node;
};

// ---- types and declarations ------------------------------------------------------------------

struct TypeExpr;
struct RecordField;
struct TypeExpr {
  Span span;
  bool nullable = false;
  // One of: a named scalar type, a list of `element`, a record.
  Name name;                          // scalar; empty text otherwise
  std::unique_ptr<TypeExpr> element;  // list
  std::vector<RecordField> record;    // record (is_record)
  bool is_record = false;
};
struct RecordField {
  Name name;
  TypeExpr type;
  ExprPtr computed;     // `= expr`, or null
  bool is_key = false;  // of a table
  std::string doc;      // its `///` lines
};

struct Annotation {
  Name name;
  std::vector<ExprPtr> arguments;
  Span span;
};

// `Type[condition]`: as a step, in a view, in `from`, in a ban.
struct TypeUse {
  Name type;
  ExprPtr condition;  // or null
  Span span;
};

// `1 day`, `5m`, a calendar unit where a window or clock takes one.
enum class CalendarUnit { kNone, kDay, kWeek, kMonth, kYear };
struct Period {
  Span span;
  ExprPtr duration;   // a duration expression, or null when calendar
  int64_t count = 0;  // calendar: `2 weeks`
  CalendarUnit unit = CalendarUnit::kNone;
};

struct ImportDecl {
  std::string path;
  Span path_span;
  std::optional<uint32_t> file;  // what was read for it: index into the SourceMap
};
struct ParamDecl {
  Name name;
  std::optional<TypeExpr> type;
  ExprPtr value;
};
struct ConstDecl {
  Name name;
  std::optional<TypeExpr> type;
  ExprPtr value;
};
struct FnParam {
  Name name;
  TypeExpr type;
};
struct FnDecl {
  Name name;
  std::vector<FnParam> params;
  std::optional<TypeExpr> result;
  ExprPtr body;
};
struct TableDecl {
  Name name;
  std::vector<RecordField> columns;
};
struct EventDecl {
  Name name;
  std::optional<Name> at;
  std::vector<RecordField> fields;
  bool sparse = false;
  bool internal = false;
};
struct ViewDecl {
  Name name;
  std::vector<TypeUse> alternatives;
};
struct ClockDecl {
  Name name;
  Period every;
  std::optional<Period> offset;
  std::optional<Name> zone;
};

// ---- patterns --------------------------------------------------------------------------------

struct Pattern;
using PatternPtr = std::unique_ptr<Pattern>;

enum class SequenceOp { kFollowedBy, kFollowedByAny, kNext };  // ->  ->>  ,
enum class ContiguityWord { kNone, kStrict, kRelaxed, kAny };  // after a quantifier or group

struct Quantifier {
  uint64_t min = 1;
  std::optional<uint64_t> max;  // none: open
  bool is_default = true;       // nothing was written
  bool reluctant = false;
  ContiguityWord contiguity = ContiguityWord::kNone;
  Span span;
  // `{min_tries,}`: a param or const in place of a number; `min` (`max`) means nothing then. For
  // `{n}` both are the same name, and `max` is set.
  std::optional<Name> min_name;
  std::optional<Name> max_name;
};

// `within ..` and `gap ..` at the end of a pattern.
struct WithinBound {
  Span span;
  bool unbounded = false;
  ExprPtr duration;  // or
  ExprPtr events;    // `within N events`
};
struct GapBound {
  Span span;
  ExprPtr duration;
};
struct Bounds {
  std::optional<WithinBound> within;
  std::optional<GapBound> gap;
};

struct Step {
  TypeUse use;
};
struct Sequence {  // elements.size() == ops.size() + 1
  std::vector<PatternPtr> elements;
  std::vector<SequenceOp> ops;
  std::vector<Span> op_spans;
};
struct Permutation {
  std::vector<PatternPtr> elements;
};  // &
struct Alternation {
  std::vector<PatternPtr> elements;
};  // |
struct Group {
  PatternPtr inner;
  Bounds bounds;
};                    // ( pattern within .. )
struct Ban {          // not N [for D | before t | ever]
  PatternPtr banned;  // a step, or a group of an alternation of steps
  ExprPtr for_duration;
  ExprPtr before_time;
  bool ever = false;
  Span span;  // of `not`
};

struct Pattern {
  Span span;
  std::optional<Name> variable;
  Quantifier quantifier;
  std::variant<Step, Sequence, Permutation, Alternation, Group, Ban> node;
};

// ---- rules -----------------------------------------------------------------------------------

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
  Span match_span;
  Bounds bounds;  // of the rule's pattern: within, gap
  std::optional<FromClause> from;
  std::vector<ExprPtr> where;
  std::vector<Key> by;
  Span by_span;
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

// ---- tests (section 9) -----------------------------------------------------------------------

struct TestTime {
  Span span;
  bool relative = false;  // `+10s`
  ExprPtr value;          // a duration or a time literal
};
struct EventLiteral {
  Name type;
  std::vector<EmitField> fields;
  Span span;
};
struct FeedStmt {  // `at 0s Login {..} times 5 every 10s`
  std::optional<TestTime> at;
  EventLiteral event;
  ExprPtr times;
  ExprPtr every;
};
struct AdvanceStmt {
  TestTime at;
};                   // `at 1h advance`
struct ExpectStmt {  // `expect at 50s T {..}`, `expect nothing`, `expect "f"`
  std::optional<TestTime> at;
  std::optional<EventLiteral> event;
  bool nothing = false;
  std::optional<std::string> file;
};
struct AllowStmt {
  Name type;
};
struct EventsFileStmt {
  std::string file;
};
struct TestParamStmt {
  Name name;
  ExprPtr value;
};
struct TestLatenessStmt {
  ExprPtr value;
};
struct TestTableStmt {
  Name table;
  std::vector<EmitField> fields;
};
struct TestCase;
struct TestStatement {
  Span span;
  std::variant<FeedStmt, AdvanceStmt, ExpectStmt, AllowStmt, EventsFileStmt, TestParamStmt,
               TestLatenessStmt, TestTableStmt, std::unique_ptr<TestCase>>
      node;
};
struct TestCase {
  std::string name;
  Span name_span;
  std::vector<TestStatement> statements;
};
struct TestDecl {
  std::string name;
  Span name_span;
  std::vector<Name> rules;
  std::vector<TestStatement> statements;
};

struct Declaration {
  Span span;
  std::string doc;  // `///` lines joined by \n
  std::vector<Annotation> annotations;
  // A part had a fault, was reported and left out: say nothing about what is missing.
  bool incomplete = false;
  std::variant<ImportDecl, ParamDecl, ConstDecl, FnDecl, TableDecl, EventDecl, ViewDecl, ClockDecl,
               RuleDecl, TestDecl>
      node;
};

struct File {
  uint32_t file = 0;  // index into the SourceMap
  std::vector<Declaration> declarations;
};

}  // namespace spate::ast

#endif  // SPATE_COMPILER_SYNTAX_AST_H_
