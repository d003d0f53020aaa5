// Windows: `within`, `window`, `gap` and `limit`.
//
// Not thread-safe. Tested by tests/compiler/check/rules_test.cc.
#ifndef SPATE_COMPILER_CHECK_WINDOWS_H_
#define SPATE_COMPILER_CHECK_WINDOWS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "compiler/check/check_context.h"
#include "compiler/check/patterns.h"

namespace spate {

// `within D`, `within N events`; kNone for `within unbounded` and what is faulty (reported).
WindowBound CheckWithin(CheckContext& context, const ast::WithinBound& within, uint32_t file);

// `window ..` of either kind of rule: fills `rule.window` and `rule.ending`. What is faulty is
// reported, and something harmless stands in for it.
void CheckWindow(CheckContext& context, const ast::WindowClause& window, uint32_t file,
                 CheckedRule& rule);

// The events of `window ending ..` as a step, which like all steps needs a key.
StepUse EndingStep(CheckContext& context, const ast::WindowClause& window);

// `5m`, `2 weeks`: more than zero. `what` begins the message.
Period CheckPeriod(CheckContext& context, const ast::Period& written, absl::string_view what,
                   uint32_t file);

// `offset 3s`; may be negative.
Duration OffsetOf(CheckContext& context, const ast::Period& written, uint32_t file);

// `zone "Europe/Paris"`: the name; empty for UTC and for what is unknown (reported).
std::string CheckZone(CheckContext& context, const ast::Name& zone);

// `having c for D`, `limit N per D`: clauses of a rule, which are more than zero.
Duration CheckHavingFor(CheckContext& context, const ast::Expr& written, uint32_t file);
std::optional<CheckedLimit> CheckLimit(CheckContext& context, const ast::LimitClause& limit,
                                       uint32_t file);

// `gap D`; nullopt for what is faulty (reported).
std::optional<Duration> CheckGap(CheckContext& context, const ast::GapBound& gap, uint32_t file);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_WINDOWS_H_
