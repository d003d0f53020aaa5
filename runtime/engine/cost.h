// RuleCost: how a rule is run and what an event costs, in words, for `spate explain`.
//
// Says what the machines do with this plan; it is taken from the same questions that choose among
// them. Thread-safety: pure functions. Tested by tests/cli/explain_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_COST_H_
#define SPATE_RUNTIME_ENGINE_COST_H_

#include <string>
#include <vector>

#include "runtime/model/plan.h"

namespace spate {

struct RuleCost {
  std::string payload;               // what is kept of partial matches or windows
  std::string registers;             // what later conditions compare with; "none"
  std::string per_event;             // the bound
  std::vector<std::string> because;  // what in the rule makes it dearer than it could be
};

RuleCost CostOf(const Plan& plan, const RulePlan& rule);

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_COST_H_
