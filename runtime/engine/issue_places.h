// RuleOfPlace: which rule a place in the text belongs to, for faults found column by column.
//
// Conditions on one event are shared by rules and evaluated for all of them at once; what becomes
// null there is told of the first rule that has the condition. Thread-safety: pure functions.
// Tested by tests/cli/values_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_ISSUE_PLACES_H_
#define SPATE_RUNTIME_ENGINE_ISSUE_PLACES_H_

#include "runtime/base/ids.h"
#include "runtime/engine/engine.h"
#include "runtime/expr/eval_issues.h"
#include "runtime/model/plan.h"

namespace spate {

// Invalid when the place is in no condition of a rule: a computed attribute.
RuleId RuleOfPlace(const Plan& plan, const Origin& place);

// Adds what was counted to the statistics. `rule`: whose issues they are; invalid: RuleOfPlace.
void AddIssues(const Plan& plan, const EvalIssues& issues, RuleId rule, EngineStats* stats);

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_ISSUE_PLACES_H_
