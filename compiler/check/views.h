// Views: `event V = A[c] | B`, and every other place where types stand: what they stand for.
//
// A use is expanded into event types, each once, each with its condition: those of the views it
// goes through and its own. Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_VIEWS_H_
#define SPATE_COMPILER_CHECK_VIEWS_H_

#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/check/scope.h"

namespace spate {

// The event types that `name` stands for, each once, without looking at conditions. Reports an
// undefined name.
std::vector<TypeId> BaseTypes(CheckContext& context, const ast::Name& name);

// The types of a bare name with the conditions of its views.
std::vector<CheckedInput> ExpandName(CheckContext& context, const ast::Name& name);

// The types of `use` with all conditions; its own is checked in `scope`, once for each type.
std::vector<CheckedInput> ExpandUse(CheckContext& context, const ast::TypeUse& use,
                                    const Scope& scope);

// Adds `more` to `inputs`: a type that is there already gets either condition.
void MergeInputs(std::vector<CheckedInput>& inputs, std::vector<CheckedInput> more);

// Stage, the last one: views that no rule used.
void CheckUnusedViews(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_VIEWS_H_
