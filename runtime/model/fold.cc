#include "runtime/model/fold.h"

#include <vector>

namespace spate {
namespace {

constexpr int kMaxDepth = 500;  // below what the stack can take

// Walks a tree with the parameters of lambdas in a stack. A result of nullopt: not constant.
class Folder {
 public:
  std::optional<Value> Eval(const Expr& e, int depth) {
    if (depth > kMaxDepth) return std::nullopt;
    switch (e.op) {
      case Op::kConst:
        return ViewOf(e.constant, &arena_);
      case Op::kLocal:
        if (e.index >= locals_.size()) return std::nullopt;
        return locals_[e.index];
      case Op::kAnd:
      case Op::kOr:
        return EvalLogic(e, depth);
      case Op::kIf:
        return EvalIf(e, depth);
      case Op::kCoalesce:
        return EvalCoalesce(e, depth);
      case Op::kAny:
      case Op::kAll:
      case Op::kCountIf:
        return EvalLambda(e, depth);
      case Op::kField:
      case Op::kTime:
      case Op::kBound:
      case Op::kBoundTime:
      case Op::kKey:
      case Op::kAggregate:
      case Op::kWindowStart:
      case Op::kWindowEnd:
      case Op::kPrev:
      case Op::kTableValue:
      case Op::kInTable:
        return std::nullopt;
      default:
        return EvalStrict(e, depth);
    }
  }
  EvalFault fault() const { return fault_; }

 private:
  std::optional<Value> EvalLogic(const Expr& e, int depth) {
    const bool is_and = e.op == Op::kAnd;
    Value result = Value::Bool(is_and);
    for (const ExprPtr& arg : e.args) {
      const std::optional<Value> v = Eval(*arg, depth + 1);
      if (!v.has_value()) return v;
      result = is_and ? AndValues(result, *v) : OrValues(result, *v);
      if (!result.is_null() && result.is_true() != is_and) break;  // decided
    }
    return result;
  }

  std::optional<Value> EvalIf(const Expr& e, int depth) {
    const std::optional<Value> condition = Eval(*e.args[0], depth + 1);
    if (!condition.has_value()) return condition;
    return Eval(condition->is_true() ? *e.args[1] : *e.args[2], depth + 1);
  }

  std::optional<Value> EvalCoalesce(const Expr& e, int depth) {
    std::optional<Value> result = Value::Null();
    for (const ExprPtr& arg : e.args) {
      result = Eval(*arg, depth + 1);
      if (!result.has_value() || !result->is_null()) break;
    }
    return result;
  }

  std::optional<Value> EvalLambda(const Expr& e, int depth) {
    const std::optional<Value> list = Eval(*e.args[0], depth + 1);
    if (!list.has_value() || list->is_null()) return list;
    if (locals_.size() <= e.index) locals_.resize(e.index + 1);
    Value result = e.op == Op::kCountIf ? Value::Int(0) : Value::Bool(e.op == Op::kAll);
    for (const Value& element : list->elements()) {
      locals_[e.index] = element;
      const std::optional<Value> v = Eval(*e.args[1], depth + 1);
      if (!v.has_value()) return v;
      if (e.op == Op::kAny) result = OrValues(result, *v);
      if (e.op == Op::kAll) result = AndValues(result, *v);
      if (e.op == Op::kCountIf) result.i += v->is_true() ? 1 : 0;
    }
    return result;
  }

  // Operators that look at all their arguments.
  std::optional<Value> EvalStrict(const Expr& e, int depth) {
    if (e.registered != nullptr && !e.registered->is_pure) return std::nullopt;
    std::vector<Value> args;
    args.reserve(e.args.size());
    for (const ExprPtr& arg : e.args) {
      const std::optional<Value> v = Eval(*arg, depth + 1);
      if (!v.has_value()) return v;
      args.push_back(*v);
    }
    return Apply(e, args);
  }

  Value Apply(const Expr& e, absl::Span<const Value> args) {
    switch (e.op) {
      case Op::kNot:
        return NotValue(args[0]);
      case Op::kIsNull:
        return Value::Bool(args[0].is_null());
      case Op::kIsTrue:
        return Value::Bool(args[0].is_true());
      case Op::kIsFalse:
        return Value::Bool(NotValue(args[0]).is_true());
      case Op::kIn:
        return InList(args[0], args[1], e.fold);
      case Op::kLike:
        return LikeValue(args[0], args[1], e.fold);
      case Op::kMatches:
        return MatchesValue(args[0], args[1], e.fold);
      case Op::kNegate:
        return Negate(args[0], &fault_);
      case Op::kToFloat:
        return ToFloat(args[0]);
      case Op::kIndex:
        return ElementAt(args[0], args[1]);
      case Op::kCall:
        if (e.registered != nullptr) return CallRegistered(*e.registered, args, &arena_);
        return CallFunction(e.function, args, &arena_, &fault_);
      case Op::kList: {
        const Value list = Value::List(args);
        return CopyValue(list, &arena_);
      }
      case Op::kAdd:
      case Op::kSub:
      case Op::kMul:
      case Op::kDiv:
      case Op::kMod:
        return Arithmetic(e.op, args[0], args[1], &arena_, &fault_);
      default:
        return CompareValues(e.op, args[0], args[1], e.fold);
    }
  }

  Arena arena_;
  std::vector<Value> locals_;
  EvalFault fault_ = EvalFault::kNone;
};

}  // namespace

std::optional<Constant> FoldConstant(const Expr& expr, EvalFault* fault) {
  Folder folder;
  const std::optional<Value> v = folder.Eval(expr, 0);
  if (!v.has_value()) return std::nullopt;
  if (fault != nullptr) *fault = folder.fault();
  if (fault == nullptr && folder.fault() != EvalFault::kNone) return std::nullopt;
  return Constant::Copy(*v);
}

std::optional<Constant> ConstantOf(const Expr& expr) {
  if (expr.op == Op::kConst) return expr.constant;
  return FoldConstant(expr);
}

bool CanFault(const Expr& expr) {
  return AnyNode(expr, [](const Expr& e) {
    switch (e.op) {
      case Op::kConst:
      case Op::kField:
      case Op::kTime:
      case Op::kBound:
      case Op::kBoundTime:
      case Op::kKey:
      case Op::kAnd:
      case Op::kOr:
      case Op::kNot:
      case Op::kIsNull:
      case Op::kIsTrue:
      case Op::kIsFalse:
      case Op::kEq:
      case Op::kNe:
      case Op::kLt:
      case Op::kLe:
      case Op::kGt:
      case Op::kGe:
      case Op::kIn:
      case Op::kToFloat:
      case Op::kList:
        return false;
      case Op::kLike:
      case Op::kMatches:  // a pattern that is made at run time may be none
        return !ConstantOf(*e.args[1]).has_value();
      default:
        return true;
    }
  });
}

}  // namespace spate
