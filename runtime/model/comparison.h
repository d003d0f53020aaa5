// Comparison operators on native values, for everything that evaluates or reasons about them.
//
// Thread-safety: pure functions. Tested by tests/runtime/model/operator_cases.cc.
#ifndef SPATE_RUNTIME_MODEL_COMPARISON_H_
#define SPATE_RUNTIME_MODEL_COMPARISON_H_

#include "runtime/model/expr.h"

namespace spate {

constexpr bool IsComparison(Op op) { return op >= Op::kEq && op <= Op::kGe; }

// The operator with its sides exchanged: `a op b` is `b Mirrored(op) a`.
constexpr Op Mirrored(Op op) {
  switch (op) {
    case Op::kLt:
      return Op::kGt;
    case Op::kLe:
      return Op::kGe;
    case Op::kGt:
      return Op::kLt;
    case Op::kGe:
      return Op::kLe;
    default:
      return op;
  }
}

// Whether `a op b`, by the operators of T.
template <typename T>
bool ComparesAs(Op op, const T& a, const T& b) {
  switch (op) {
    case Op::kEq:
      return a == b;
    case Op::kNe:
      return a != b;
    case Op::kLt:
      return a < b;
    case Op::kLe:
      return a <= b;
    case Op::kGt:
      return a > b;
    default:
      return a >= b;
  }
}

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_COMPARISON_H_
