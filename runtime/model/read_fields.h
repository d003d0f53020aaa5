// Which attributes a plan reads at all, and which of a rule's events must be kept for later.
//
// Readers decode only what some rule reads; a rule's store keeps only what the rule reads of events
// that it has bound. Thread-safety: pure functions. Tested by tests/compiler/lower.
#ifndef SPATE_RUNTIME_MODEL_READ_FIELDS_H_
#define SPATE_RUNTIME_MODEL_READ_FIELDS_H_

#include <vector>

#include "runtime/model/plan.h"

namespace spate {

// By type, by field.
using FieldSet = std::vector<std::vector<bool>>;

// Fills Plan::read_fields, what computed attributes read included.
void ComputeReadFields(Plan* plan);

// What `rule` reads of bound events: in residuals, `emit`, `having` and aggregates.
FieldSet KeptFields(const Plan& plan, const RulePlan& rule);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_READ_FIELDS_H_
