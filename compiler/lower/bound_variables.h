// BoundVariables: for each state, which variables may and which must be bound when a thread is
// there.
//
// A fixed point over the automaton's transitions. Thread-safety: constant after construction.
// Tested by tests/compiler/lower and tests/property.
#ifndef SPATE_COMPILER_LOWER_BOUND_VARIABLES_H_
#define SPATE_COMPILER_LOWER_BOUND_VARIABLES_H_

#include <cstddef>
#include <vector>

#include "compiler/lower/automaton.h"

namespace spate {

class BoundVariables {
 public:
  // `variables`: how many the rule has. `automaton` must outlive the object.
  BoundVariables(const Automaton& automaton, size_t variables);
  bool May(size_t state, VarId v) const { return may_[state][v.index()]; }
  bool Must(size_t state, VarId v) const { return must_[state][v.index()]; }

  // In some state (in every state) from which `step` is taken.
  bool MayBefore(uint32_t step, VarId v) const;
  bool MustBefore(uint32_t step, VarId v) const;

 private:
  bool Flow(size_t from, uint32_t step, StateId to);

  const Automaton& automaton_;
  std::vector<std::vector<bool>> may_;
  std::vector<std::vector<bool>> must_;
};

// The variables that an event of `step` has: its own and those of the named groups around it.
std::vector<VarId> NamesOfStep(const Automaton& automaton, uint32_t step);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_BOUND_VARIABLES_H_
