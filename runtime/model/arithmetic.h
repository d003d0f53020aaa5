// Arithmetic on plain numbers, with its faults: shared by operators and library.
//
// Each function gives null and sets `*fault` where there is no result. Tested by
// tests/runtime/model/{operator,library}_cases.cc.
#ifndef SPATE_RUNTIME_MODEL_ARITHMETIC_H_
#define SPATE_RUNTIME_MODEL_ARITHMETIC_H_

#include <cstdint>

#include "runtime/model/scalar_ops.h"
#include "runtime/model/value.h"

namespace spate {

inline Value Fault(EvalFault what, EvalFault* fault) {
  *fault = what;
  return Value::Null();
}

// `v` as an integral value of `kind`, rounded half away from zero; kOutOfRange when it does not
// fit.
Value RoundTo(long double v, Kind kind, EvalFault* fault);

// A float result that must be a number: kNotFinite when it is not.
Value Finite(double v, EvalFault* fault);

// floor(a / b) and a - b * floor(a / b).
Value FloorDivide(int64_t a, int64_t b, Kind kind, EvalFault* fault);
Value FloorModulo(int64_t a, int64_t b, Kind kind, EvalFault* fault);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_ARITHMETIC_H_
