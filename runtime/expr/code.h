// ExprCode: the flat form of an expression, made by CompileCode and run by ExprProgram.
//
// Each instruction writes one register; an expression at depth d of the tree is computed into
// register d, its arguments into d, d + 1, ..; so a left-deep chain of any length needs two.
// `and`, `or`, `if`, `??` jump over what need not be known. Both the tree and the code are walked
// without recursion. Thread-safety: constant after CompileCode.
// Tested by tests/runtime/expr/program_test.cc.
#ifndef SPATE_RUNTIME_EXPR_CODE_H_
#define SPATE_RUNTIME_EXPR_CODE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/arena.h"
#include "runtime/base/ids.h"
#include "runtime/expr/matchers.h"
#include "runtime/model/expr.h"
#include "runtime/model/value.h"

namespace spate {

// An attribute (or the time) of a bound event: event number `offset` of `var` from the first or
// from the last. `fields` gives the field in each type that the event may have.
struct BoundRef {
  VarId var;
  Nav nav = Nav::kLast;
  uint32_t offset = 0;
  std::vector<TypeField> fields;
  bool is_time = false;
};

// What `prev` reads of the event `offset` before in the partition's input: an attribute by the
// types that the event may have, or its time; null where its type has none.
struct PrevRef {
  uint32_t offset = 1;
  std::vector<TypeField> fields;
  bool is_time = false;
  ExprPtr value;  // the expression itself, over that event as the current one
};

// Where a comparison or arithmetic reads an operand: its two highest bits. Loads that would only
// bring a value into a register are left out.
enum class OperandSource : uint32_t { kRegister, kConstant, kBound, kField };
inline constexpr uint32_t kOperandShift = 30;
inline constexpr uint32_t kOperandIndex = (uint32_t{1} << kOperandShift) - 1;

constexpr uint32_t MakeOperand(OperandSource source, uint32_t index) {
  return static_cast<uint32_t>(source) << kOperandShift | index;
}

// What an instruction does. r is its register `dst`; a is register `a`; b is what the comment says.
enum class Code : uint8_t {
  // r = ..
  kConst,      // constants[b]
  kField,      // field number b of the current event
  kTime,       // its time
  kBound,      // slot b
  kPrev,       // slot b
  kKey,        // key b
  kAggregate,  // aggregate b
  kWindowStart,
  kWindowEnd,  //
  kCopy,       // register a
  kNot,
  kIsNull,
  kIsTrue,
  kIsFalse,
  kNegate,
  kToFloat,  // of r
  kAndWith,
  kOrWith,         // r with register a
  kCompare,        // of the operands a and b, by `op`
  kCompareInts,    // the same, known to be integral or null
  kCompareFloats,  // the same, known to be floats or null
  kCompareFolded,  // the same, ignoring case
  kArithmetic,     // of the operands a and b, by `op`
  kIn,
  kLike,
  kMatches,         // a in register b; `count`: ignore case
  kInSet,           // a in in_sets[b]
  kLikeSet,         // a like like_sets[b]
  kRegexSet,        // a matches regex_sets[b]
  kCidrSet,         // cidr(a, cidr_sets[b])
  kExtract,         // extract(a, extracts[b])
  kList,            // of the b registers from a on
  kIndex,           // element number (register b) of a
  kCall,            // function b of the `count` registers from a on
  kCallRegistered,  // registered[b] of the `count` registers from a on
  kTableValue,      // look_ups[b] with the `count` registers from a on as its key
  kInTable,         // whether the row of look_ups[b] is there
  // Jumps to instruction b
  kJump,
  kJumpIfTrue,
  kJumpIfFalse,
  kJumpIfNotTrue,
  kJumpIfNotNull,  // by r
  // Loops over the list in r with r+1: next position, r+2: result so far, r+3: element.
  kLoopBegin,  // begins; a null list is the result: jump to b
  kLoopNext,   // the next element into r+3; at the end the result into r, jump to b
  kLoopTake,   // takes the condition in r+4 into the result, by `op`; jump to b
};

struct Instruction {
  Code code;
  Op op = Op::kConst;
  uint16_t count = 0;
  uint32_t dst = 0;
  uint32_t a = 0;
  uint32_t b = 0;
};
static_assert(sizeof(Instruction) == 16);

struct ExtractPattern {
  Regex regex;
  int group;
};

struct TableLookUp {
  uint32_t table;   // of the plan
  uint32_t column;  // of kTableValue
};

struct ExprCode {
  std::vector<Instruction> instructions;
  std::vector<Origin> origins;  // one per instruction
  uint32_t registers = 0;       // the result is in register 0
  std::vector<Value> constants;
  Arena constant_arena;  // what `constants` borrow
  std::vector<BoundRef> bound_refs;
  std::vector<PrevRef> prev_refs;
  std::vector<InSet> in_sets;
  std::vector<LikeSet> like_sets;
  std::vector<RegexSet> regex_sets;
  std::vector<CidrSet> cidr_sets;
  std::vector<ExtractPattern> extracts;
  std::vector<TableLookUp> look_ups;
  std::vector<std::shared_ptr<const RegisteredFunction>> registered;
};

absl::StatusOr<ExprCode> CompileCode(const Expr& expr);

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_CODE_H_
