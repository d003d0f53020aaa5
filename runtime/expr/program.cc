#include "runtime/expr/program.h"

#include <algorithm>
#include <optional>

#include "runtime/base/check.h"
#include "runtime/model/comparison.h"
#include "runtime/model/scalar_ops.h"

namespace spate {
namespace {

constexpr uint32_t kInlineRegisters = 32;

// SQL's IN from a matcher: `found` among what is not null.
template <typename Set, typename Found>
Value Membership(const Set& set, const Value& item, Found found) {
  if (set.empty()) return Value::Bool(false);
  if (item.is_null()) return Value::Null();
  if (found()) return Value::Bool(true);
  return set.has_null() ? Value::Null() : Value::Bool(false);
}

Value ExtractWith(const ExtractPattern& pattern, const Value& text) {
  if (text.is_null()) return Value::Null();
  const std::optional<absl::string_view> found = pattern.regex.Extract(text.text(), pattern.group);
  return found.has_value() ? Value::String(*found) : Value::Null();
}

Value CidrWith(const CidrSet& set, const Value& address) {
  if (address.is_null()) return Value::Null();
  if (set.Contains(address.text())) return Value::Bool(true);
  return set.has_null() ? Value::Null() : Value::Bool(false);
}

const Value* FindRow(const EvalContext& context, const TableLookUp& look_up,
                     absl::Span<const Value> key) {
  SPATE_CHECK(context.issues != nullptr);  // who evaluates rules with tables brings them
  return context.issues->tables()[look_up.table]->Find(key);
}

Value TableValue(const EvalContext& context, const TableLookUp& look_up,
                 absl::Span<const Value> key) {
  const Value* row = FindRow(context, look_up, key);
  return row == nullptr ? Value::Null() : row[look_up.column];
}

Value InTable(const EvalContext& context, const TableLookUp& look_up, absl::Span<const Value> key) {
  for (const Value& part : key) {
    if (part.is_null()) return Value::Null();
  }
  return Value::Bool(FindRow(context, look_up, key) != nullptr);
}

Value MakeList(absl::Span<const Value> elements, Arena* scratch) {
  Value* copy = scratch->AllocateArray<Value>(elements.size());
  std::copy(elements.begin(), elements.end(), copy);
  return Value::List(absl::Span<const Value>(copy, elements.size()));
}

// Takes one condition into the result of any, all or count_if; says whether it is decided.
bool TakeIntoLoop(Op op, const Value& condition, Value* result) {
  if (op == Op::kAny) {
    *result = OrValues(*result, condition);
    return result->is_true();
  }
  if (op == Op::kAll) {
    *result = AndValues(*result, condition);
    return !result->is_null() && !result->is_true();
  }
  result->i += condition.is_true() ? 1 : 0;
  return false;
}

}  // namespace

absl::StatusOr<ExprProgram> ExprProgram::Compile(const Expr& expr) {
  absl::StatusOr<ExprCode> code = CompileCode(expr);
  if (!code.ok()) return code.status();
  return ExprProgram(*std::move(code));
}

Value ExprProgram::Eval(const EvalContext& context) const {
  if (code_.registers > kInlineRegisters) {
    return Run(context, context.scratch->AllocateArray<Value>(code_.registers));
  }
  // Not constructed: every register is written before it is read.
  alignas(Value) char registers[kInlineRegisters * sizeof(Value)];
  return Run(context, reinterpret_cast<Value*>(registers));
}

inline Value ExprProgram::Fetch(const EvalContext& context, const Value* registers,
                                uint32_t operand) const {
  const uint32_t index = operand & kOperandIndex;
  switch (static_cast<OperandSource>(operand >> kOperandShift)) {
    case OperandSource::kConstant:
      return code_.constants[index];
    case OperandSource::kBound:
      return context.bound[index];
    case OperandSource::kField:
      return context.batch != nullptr ? context.batch->columns[index].Get(context.row)
                                      : context.fields[index];
    default:
      return registers[index];
  }
}

Value ExprProgram::Run(const EvalContext& context, Value* registers) const {
  const Instruction* const begin = code_.instructions.data();
  const Instruction* const end = begin + code_.instructions.size();
  EvalFault fault = EvalFault::kNone;
  for (const Instruction* i = begin; i != end; ++i) {
    Value& r = registers[i->dst];
    switch (i->code) {
      case Code::kConst:
        r = code_.constants[i->b];
        break;
      case Code::kField:
        r = context.batch != nullptr ? context.batch->columns[i->b].Get(context.row)
                                     : context.fields[i->b];
        break;
      case Code::kTime:
        r = Value::OfTime(context.time);
        break;
      case Code::kBound:
        r = context.bound[i->b];
        break;
      case Code::kPrev:
        r = context.prev[i->b];
        break;
      case Code::kKey:
        r = context.keys[i->b];
        break;
      case Code::kAggregate:
        r = context.aggregates[i->b];
        break;
      case Code::kWindowStart:
        r = Value::OfTime(context.window_start);
        break;
      case Code::kWindowEnd:
        r = Value::OfTime(context.window_end);
        break;
      case Code::kCopy:
        r = registers[i->a];
        break;
      case Code::kNot:
        r = NotValue(r);
        break;
      case Code::kIsNull:
        r = Value::Bool(r.is_null());
        break;
      case Code::kIsTrue:
        r = Value::Bool(r.is_true());
        break;
      case Code::kIsFalse:
        r = Value::Bool(!r.is_null() && !r.is_true());
        break;
      case Code::kNegate:
        r = Negate(r, &fault);
        break;
      case Code::kToFloat:
        r = ToFloat(r);
        break;
      case Code::kAndWith:
        r = AndValues(r, registers[i->a]);
        break;
      case Code::kOrWith:
        r = OrValues(r, registers[i->a]);
        break;
      case Code::kCompareInts: {
        const Value a = Fetch(context, registers, i->a);
        const Value b = Fetch(context, registers, i->b);
        r = a.is_null() || b.is_null() ? Value::Null() : Value::Bool(ComparesAs(i->op, a.i, b.i));
        break;
      }
      case Code::kCompareFloats: {
        const Value a = Fetch(context, registers, i->a);
        const Value b = Fetch(context, registers, i->b);
        r = a.is_null() || b.is_null() ? Value::Null() : Value::Bool(ComparesAs(i->op, a.f, b.f));
        break;
      }
      case Code::kCompare:
        r = CompareValues(i->op, Fetch(context, registers, i->a), Fetch(context, registers, i->b));
        break;
      case Code::kCompareFolded:
        r = CompareValues(i->op, Fetch(context, registers, i->a), Fetch(context, registers, i->b),
                          true);
        break;
      case Code::kArithmetic:
        r = Arithmetic(i->op, Fetch(context, registers, i->a), Fetch(context, registers, i->b),
                       context.scratch, &fault);
        break;
      case Code::kIn:
        r = InList(registers[i->a], registers[i->b], i->count != 0);
        break;
      case Code::kLike:
        r = LikeValue(registers[i->a], registers[i->b], i->count != 0);
        break;
      case Code::kMatches:
        r = MatchesValue(registers[i->a], registers[i->b], i->count != 0);
        break;
      case Code::kInSet: {
        const InSet& set = code_.in_sets[i->b];
        r = Membership(set, r, [&] { return set.Contains(r); });
        break;
      }
      case Code::kLikeSet: {
        const LikeSet& set = code_.like_sets[i->b];
        r = Membership(set, r, [&] { return set.Matches(r.text()); });
        break;
      }
      case Code::kRegexSet: {
        const RegexSet& set = code_.regex_sets[i->b];
        r = Membership(set, r, [&] { return set.Matches(r.text()); });
        break;
      }
      case Code::kCidrSet:
        r = CidrWith(code_.cidr_sets[i->b], r);
        break;
      case Code::kExtract:
        r = ExtractWith(code_.extracts[i->b], r);
        break;
      case Code::kList:
        r = MakeList(absl::Span<const Value>(registers + i->a, i->b), context.scratch);
        break;
      case Code::kIndex:
        r = ElementAt(registers[i->a], registers[i->b]);
        break;
      case Code::kCall:
        r = CallFunction(static_cast<FunctionId>(i->b),
                         absl::Span<const Value>(registers + i->a, i->count), context.scratch,
                         &fault);
        break;
      case Code::kCallRegistered:
        r = CallRegistered(*code_.registered[i->b],
                           absl::Span<const Value>(registers + i->a, i->count), context.scratch);
        break;
      case Code::kTableValue:
        r = TableValue(context, code_.look_ups[i->b],
                       absl::Span<const Value>(registers + i->a, i->count));
        break;
      case Code::kInTable:
        r = InTable(context, code_.look_ups[i->b],
                    absl::Span<const Value>(registers + i->a, i->count));
        break;
      case Code::kJump:
        i = begin + i->b - 1;
        break;
      case Code::kJumpIfTrue:
        if (r.is_true()) i = begin + i->b - 1;
        break;
      case Code::kJumpIfFalse:
        if (!r.is_null() && !r.is_true()) i = begin + i->b - 1;
        break;
      case Code::kJumpIfNotTrue:
        if (!r.is_true()) i = begin + i->b - 1;
        break;
      case Code::kJumpIfNotNull:
        if (!r.is_null()) i = begin + i->b - 1;
        break;
      case Code::kLoopBegin:
        if (r.is_null()) {
          i = begin + i->b - 1;
          break;
        }
        (&r)[1] = Value::Int(0);
        (&r)[2] = i->op == Op::kCountIf ? Value::Int(0) : Value::Bool(i->op == Op::kAll);
        break;
      case Code::kLoopNext:
        if ((&r)[1].i == r.size) {
          r = (&r)[2];
          i = begin + i->b - 1;
          break;
        }
        (&r)[3] = r.list[(&r)[1].i++];
        break;
      case Code::kLoopTake:
        if (TakeIntoLoop(i->op, (&r)[4], &(&r)[2])) (&r)[1].i = r.size;
        i = begin + i->b - 1;
        break;
    }
    if (fault != EvalFault::kNone) {
      if (context.issues != nullptr) {
        context.issues->Add(code_.origins[static_cast<size_t>(i - begin)], fault);
      }
      fault = EvalFault::kNone;
    }
  }
  return registers[0];
}

}  // namespace spate
