// Which attributes a plan reads at all, and which of a rule's events must be kept for later.
//
// Readers decode only what some rule reads; a rule's store keeps only what the rule reads of events
// that it has bound. Thread-safety: pure functions. Tested by tests/compiler/lower.
#ifndef SPATE_RUNTIME_MODEL_READ_FIELDS_H_
#define SPATE_RUNTIME_MODEL_READ_FIELDS_H_

#include <vector>

#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"

namespace spate {

// Fills Plan::read_fields, what computed attributes read included.
void ComputeReadFields(Plan* plan);

// What `rule` reads of bound events, in residuals, `emit`, `having` and aggregates: by field of
// each type of which it reads any.
TypeTable<std::vector<bool>> KeptFields(const Plan& plan, const RulePlan& rule);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_READ_FIELDS_H_
