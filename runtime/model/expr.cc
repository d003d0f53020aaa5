#include "runtime/model/expr.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/hash/hash.h"

namespace spate {
namespace {

uint64_t HashConstant(const Constant& c) {
  uint64_t h = absl::HashOf(c.kind, c.data.index());
  if (const auto* i = std::get_if<int64_t>(&c.data)) h = absl::HashOf(h, *i);
  if (const auto* f = std::get_if<double>(&c.data)) h = absl::HashOf(h, *f);
  if (const auto* s = std::get_if<std::string>(&c.data)) h = absl::HashOf(h, *s);
  if (const auto* list = std::get_if<std::vector<Constant>>(&c.data)) {
    for (const Constant& e : *list) h = absl::HashOf(h, HashConstant(e));
  }
  return h;
}

bool SameFields(const std::vector<TypeField>& a, const std::vector<TypeField>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].type != b[i].type || a[i].field != b[i].field) return false;
  }
  return true;
}

// All of two nodes but their arguments.
bool SameNode(const Expr& a, const Expr& b) {
  return a.op == b.op && a.type == b.type && a.args.size() == b.args.size() &&
         a.constant == b.constant && a.field == b.field && a.var == b.var && a.nav == b.nav &&
         a.offset == b.offset && SameFields(a.fields, b.fields) && a.index == b.index &&
         a.fold == b.fold && a.function == b.function && a.registered == b.registered &&
         (a.registered == nullptr || a.registered->is_pure);
}

bool SameOptional(const ExprPtr& a, const ExprPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return SameExpr(*a, *b);
}

}  // namespace

// Without recursion: a chain of 10,000 terms is a tree of that depth.
Expr::~Expr() {
  std::vector<ExprPtr> dying = std::move(args);
  while (!dying.empty()) {
    const ExprPtr next = std::move(dying.back());
    dying.pop_back();
    if (next == nullptr || next.use_count() != 1) continue;
    // Nobody else can reach `next`: taking its arguments leaves a leaf to destroy. (No Expr is
    // created const; they are only shared as const.)
    std::vector<ExprPtr>& below = const_cast<Expr&>(*next).args;
    for (ExprPtr& arg : below) dying.push_back(std::move(arg));
    below.clear();
  }
}

bool AnyNode(const Expr& root, absl::FunctionRef<bool(const Expr&)> holds) {
  std::vector<const Expr*> open{&root};
  while (!open.empty()) {
    const Expr* e = open.back();
    open.pop_back();
    if (holds(*e)) return true;
    for (size_t i = e->args.size(); i-- > 0;) open.push_back(e->args[i].get());
  }
  return false;
}

void EachNode(const Expr& root, absl::FunctionRef<void(const Expr&)> visit) {
  AnyNode(root, [&](const Expr& e) {
    visit(e);
    return false;
  });
}

void AppendConjuncts(const ExprPtr& condition, std::vector<ExprPtr>* out) {
  if (condition == nullptr) return;
  std::vector<ExprPtr> open{condition};
  while (!open.empty()) {
    const ExprPtr e = open.back();
    open.pop_back();
    if (e->op == Op::kAnd) {
      open.insert(open.end(), e->args.rbegin(), e->args.rend());
    } else if (!(e->op == Op::kConst && e->constant == Constant::Bool(true))) {
      out->push_back(e);
    }
  }
}

ExprPtr Conjunction(std::vector<ExprPtr> conjuncts) {
  if (conjuncts.empty()) return nullptr;
  if (conjuncts.size() == 1) return conjuncts[0];
  auto e = std::make_shared<Expr>();
  e->op = Op::kAnd;
  e->type = Type::Of(Kind::kBool, true);
  e->origin = conjuncts[0]->origin;
  e->args = std::move(conjuncts);
  return e;
}

bool SameExpr(const Expr& a, const Expr& b) {
  std::vector<std::pair<const Expr*, const Expr*>> todo = {{&a, &b}};
  while (!todo.empty()) {
    const auto [x, y] = todo.back();
    todo.pop_back();
    if (x == y) continue;
    if (!SameNode(*x, *y)) return false;
    for (size_t i = 0; i < x->args.size(); ++i) {
      todo.emplace_back(x->args[i].get(), y->args[i].get());
    }
  }
  return true;
}

uint64_t HashExpr(const Expr& e) {
  uint64_t h = 0;
  std::vector<const Expr*> todo = {&e};
  while (!todo.empty()) {
    const Expr& x = *todo.back();
    todo.pop_back();
    h = absl::HashOf(h, x.op, x.args.size(), x.field, x.var, x.offset, x.index, x.fold, x.function,
                     HashConstant(x.constant));
    for (const ExprPtr& arg : x.args) todo.push_back(arg.get());
  }
  return h;
}

bool SameAggregate(const Aggregate& a, const Aggregate& b) {
  if (a.kind != b.kind || !(a.type == b.type) || a.var != b.var || a.parameter != b.parameter ||
      a.inputs.size() != b.inputs.size()) {
    return false;
  }
  for (size_t i = 0; i < a.inputs.size(); ++i) {
    const Aggregate::Input& x = a.inputs[i];
    const Aggregate::Input& y = b.inputs[i];
    if (x.type != y.type || !SameOptional(x.value, y.value) || !SameOptional(x.where, y.where)) {
      return false;
    }
  }
  return true;
}

}  // namespace spate
