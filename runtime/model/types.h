// The static types of values: scalars, lists, records in lists, and "null is possible".
//
// Nested records are flattened into dotted attributes when a schema is made (`p.name` is one
// attribute). Only a list has records as values: `[{ a: int, b: { c: string } }]`. Such a record is
// at run time the list of its attributes' values (`a`, `b.c`), in the order of the declaration.
// What does not fit into a Type itself (a record's attributes, a list in a list) is kept once for
// all types that are alike, for as long as the program runs. Thread-safety: values; the functions
// may be called from any thread. Tested by tests/runtime/model/types_test.cc.
#ifndef SPATE_RUNTIME_MODEL_TYPES_H_
#define SPATE_RUNTIME_MODEL_TYPES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

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
  kList,      //
  kRecord,    // an element of a list; the tag of its values is kList
  kError,     // only during checking: already reported
};

struct NamedType;

struct Type {
  Kind kind = Kind::kError;
  bool nullable = false;
  Kind element = Kind::kNull;     // of a list
  bool element_nullable = false;  // of a list: elements may be null
  // Of a record, and of a list of records: its attributes. Of a list of lists: one, the list that
  // is an element. Else null. Never freed; equal parts are one object.
  const std::vector<NamedType>* parts = nullptr;

  static constexpr Type Of(Kind kind, bool nullable = false) { return {kind, nullable}; }
  static constexpr Type ListOf(Kind element, bool nullable = false, bool element_nullable = false) {
    return {Kind::kList, nullable, element, element_nullable};
  }
  constexpr Type AsNullable(bool is_nullable = true) const {
    Type t = *this;
    t.nullable = is_nullable;
    return t;
  }
  // A list of that type, which may be a list or record itself.
  static Type ListOf(const Type& element_type, bool is_nullable);
  // A record with these attributes (dotted names).
  static Type RecordOf(std::vector<NamedType> attributes, bool is_nullable = false);
  // The type of a list's elements.
  Type Element() const;
  // A record's attributes.
  absl::Span<const NamedType> Attributes() const;
  friend constexpr bool operator==(const Type&, const Type&) = default;
};

struct NamedType {
  std::string name;
  Type type;
  friend bool operator==(const NamedType&, const NamedType&) = default;
};

constexpr bool IsNumeric(Kind k) { return k == Kind::kInt || k == Kind::kFloat; }
// Kept as an integer of 64 bits.
constexpr bool IsIntegral(Kind k) {
  return k == Kind::kBool || k == Kind::kInt || k == Kind::kTime || k == Kind::kDuration;
}
// What has an order and differences.
constexpr bool IsQuantity(Kind k) {
  return IsNumeric(k) || k == Kind::kTime || k == Kind::kDuration;
}

// `int`, `string?`, `[{ a: int }]`: as it is written in a rule file.
std::string TypeName(const Type& type);
absl::string_view KindName(Kind kind);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_TYPES_H_
