// The meaning of every operator and library function on values.
//
// One definition for constant folding and for programs; the column kernels are compared with it in
// tests. Unless said otherwise an operation on null is null, and arguments have the kinds that the
// checker has seen to. Text and lists of results lie in `arena` or are parts of the arguments.
// Thread-safety: pure functions. Tested by tests/runtime/model/{operator,library}_cases.cc.
#ifndef SPATE_RUNTIME_MODEL_SCALAR_OPS_H_
#define SPATE_RUNTIME_MODEL_SCALAR_OPS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/model/expr.h"
#include "runtime/model/functions.h"
#include "runtime/model/value.h"

namespace spate {

// Why an operation gave null though no argument was null. Counted with the place.
enum class EvalFault : uint8_t {
  kNone,
  kOverflow,
  kDivisionByZero,
  kNotFinite,
  kOutOfRange,
};
absl::string_view EvalFaultText(EvalFault fault);  // "integer overflow"

// kEq to kGe. Both sides have one kind; floats compare as IEEE 754 says, text and addresses by
// bytes, lists (kEq, kNe) element by element. `fold` ignores the case of text.
Value CompareValues(Op op, const Value& a, const Value& b, bool fold = false);

// SQL's three values.
Value AndValues(const Value& a, const Value& b);
Value OrValues(const Value& a, const Value& b);
Value NotValue(const Value& a);

// Null when not found but the list holds a null. Over an empty list false, as in SQL, also for a
// null item.
Value InList(const Value& item, const Value& list, bool fold = false);

// `pattern` is a text or a list of text: one of them, with the null rules of InList. Patterns are
// compiled at each call; programs keep compiled ones. A pattern that is no regex matches nothing.
Value LikeValue(const Value& text, const Value& pattern, bool fold = false);
Value MatchesValue(const Value& text, const Value& pattern, bool fold = false);

// kAdd kSub kMul kDiv kMod. Overflow of int, time and duration and division by zero (int, float,
// duration) give null and set `*fault`, which is not touched otherwise.
Value Arithmetic(Op op, const Value& a, const Value& b, Arena* arena, EvalFault* fault);
Value Negate(const Value& a, EvalFault* fault);
Value ToFloat(const Value& a);

// list[index], negative from the end; null out of range.
Value ElementAt(const Value& list, const Value& index);

// A library function; `args` are as many as one of its calls may have. Null when one is null,
// unless the function is null_aware. Sets `*fault` as Arithmetic does.
Value CallFunction(FunctionId function, absl::Span<const Value> args, Arena* arena,
                   EvalFault* fault);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_SCALAR_OPS_H_
