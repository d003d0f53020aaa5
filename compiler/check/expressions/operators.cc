// Operators: logic, `??` and arithmetic, over chains of any length without recursion.
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {
namespace {

constexpr size_t kMaxChain = 1000;  // of operators that nest (`a + b + c ..`)

bool IsLogic(ast::BinaryOp op) {
  return op == ast::BinaryOp::kAnd || op == ast::BinaryOp::kOr || op == ast::BinaryOp::kUnless;
}

bool IsIn(ast::BinaryOp op) { return op == ast::BinaryOp::kIn || op == ast::BinaryOp::kNotIn; }

Op ArithmeticOp(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kAdd:
      return Op::kAdd;
    case ast::BinaryOp::kSub:
      return Op::kSub;
    case ast::BinaryOp::kMul:
      return Op::kMul;
    case ast::BinaryOp::kDiv:
      return Op::kDiv;
    default:
      return Op::kMod;
  }
}

}  // namespace

ExprPtr ExpressionChecker::ToCondition(const ast::Expr& source, const ExprPtr& e) {
  if (IsError(e) || e->type.kind == Kind::kBool) return e;
  if (e->type.kind == Kind::kNull) {
    return MakeConstant(Constant::Null(), Type::Of(Kind::kBool, true), source.span);
  }
  return Fail(DiagnosticCode::kNotACondition, source.span,
              absl::StrCat("a condition is `bool`, and this is ", Quoted(TypeName(e->type))),
              "compare it with something");
}

ExprPtr ExpressionChecker::CheckUnary(const ast::Expr& e, const ast::Unary& node) {
  if (node.op == ast::UnaryOp::kNot) return MakeNot(CheckCondition(*node.operand), e.span);
  ExprPtr x = Check(*node.operand);
  Kind k = x->type.kind;
  if (k == Kind::kError || k == Kind::kNull) return x;
  if (!IsNumeric(k) && k != Kind::kDuration) {
    return Fail(
        DiagnosticCode::kTypeMismatch, node.operand->span,
        absl::StrCat("`-` needs a number or duration, and this is ", Quoted(TypeName(x->type))));
  }
  return MakeOp(Op::kNegate, x->type, {x}, e.span);
}

ExprPtr ExpressionChecker::CheckBinary(const ast::Expr& e) {
  // The left spine, so that a long chain needs no deep stack.
  std::vector<const ast::Expr*> spine;
  const ast::Expr* bottom = &e;
  size_t nested = 0;
  while (const auto* b = std::get_if<ast::Binary>(&bottom->node)) {
    spine.push_back(bottom);
    if (!IsLogic(b->op)) ++nested;
    bottom = b->left.get();
  }
  if (nested > kMaxChain) {
    return Fail(DiagnosticCode::kExpressionTooDeep, e.span,
                absl::StrCat("a chain of more than ", kMaxChain, " operators"));
  }
  ExprPtr result;
  const ast::Expr* done = bottom;
  for (auto it = spine.rbegin(); it != spine.rend(); ++it) {
    const auto& node = std::get<ast::Binary>((*it)->node);
    const TableInfo* table = IsIn(node.op) ? TableOf(*node.right) : nullptr;
    if (table != nullptr) {
      const ast::Expr& key = *done;
      const auto look_up = [&](const Operand& x) {
        return CheckInTable(node, (*it)->span, key, x, *table);
      };
      result =
          IsQuantified(key) ? CheckQuantified(key, (*it)->span, look_up) : look_up({done, result});
    } else if (!IsLogic(node.op) && (IsQuantified(*done) || IsQuantified(*node.right))) {
      bool left = IsQuantified(*done);
      Operand other;
      other.ast = left ? node.right.get() : done;
      other.expr = left || result == nullptr ? Check(*other.ast) : result;
      result = CheckQuantified(left ? *done : *node.right, (*it)->span, [&](const Operand& x) {
        return left ? ApplyBinary(node, (*it)->span, x, other)
                    : ApplyBinary(node, (*it)->span, other, x);
      });
    } else {
      if (result == nullptr) result = Check(*done);
      result = IsLogic(node.op) ? ApplyLogic(node, (*it)->span, result, *done, *node.right)
                                : ApplyBinary(node, (*it)->span, {done, result},
                                              {node.right.get(), Check(*node.right)});
    }
    done = *it;
  }
  return result;
}

ExprPtr ExpressionChecker::ApplyLogic(const ast::Binary& node, Span span, const ExprPtr& left,
                                      const ast::Expr& left_ast, const ast::Expr& right_ast) {
  ExprPtr a = ToCondition(left_ast, left);
  ExprPtr b = CheckCondition(right_ast);
  if (AnyError({a, b})) return ErrorExpr(span);
  if (node.op == ast::BinaryOp::kAnd) return MakeAnd({a, b}, span);
  if (node.op == ast::BinaryOp::kOr) return MakeOr({a, b}, span);
  ExprPtr exception = MakeOp(Op::kIsTrue, Type::Of(Kind::kBool), {b}, right_ast.span);
  return MakeAnd({a, MakeNot(exception, right_ast.span)}, span);
}

ExprPtr ExpressionChecker::ApplyBinary(const ast::Binary& node, Span span, const Operand& left,
                                       const Operand& right) {
  if (AnyError({left.expr, right.expr})) return ErrorExpr(span);
  using B = ast::BinaryOp;
  switch (node.op) {
    case B::kEq:
    case B::kNe:
    case B::kLt:
    case B::kLe:
    case B::kGt:
    case B::kGe:
    case B::kEqFold:
    case B::kNeFold:
      return ApplyComparison(node, span, left, right);
    case B::kIn:
    case B::kNotIn:
    case B::kInFold:
    case B::kNotInFold:
      return ApplyIn(node, span, left, right);
    case B::kLike:
    case B::kNotLike:
    case B::kLikeFold:
    case B::kNotLikeFold:
    case B::kMatches:
    case B::kNotMatches:
    case B::kMatchesFold:
    case B::kNotMatchesFold:
      return ApplyTextMatch(node, span, left, right);
    case B::kCoalesce:
      return ApplyCoalesce(span, left, right);
    default:
      return ApplyArithmetic(node, span, left, right);
  }
}

ExprPtr ExpressionChecker::ApplyCoalesce(Span span, const Operand& left, const Operand& right) {
  ExprPtr a = left.expr;
  ExprPtr b = right.expr;
  if (ExprPtr c = Convert(context_, right.ast, b, a->type)) b = c;
  if (IsError(b)) return b;
  std::optional<Type> type = UnifyTypes(a->type, b->type);
  if (!type.has_value()) {
    return Fail(DiagnosticCode::kTypeMismatch, span,
                absl::StrCat("`??` between ", Quoted(TypeName(a->type)), " and ",
                             Quoted(TypeName(b->type))),
                "both sides have one type");
  }
  a = Convert(context_, left.ast, a, *type);
  b = Convert(context_, right.ast, b, *type);
  return MakeOp(Op::kCoalesce, type->AsNullable(a->type.nullable && b->type.nullable), {a, b},
                span);
}

ExprPtr ExpressionChecker::ApplyArithmetic(const ast::Binary& node, Span span, const Operand& left,
                                           const Operand& right) {
  Op op = ArithmeticOp(node.op);
  ExprPtr a = left.expr;
  ExprPtr b = right.expr;
  // A text literal beside a time or duration; a null takes the other side's type.
  if (IsTextLiteral(left.ast) && b->type.kind == Kind::kTime) {
    if (ExprPtr c = Convert(context_, left.ast, a, Type::Of(Kind::kTime))) a = c;
  } else if (IsTextLiteral(right.ast) && a->type.kind == Kind::kTime) {
    if (ExprPtr c = Convert(context_, right.ast, b, Type::Of(Kind::kTime))) b = c;
  }
  if (a->type.kind == Kind::kNull) a = Convert(context_, nullptr, a, b->type);
  if (b->type.kind == Kind::kNull) b = Convert(context_, nullptr, b, a->type);
  if (AnyError({a, b})) return ErrorExpr(span);
  if (a->type.kind == Kind::kNull) return a;
  if (IsNumeric(a->type.kind) && IsNumeric(b->type.kind)) return ApplyNumbers(op, span, a, b);
  if (op == Op::kAdd && a->type.kind == b->type.kind &&
      (a->type.kind == Kind::kString || a->type.kind == Kind::kList)) {
    std::optional<Type> type = UnifyTypes(a->type, b->type);
    if (type.has_value() && a->type.kind == Kind::kList) {
      a = Convert(context_, left.ast, a, *type);
      b = Convert(context_, right.ast, b, *type);
    }
    if (type.has_value() && a != nullptr && b != nullptr) return MakeOp(op, *type, {a, b}, span);
  } else if (ExprPtr result = ApplyTimes(op, span, a, b)) {
    return result;
  }
  Diagnostic& d = context_.Report(
      DiagnosticCode::kTypeMismatch, node.op_span,
      absl::StrCat(Quoted(context_.sources.Text(node.op_span)), " between ",
                   Quoted(TypeName(left.expr->type)), " and ", Quoted(TypeName(right.expr->type))));
  d.label = "has no meaning for these types";
  if (op == Op::kAdd &&
      (left.expr->type.kind == Kind::kString || right.expr->type.kind == Kind::kString)) {
    d.fix = Fix{"`string(x)` makes text of a value", std::nullopt, ""};
  }
  return ErrorExpr(span);
}

ExprPtr ExpressionChecker::ApplyNumbers(Op op, Span span, ExprPtr a, ExprPtr b) {
  bool nullable = a->type.nullable || b->type.nullable;
  bool is_float = op == Op::kDiv || a->type.kind == Kind::kFloat || b->type.kind == Kind::kFloat;
  if ((op == Op::kDiv || op == Op::kMod) && !IsNonZeroConstant(b)) nullable = true;
  if (is_float) {
    a = Convert(context_, nullptr, a, Type::Of(Kind::kFloat));
    b = Convert(context_, nullptr, b, Type::Of(Kind::kFloat));
  }
  return MakeOp(op, Type::Of(is_float ? Kind::kFloat : Kind::kInt, nullable),
                {std::move(a), std::move(b)}, span);
}

// Null when the operator has no meaning for these types.
ExprPtr ExpressionChecker::ApplyTimes(Op op, Span span, const ExprPtr& a, const ExprPtr& b) {
  Kind l = a->type.kind;
  Kind r = b->type.kind;
  bool nullable = a->type.nullable || b->type.nullable;
  auto make = [&](Kind kind) { return MakeOp(op, Type::Of(kind, nullable), {a, b}, span); };
  bool durations = l == Kind::kDuration && r == Kind::kDuration;
  if (op == Op::kAdd || op == Op::kSub) {
    if (durations) return make(Kind::kDuration);
    if (l == Kind::kTime && r == Kind::kDuration) return make(Kind::kTime);
    if (op == Op::kAdd && l == Kind::kDuration && r == Kind::kTime) return make(Kind::kTime);
    if (op == Op::kSub && l == Kind::kTime && r == Kind::kTime) return make(Kind::kDuration);
  }
  if (op == Op::kMul &&
      ((l == Kind::kDuration && IsNumeric(r)) || (IsNumeric(l) && r == Kind::kDuration))) {
    return make(Kind::kDuration);
  }
  if (op == Op::kMod && durations) {
    nullable = nullable || !IsNonZeroConstant(b);
    return make(Kind::kDuration);
  }
  if (op == Op::kDiv && l == Kind::kDuration && (IsNumeric(r) || durations)) {
    nullable = nullable || !IsNonZeroConstant(b);
    return make(durations ? Kind::kFloat : Kind::kDuration);
  }
  return nullptr;
}

}  // namespace spate
