#include "runtime/expr/code.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "runtime/base/check.h"
#include "runtime/model/fold.h"
#include "runtime/model/functions.h"

namespace spate {
namespace {

bool SameFields(const std::vector<TypeField>& a, const std::vector<TypeField>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](TypeField x, TypeField y) {
    return x.type == y.type && x.field == y.field;
  });
}

// An expression that is being compiled: its arguments are visited one by one.
struct Frame {
  Frame(const Expr& e, uint32_t register_index) : expr(&e), dst(register_index) {}

  const Expr* expr;
  uint32_t dst;
  size_t next = 0;               // how many arguments have been compiled
  size_t args = 0;               // how many of them will be (constant ones may be left out)
  Instruction last;              // what a plain operator ends with
  std::vector<uint32_t> to_end;  // jumps whose target is the end of this expression
  uint32_t loop = 0;             // where the loop's kLoopNext stands
};

class Compiler {
 public:
  absl::StatusOr<ExprCode> Compile(const Expr& root) {
    absl::Status status = Push(root, 0);
    while (status.ok() && !stack_.empty()) status = Step();
    if (!status.ok()) return status;
    return std::move(code_);
  }

 private:
  uint32_t here() const { return static_cast<uint32_t>(code_.instructions.size()); }

  uint32_t Emit(Instruction instruction, const Expr& e) {
    code_.instructions.push_back(instruction);
    code_.origins.push_back(e.origin);
    return here() - 1;
  }

  // Begins an expression: leaves are done at once, others get a frame.
  absl::Status Push(const Expr& e, uint32_t dst) {
    code_.registers = std::max(code_.registers, dst + 1);
    Frame frame(e, dst);
    frame.args = e.args.size();
    frame.last = {Code::kConst, e.op, 0, dst, dst, dst + 1};
    if (EmitLeaf(e, dst)) return absl::OkStatus();
    if (absl::Status status = Prepare(&frame); !status.ok()) return status;
    stack_.push_back(std::move(frame));
    return absl::OkStatus();
  }

  bool EmitLeaf(const Expr& e, uint32_t dst) {
    Instruction i{Code::kConst, e.op, 0, dst};
    switch (e.op) {
      case Op::kConst:
        i.b = AddConstant(e.constant);
        break;
      case Op::kField:
        i.code = Code::kField, i.b = e.field.value;
        break;
      case Op::kTime:
        i.code = Code::kTime;
        break;
      case Op::kBound:
      case Op::kBoundTime:
        i.code = Code::kBound, i.b = BoundSlot(e);
        break;
      case Op::kPrev:
        i.code = Code::kPrev, i.b = PrevSlot(e);
        break;
      case Op::kKey:
        i.code = Code::kKey, i.b = e.index;
        break;
      case Op::kAggregate:
        i.code = Code::kAggregate, i.b = e.index;
        break;
      case Op::kWindowStart:
        i.code = Code::kWindowStart;
        break;
      case Op::kWindowEnd:
        i.code = Code::kWindowEnd;
        break;
      case Op::kLocal:
        i.code = Code::kCopy;
        SPATE_CHECK(e.index < locals_.size());
        i.a = locals_[e.index];
        break;
      default:
        return false;
    }
    Emit(i, e);
    return true;
  }

  uint32_t AddConstant(const Constant& c) {
    const Value v = ViewOf(c, &code_.constant_arena);
    code_.constants.push_back(CopyValue(v, &code_.constant_arena));
    return static_cast<uint32_t>(code_.constants.size() - 1);
  }

  uint32_t BoundSlot(const Expr& e) {
    const bool is_time = e.op == Op::kBoundTime;
    for (size_t i = 0; i < code_.bound_refs.size(); ++i) {
      const BoundRef& r = code_.bound_refs[i];
      if (r.var == e.var && r.nav == e.nav && r.offset == e.offset && r.is_time == is_time &&
          SameFields(r.fields, e.fields)) {
        return static_cast<uint32_t>(i);
      }
    }
    code_.bound_refs.push_back({e.var, e.nav, e.offset, e.fields, is_time});
    return static_cast<uint32_t>(code_.bound_refs.size() - 1);
  }

  uint32_t PrevSlot(const Expr& e) {
    const ExprPtr& value = e.args[0];
    for (size_t i = 0; i < code_.prev_refs.size(); ++i) {
      const PrevRef& r = code_.prev_refs[i];
      if (r.offset == e.offset && SameExpr(*r.value, *value)) return static_cast<uint32_t>(i);
    }
    code_.prev_refs.push_back({e.offset, e.fields.empty() ? value->fields : e.fields,
                               value->op == Op::kTime || value->op == Op::kBoundTime, value});
    return static_cast<uint32_t>(code_.prev_refs.size() - 1);
  }

  // Chooses the instruction that ends a plain operator, and compiles its constant right side.
  absl::Status Prepare(Frame* f) {
    const Expr& e = *f->expr;
    Instruction& i = f->last;
    switch (e.op) {
      case Op::kNot:
        i.code = Code::kNot;
        break;
      case Op::kIsNull:
        i.code = Code::kIsNull;
        break;
      case Op::kIsTrue:
        i.code = Code::kIsTrue;
        break;
      case Op::kIsFalse:
        i.code = Code::kIsFalse;
        break;
      case Op::kNegate:
        i.code = Code::kNegate;
        break;
      case Op::kToFloat:
        i.code = Code::kToFloat;
        break;
      case Op::kEq:
      case Op::kNe:
      case Op::kLt:
      case Op::kLe:
      case Op::kGt:
      case Op::kGe:
        i.code = CompareCode(e);
        break;
      case Op::kAdd:
      case Op::kSub:
      case Op::kMul:
      case Op::kDiv:
      case Op::kMod:
        i.code = Code::kArithmetic;
        break;
      case Op::kIndex:
        i.code = Code::kIndex;
        break;
      case Op::kList:
        i.code = Code::kList;
        i.b = static_cast<uint32_t>(e.args.size());
        break;
      case Op::kIn:
      case Op::kLike:
      case Op::kMatches:
        return PrepareMatch(f);
      case Op::kCall:
        return PrepareCall(f);
      case Op::kTableValue:
      case Op::kInTable:
        i.code = e.op == Op::kInTable ? Code::kInTable : Code::kTableValue;
        i.count = static_cast<uint16_t>(e.args.size());
        i.b = Add(&code_.look_ups, TableLookUp{e.index, e.offset});
        break;
      default:
        break;  // and, or, if, ??, loops: no plain operators
    }
    return absl::OkStatus();
  }

  static Code CompareCode(const Expr& e) {
    const Kind a = e.args[0]->type.kind;
    const Kind b = e.args[1]->type.kind;
    if (e.fold) return Code::kCompareFolded;
    if (IsIntegral(a) && IsIntegral(b)) return Code::kCompareInts;
    if (a == Kind::kFloat && b == Kind::kFloat) return Code::kCompareFloats;
    return Code::kCompare;
  }

  absl::Status PrepareMatch(Frame* f) {
    const Expr& e = *f->expr;
    Instruction& i = f->last;
    i.count = e.fold ? 1 : 0;
    const std::optional<Constant> right = ConstantOf(*e.args[1]);
    const bool nested = e.op == Op::kIn && e.args[0]->type.kind >= Kind::kList;  // or a record
    const bool ready =
        right.has_value() && !nested && (e.op != Op::kIn || right->kind == Kind::kList);
    if (!ready) {
      i.code = e.op == Op::kIn ? Code::kIn : e.op == Op::kLike ? Code::kLike : Code::kMatches;
      return absl::OkStatus();
    }
    f->args = 1;
    if (e.op == Op::kIn) {
      i.code = Code::kInSet;
      i.b =
          Add(&code_.in_sets, InSet::Create(std::get<std::vector<Constant>>(right->data), e.fold));
    } else if (e.op == Op::kLike) {
      i.code = Code::kLikeSet;
      i.b = Add(&code_.like_sets, LikeSet::Create(*right, e.fold));
    } else {
      absl::StatusOr<RegexSet> set = RegexSet::Create(*right, e.fold);
      if (!set.ok()) return set.status();
      i.code = Code::kRegexSet;
      i.b = Add(&code_.regex_sets, *std::move(set));
    }
    return absl::OkStatus();
  }

  absl::Status PrepareCall(Frame* f) {
    const Expr& e = *f->expr;
    Instruction& i = f->last;
    if (e.args.size() > std::numeric_limits<uint16_t>::max()) {
      return absl::InvalidArgumentError("a call has too many arguments");
    }
    i.count = static_cast<uint16_t>(e.args.size());
    if (e.registered != nullptr) {
      i.code = Code::kCallRegistered;
      i.b = Add(&code_.registered, e.registered);
      return absl::OkStatus();
    }
    i.code = Code::kCall;
    i.b = static_cast<uint32_t>(e.function);
    const absl::string_view name = GetFunction(e.function).name;
    if (name != "cidr" && name != "extract") return absl::OkStatus();
    std::vector<Constant> rest;
    for (size_t a = 1; a < e.args.size(); ++a) {
      std::optional<Constant> c = ConstantOf(*e.args[a]);
      if (!c.has_value() || c->is_null()) return absl::OkStatus();
      rest.push_back(*std::move(c));
    }
    if (name == "cidr") {
      f->args = 1;
      i.code = Code::kCidrSet;
      i.b = Add(&code_.cidr_sets, CidrSet::Create(rest));
      return absl::OkStatus();
    }
    return PrepareExtract(rest, f);
  }

  absl::Status PrepareExtract(const std::vector<Constant>& rest, Frame* f) {
    absl::StatusOr<Regex> regex = Regex::Compile(std::get<std::string>(rest[0].data));
    if (!regex.ok()) return regex.status();
    const int64_t group = rest.size() > 1 ? std::get<int64_t>(rest[1].data) : 0;
    f->args = 1;
    f->last.code = Code::kExtract;
    // A group that the pattern does not have is no group, whatever its number.
    const int known = group < 0 || group > regex->groups() ? -1 : static_cast<int>(group);
    f->last.b = Add(&code_.extracts, ExtractPattern{*std::move(regex), known});
    return absl::OkStatus();
  }

  template <typename T>
  static uint32_t Add(std::vector<T>* list, T element) {
    list->push_back(std::move(element));
    return static_cast<uint32_t>(list->size() - 1);
  }

  absl::Status Step() {
    Frame& f = stack_.back();
    switch (f.expr->op) {
      case Op::kAnd:
      case Op::kOr:
        return StepLogic(f);
      case Op::kIf:
        return StepIf(f);
      case Op::kCoalesce:
        return StepCoalesce(f);
      case Op::kAny:
      case Op::kAll:
      case Op::kCountIf:
        return StepLoop(f);
      default:
        break;
    }
    if (f.next == f.args) {
      if (HasOperands(f.last.code)) FuseLoads(*f.expr, &f.last);
      return Finish(f.last);
    }
    return PushArg(f, f.dst + static_cast<uint32_t>(f.next));
  }

  static bool HasOperands(Code code) {
    return code == Code::kCompare || code == Code::kCompareInts || code == Code::kCompareFloats ||
           code == Code::kCompareFolded || code == Code::kArithmetic;
  }

  // Takes the loads of the last operand, and then of the one before it, into the instruction. What
  // jumps to a load jumps to the instruction then: it stands in its place.
  void FuseLoads(const Expr& e, Instruction* i) {
    if (FuseLoad(*e.args[1], &i->b)) FuseLoad(*e.args[0], &i->a);
  }

  // `e` is the operand, the last thing compiled. Only a lone load may go: that of an `else` is
  // jumped over.
  bool FuseLoad(const Expr& e, uint32_t* operand) {
    const Instruction& load = code_.instructions.back();
    if (!e.args.empty() || load.b > kOperandIndex) return false;
    switch (load.code) {
      case Code::kConst:
        *operand = MakeOperand(OperandSource::kConstant, load.b);
        break;
      case Code::kBound:
        *operand = MakeOperand(OperandSource::kBound, load.b);
        break;
      case Code::kField:
        *operand = MakeOperand(OperandSource::kField, load.b);
        break;
      default:
        return false;
    }
    code_.instructions.pop_back();
    code_.origins.pop_back();
    return true;
  }

  // Compiles the frame's next argument into `dst`. The frame must not be used afterwards.
  absl::Status PushArg(Frame& f, uint32_t dst) { return Push(*f.expr->args[f.next++], dst); }

  absl::Status Finish(std::optional<Instruction> last) {
    Frame& f = stack_.back();
    if (last.has_value()) Emit(*last, *f.expr);
    for (const uint32_t jump : f.to_end) code_.instructions[jump].b = here();
    stack_.pop_back();
    return absl::OkStatus();
  }

  // The first argument into r, the others into r + 1 and then together with r.
  absl::Status StepLogic(Frame& f) {
    const bool is_and = f.expr->op == Op::kAnd;
    if (f.next > 1) {
      Emit({is_and ? Code::kAndWith : Code::kOrWith, f.expr->op, 0, f.dst, f.dst + 1}, *f.expr);
    }
    if (f.next == f.args) return Finish(std::nullopt);
    if (f.next > 0) {
      f.to_end.push_back(
          Emit({is_and ? Code::kJumpIfFalse : Code::kJumpIfTrue, f.expr->op, 0, f.dst}, *f.expr));
    }
    return PushArg(f, f.dst + (f.next > 0 ? 1 : 0));
  }

  absl::Status StepIf(Frame& f) {
    if (f.next == 1) f.loop = Emit({Code::kJumpIfNotTrue, f.expr->op, 0, f.dst}, *f.expr);
    if (f.next == 2) {
      f.to_end.push_back(Emit({Code::kJump, f.expr->op, 0, f.dst}, *f.expr));
      code_.instructions[f.loop].b = here();
    }
    if (f.next == f.args) return Finish(std::nullopt);
    return PushArg(f, f.dst);
  }

  absl::Status StepCoalesce(Frame& f) {
    if (f.next == f.args) return Finish(std::nullopt);
    if (f.next > 0) {
      f.to_end.push_back(Emit({Code::kJumpIfNotNull, f.expr->op, 0, f.dst}, *f.expr));
    }
    return PushArg(f, f.dst);
  }

  absl::Status StepLoop(Frame& f) {
    if (f.next == 0) return PushArg(f, f.dst);
    if (f.next == 1) {
      f.to_end.push_back(Emit({Code::kLoopBegin, f.expr->op, 0, f.dst}, *f.expr));
      f.loop = here();
      f.to_end.push_back(Emit({Code::kLoopNext, f.expr->op, 0, f.dst}, *f.expr));
      if (locals_.size() <= f.expr->index) locals_.resize(f.expr->index + 1);
      locals_[f.expr->index] = f.dst + 3;
      return PushArg(f, f.dst + 4);
    }
    return Finish(Instruction{Code::kLoopTake, f.expr->op, 0, f.dst, 0, f.loop});
  }

  ExprCode code_;
  std::vector<Frame> stack_;
  std::vector<uint32_t> locals_;  // the register of each lambda parameter
};

}  // namespace

absl::StatusOr<ExprCode> CompileCode(const Expr& expr) { return Compiler().Compile(expr); }

}  // namespace spate
