// Lower: CheckedRules -> Plan.
//
// Splits conditions (on one event | on earlier events too), builds one automaton per pattern
// (automaton.h), shares equal predicates between rules, and notes which attributes are read.
// Reports what exceeds a limit. Thread-safety: pure function. Tested by tests/compiler/lower.
#ifndef SPATE_COMPILER_LOWER_LOWER_H_
#define SPATE_COMPILER_LOWER_LOWER_H_

#include <memory>

#include "compiler/check/checked_rules.h"
#include "compiler/options.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "runtime/model/plan.h"

namespace spate {

std::shared_ptr<const Plan> Lower(CheckedRules rules, const CompileOptions& options,
                                  const SourceMap& sources, Diagnostics* diagnostics);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_LOWER_H_
