#include "compiler/lower/conditions.h"

#include <utility>

namespace spate {

bool IsLocal(const Expr& root) {
  bool local = true;
  EachNode(root, [&](const Expr& e) {
    switch (e.op) {
      case Op::kBound:
      case Op::kBoundTime:
      case Op::kKey:
      case Op::kAggregate:
      case Op::kPrev:
      case Op::kWindowStart:
      case Op::kWindowEnd:
        local = false;
        break;
      default:
        break;
    }
  });
  return local;
}

ExprPtr AtStep(const ExprPtr& e, VarId var, TypeId type) {
  const bool last = e->nav == Nav::kLast && e->offset == 0;
  if (e->op == Op::kBoundTime && e->var == var && last) {
    auto time = std::make_shared<Expr>(*e);
    time->op = Op::kTime;
    return time;
  }
  if (e->op == Op::kBound && e->var == var && last) {
    for (const TypeField& f : e->fields) {
      if (f.type != type) continue;
      auto field = std::make_shared<Expr>(*e);
      field->op = Op::kField;
      field->field = f.field;
      field->fields.clear();
      return field;
    }
    auto null = std::make_shared<Expr>(*e);
    null->op = Op::kConst;
    null->constant = Constant::Null();
    null->fields.clear();
    return null;
  }
  std::shared_ptr<Expr> copy;
  for (size_t i = 0; i < e->args.size(); ++i) {
    ExprPtr arg = AtStep(e->args[i], var, type);
    if (arg == e->args[i]) continue;
    if (copy == nullptr) copy = std::make_shared<Expr>(*e);
    copy->args[i] = std::move(arg);
  }
  return copy == nullptr ? e : copy;
}

ExprPtr UnlessUnbound(ExprPtr e, const std::vector<VarId>& vars) {
  if (vars.empty()) return e;
  auto either = std::make_shared<Expr>();
  either->op = Op::kOr;
  either->type = Type::Of(Kind::kBool, true);
  either->origin = e->origin;
  for (VarId var : vars) {
    auto time = std::make_shared<Expr>();
    time->op = Op::kBoundTime;
    time->type = Type::Of(Kind::kTime, true);
    time->var = var;
    time->origin = e->origin;
    auto is_null = std::make_shared<Expr>();
    is_null->op = Op::kIsNull;
    is_null->type = Type::Of(Kind::kBool);
    is_null->origin = e->origin;
    is_null->args.push_back(std::move(time));
    either->args.push_back(std::move(is_null));
  }
  either->args.push_back(std::move(e));
  return either;
}

}  // namespace spate
