// PredicateKernel: a condition on one event, evaluated for all rows of a batch into a bit mask.
//
// Comparisons of columns, text tests with constants, `is null` and the like are column kernels;
// `and`, `or`, `not` combine their masks with SQL's three values; whatever else stands in a
// condition runs row by row as a Program, only for rows that it can still decide, in order from
// left to right, so that a guarded division counts no fault. The slow twin is Program.
// Thread-safety: constant after Compile; one KernelScratch per thread.
// Tested by tests/runtime/expr/predicate_test.cc.
#ifndef SPATE_RUNTIME_EXPR_PREDICATE_H_
#define SPATE_RUNTIME_EXPR_PREDICATE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/expr/eval_issues.h"
#include "runtime/expr/matchers.h"
#include "runtime/expr/program.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/expr.h"
#include "runtime/model/schema.h"

namespace spate {

// Memory that evaluations reuse.
struct KernelScratch {
  EvalIssues* issues = nullptr;  // counts faults; may be null
  std::vector<uint64_t> words;
  Arena arena;
};

class PredicateKernel {
 public:
  // `condition` reads the event's fields, its time and constants; `type` is the event's.
  // InvalidArgument for a pattern that is no regex.
  static absl::StatusOr<PredicateKernel> Compile(const Expr& condition, const EventType& type);

  // Bit r of `mask` says whether the condition holds for row r; (rows + 63) / 64 words are
  // overwritten, bits past the last row with 0. `batch` is of the type compiled for.
  void Evaluate(const EventBatch& batch, uint64_t* mask, KernelScratch* scratch) const;
  // The same when the condition can only hold for the rows whose bits are set in `mask`.
  void Narrow(const EventBatch& batch, uint64_t* mask, KernelScratch* scratch) const;

 private:
  friend class PredicateCompiler;
  friend class PredicateRun;

  enum class NodeKind : uint8_t {
    kConstant,  // `value`: 0, 1, or -1 for null
    kAnd,
    kOr,  // of children
    kNot,
    kIsTrue,
    kIsFalse,      // of one child
    kBool,         // the column itself
    kIsNull,       // of the column
    kIntConst,     // column `op` int_constant
    kIntColumn,    // column `op` column
    kFloatConst,   // column `op` float_constant, the column as floats
    kFloatColumn,  // column `op` column, both as floats
    kTextEqual,    // column == text
    kTextFold,     // the same, ignoring case
    kTextColumn,   // column == column
    kStartsWith,
    kEndsWith,
    kContains,  // column and text
    kInSet,
    kLikeSet,
    kRegexSet,
    kCidrSet,  // column and matcher number `index`
    kProgram,  // program number `index`
  };
  // A column, or the event's time.
  struct Operand {
    uint32_t field = 0;
    bool is_time = false;
    Kind kind = Kind::kNull;
  };
  struct Node {
    NodeKind kind = NodeKind::kConstant;
    Op op = Op::kEq;
    bool negate = false;  // of text equality: `!=`
    int value = 0;
    Operand a;
    Operand b;
    int64_t int_constant = 0;
    double float_constant = 0;
    std::string text;
    uint32_t index = 0;
    std::vector<uint32_t> children;  // indices into nodes_
  };

  std::vector<Node> nodes_;  // children before parents; the last is the root
  size_t depth_ = 0;         // of the tree of nodes
  std::vector<InSet> in_sets_;
  std::vector<LikeSet> like_sets_;
  std::vector<RegexSet> regex_sets_;
  std::vector<CidrSet> cidr_sets_;
  std::vector<Program> programs_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_PREDICATE_H_
