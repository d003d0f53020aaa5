// Patterns: variables with their types, then steps with their conditions.
//
// Two passes: variables first, since `by`, `emit` and other steps need their types; then the
// pattern with each condition checked in the scope of what is bound before it.
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_PATTERNS_H_
#define SPATE_COMPILER_CHECK_PATTERNS_H_

#include <optional>
#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/check/scope.h"

namespace spate {

// One place of a pattern that takes an event.
struct StepUse {
  const ast::Pattern* pattern = nullptr;
  const ast::Name* name = nullptr;        // of the variable, or of the group around the step
  VarId var;                              // invalid: no variable
  std::vector<const ast::TypeUse*> uses;  // `v: (A | B)` has several
  std::vector<TypeId> types;              // each once
};

// `Type[c]`, or `(A | B)` that stands under one variable; nullopt for a larger pattern.
std::optional<std::vector<const ast::TypeUse*>> AsOneStep(const ast::Pattern& pattern);

// `v: ( .. )` over steps and alternatives with quantifiers and without names of their own: the name
// is then that of each step. False for anything larger.
bool NamesStepsOnly(const ast::Pattern& group);

// Pass 1: fills `names.variables` and lists the steps in the order of the text.
std::vector<StepUse> CollectSteps(CheckContext& context, const ast::Pattern& pattern,
                                  RuleNames& names);

// Pass 2: the pattern with its conditions.
CheckedPatternPtr CheckPattern(CheckContext& context, const ast::Pattern& pattern, RuleNames& names,
                               uint32_t file);

// Nothing in the pattern makes a thread wait without end.
bool IsBounded(const CheckedPattern& pattern);

// Every match begins at an event of `var`.
bool BeginsWith(const CheckedPattern& pattern, VarId var);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_PATTERNS_H_
