#include "compiler/lower/bound_variables.h"

#include <algorithm>

namespace spate {

std::vector<VarId> NamesOfStep(const Automaton& automaton, uint32_t step) {
  std::vector<VarId> names;
  if (automaton.steps[step]->var.valid()) names.push_back(automaton.steps[step]->var);
  const std::vector<VarId>& groups = automaton.names_of_step[step];
  names.insert(names.end(), groups.rbegin(), groups.rend());
  return names;
}

BoundVariables::BoundVariables(const Automaton& automaton, size_t variables)
    : automaton_(automaton),
      may_(automaton.states.size(), std::vector<bool>(variables, false)),
      must_(automaton.states.size(), std::vector<bool>(variables, true)) {
  must_[automaton.start.index()].assign(variables, false);
  bool changed = true;
  while (changed) {
    changed = false;
    for (size_t s = 0; s < automaton.states.size(); ++s) {
      for (const Transition& t : automaton.states[s].transitions) {
        changed |= Flow(s, t.step, t.target);
        if (t.exit.valid()) changed |= Flow(s, t.step, t.exit);
      }
    }
  }
}

bool BoundVariables::Flow(size_t from, uint32_t step, StateId to) {
  const std::vector<VarId> names = NamesOfStep(automaton_, step);
  bool changed = false;
  for (size_t v = 0; v < may_[from].size(); ++v) {
    const bool now = std::find(names.begin(), names.end(), VarId(v)) != names.end();
    if ((may_[from][v] || now) && !may_[to.index()][v]) changed = may_[to.index()][v] = true;
    if (!must_[from][v] && !now && must_[to.index()][v]) {
      must_[to.index()][v] = false;
      changed = true;
    }
  }
  return changed;
}

bool BoundVariables::MayBefore(uint32_t step, VarId v) const {
  for (size_t s = 0; s < may_.size(); ++s) {
    for (const Transition& t : automaton_.states[s].transitions) {
      if (t.step == step && May(s, v)) return true;
    }
  }
  return false;
}

bool BoundVariables::MustBefore(uint32_t step, VarId v) const {
  for (size_t s = 0; s < may_.size(); ++s) {
    for (const Transition& t : automaton_.states[s].transitions) {
      if (t.step == step && !Must(s, v)) return false;
    }
  }
  return true;
}

}  // namespace spate
