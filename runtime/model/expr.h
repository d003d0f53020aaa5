// Expr: a checked, typed expression, with ids in place of names.
//
// Made by compiler/check, split and moved about by compiler/lower, kept in the Plan, and turned
// into kernels and programs by runtime/expr. Constants, params and `fn` calls are already folded
// in. Every operation on null is null unless its comment says otherwise; a condition holds only
// when it is true. Thread-safety: constant data. Tested by tests/runtime/expr.
#ifndef SPATE_RUNTIME_MODEL_EXPR_H_
#define SPATE_RUNTIME_MODEL_EXPR_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "runtime/base/ids.h"
#include "runtime/model/functions.h"
#include "runtime/model/types.h"
#include "runtime/model/value.h"

namespace spate {

// A place in a rule file, for warnings at run time: file index, bytes half open.
struct Origin {
  uint32_t file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  friend constexpr bool operator==(const Origin&, const Origin&) = default;
};

enum class Op : uint8_t {
  kConst,      // constant
  kField,      // attribute `field` of the current event
  kTime,       // time of the current event
  kBound,      // attribute of a bound event: var, nav, offset, fields; null when there is none
  kBoundTime,  // time of a bound event
  kKey,        // the rule's key number `index`
  kAggregate,  // the rule's aggregate number `index`
  kWindowStart,
  kWindowEnd,  // of a `from` rule's window
  kLocal,      // parameter number `index` of the enclosing lambdas (0 is the outermost)
  kPrev,       // args[0] evaluated over the event `offset` before in the partition's input

  kAnd,
  kOr,  // SQL's three values; n >= 2 arguments, left to right
  kNot,
  kIsNull,
  kIsTrue,
  kIsFalse,   // never null
  kIf,        // condition, then, else; a null condition is else
  kCoalesce,  // the first argument that is not null

  // Both sides have the same kind (int beside float: check inserts kToFloat). `fold`: ignore case.
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kIn,       // args[0] in list args[1]; SQL's null rules; `fold`
  kLike,     // args[0] like args[1] (text or list of text: one of them); `fold`
  kMatches,  // args[0] matches args[1] (RE2, anywhere; text or list); `fold`

  // Arithmetic by the kinds of the arguments: int, float, duration, time with duration, time - time
  // (a duration), duration * and / number, duration / duration (a float); kAdd also joins text and
  // lists. Overflow is null and counted; a division by zero is null and counted.
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kNegate,
  kToFloat,  // int to float

  kList,   // a list of the arguments
  kIndex,  // args[0][args[1]], negative from the end, null out of range
  kAny,
  kAll,
  kCountIf,  // args[0]: list; args[1]: condition over kLocal `index`
  kCall,     // library function `function` with args, or `registered` when that is set

  // The table number `index` of the plan, in the row whose key columns are the args; null when an
  // arg is null.
  kTableValue,  // column number `offset`; null when there is no such row
  kInTable,     // whether there is such a row
};

// Which event of a variable: number `offset` from the first, or from the last.
enum class Nav : uint8_t { kFirst, kLast };

struct TypeField {
  TypeId type;
  FieldId field;
};

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

struct Expr {
  Op op = Op::kConst;
  Type type;
  Origin origin;
  std::vector<ExprPtr> args;
  Constant constant;              // kConst
  FieldId field;                  // kField
  VarId var;                      // kBound, kBoundTime
  Nav nav = Nav::kLast;           // kBound, kBoundTime
  uint32_t offset = 0;            // kBound, kBoundTime, kPrev
  std::vector<TypeField> fields;  // kBound: the field in each event type the variable may have
  uint32_t index = 0;             // kKey, kAggregate, kLocal, kAny / kAll / kCountIf
  bool fold = false;              // kEq, kNe, kIn, kLike, kMatches
  FunctionId function{};          // kCall
  std::shared_ptr<const RegisteredFunction> registered;  // kCall of a function of the embedder

  ~Expr();  // deep trees too; the struct stays an aggregate
};

// Whether `holds` for some node of the tree. Asks them in the order of the text, without recursion.
bool AnyNode(const Expr& root, absl::FunctionRef<bool(const Expr&)> holds);
// Calls `visit` for each node, in this order.
void EachNode(const Expr& root, absl::FunctionRef<void(const Expr&)> visit);

// Appends the conjuncts of `condition` (`a and b and c`) but for those that are `true`; a null
// condition has none.
void AppendConjuncts(const ExprPtr& condition, std::vector<ExprPtr>* out);

// `a and b and c`; null when there are none.
ExprPtr Conjunction(std::vector<ExprPtr> conjuncts);

// Structural equality and hash (origins do not count): equal conditions are evaluated once.
bool SameExpr(const Expr& a, const Expr& b);
uint64_t HashExpr(const Expr& e);

enum class AggregateKind : uint8_t {
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kFirst,
  kLast,
  kCollect,
  kStddev,
  kVariance,
  kMedian,
  kPercentile,
  kCountDistinct,
  kTop,
  kMatchCount,  // `match_count()` of `emit summary`: how many matches there are
};

// An aggregate over the events of a variable (pattern rules) or of the window (`from` rules).
struct Aggregate {
  AggregateKind kind = AggregateKind::kCount;
  Type type;      // of the result
  VarId var;      // invalid: all bound events (`count()`)
  struct Input {  // one for each event type that the variable may have
    TypeId type;
    ExprPtr value;  // over the event as current event; null for `count(v)` and `count()`
    ExprPtr where;  // over the event as current event; null: all
  };
  std::vector<Input> inputs;  // empty for `count()` over all
  double parameter = 0;       // percentile's p, top's k
  Origin origin;
};

bool SameAggregate(const Aggregate& a, const Aggregate& b);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_EXPR_H_
