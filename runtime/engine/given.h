// What a caller gives an engine, checked: values of events, and tables.
//
// Thread-safety: pure functions. Tested by tests/runtime/engine/engine_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_GIVEN_H_
#define SPATE_RUNTIME_ENGINE_GIVEN_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/engine/engine.h"
#include "runtime/match/machine.h"

namespace spate {

// InvalidArgument unless there is one value of the right kind for each attribute.
absl::Status CheckValues(const EventType& type, absl::Span<const Value> values);

// The tables of the plan, in its order. InvalidArgument when one is missing, was made for other
// columns, or is none of the plan's.
absl::StatusOr<std::vector<std::shared_ptr<const Table>>> TablesOf(const Plan& plan,
                                                                   const EngineOptions& options);

// What the machines of the rules are to do.
MachineOptions MachineOptionsOf(const EngineOptions& options);

// The rules in the order in which events go to them: by layer, then as in the files.
std::vector<const RulePlan*> RulesByRank(const Plan& plan);

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_GIVEN_H_
