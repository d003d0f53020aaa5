// PatternLints: warnings about patterns that are legal and most likely not meant, and the reasons
// why a pattern can never report. They must not cry wolf.
//
// Not thread-safe. Tested by tests/compiler/check/lints_test.cc.
#ifndef SPATE_COMPILER_CHECK_PATTERN_LINTS_H_
#define SPATE_COMPILER_CHECK_PATTERN_LINTS_H_

#include "compiler/check/check_context.h"

namespace spate {

// All of this file, for a pattern rule: the conditions of its steps, bans and `until`; loops that
// swallow the step after them; equalities that should be keys; windows shorter than what must fit
// into them; what can never be reported (an error). `decl` is the text of `rule`.
void LintPatternRule(CheckContext& context, const ast::RuleDecl& decl, const CheckedRule& rule);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_PATTERN_LINTS_H_
