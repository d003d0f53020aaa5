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
#include "windows/window_spec.h"

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

// How many partial matches a partition keeps.
enum class KeepPolicy : uint8_t {
  kAll,
  kLatest,  // one thread a state: a newer one takes the place of an older one
  kFirst,   // no fresh thread while one is alive
};

// When an `emit` speaks.
enum class EmitKind : uint8_t {
  kReport,     // at each match or window
  kSummary,    // once for all matches of a moment
  kElse,       // `else emit`: when `having` turns false
  kOnTimeout,  // a start that gave no match within its bounds
};

// A condition on one event of one type; rules share equal ones.
struct Predicate {
  TypeId type;
  ExprPtr condition;  // over kField, kTime, constants
};

// One event type that a step accepts, or that a ban forbids.
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

// A ban: what it forbids is a step that no transition takes.
struct BanPlan {
  enum class Limit : uint8_t { kNone, kFor, kBefore, kEver } limit = Limit::kNone;
  uint32_t step = 0;    // index into PatternPlan::steps
  ExprPtr limit_value;  // kFor: a duration, kBefore: a time, over kBound and constants
  GroupId group;        // whose window it waits for, when it is at the end without a limit;
                        // invalid: the rule's
  bool at_start = false;
};

// A ban on the way of a transition.
struct Guard {
  uint32_t ban = 0;        // index into PatternPlan::bans
  bool next_only = false;  // after `,`: looked for at the very next event alone
  friend bool operator==(const Guard&, const Guard&) = default;
};

inline constexpr uint32_t kNoPermutation = ~uint32_t{0};

// A move of a thread that takes one event.
struct Transition {
  uint32_t step = 0;  // index into PatternPlan::steps
  Contiguity contiguity = Contiguity::kRelaxed;
  StateId target;
  // Moves of the same state (bit = place in its list of transitions, then of waits) that close when
  // this one accepts, because `target` offers them again.
  uint64_t closes = 0;
  std::vector<GroupId> enters;  // bounded groups whose first event this is
  std::vector<GroupId> inside;  // bounded groups entered before that bound this event
  std::vector<Guard> guards;    // bans that close it, or at the pattern's start keep it shut

  // An element of a permutation: `target` while others remain, `exit` with the last one.
  uint32_t permutation = kNoPermutation;  // index into PatternPlan::permutations
  uint32_t element = 0;
  bool begins = false;  // the first event of the permutation
  StateId exit;
};

// A ban at the end: what completes the match when its time has passed.
struct Wait {
  uint32_t ban = 0;
  std::vector<Guard> guards;  // other bans on the way, that end it
};

inline constexpr size_t kMaxTransitions = 64;  // and waits of one state together

struct State {
  std::vector<Transition> transitions;  // most preferred first
  std::vector<Wait> waits;
  bool accepting = false;
  // Transitions that are one more round of a greedy (reluctant) quantifier. In an accepting state:
  // what makes the match wait, and what the match does without.
  uint64_t greedy = 0;
  uint64_t reluctant = 0;
};

struct GroupPlan {
  WindowBound bound;
  Duration gap = -1;  // between its events; negative: none
};

// `A & B{2}`: how many of each element remain is a field of bits in one word.
struct PermutationPlan {
  struct Element {
    uint32_t shift = 0;
    uint64_t mask = 0;   // after shifting
    uint64_t count = 1;  // events that it takes
  };
  std::vector<Element> elements;
  uint64_t full = 0;  // all remain

  uint64_t Remaining(uint64_t word, size_t element) const {
    return (word >> elements[element].shift) & elements[element].mask;
  }
};

struct VariablePlan {
  std::string name;
  bool optional = false;
  bool repeated = false;
  bool is_ban = false;  // of a ban: binds nothing
};

struct PatternPlan {
  std::vector<StepPlan> steps;  // those of bans too
  std::vector<State> states;
  StateId start;
  std::vector<GroupPlan> groups;
  std::vector<BanPlan> bans;
  std::vector<PermutationPlan> permutations;
  std::vector<VariablePlan> variables;
  // By VarId of a binding, beyond `variables`: the variables that an event of a step inside named
  // groups has, the step's own first. Any other event has the variable of its step alone.
  std::vector<std::vector<VarId>> shared_names;
  WindowBound within;
  Duration gap = -1;              // between the events of a match; negative: none
  WindowSpec window;              // another window than `within`
  std::vector<StepInput> ending;  // `window ending`: what closes it (no residuals)
  std::vector<StepInput> until;   // what discards partial matches (no residuals)
  KeepPolicy keep = KeepPolicy::kAll;
  SkipPolicy policy;
  bool report_each = false;
  bool has_timeout = false;  // some `emit` is `on timeout`
  // Aggregates of the rule that residuals, limits of bans and the accept condition read.
  std::vector<uint32_t> running_aggregates;
  ExprPtr accept_condition;  // over kBound: must be true for a match; null: nothing
  bool can_pend = false;     // some accepting state has greedy strict or relaxed transitions
  bool has_residuals = false;

  // Whether an event bound under `bound` has the variable `var`.
  bool Names(VarId bound, VarId var) const {
    if (bound == var || !bound.valid() || bound.index() < variables.size()) return bound == var;
    for (VarId name : shared_names[bound.index() - variables.size()]) {
      if (name == var) return true;
    }
    return false;
  }
};

struct FromPlan {
  WindowSpec window;
  std::vector<StepInput> ending;  // `window ending`: what closes it (no residuals)
  // Which events are in the windows, when the rule also reads some that only close them (no
  // residuals); empty: all of its input.
  std::vector<StepInput> members;
  ExprPtr having;           // null: always
  Duration having_for = 0;  // `having c for D`: how long it must hold; 0: not at all
  bool on_change = false;
  bool report_each = false;
  std::string variable;  // name of the rule's event variable; empty: it has none
};

struct KeyPlan {
  std::string name;
  Type type;
};

// The keys that some steps give an event: `by a.pid = b.parent_pid`. In the partition of these
// keys only these steps and bans can take it.
struct KeyView {
  std::vector<ExprPtr> keys;    // one per KeyPlan, over the event
  std::vector<uint32_t> steps;  // indices into PatternPlan::steps, ascending
};

// One event type of a rule's input.
struct RuleInput {
  TypeId type;
  PredicateId predicate;       // what `from` asks; invalid: every event
  std::vector<ExprPtr> keys;   // one per KeyPlan, over the event; or, where steps differ,
  std::vector<KeyView> views;  // one per choice of keys (`keys` is empty then)
  bool every_key = false;      // a clock's: each event goes to all keys that the rule has seen
};

struct EmitPlan {
  EmitKind kind = EmitKind::kReport;
  TypeId type;
  std::vector<ExprPtr> values;  // one per field; null: the attribute is null
  Origin origin;
};

// `limit N per D`: a report passes when fewer than `count` passed in the `per` before it.
struct LimitPlan {
  uint64_t count = 0;  // 0: no limit
  Duration per = 0;
  bool ever = false;
};

// `event Midnight every 1 day zone "Europe/Paris"`: events that the engine makes.
struct ClockPlan {
  TypeId type;
  Period every;
  Duration offset = 0;
  std::string zone;  // empty: UTC
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
  LimitPlan limit;
  std::unique_ptr<PatternPlan> pattern;  // exactly one of the two
  std::unique_ptr<FromPlan> from;
};

// A table that rules look up. Its rows are given to the engine.
struct TablePlan {
  std::string name;
  std::vector<NamedType> columns;  // records flattened, as in event types
  std::vector<uint32_t> keys;      // columns; together they are unique and never null
};

struct Plan {
  std::vector<EventType> types;
  std::vector<Predicate> predicates;
  std::vector<RulePlan> rules;    // in the order of the files
  int layers = 0;                 // layers are 0 .. layers - 1
  std::vector<ClockPlan> clocks;  // in the order of the files
  std::vector<TablePlan> tables;
  // By type, by field: some rule reads it. Readers decode only these (but check all).
  std::vector<std::vector<bool>> read_fields;
  std::vector<std::string> file_names;  // for Origin::file

  TypeId FindType(absl::string_view name) const;  // invalid when there is none
};

// In the language's words: `2 weeks`, `skip to first a`.
std::string PeriodText(const Period& period);
std::string PolicyText(const PatternPlan& pattern);

// Everything in the plan as text, the same for the same plan.
std::string DumpPlan(const Plan& plan);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_PLAN_H_
