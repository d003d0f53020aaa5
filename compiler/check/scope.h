// Scope: what the names in one expression can mean.
//
// Thread-safety: values. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_SCOPE_H_
#define SPATE_COMPILER_CHECK_SCOPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "compiler/check/checked_rules.h"
#include "compiler/source/source.h"

namespace spate {

enum class Place {
  kConstant,   // const, param, durations of clauses
  kEvent,      // views, computed attributes, keys, `from`: one event alone
  kStep,       // condition of a step
  kWhere,      // `where` of a pattern
  kAggregate,  // inside an aggregate
  kHaving,
  kEmit,
};

// An event that a name stands for: the current one, or one bound to a variable.
struct EventRef {
  bool current = false;
  bool poisoned = false;  // already reported: attributes are errors without a message
  VarId var;              // !current
  std::vector<TypeId> types;
  Nav nav = Nav::kLast;
  uint32_t offset = 0;
  bool nullable = false;  // there may be no such event
};

// A parameter of a `fn` or lambda: a value, or an event.
struct Local {
  std::string name;
  ExprPtr value;
  std::optional<EventRef> event;
};

// The names of one rule; owned by the rule's checker.
struct RuleNames {
  bool is_from = false;
  WindowSpec window;
  bool may_be_empty = false;        // a window from which all events may leave before it is judged
  std::vector<TypeId> input_types;  // of a pattern rule, for prev(x)
  std::vector<CheckedVariable> variables;
  std::vector<Span> variable_spans;
  std::vector<CheckedKey> keys;
  std::vector<Aggregate> aggregates;
  std::vector<bool> first;  // by VarId: every match begins at an event of it; empty: not known yet

  std::optional<VarId> FindVariable(absl::string_view name) const {
    if (name.empty()) return std::nullopt;
    for (size_t i = 0; i < variables.size(); ++i) {
      if (variables[i].name == name) return VarId(i);
    }
    return std::nullopt;
  }
};

struct Scope {
  uint32_t file = 0;
  Place place = Place::kConstant;
  std::optional<TypeId> current;  // bare names are its attributes
  VarId own;                      // the variable that is the current event
  std::vector<VarId> groups;      // named groups around the step: their last event is the current
  RuleNames* rule = nullptr;
  std::vector<bool> bound;     // kStep, by VarId: bound before this place; empty: all are
  std::vector<bool> siblings;  // kStep, by VarId: of the same permutation; empty: there is none
  // kEmit: over all matches of a moment; of a start that gave no match.
  bool is_summary = false;
  bool is_timeout = false;
  // Why no variable of the rule can be named here; empty: they can.
  absl::string_view no_variables;
  bool* navigates = nullptr;  // set when the expression has navigation or an aggregate
  std::vector<Local> locals;  // innermost last
  uint32_t lambda_depth = 0;
  bool in_fn = false;  // the rule's and the event's names are not seen
  // While `first(expr)` is checked: which event of `navigated` its names mean.
  VarId navigated;
  Nav nav = Nav::kLast;
  uint32_t offset = 0;
};

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_SCOPE_H_
