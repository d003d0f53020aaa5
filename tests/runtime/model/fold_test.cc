// Constant folding: every operator and library function by value, and what is not constant.
#include "runtime/model/fold.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/runtime/model/expression_cases.h"

namespace spate {
namespace {

using testing::Attr;
using testing::Call;
using testing::ExpressionCase;
using testing::Lit;
using testing::Loop;
using testing::Make;
using testing::Null;
using testing::Show;

void ExpectFolds(const ExpressionCase& c) {
  SCOPED_TRACE(c.name);
  ASSERT_NE(c.expr, nullptr) << "no such function";
  EvalFault fault = EvalFault::kNone;
  const std::optional<Constant> folded = FoldConstant(*c.expr, &fault);
  ASSERT_TRUE(folded.has_value());
  EXPECT_EQ(Show(*folded), c.expect);
  EXPECT_EQ(fault, c.fault);
  EXPECT_EQ(FoldConstant(*c.expr).has_value(), c.fault == EvalFault::kNone);
  if (c.fault != EvalFault::kNone) {
    EXPECT_TRUE(CanFault(*c.expr));
  }
}

TEST(Fold, Operators) {
  for (const ExpressionCase& c : testing::OperatorCases()) ExpectFolds(c);
}

TEST(Fold, Library) {
  for (const ExpressionCase& c : testing::LibraryCases()) ExpectFolds(c);
}

TEST(Fold, EveryFunctionHasACase) {
  std::set<FunctionId> used;
  for (const ExpressionCase& c : testing::LibraryCases()) used.insert(c.expr->function);
  for (size_t i = 0; i < FunctionTable().size(); ++i) {
    EXPECT_EQ(used.count(static_cast<FunctionId>(i)), 1u) << FunctionTable()[i].signature;
  }
}

TEST(Fold, NullArgumentsGiveNull) {
  for (size_t i = 0; i < FunctionTable().size(); ++i) {
    const FunctionRow& row = FunctionTable()[i];
    if (row.null_aware) continue;
    for (size_t null_at = 0; null_at < row.required; ++null_at) {
      Arena arena;
      EvalFault fault = EvalFault::kNone;
      std::vector<Value> args(row.required, Value::Int(1));
      args[null_at] = Value::Null();
      const Value v = CallFunction(static_cast<FunctionId>(i), args, &arena, &fault);
      EXPECT_TRUE(v.is_null()) << row.signature;
    }
  }
}

TEST(Fold, LeavesWhatReadsEvents) {
  const ExprPtr field = Attr(0, Kind::kInt);
  EXPECT_FALSE(FoldConstant(*field).has_value());
  EXPECT_FALSE(FoldConstant(*Make(Op::kAdd, {Lit(1), field})).has_value());
  EXPECT_FALSE(FoldConstant(*Make(Op::kIsNull, {field})).has_value());
  EXPECT_FALSE(FoldConstant(*Loop(Op::kAny, Lit(testing::ListC(1)), Make(Op::kGt, {field, Lit(1)})))
                   .has_value());
  // What is decided without the event is constant.
  EXPECT_EQ(Show(*FoldConstant(*Make(Op::kAnd, {Lit(false), field}))), "false");
}

TEST(Fold, GeoKm) {
  const ExprPtr e = Call("geo_km", {Lit(52.52), Lit(13.405), Lit(48.857), Lit(2.352)});
  EXPECT_NEAR(std::get<double>(FoldConstant(*e)->data), 877.5, 1.0);
  const ExprPtr antipodes = Call("geo_km", {Lit(0.0), Lit(0.0), Lit(0.0), Lit(180.0)});
  EXPECT_NEAR(std::get<double>(FoldConstant(*antipodes)->data), 20015.1, 0.1);
}

TEST(Fold, KnowsWhatCannotFault) {
  const ExprPtr a = Attr(0, Kind::kInt);
  const ExprPtr s = Attr(1, Kind::kString);
  const ExprPtr compares =
      Make(Op::kAnd, {Make(Op::kGt, {a, Lit(1)}), Make(Op::kLike, {s, Lit("x*")})});
  EXPECT_FALSE(CanFault(*compares));
  EXPECT_TRUE(
      CanFault(*Make(Op::kOr, {compares, Make(Op::kGt, {Make(Op::kAdd, {a, a}), Lit(1)})})));
  EXPECT_TRUE(CanFault(*Make(Op::kMatches, {s, s})));  // a pattern that is made at run time
  EXPECT_EQ(ConstantOf(*Make(Op::kAdd, {Lit(1), Lit(2)})), Constant::Int(3));
  EXPECT_FALSE(ConstantOf(*a).has_value());
}

TEST(Fold, GivesUpOnDeepTrees) {
  ExprPtr e = Lit(1);
  for (int i = 0; i < 20'000; ++i) e = Make(Op::kAdd, {e, Lit(1)});
  EXPECT_FALSE(FoldConstant(*e).has_value());
}

TEST(FunctionTable, IsComplete) {
  for (const FunctionRow& row : FunctionTable()) {
    EXPECT_FALSE(row.doc.empty());
    EXPECT_EQ(row.signature.substr(0, row.name.size() + 1), std::string(row.name) + "(");
    EXPECT_LE(row.required, row.parameters.size());
    EXPECT_GE(row.required, 1u);
  }
}

}  // namespace
}  // namespace spate
