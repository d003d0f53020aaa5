// Patterns: variables with their types, then steps with their conditions.
//
// Two passes: variables first (pattern_variables.cc), since `by`, `emit` and other steps need their
// types; then the pattern with each condition checked in the scope of what is bound before it.
// Where bans may stand is looked at afterwards (bans.h). Not thread-safe. Tested by
// tests/compiler/check/patterns_test.cc.
#ifndef SPATE_COMPILER_CHECK_PATTERNS_H_
#define SPATE_COMPILER_CHECK_PATTERNS_H_

#include <optional>
#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/check/scope.h"

namespace spate {

// One place of a rule that looks for events: a step, a ban, or a clause (`until`, `window ending`).
struct StepUse {
  enum class Role { kStep, kBan, kClause };
  Role role = Role::kStep;
  Span span;
  const ast::Name* name = nullptr;        // of the variable, or of the group around the step
  VarId var;                              // invalid: no variable
  std::vector<VarId> groups;              // the named groups around it, outermost first
  std::vector<const ast::TypeUse*> uses;  // `v: (A | B)` has several
  std::vector<TypeId> types;              // each once
};

// `Type[c]`, or `(A | B)` that stands under one variable; nullopt for a larger pattern.
std::optional<std::vector<const ast::TypeUse*>> AsOneStep(const ast::Pattern& pattern);

// `v: ( .. )` over steps and alternatives with quantifiers and without names of their own: the name
// is then that of each step. False for anything larger: the name is then that of the group.
bool NamesStepsOnly(const ast::Pattern& group);

// What a ban forbids.
std::vector<const ast::TypeUse*> BannedUses(const ast::Ban& ban);
// The variable of a ban: written before `not`'s step or group, or null.
const ast::Name* BanVariable(const ast::Ban& ban);

// Pass 1: fills `names.variables` and lists the steps and bans in the order of the text.
std::vector<StepUse> CollectSteps(CheckContext& context, const ast::Pattern& pattern,
                                  RuleNames& names);

// Pass 2: the pattern with its conditions.
CheckedPatternPtr CheckPattern(CheckContext& context, const ast::Pattern& pattern, RuleNames& names,
                               uint32_t file);

// `until` as a step, which like all steps needs a key.
StepUse UntilStep(CheckContext& context, const ast::UntilClause& until);

// The types of `until`, with their conditions.
std::vector<CheckedInput> CheckUntil(CheckContext& context, const ast::UntilClause& until,
                                     RuleNames& names, uint32_t file);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_PATTERNS_H_
