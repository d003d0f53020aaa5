// The reference's own small model of a rule file: what it can say, and nothing of the compiler's.
//
// The model is as literal as docs/language.md: a pattern is a tree of steps, sequences,
// alternatives, loops and groups; an expression is a tree over names. Everything is looked up by
// name, every time: clarity before speed. Times are ns since the epoch. Values only; not for
// concurrent use. Tested by tests/reference/examples_test.cc.
#ifndef SPATE_TESTS_REFERENCE_MODEL_H_
#define SPATE_TESTS_REFERENCE_MODEL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace spate::reference {

using Time = int64_t;
inline constexpr Time kSecond = 1'000'000'000;

// A value; null is monostate. A record in a list is the list of its attributes; a record outside
// of one has an attribute of its own for each (`rec.a`).
struct Val {
  std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<Val>> v;

  static Val Null() { return {}; }
  static Val Bool(bool b) { return {b}; }
  static Val Int(int64_t i) { return {i}; }
  static Val Float(double d) { return {d}; }
  static Val Text(std::string s) { return {std::move(s)}; }
  static Val List(std::vector<Val> l) { return {std::move(l)}; }

  bool null() const { return v.index() == 0; }
  bool is_true() const { return v.index() == 1 && std::get<bool>(v); }
  bool is_number() const { return v.index() == 2 || v.index() == 3; }
  double number() const {
    return v.index() == 2 ? static_cast<double>(std::get<int64_t>(v)) : std::get<double>(v);
  }
  friend bool operator==(const Val& a, const Val& b) { return a.v == b.v; }
  friend bool operator<(const Val& a, const Val& b) { return a.v < b.v; }
};

struct Attr {
  std::string name;
  std::string type;  // as it is written: "int", "string?", "time"
};

struct EventDecl {
  std::string name;
  std::vector<Attr> attrs;
  std::string at;        // the time attribute; empty: none
  bool declared = true;  // false: known from `emit` only
  bool ticks = false;    // a clock's

  // The attribute's index, or -1.
  int Find(const std::string& attr) const {
    for (size_t i = 0; i < attrs.size(); ++i) {
      if (attrs[i].name == attr) return static_cast<int>(i);
    }
    return -1;
  }
};
using DeclPtr = std::shared_ptr<const EventDecl>;

struct Event {
  DeclPtr decl;
  Time time = 0;
  std::vector<Val> values;  // one per attribute (the time attribute's is not used)

  // The attribute's value; null where the type has none. Times are numbers of ns.
  Val Get(const std::string& attr) const {
    int i = decl->Find(attr);
    if (attr == decl->at || (i < 0 && attr == "time")) return Val::Int(time);
    return i < 0 ? Val::Null() : values[static_cast<size_t>(i)];
  }
};
using EventPtr = std::shared_ptr<const Event>;

enum class ExprKind {
  kLiteral,
  kName,     // bare: attribute of the current event, else a key
  kVarAttr,  // var.attr: of the last event bound to var
  kFirst,    // first(var.attr, n)
  kLast,     // last(var.attr, n)
  kIndex,    // var[n].attr
  kCall,     // aggregate name(var.attr where args[0]); no var: count(); literal: of percentile, top
  kPrev,     // prev(attr, n)
  kFunc,     // a function: name(args)
  kIf,       // if args[0] then args[1] else args[2]
  kUnary,    // name: "not", "-", "is null", "is not null"
  kBinary,   // name: the operator
  kTable,    // table[args].attr
  kInTable,  // args in table
  kIn,       // args[0] in args[1]
  kEach,     // name(args[0]) attr args[1]: name any or all, attr the operator
  kLambda,   // name(args[0], attr => args[1]): name any, all or count_if
  kElement,  // args[0][n]
  kPart,     // args[0].attr of a record, of whose attributes it is number n
  kLocal,    // the parameter `name` of a lambda
};

// Rows that rules look up; the first `keys` columns are the key.
struct Table {
  std::string name;
  std::vector<Attr> columns;
  size_t keys = 1;
  std::vector<std::vector<Val>> rows;
};
using TablePtr = std::shared_ptr<const Table>;

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  std::string name;
  std::string var;
  std::string attr;
  int64_t n = 0;
  Val literal;
  std::vector<Expr> args;
  TablePtr table;  // kTable, kInTable
};

enum class Op { kNone, kStrict, kRelaxed, kAny };  // `,`  `->`  `->>`

struct Bound {
  enum Kind { kNone, kTime, kEvents } kind = kNone;
  int64_t amount = 0;  // ns or events
};

enum class NodeKind { kStep, kSequence, kAlternatives, kLoop, kGroup, kPermutation, kBan };
enum class BanLimit { kNone, kFor, kBefore, kEver };

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Node {
  NodeKind kind = NodeKind::kStep;
  std::string var;                // kStep, kGroup; may be empty
  std::string type;               // kStep
  std::optional<Expr> condition;  // kStep
  std::vector<NodePtr> children;
  std::vector<Op> ops;  // kSequence: between the children
  int min = 1;          // kLoop
  int max = 1;          // kLoop; -1: without end
  bool reluctant = false;
  Op word = Op::kNone;  // kLoop, kPermutation: `strict`, `relaxed`, `any`
  Bound bound;          // kGroup
  int64_t gap = -1;     // kGroup: ns; negative: none
  // kBan; its one child is what is banned, a step or a group of alternatives.
  BanLimit limit = BanLimit::kNone;
  std::optional<Expr> limit_value;  // a duration for kFor, a time for kBefore
};

struct Admitted {  // an element of `from`
  std::string type;
  std::optional<Expr> condition;
};

struct Key {
  struct Part {
    std::string of;  // a type or a variable; empty: all
    Expr value;      // over the event
  };
  std::string name;
  std::vector<Part> parts;
};

enum class WindowKind {
  kNone,
  kUnbounded,
  kWithin,
  kEvents,  // `within N events`, `window sliding N events`
  kTumbling,
  kTumblingEvents,
  kSliding,
  kHopping,
  kSession,
  kEnding
};
enum class Policy { kPastLast, kToFirst, kToLast, kNextEvent, kNoSkip };
enum class Keep { kAll, kLatest, kFirst };
enum class EmitKind { kReport, kSummary, kElse, kOnTimeout };

// A length of time, by the clock or by the calendar.
struct Period {
  std::string unit;  // empty: ns; else "day", "week", "month", "year"
  int64_t amount = 0;
};

struct Limit {
  int64_t count = 0;  // 0: none
  int64_t per = 0;    // ns; negative: ever
};

struct Emit {
  EmitKind kind = EmitKind::kReport;
  std::string type;
  std::vector<std::pair<std::string, Expr>> attrs;
};

struct Rule {
  std::string name;
  NodePtr pattern;  // null: a `from` rule
  std::vector<Admitted> from;
  std::string from_var;
  std::vector<Expr> where;  // conjuncts
  std::vector<Key> by;
  WindowKind window = WindowKind::kNone;
  int64_t window_size = 0;   // ns or events
  std::string calendar;      // kTumbling, kHopping: the unit of window_size; empty: ns
  Period every;              // kHopping
  Period offset;             // kTumbling, kHopping
  std::string zone;          // kTumbling, kHopping; empty: UTC
  int64_t session_max = -1;  // kSession: ns; negative: none
  NodePtr ending;            // kEnding: a step or a group of alternatives
  int64_t gap = -1;          // ns; negative: none
  NodePtr until;             // as `ending`; null: none
  Keep keep = Keep::kAll;
  std::optional<Expr> having;
  int64_t having_for = 0;  // ns; 0: none
  bool on_change = false;
  Limit limit;
  bool report_each = false;
  Policy policy = Policy::kPastLast;
  std::string policy_var;
  std::vector<Emit> emits;
};

// `event Beat every 10s offset 2s`.
struct Clock {
  DeclPtr type;
  Period every;
  Period offset;
  std::string zone;
};

struct RuleFile {
  std::vector<DeclPtr> types;  // declared ones, those of clocks too
  std::vector<Clock> clocks;
  std::vector<Rule> rules;
  std::vector<TablePtr> tables = {};
};

// One line of input: an event, or the caller's word that none before `time` will come.
struct Input {
  EventPtr event;  // null: a watermark
  Time time = 0;
};

enum class End { kClose, kAdvance, kHold };

struct Stream {
  std::vector<Input> inputs;  // in order of arrival
  int64_t lateness = 0;
  End end = End::kClose;
};

// An event of a match with the variables that name it: its step's and those of groups around it.
struct Binding {
  std::vector<std::string> vars;
  EventPtr event;
};

struct Derived {
  EventPtr event;
  std::string rule;
  std::vector<Binding> matched;
};

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_MODEL_H_
