// CheckedRules: rule files with ids in place of names and every expression typed.
//
// Made by check.h, read by compiler/lower. Views are expanded: a step is a set of event types, each
// with its condition. `where` conjuncts and conditions refer to variables by Op::kBound; a step's
// own variable is the current event (Op::kField). Thread-safety: values.
// Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_CHECKED_RULES_H_
#define SPATE_COMPILER_CHECK_CHECKED_RULES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/rule_test.h"
#include "compiler/source/source.h"
#include "runtime/base/ids.h"
#include "runtime/model/expr.h"
#include "runtime/model/plan.h"
#include "runtime/model/schema.h"
#include "windows/time.h"
#include "windows/window_spec.h"

namespace spate {

// Where in the text a checked thing stands, as the plan keeps it.
inline Origin ToOrigin(Span s) { return {s.file, s.begin, s.end}; }

struct CheckedInput {  // one event type of a step, `from` or aggregate
  TypeId type;
  ExprPtr condition;  // view conditions and the step's own, joined; null: always
};

struct CheckedPattern;
using CheckedPatternPtr = std::unique_ptr<CheckedPattern>;

struct CheckedPattern {
  enum class Kind { kStep, kSequence, kAlternation, kGroup, kPermutation, kBan };
  Kind kind = Kind::kStep;
  Span span;
  // Quantifier; {1,1} when nothing is written. `max` none: open.
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;
  bool reluctant = false;
  std::optional<Contiguity> rounds;  // strict, relaxed, any after the quantifier

  // kStep. Each type stands once; a view has several. `v: (A | B)` is the kAlternation of the steps
  // `(v: A | v: B)`. kBan: what is banned; a view or `(A | B)` has several types.
  // kGroup: a valid `var` names all events that are bound inside.
  VarId var;  // invalid for a step (group, ban) without a variable
  std::vector<CheckedInput> types;

  // kSequence (operators[i] joins elements i and i+1), kAlternation, kGroup (one element),
  // kPermutation (steps with exact counts; `rounds` is what `( A & B ) strict` says).
  std::vector<CheckedPatternPtr> elements;
  std::vector<Contiguity> operators;
  WindowBound bound;            // kGroup: `within` at the end of its pattern
  std::optional<Duration> gap;  // kGroup: `gap` at the end of its pattern

  // kBan: `for D`, `before t` (over constants and what is bound before), `ever`.
  BanPlan::Limit limit = BanPlan::Limit::kNone;
  ExprPtr limit_value;  // kFor: a duration; kBefore: a time; else null
};

struct CheckedVariable {
  std::string name;
  std::vector<TypeId> types;
  bool optional = false;  // may be unbound in a match (under ?, *, {0,..} or an alternative)
  bool repeated = false;  // may bind several events
  bool is_group = false;  // `m: ( pattern )`: all events of the steps inside, which may have a
                          // variable of their own
  bool is_ban = false;    // of a ban: seen by its own condition and by `by` alone
};

struct CheckedKey {
  std::string name;  // in `emit`
  Type type;
  std::vector<TypeId> types;    // the rule's types,
  std::vector<ExprPtr> values;  // and the key's expression for each, over the event
  // `by a.pid = b.parent_pid`: what the steps and bans of a variable use instead, over the event.
  struct OfVariable {
    VarId var;
    TypeId type;
    ExprPtr value;
  };
  std::vector<OfVariable> of_variables;
};

struct CheckedWhere {
  ExprPtr condition;             // one conjunct, over kBound, kAggregate, kKey, constants
  std::vector<VarId> variables;  // that it names
  bool at_end = false;           // has an aggregate or navigation: tested where a match could be
};

struct CheckedLimit {  // `limit N per D`, `limit N ever`
  uint64_t count = 0;
  Duration per = 0;
  bool ever = false;
};

struct CheckedEmit {
  EmitKind kind = EmitKind::kReport;
  TypeId type;
  std::vector<ExprPtr> values;  // one per field of the type; null: the attribute is null
  Span span;
};

struct CheckedRule {
  std::string name;
  RuleId id;
  Span span;  // of the name
  std::string doc;
  std::vector<AnnotationPlan> annotations;
  int layer = 0;

  // The events the rule reads: those that `from` admits, or all types its pattern mentions (each
  // type once; condition null: all of them).
  std::vector<CheckedInput> input;
  std::vector<CheckedKey> keys;
  std::vector<CheckedVariable> variables;
  std::vector<Aggregate> aggregates;  // that emits and having use, each once
  std::vector<CheckedEmit> emits;

  CheckedPatternPtr pattern;        // null: a `from` rule
  std::vector<CheckedWhere> where;  // pattern rules; for `from` rules it is part of `input`
  WindowBound within;               // pattern rules
  SkipPolicy policy;                // pattern rules
  std::optional<Duration> gap;      // pattern rules: `gap` of the whole pattern
  std::vector<CheckedInput> until;  // pattern rules; empty: no such clause
  KeepPolicy keep = KeepPolicy::kAll;
  bool report_each = false;
  std::optional<CheckedLimit> limit;

  WindowSpec window;                 // `from` rules (variables[0] is the event variable), and
                                     // pattern rules with a window other than `within`
  std::vector<CheckedInput> ending;  // `window ending Type[cond]`
  ExprPtr having;                    // `from` rules, or null
  Duration having_for = 0;           // `having c for D`; 0: nothing is said
  bool on_change = false;
};

struct CheckedRules {
  std::vector<EventType> types;
  std::vector<TablePlan> tables;
  std::vector<CheckedRule> rules;  // in the order of the files
  std::vector<ClockPlan> clocks;
  std::vector<RuleTest> tests;  // in the order of the files
};

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_CHECKED_RULES_H_
