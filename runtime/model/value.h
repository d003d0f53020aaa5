// Value: one scalar, list or null in 16 bytes, for edges and for row evaluation.
//
// A Value borrows: text, ip bytes and list elements live in the batch, arena, store or constant it
// was read from and must outlive it. Hot loops use columns (event_batch.h), not Values.
// Constant is the owning form, for literals in a Plan. Thread-safety: values.
// Tested by tests/runtime/model/value_test.cc.
#ifndef SPATE_RUNTIME_MODEL_VALUE_H_
#define SPATE_RUNTIME_MODEL_VALUE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/model/types.h"
#include "windows/time.h"

namespace spate {

struct Value {
  union {
    int64_t i;          // kBool (0, 1), kInt, kTime, kDuration
    double f;           // kFloat
    const char* s;      // kString (UTF-8, `size` bytes), kIp (16 bytes in network order)
    const Value* list;  // kList (`size` elements)
  };
  uint32_t size = 0;
  Kind kind = Kind::kNull;

  constexpr Value() : i(0) {}
  static Value Null() { return Value(); }
  static Value Bool(bool b) { return Integral(b ? 1 : 0, Kind::kBool); }
  static Value Int(int64_t v) { return Integral(v, Kind::kInt); }
  static Value OfTime(Time v) { return Integral(v, Kind::kTime); }
  static Value OfDuration(Duration v) { return Integral(v, Kind::kDuration); }
  static Value Integral(int64_t v, Kind kind) {
    Value r;
    r.i = v;
    r.kind = kind;
    return r;
  }
  static Value Float(double v) {
    Value r;
    r.f = v;
    r.kind = Kind::kFloat;
    return r;
  }
  static Value String(absl::string_view text) {
    Value r;
    r.s = text.data();
    r.size = static_cast<uint32_t>(text.size());
    r.kind = Kind::kString;
    return r;
  }
  static Value Ip(const char* bytes16) {
    Value r;
    r.s = bytes16;
    r.size = 16;
    r.kind = Kind::kIp;
    return r;
  }
  static Value List(absl::Span<const Value> elements) {
    Value r;
    r.list = elements.data();
    r.size = static_cast<uint32_t>(elements.size());
    r.kind = Kind::kList;
    return r;
  }

  bool is_null() const { return kind == Kind::kNull; }
  bool is_true() const { return kind == Kind::kBool && i != 0; }
  absl::string_view text() const { return absl::string_view(s, size); }  // kString, kIp
  absl::Span<const Value> elements() const { return absl::Span<const Value>(list, size); }
};
static_assert(sizeof(Value) == 16);

// Same kind and same content; null equals null; floats by value, NaN equals NaN, 0.0 equals -0.0.
// For keys, tests and count_distinct; the language's `==` is in scalar_ops.h.
bool SameValue(const Value& a, const Value& b);
uint64_t HashValue(const Value& v);

// A value that owns its content.
struct Constant {
  Kind kind = Kind::kNull;
  std::variant<std::monostate, int64_t, double, std::string, std::vector<Constant>> data;

  static Constant Null() { return {}; }
  static Constant Bool(bool b) { return {Kind::kBool, int64_t{b ? 1 : 0}}; }
  static Constant Int(int64_t v) { return {Kind::kInt, v}; }
  static Constant Float(double v) { return {Kind::kFloat, v}; }
  static Constant String(std::string v) { return {Kind::kString, std::move(v)}; }
  static Constant Integral(int64_t v, Kind kind) { return {kind, v}; }
  static Constant Ip(std::string bytes16) { return {Kind::kIp, std::move(bytes16)}; }
  static Constant List(std::vector<Constant> v) { return {Kind::kList, std::move(v)}; }
  // A deep copy of a borrowed value.
  static Constant Copy(const Value& v);
  bool is_null() const { return kind == Kind::kNull; }
  friend bool operator==(const Constant&, const Constant&) = default;
};

// Borrows the content of `constant`, which must outlive the result; elements of lists are laid out
// in `arena`, which must outlive it too.
Value ViewOf(const Constant& constant, Arena* arena);

// The same value with its text, address or elements copied into `arena`.
Value CopyValue(const Value& v, Arena* arena);

// Canonical text of an ip value (`10.0.0.9`, `2001:db8::1`), and back; false when it is none.
std::string FormatIp(absl::string_view bytes16);
bool ParseIp(absl::string_view text, char bytes16[16]);

// The shortest text that reads back as the same double and never without `.` or exponent (`2.0`).
void AppendFloat(double v, std::string* out);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_VALUE_H_
