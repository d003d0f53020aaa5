#include "runtime/model/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace spate {
namespace {

// What overflows an integral value is a count of ns or an int; both have 64 bits.
Value IntegralArithmetic(Op op, int64_t a, int64_t b, Kind kind, EvalFault* fault) {
  int64_t r = 0;
  bool overflow = false;
  switch (op) {
    case Op::kAdd:
      overflow = __builtin_add_overflow(a, b, &r);
      break;
    case Op::kSub:
      overflow = __builtin_sub_overflow(a, b, &r);
      break;
    case Op::kMul:
      overflow = __builtin_mul_overflow(a, b, &r);
      break;
    default:  // kMod; the smallest int % -1 is 0, but traps as a machine instruction
      if (b == 0) return Fault(EvalFault::kDivisionByZero, fault);
      r = b == -1 ? 0 : a % b;
      break;
  }
  if (overflow) return Fault(EvalFault::kOverflow, fault);
  return Value::Integral(r, kind);
}

Value DivideFloats(double a, double b, EvalFault* fault) {
  if (b == 0.0) return Fault(EvalFault::kDivisionByZero, fault);
  return Value::Float(a / b);
}

Value FloatArithmetic(Op op, double a, double b, EvalFault* fault) {
  switch (op) {
    case Op::kAdd:
      return Value::Float(a + b);
    case Op::kSub:
      return Value::Float(a - b);
    case Op::kMul:
      return Value::Float(a * b);
    case Op::kDiv:
      return DivideFloats(a, b, fault);
    default:
      if (b == 0.0) return Fault(EvalFault::kDivisionByZero, fault);
      return Value::Float(std::fmod(a, b));
  }
}

long double AsLongDouble(const Value& v) {
  return v.kind == Kind::kFloat ? static_cast<long double>(v.f) : static_cast<long double>(v.i);
}

// A duration times or divided by a number, to the nearest ns.
Value ScaleDuration(Op op, const Value& a, const Value& b, EvalFault* fault) {
  if (op == Op::kMul) {
    if (a.kind != Kind::kFloat && b.kind != Kind::kFloat) {
      return IntegralArithmetic(op, a.i, b.i, Kind::kDuration, fault);
    }
    return RoundTo(AsLongDouble(a) * AsLongDouble(b), Kind::kDuration, fault);
  }
  const long double divisor = AsLongDouble(b);
  if (divisor == 0) return Fault(EvalFault::kDivisionByZero, fault);
  return RoundTo(AsLongDouble(a) / divisor, Kind::kDuration, fault);
}

Value JoinText(const Value& a, const Value& b, Arena* arena) {
  char* text = arena->Allocate(size_t{a.size} + b.size);
  if (a.size > 0) std::memcpy(text, a.s, a.size);
  if (b.size > 0) std::memcpy(text + a.size, b.s, b.size);
  return Value::String(absl::string_view(text, size_t{a.size} + b.size));
}

Value JoinLists(const Value& a, const Value& b, Arena* arena) {
  Value* elements = arena->AllocateArray<Value>(size_t{a.size} + b.size);
  std::copy_n(a.list, a.size, elements);
  std::copy_n(b.list, b.size, elements + a.size);
  return Value::List(absl::Span<const Value>(elements, size_t{a.size} + b.size));
}

bool IsDuration(const Value& v) { return v.kind == Kind::kDuration; }

// The kind of a sum, difference or remainder of integral values: of time and duration mixed, a
// time; of two times (kSub), a duration.
Kind IntegralResult(Op op, Kind a, Kind b) {
  if (a == Kind::kTime && b == Kind::kTime && op == Op::kSub) return Kind::kDuration;
  return b == Kind::kTime ? b : a;
}

}  // namespace

Value Arithmetic(Op op, const Value& a, const Value& b, Arena* arena, EvalFault* fault) {
  if (a.is_null() || b.is_null()) return Value::Null();
  if (a.kind == Kind::kFloat && b.kind == Kind::kFloat) {
    return FloatArithmetic(op, a.f, b.f, fault);
  }
  if (a.kind == Kind::kString) return JoinText(a, b, arena);
  if (a.kind == Kind::kList) return JoinLists(a, b, arena);
  if (op == Op::kDiv) {
    if (IsDuration(a) && !IsDuration(b)) return ScaleDuration(op, a, b, fault);
    return DivideFloats(static_cast<double>(a.i), static_cast<double>(b.i), fault);
  }
  if (op == Op::kMul && (IsDuration(a) || IsDuration(b))) return ScaleDuration(op, a, b, fault);
  return IntegralArithmetic(op, a.i, b.i, IntegralResult(op, a.kind, b.kind), fault);
}

Value Negate(const Value& a, EvalFault* fault) {
  if (a.is_null()) return a;
  if (a.kind == Kind::kFloat) return Value::Float(-a.f);
  return IntegralArithmetic(Op::kSub, 0, a.i, a.kind, fault);
}

Value RoundTo(long double v, Kind kind, EvalFault* fault) {
  constexpr long double kBound = 9223372036854775808.0L;  // 2^63
  const long double rounded = std::round(v);
  if (!(rounded >= -kBound && rounded < kBound)) return Fault(EvalFault::kOutOfRange, fault);
  return Value::Integral(static_cast<int64_t>(rounded), kind);
}

Value Finite(double v, EvalFault* fault) {
  if (!std::isfinite(v)) return Fault(EvalFault::kNotFinite, fault);
  return Value::Float(v);
}

Value FloorDivide(int64_t a, int64_t b, Kind kind, EvalFault* fault) {
  if (b == 0) return Fault(EvalFault::kDivisionByZero, fault);
  if (b == -1) return IntegralArithmetic(Op::kSub, 0, a, kind, fault);
  const int64_t quotient = a / b;
  return Value::Integral(quotient - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0), kind);
}

Value FloorModulo(int64_t a, int64_t b, Kind kind, EvalFault* fault) {
  const Value rest = IntegralArithmetic(Op::kMod, a, b, kind, fault);
  if (rest.is_null() || rest.i == 0 || (rest.i < 0) == (b < 0)) return rest;
  return Value::Integral(rest.i + b, kind);
}

}  // namespace spate
