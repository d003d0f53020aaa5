// Windows: `within`, `window`, and whether a rule needs one.
//
// Not thread-safe. Tested by tests/compiler/check/rules_test.cc.
#ifndef SPATE_COMPILER_CHECK_WINDOWS_H_
#define SPATE_COMPILER_CHECK_WINDOWS_H_

#include "compiler/check/check_context.h"

namespace spate {

// `within D`, `within N events`; kNone for `within unbounded` and what is faulty (reported).
WindowBound CheckWithin(CheckContext& context, const ast::WithinBound& within, uint32_t file);

// The window of a `from` rule; kinds that are not supported were refused before.
FromWindow CheckWindow(CheckContext& context, const ast::WindowClause& window, uint32_t file);

// Reports a pattern rule in which something waits without end.
void CheckNeedsWindow(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_WINDOWS_H_
