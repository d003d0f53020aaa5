// Event types: written types -> Type, and declarations -> flattened attributes.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_EVENT_TYPES_H_
#define SPATE_COMPILER_CHECK_EVENT_TYPES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "compiler/check/check_context.h"

namespace spate {

// A scalar or a list of scalars. Reports what is neither and gives a type of kind kError then.
// `sparse`: every attribute of a record in it may be null.
Type CheckTypeExpr(CheckContext& context, const ast::TypeExpr& written, bool sparse = false);

// Appends the attribute `f`, of a record its attributes with dotted names, below `prefix`. False
// when something was reported.
bool AppendAttributes(CheckContext& context, const ast::RecordField& f, const std::string& prefix,
                      bool nullable, std::vector<NamedType>* attributes);

// Stage: the attributes of every declared event type, then their computed ones.
void DeclareAttributes(CheckContext& context);
void CheckComputedAttributes(CheckContext& context);

// Some attribute's dotted name begins with `path` and a dot.
bool IsRecord(const EventType& type, absl::string_view path);
// `name` is an attribute or record at the top level.
bool HasTopLevel(const EventType& type, absl::string_view name);
// The first part of a dotted name.
absl::string_view FirstPart(absl::string_view dotted);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_EVENT_TYPES_H_
