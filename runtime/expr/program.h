// Program: an expression as flat code over registers, for evaluation row by row.
//
// What a condition reads of bound events, of events before and of the current one is listed as
// slots, so that the caller fetches each once; the code itself follows no pointers into the
// expression, makes no virtual call and allocates nothing but text and lists in `scratch`.
// Constant right sides of `in`, `like`, `matches`, `cidr` and `extract` are compiled with it.
// Thread-safety: constant after Compile; one EvalContext and scratch per thread.
// Tested by tests/runtime/expr/program_test.cc.
#ifndef SPATE_RUNTIME_EXPR_PROGRAM_H_
#define SPATE_RUNTIME_EXPR_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/base/ids.h"
#include "runtime/expr/code.h"
#include "runtime/expr/eval_issues.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/expr.h"
#include "runtime/model/value.h"
#include "windows/time.h"

namespace spate {

// What an evaluation may read. Members that the program does not use need not be set.
struct EvalContext {
  const EventBatch* batch = nullptr;  // the current event is row `row` of `batch`, or, when that is
  size_t row = 0;                     // null,
  const Value* fields = nullptr;      // one value per field of its type
  Time time = 0;                      // of the current event
  const Value* bound = nullptr;       // one per bound_refs()
  const Value* prev = nullptr;        // one per prev_refs()
  const Value* keys = nullptr;
  const Value* aggregates = nullptr;
  Time window_start = 0;
  Time window_end = 0;
  Arena* scratch = nullptr;      // text and lists of results live here
  EvalIssues* issues = nullptr;  // null: faults are not counted
};

class ExprProgram {
 public:
  // InvalidArgument for a pattern that is no regex (the checker has reported it before).
  static absl::StatusOr<ExprProgram> Compile(const Expr& expr);

  // Distinct references, in the order of their slots.
  absl::Span<const BoundRef> bound_refs() const { return code_.bound_refs; }
  absl::Span<const PrevRef> prev_refs() const { return code_.prev_refs; }

  // The value. Text and lists are borrowed from the context, its scratch, or the program.
  Value Eval(const EvalContext& context) const;
  bool Holds(const EvalContext& context) const { return Eval(context).is_true(); }

 private:
  explicit ExprProgram(ExprCode code) : code_(std::move(code)) {}
  Value Run(const EvalContext& context, Value* registers) const;
  Value Fetch(const EvalContext& context, const Value* registers, uint32_t operand) const;

  ExprCode code_;
};

using Program = ExprProgram;

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_PROGRAM_H_
