// EventType and Field: what events look like.
//
// Nested records are flattened: `p: { name: string }` is the field "p.name". The order of fields is
// the order of declaration, depth first. Computed attributes are fields too (not printed, and a
// value for them in the input is ignored). Built by compiler/check, constant afterwards.
// Thread-safety: constant data. Tested by tests/compiler/check.
#ifndef SPATE_RUNTIME_MODEL_SCHEMA_H_
#define SPATE_RUNTIME_MODEL_SCHEMA_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "runtime/base/ids.h"
#include "runtime/model/types.h"

namespace spate {

struct Expr;

struct Field {
  std::string name;  // dotted path
  Type type;
  std::shared_ptr<const Expr> computed;  // over fields of the same event; null for an input field
  bool internal = false;  // added by the compiler (a shared computed key), invisible to users
};

struct EventType {
  TypeId id;
  std::string name;
  std::vector<Field> fields;
  FieldId time_field;               // `at ts`; invalid: the caller gives the time
  bool sparse = false;              // a value of a wrong type is null and counted
  bool internal = false;            // goes to rules and consumers, not to the output of `run`
  bool declared = true;             // false: inferred from `emit`
  bool derived = false;             // some rule emits it
  bool clock = false;               // made by the engine: Plan::clocks
  bool has_time_attribute = false;  // has an attribute called `time`, which then shadows .time
  // Indices of computed fields in an order in which each depends only on earlier ones.
  std::vector<FieldId> computed_order;

  // The field of that dotted name, or an invalid id.
  FieldId FindField(absl::string_view field_name) const {
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == field_name) return FieldId(i);
    }
    return FieldId();
  }
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_SCHEMA_H_
