// Build: one place where nodes are made, so that constants fold everywhere alike.
#include "compiler/check/expressions/build.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "compiler/check/check_context.h"
#include "runtime/model/fold.h"

namespace spate {

ExprPtr ErrorExpr(Span span) {
  Expr e;
  e.type = Type::Of(Kind::kError);
  e.origin = ToOrigin(span);
  return std::make_shared<Expr>(std::move(e));
}

bool IsError(const ExprPtr& e) { return e->type.kind == Kind::kError; }

bool AnyError(const std::vector<ExprPtr>& args) {
  return std::any_of(args.begin(), args.end(), IsError);
}

ExprPtr MakeConstant(Constant value, Type type, Span span) {
  Expr e;
  e.op = Op::kConst;
  e.type = type;
  e.constant = std::move(value);
  e.origin = ToOrigin(span);
  return std::make_shared<Expr>(std::move(e));
}

namespace {

// Values that would grow beyond these are not folded, so that no rule file makes the compiler
// hold more than a small multiple of its own text.
constexpr size_t kMaxFoldedSize = 1 << 20;       // of a sum, in bytes or elements
constexpr size_t kMaxFoldedArguments = 1 << 12;  // of a call, whose result may be their product

size_t SizeOf(const Constant& c) {
  if (const auto* text = std::get_if<std::string>(&c.data)) return text->size();
  if (const auto* list = std::get_if<std::vector<Constant>>(&c.data)) return list->size();
  return 1;
}

bool CanFold(const Expr& node) {
  if (node.args.empty()) return node.op == Op::kList;
  size_t size = 0;
  for (const ExprPtr& a : node.args) {
    if (a->op != Op::kConst) return false;
    size += SizeOf(a->constant);
  }
  return size <= (node.op == Op::kCall ? kMaxFoldedArguments : kMaxFoldedSize);
}

}  // namespace

ExprPtr Finish(Expr node) {
  if (CanFold(node)) {
    if (std::optional<Constant> value = FoldConstant(node)) {
      Type type = node.type;
      type.nullable = value->is_null();
      return MakeConstant(*std::move(value), type, ToSpan(node.origin));
    }
  }
  return std::make_shared<Expr>(std::move(node));
}

ExprPtr MakeOp(Op op, Type type, std::vector<ExprPtr> args, Span span, bool fold) {
  if (AnyError(args)) return ErrorExpr(span);
  Expr e;
  e.op = op;
  e.type = type;
  e.args = std::move(args);
  e.origin = ToOrigin(span);
  e.fold = fold;
  return Finish(std::move(e));
}

namespace {

ExprPtr Join(Op op, const std::vector<ExprPtr>& conditions, Span span) {
  std::vector<ExprPtr> flat;
  bool nullable = false;
  for (const ExprPtr& c : conditions) {
    nullable = nullable || c->type.nullable;
    if (c->op == op) {
      flat.insert(flat.end(), c->args.begin(), c->args.end());
    } else {
      flat.push_back(c);
    }
  }
  if (flat.empty()) return nullptr;
  if (flat.size() == 1) return flat[0];
  return MakeOp(op, Type::Of(Kind::kBool, nullable), std::move(flat), span);
}

}  // namespace

ExprPtr MakeAnd(std::vector<ExprPtr> conditions, Span span) {
  conditions.erase(std::remove(conditions.begin(), conditions.end(), nullptr), conditions.end());
  return Join(Op::kAnd, conditions, span);
}

ExprPtr MakeOr(std::vector<ExprPtr> conditions, Span span) {
  if (std::count(conditions.begin(), conditions.end(), nullptr) > 0) return nullptr;
  return Join(Op::kOr, conditions, span);
}

ExprPtr MakeNot(ExprPtr condition, Span span) {
  Type type = Type::Of(Kind::kBool, condition->type.nullable);
  return MakeOp(Op::kNot, type, {std::move(condition)}, span);
}

ExprPtr MakeAttribute(const ExprPtr& record, size_t i, Span span) {
  Type type = record->type.Attributes()[i].type;
  type.nullable = type.nullable || record->type.nullable;
  ExprPtr index = MakeConstant(Constant::Int(static_cast<int64_t>(i)), Type::Of(Kind::kInt), span);
  return MakeOp(Op::kIndex, type, {record, std::move(index)}, span);
}

namespace {

constexpr size_t kMaxNodes = 100'000;

void CountNodes(const Expr& e, size_t* nodes) {
  if (++*nodes > kMaxNodes) return;
  for (const ExprPtr& a : e.args) CountNodes(*a, nodes);
}

}  // namespace

bool IsTooLarge(const Expr& e) {
  size_t nodes = 0;
  CountNodes(e, &nodes);
  return nodes > kMaxNodes;
}

bool IsConstant(const ExprPtr& e) {
  return e->op == Op::kConst && !IsError(e) && !e->constant.is_null();
}

bool IsNonZeroConstant(const ExprPtr& e) {
  if (!IsConstant(e)) return false;
  if (const auto* i = std::get_if<int64_t>(&e->constant.data)) return *i != 0;
  if (const auto* f = std::get_if<double>(&e->constant.data)) return *f != 0;
  return false;
}

}  // namespace spate
