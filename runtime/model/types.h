// The static types of values: scalars, lists of scalars, and "null is possible".
//
// Nested records are flattened into dotted attributes when a schema is made (`p.name` is one
// attribute), so no value is ever a record; kRecord exists only while paths are being checked.
// Thread-safety: values. Tested by tests/runtime/model/types_test.cc.
#ifndef SPATE_RUNTIME_MODEL_TYPES_H_
#define SPATE_RUNTIME_MODEL_TYPES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace spate {

enum class Kind : uint8_t {
  kNull,      // the type of the literal `null`; as a value's tag: null
  kBool,      //
  kInt,       // 64 bits, signed
  kFloat,     // IEEE double
  kString,    // UTF-8
  kTime,      // ns since the epoch
  kDuration,  // ns
  kIp,        // 16 bytes, IPv4 as ::ffff:a.b.c.d
  kList,      // of scalars
  kRecord,    // only during checking: a prefix of attribute paths
  kError,     // only during checking: already reported
};

struct Type {
  Kind kind = Kind::kError;
  bool nullable = false;
  Kind element = Kind::kNull;     // of a list
  bool element_nullable = false;  // of a list: elements may be null

  static constexpr Type Of(Kind kind, bool nullable = false) { return {kind, nullable}; }
  static constexpr Type ListOf(Kind element, bool nullable = false, bool element_nullable = false) {
    return {Kind::kList, nullable, element, element_nullable};
  }
  constexpr Type AsNullable(bool is_nullable = true) const {
    Type t = *this;
    t.nullable = is_nullable;
    return t;
  }
  constexpr Type Element() const { return {element, element_nullable}; }
  friend constexpr bool operator==(const Type&, const Type&) = default;
};

constexpr bool IsNumeric(Kind k) { return k == Kind::kInt || k == Kind::kFloat; }

// `int`, `string?`, `[ip]`: as it is written in a rule file.
std::string TypeName(const Type& type);
absl::string_view KindName(Kind kind);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_TYPES_H_
