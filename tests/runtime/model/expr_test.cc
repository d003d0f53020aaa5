// Structural equality and hashes of expressions, deep trees, names of types.
#include "runtime/model/expr.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

using testing::Attr;
using testing::Call;
using testing::Lit;
using testing::Make;

TEST(Expr, EqualButForOrigins) {
  const auto build = [](uint32_t begin) {
    auto e = std::make_shared<Expr>(*Make(Op::kGt, {Attr(1, Kind::kInt), Lit(5)}));
    e->origin = {0, begin, begin + 5};
    return e;
  };
  const auto a = build(1);
  const auto b = build(9);
  EXPECT_TRUE(SameExpr(*a, *b));
  EXPECT_EQ(HashExpr(*a), HashExpr(*b));
}

TEST(Expr, DifferencesCount) {
  const std::vector<ExprPtr> all = {
      Lit(5),
      Lit(6),
      Lit(5.0),
      Lit("5"),
      Attr(1, Kind::kInt),
      Attr(2, Kind::kInt),
      Make(Op::kGt, {Attr(1, Kind::kInt), Lit(5)}),
      Make(Op::kGe, {Attr(1, Kind::kInt), Lit(5)}),
      Make(Op::kGt, {Attr(1, Kind::kInt), Lit(6)}),
      Make(Op::kGt, {Lit(5), Attr(1, Kind::kInt)}),
      Make(Op::kEq, {Attr(1, Kind::kString), Lit("a")}),
      Make(Op::kEq, {Attr(1, Kind::kString), Lit("a")}, true),
      Call("lower", {Attr(1, Kind::kString)}),
      Call("upper", {Attr(1, Kind::kString)}),
      Make(Op::kAnd, {Lit(true), Lit(false)}),
      Make(Op::kAnd, {Lit(true), Lit(false), Lit(false)}),
      Lit(testing::ListC(1, 2)),
      Lit(testing::ListC(1, 3)),
  };
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < all.size(); ++j) {
      EXPECT_EQ(SameExpr(*all[i], *all[j]), i == j) << i << " " << j;
      EXPECT_EQ(HashExpr(*all[i]) == HashExpr(*all[j]), i == j) << i << " " << j;
    }
  }
}

TEST(Expr, AsksNodesInTheOrderOfTheText) {
  const ExprPtr e = Make(
      Op::kAdd, {Make(Op::kSub, {Attr(1, Kind::kInt), Attr(2, Kind::kInt)}), Attr(3, Kind::kInt)});
  std::vector<uint32_t> fields;
  EachNode(*e, [&](const Expr& node) {
    if (node.op == Op::kField) fields.push_back(node.field.value);
  });
  EXPECT_EQ(fields, (std::vector<uint32_t>{1, 2, 3}));
  int asked = 0;
  EXPECT_TRUE(AnyNode(*e, [&](const Expr& node) {
    ++asked;
    return node.op == Op::kField;
  }));
  EXPECT_EQ(asked, 3);  // +, -, the first attribute
  EXPECT_FALSE(AnyNode(*e, [](const Expr& node) { return node.op == Op::kMul; }));
}

TEST(Expr, TakesConjunctsApartAndTogether) {
  const ExprPtr a = Attr(1, Kind::kBool);
  const ExprPtr b = Attr(2, Kind::kBool);
  std::vector<ExprPtr> parts;
  AppendConjuncts(Make(Op::kAnd, {Make(Op::kAnd, {a, Lit(true)}), b}), &parts);
  EXPECT_EQ(parts, (std::vector<ExprPtr>{a, b}));
  AppendConjuncts(nullptr, &parts);
  EXPECT_EQ(parts.size(), 2u);
  const ExprPtr both = Conjunction(parts);
  EXPECT_EQ(both->op, Op::kAnd);
  EXPECT_EQ(both->args, parts);
  EXPECT_EQ(Conjunction({b}), b);
  EXPECT_EQ(Conjunction({}), nullptr);
}

ExprPtr Chain(int terms) {
  ExprPtr e = Lit(0);
  for (int i = 1; i < terms; ++i) e = Make(Op::kAdd, {e, Attr(1, Kind::kInt)});
  return e;
}

TEST(Expr, DeepTreesAreComparedHashedAndFreed) {
  const ExprPtr a = Chain(100'000);
  const ExprPtr b = Chain(100'000);
  EXPECT_TRUE(SameExpr(*a, *b));
  EXPECT_EQ(HashExpr(*a), HashExpr(*b));
  EXPECT_FALSE(SameExpr(*a, *Chain(99'999)));
}

TEST(Expr, SharedPartsOutliveTheirParents) {
  const ExprPtr shared = Make(Op::kAdd, {Lit(1), Lit(2)});
  { const ExprPtr parent = Make(Op::kMul, {shared, shared}); }
  ASSERT_EQ(shared->args.size(), 2u);
  EXPECT_EQ(std::get<int64_t>(shared->args[1]->constant.data), 2);
}

TEST(Aggregate, Same) {
  Aggregate a;
  a.kind = AggregateKind::kSum;
  a.inputs.push_back({TypeId(0u), Attr(1, Kind::kInt), nullptr});
  Aggregate b = a;
  b.inputs[0].value = Attr(1, Kind::kInt);
  b.origin.begin = 8;
  EXPECT_TRUE(SameAggregate(a, b));
  b.inputs[0].where = Lit(true);
  EXPECT_FALSE(SameAggregate(a, b));
  b = a;
  b.kind = AggregateKind::kAvg;
  EXPECT_FALSE(SameAggregate(a, b));
  b = a;
  b.var = VarId(1u);
  EXPECT_FALSE(SameAggregate(a, b));
}

TEST(TypeName, AsWritten) {
  EXPECT_EQ(TypeName(Type::Of(Kind::kInt)), "int");
  EXPECT_EQ(TypeName(Type::Of(Kind::kString, true)), "string?");
  EXPECT_EQ(TypeName(Type::ListOf(Kind::kIp)), "[ip]");
  EXPECT_EQ(TypeName(Type::ListOf(Kind::kIp, true, true)), "[ip?]?");
}

}  // namespace
}  // namespace spate
