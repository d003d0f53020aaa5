// Plan: what the compiler hands to the runtime. Constant, shared by threads, printable.
//
// One Plan holds all rules of a program. A pattern rule is an automaton whose states list their
// transitions in order of preference; a `from` rule is a window and its aggregates. Conditions on
// one event are shared predicates, evaluated once per batch; what also reads earlier events stays
// with the step as its residual. State lives elsewhere (runtime/match).
// Thread-safety: constant data. Tested by tests/compiler/lower (dumps) and tests/property.
#ifndef SPATE_RUNTIME_MODEL_PLAN_H_
#define SPATE_RUNTIME_MODEL_PLAN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "runtime/base/ids.h"
#include "runtime/model/expr.h"
#include "runtime/model/schema.h"
#include "windows/time.h"

namespace spate {

enum class Contiguity : uint8_t { kStrict, kRelaxed, kAny };  // `,`  `->`  `->>`

// `within D`, `within N events`, or none of them.
struct WindowBound {
  enum class Kind : uint8_t { kNone, kTime, kEvents } kind = Kind::kNone;
  Duration duration = 0;  // kTime: last - first <= duration
  uint64_t events = 0;    // kEvents: at most this many events of the input, both ends counted
};

struct SkipPolicy {
  enum class Kind : uint8_t {
    kPastLastEvent,
    kToFirst,
    kToLast,
    kToNextEvent,
    kNoSkip
  } kind = Kind::kPastLastEvent;
  VarId var;  // kToFirst, kToLast
};

struct FromWindow {
  enum class Kind : uint8_t { kNone, kTumbling, kSliding } kind = Kind::kNone;
  Duration size = 0;
};

// A condition on one event of one type; rules share equal ones.
struct Predicate {
  TypeId type;
  ExprPtr condition;  // over kField, kTime, constants
};

// One event type that a step accepts.
struct StepInput {
  TypeId type;
  PredicateId predicate;  // invalid: every event
  ExprPtr residual;       // what reads bound events or keys; null: nothing
};

struct StepPlan {
  VarId var;  // invalid for a step without a variable
  std::vector<StepInput> inputs;
  Origin origin;
};

// A move of a thread that takes one event.
struct Transition {
  uint32_t step = 0;  // index into PatternPlan::steps
  Contiguity contiguity = Contiguity::kRelaxed;
  StateId target;
  // Transitions of the same state (bit = place in the list) that close when this one accepts,
  // because `target` offers their step again.
  uint64_t closes = 0;
  std::vector<GroupId> enters;  // bounded groups whose first event this is
  std::vector<GroupId> inside;  // bounded groups entered before that bound this event
};

inline constexpr size_t kMaxTransitions = 64;  // of one state

struct State {
  std::vector<Transition> transitions;  // most preferred first
  bool accepting = false;
  // Transitions that are one more round of a greedy (reluctant) quantifier. In an accepting state:
  // what makes the match wait, and what the match does without.
  uint64_t greedy = 0;
  uint64_t reluctant = 0;
};

struct GroupPlan {
  WindowBound bound;
};

struct VariablePlan {
  std::string name;
  bool optional = false;
  bool repeated = false;
};

struct PatternPlan {
  std::vector<StepPlan> steps;
  std::vector<State> states;
  StateId start;
  std::vector<GroupPlan> groups;
  std::vector<VariablePlan> variables;
  WindowBound within;
  SkipPolicy policy;
  bool report_each = false;
  ExprPtr accept_condition;  // over kBound: must be true for a match; null: nothing
  bool can_pend = false;     // some accepting state has greedy strict or relaxed transitions
  bool has_residuals = false;
};

struct FromPlan {
  FromWindow window;
  ExprPtr having;        // null: always
  std::string variable;  // name of the rule's event variable; empty: it has none
};

struct KeyPlan {
  std::string name;
  Type type;
};

// One event type of a rule's input.
struct RuleInput {
  TypeId type;
  PredicateId predicate;      // what `from` asks; invalid: every event
  std::vector<ExprPtr> keys;  // one per KeyPlan, over the event
};

struct EmitPlan {
  TypeId type;
  std::vector<ExprPtr> values;  // one per field; null: the attribute is null
  Origin origin;
};

struct AnnotationPlan {
  std::string name;
  std::vector<Constant> arguments;
};

struct RulePlan {
  RuleId id;
  std::string name;
  std::string doc;
  std::vector<AnnotationPlan> annotations;
  Origin origin;
  int layer = 0;
  std::vector<RuleInput> inputs;
  std::vector<KeyPlan> keys;
  std::vector<Aggregate> aggregates;
  std::vector<EmitPlan> emits;
  std::unique_ptr<PatternPlan> pattern;  // exactly one of the two
  std::unique_ptr<FromPlan> from;
};

struct Plan {
  std::vector<EventType> types;
  std::vector<Predicate> predicates;
  std::vector<RulePlan> rules;  // in the order of the files
  int layers = 0;               // layers are 0 .. layers - 1
  // By type, by field: some rule reads it. Readers decode only these (but check all).
  std::vector<std::vector<bool>> read_fields;
  std::vector<std::string> file_names;  // for Origin::file

  TypeId FindType(absl::string_view name) const;  // invalid when there is none
};

// Everything in the plan as text, the same for the same plan.
std::string DumpPlan(const Plan& plan);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_PLAN_H_
