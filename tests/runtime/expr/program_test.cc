// Programs: the cases of every operator and function, with constants and with attributes; what is
// read from where; faults with their places; deep trees.
#include "runtime/expr/program.h"

#include <gtest/gtest.h>

#include "runtime/model/fold.h"
#include "tests/runtime/model/expression_cases.h"

namespace spate {
namespace {

using testing::Attr;
using testing::Call;
using testing::EventTime;
using testing::ExpressionCase;
using testing::Lit;
using testing::Make;
using testing::Node;
using testing::Null;
using testing::Show;

Program Compiled(const Expr& e) {
  absl::StatusOr<Program> program = Program::Compile(e);
  EXPECT_TRUE(program.ok()) << program.status();
  return *std::move(program);
}

// The expression with each literal as an attribute, whose value is added to `values`.
ExprPtr WithAttributes(const ExprPtr& e, std::vector<Value>* values, Arena* arena) {
  auto copy = std::make_shared<Expr>(*e);
  copy->args.clear();
  if (e->op == Op::kConst) {
    copy->op = Op::kField;
    copy->field = FieldId(values->size());
    values->push_back(ViewOf(e->constant, arena));
    return copy;
  }
  for (const ExprPtr& arg : e->args) copy->args.push_back(WithAttributes(arg, values, arena));
  return copy;
}

void ExpectEvaluates(const ExpressionCase& c, const Expr& e, EvalContext context) {
  Arena scratch;
  EvalIssues issues;
  context.scratch = &scratch;
  context.issues = &issues;
  const Program program = Compiled(e);
  EXPECT_EQ(Show(program.Eval(context)), c.expect);
  EXPECT_EQ(program.Holds(context), c.expect == "true");
  if (c.fault == EvalFault::kNone) {
    EXPECT_TRUE(issues.entries().empty());
  } else {
    ASSERT_EQ(issues.entries().size(), 1u);
    EXPECT_EQ(issues.entries()[0].fault, c.fault);
    EXPECT_EQ(issues.entries()[0].count, 2u);
  }
}

TEST(Program, EvaluatesCasesOfConstants) {
  for (const auto& cases : {testing::OperatorCases(), testing::LibraryCases()}) {
    for (const ExpressionCase& c : cases) {
      SCOPED_TRACE(c.name);
      ExpectEvaluates(c, *c.expr, {});
    }
  }
}

TEST(Program, EvaluatesCasesOfAttributes) {
  for (const auto& cases : {testing::OperatorCases(), testing::LibraryCases()}) {
    for (const ExpressionCase& c : cases) {
      SCOPED_TRACE(c.name);
      Arena arena;
      std::vector<Value> values;
      const ExprPtr e = WithAttributes(c.expr, &values, &arena);
      EvalContext context;
      context.fields = values.data();
      ExpectEvaluates(c, *e, context);
    }
  }
}

std::shared_ptr<Expr> Bound(uint32_t var, Nav nav, uint32_t offset, uint32_t field) {
  auto e = Node(Op::kBound, {}, Type::Of(Kind::kInt, true));
  e->var = VarId(var);
  e->nav = nav;
  e->offset = offset;
  e->fields = {{TypeId(0u), FieldId(field)}, {TypeId(2u), FieldId(field + 1)}};
  return e;
}

TEST(Program, ListsEachBoundReferenceOnce) {
  auto time = Node(Op::kBoundTime, {}, Type::Of(Kind::kTime, true));
  time->var = VarId(1u);
  const ExprPtr sum =
      Make(Op::kAdd, {Make(Op::kAdd, {Bound(1, Nav::kLast, 0, 4), Bound(1, Nav::kFirst, 0, 4)}),
                      Make(Op::kAdd, {Bound(1, Nav::kLast, 0, 4), Bound(1, Nav::kLast, 2, 4)})});
  const ExprPtr e = Make(
      Op::kAnd, {Make(Op::kEq, {sum, Lit(1010 + 100 + 2)}), Make(Op::kLt, {time, EventTime()})});
  const Program program = Compiled(*e);
  ASSERT_EQ(program.bound_refs().size(), 4u);
  EXPECT_EQ(program.bound_refs()[1].nav, Nav::kFirst);
  EXPECT_EQ(program.bound_refs()[2].offset, 2u);
  EXPECT_EQ(program.bound_refs()[0].fields.size(), 2u);
  EXPECT_TRUE(program.bound_refs()[3].is_time);
  const Value bound[] = {Value::Int(1), Value::Int(10), Value::Int(1100), Value::OfTime(5)};
  EvalContext context;
  context.bound = bound;
  context.time = 6;
  EXPECT_TRUE(program.Holds(context));
  context.time = 5;
  EXPECT_FALSE(program.Holds(context));
}

TEST(Program, ListsWhatPrevReads) {
  auto field = std::make_shared<Expr>(*Attr(3, Kind::kInt));
  field->fields = {{TypeId(0u), FieldId(3u)}};
  const auto prev = [](ExprPtr value, uint32_t offset) {
    const Type type = value->type;
    auto e = Node(Op::kPrev, {std::move(value)}, type);
    e->offset = offset;
    return e;
  };
  const ExprPtr e =
      Make(Op::kAdd, {Make(Op::kSub, {prev(field, 1), prev(field, 2)}), prev(field, 1)});
  const Program program = Compiled(*e);
  ASSERT_EQ(program.prev_refs().size(), 2u);
  EXPECT_EQ(program.prev_refs()[1].offset, 2u);
  EXPECT_EQ(program.prev_refs()[0].fields.size(), 1u);
  EXPECT_FALSE(program.prev_refs()[0].is_time);
  EXPECT_TRUE(SameExpr(*program.prev_refs()[0].value, *field));
  const Value values[] = {Value::Int(10), Value::Int(3)};
  EvalContext context;
  context.prev = values;
  EXPECT_EQ(Show(program.Eval(context)), "17");
  EXPECT_TRUE(Compiled(*prev(EventTime(), 1)).prev_refs()[0].is_time);
}

TEST(Program, ReadsKeysAggregatesAndWindows) {
  const auto indexed = [](Op op, uint32_t index, Kind kind) {
    auto e = Node(op, {}, Type::Of(kind));
    e->index = index;
    return e;
  };
  const ExprPtr e =
      Make(Op::kList, {indexed(Op::kKey, 1, Kind::kString), indexed(Op::kAggregate, 0, Kind::kInt),
                       indexed(Op::kWindowStart, 0, Kind::kTime),
                       indexed(Op::kWindowEnd, 0, Kind::kTime), EventTime()});
  const Value keys[] = {Value::Int(1), Value::String("k")};
  const Value aggregates[] = {Value::Int(7)};
  Arena scratch;
  EvalContext context;
  context.keys = keys;
  context.aggregates = aggregates;
  context.window_start = 1;
  context.window_end = 2;
  context.time = kSecond;
  context.scratch = &scratch;
  EXPECT_EQ(Show(Compiled(*e).Eval(context)),
            "[\"k\", 7, @1970-01-01T00:00:00.000000001Z, @1970-01-01T00:00:00.000000002Z, "
            "@1970-01-01T00:00:01Z]");
}

TEST(Program, CountsFaultsByPlace) {
  auto first = std::make_shared<Expr>(*Make(Op::kDiv, {Attr(0, Kind::kInt), Attr(1, Kind::kInt)}));
  auto second = std::make_shared<Expr>(*first);
  first->origin = {0, 10, 15};
  second->origin = {0, 20, 25};
  const Program program = Compiled(*Make(Op::kList, {first, second}));
  const Value zero[] = {Value::Int(1), Value::Int(0)};
  Arena scratch;
  EvalIssues issues;
  EvalContext context;
  context.fields = zero;
  context.scratch = &scratch;
  context.issues = &issues;
  for (int i = 0; i < 3; ++i) program.Eval(context);
  ASSERT_EQ(issues.entries().size(), 2u);
  EXPECT_EQ(issues.entries()[0].origin.begin, 10u);
  EXPECT_EQ(issues.entries()[1].origin.begin, 20u);
  EXPECT_EQ(issues.entries()[1].count, 3u);
  EXPECT_EQ(std::string(EvalFaultText(issues.entries()[0].fault)), "division by zero");
  context.issues = nullptr;
  EXPECT_EQ(Show(program.Eval(context)), "[null, null]");
}

TEST(Program, RefusesPatternsThatAreNone) {
  const ExprPtr text = Attr(0, Kind::kString);
  EXPECT_EQ(Program::Compile(*Make(Op::kMatches, {text, Lit("(")})).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Program::Compile(*Call("extract", {text, Lit("(")})).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Program, OutlivesItsExpression) {
  const auto make = [] {
    const Constant list = testing::ListC("some text that is not short", "b");
    return Compiled(*Make(Op::kCoalesce, {Null(), Make(Op::kIndex, {Lit(list), Lit(0)})}));
  };
  const Program program = make();
  EXPECT_EQ(Show(program.Eval({})), "\"some text that is not short\"");
}

TEST(Program, TakesLongChains) {
  constexpr int kTerms = 10'000;
  ExprPtr left = Attr(0, Kind::kInt);
  ExprPtr right = Attr(0, Kind::kInt);
  std::vector<ExprPtr> terms;
  ExprPtr nots = Lit(true);
  for (int i = 1; i < kTerms; ++i) {
    left = Make(Op::kAdd, {left, Lit(i)});
    right = Make(Op::kAdd, {Lit(i), right});
    terms.push_back(Make(Op::kEq, {Attr(0, Kind::kInt), Lit(i)}));
    nots = Make(Op::kNot, {nots});
  }
  const Value one[] = {Value::Int(1)};
  Arena scratch;
  EvalContext context;
  context.fields = one;
  context.scratch = &scratch;
  const std::string sum = std::to_string(kTerms * (kTerms - 1) / 2 + 1);
  EXPECT_EQ(Show(Compiled(*left).Eval(context)), sum);
  EXPECT_EQ(Show(Compiled(*right).Eval(context)), sum);
  EXPECT_EQ(Show(Compiled(*Make(Op::kOr, terms)).Eval(context)), "true");
  EXPECT_EQ(Show(Compiled(*Make(Op::kAnd, terms)).Eval(context)), "false");
  EXPECT_EQ(Show(Compiled(*nots).Eval(context)), "false");
}

TEST(Program, AllocatesNothingForPlainConditions) {
  const ExprPtr e =
      Make(Op::kAnd, {Make(Op::kGt, {Make(Op::kAdd, {Attr(0, Kind::kInt), Lit(1)}), Lit(2)}),
                      Make(Op::kIn, {Attr(1, Kind::kString), Lit(testing::ListC("a", "b"))}, true),
                      Make(Op::kLike, {Attr(1, Kind::kString), Lit("?")})});
  const Program program = Compiled(*e);
  const Value values[] = {Value::Int(5), Value::String("B")};
  Arena scratch;
  EvalContext context;
  context.fields = values;
  context.scratch = &scratch;
  EXPECT_TRUE(program.Holds(context));
  EXPECT_EQ(scratch.bytes_reserved(), 0u);
}

}  // namespace
}  // namespace spate
