// Expressions: what has which type, and what is refused.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

using ::testing::HasSubstr;

struct TypeCase {
  const char* expression;  // in an emit after `a: A -> b: B? -> c: C+`
  const char* type;
};

class ExpressionTypes : public ::testing::TestWithParam<TypeCase> {};

TEST_P(ExpressionTypes, Inferred) {
  Checked c = CheckText(std::string(kTypes) +
                        "rule r { match a: A -> b: B? -> c: C+ -> s: S within 5m\n"
                        "by ts emit M { v: " +
                        GetParam().expression + " } }\n");
  ASSERT_EQ(Lines(c), "") << GetParam().expression;
  const EventType& m = c.rules.types.back();
  ASSERT_EQ(m.fields.size(), 1u);
  EXPECT_EQ(TypeName(m.fields[0].type), GetParam().type) << GetParam().expression;
}

INSTANTIATE_TEST_SUITE_P(
    Literals, ExpressionTypes,
    ::testing::Values(TypeCase{"1", "int"}, TypeCase{"1.5", "float"}, TypeCase{"\"a\"", "string"},
                      TypeCase{"true", "bool"}, TypeCase{"5s", "duration"},
                      TypeCase{"@2026-01-31", "time"}, TypeCase{"[1, 2]", "[int]"},
                      TypeCase{"[1, 2.5]", "[float]"}, TypeCase{"[1, null]", "[int?]"},
                      TypeCase{"null", "string?"}));

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, ExpressionTypes,
    ::testing::Values(
        TypeCase{"a.x + 1", "int"}, TypeCase{"a.x + a.f", "float"}, TypeCase{"a.x / 2", "float"},
        TypeCase{"a.x / 0", "float?"}, TypeCase{"a.x / a.x", "float?"}, TypeCase{"a.x % 3", "int"},
        TypeCase{"a.x % a.x", "int?"}, TypeCase{"-a.x", "int"}, TypeCase{"a.ts - a.ts", "duration"},
        TypeCase{"a.ts + 5s", "time"}, TypeCase{"5s + a.ts", "time"},
        TypeCase{"a.d * 2", "duration"}, TypeCase{"1.5 * a.d", "duration"},
        TypeCase{"a.d / 2", "duration"}, TypeCase{"a.d / 5s", "float"},
        TypeCase{"a.d / a.d", "float?"}, TypeCase{"\"a\" + a.k", "string?"},
        TypeCase{"a.tags + [\"b\"]", "[string]"}, TypeCase{"a.n + 1", "int?"},
        TypeCase{"a.n ?? 0", "int"}, TypeCase{"null ?? 7", "int"}, TypeCase{"a.n ?? a.n", "int?"},
        TypeCase{"a.n ?? 1.5", "float"}, TypeCase{"if a.ok then 1 else 2", "int"},
        TypeCase{"if a.ok then 1 else 2.5", "float"}, TypeCase{"if a.ok then 1 else null", "int?"},
        TypeCase{"if a.ok then a.ts else \"2026-01-31\"", "time"}));

INSTANTIATE_TEST_SUITE_P(
    Conditions, ExpressionTypes,
    ::testing::Values(
        TypeCase{"a.x == 1", "bool"}, TypeCase{"a.k == \"b\"", "bool?"},
        TypeCase{"a.f > 1", "bool"}, TypeCase{"a.i == \"10.0.0.1\"", "bool"},
        TypeCase{"a.ts > \"2026-01-31\"", "bool"},
        TypeCase{"a.i in [\"10.0.0.1\", \"10.0.0.2\"]", "bool"}, TypeCase{"a.x in a.nums", "bool"},
        TypeCase{"a.f in [1, 2.5]", "bool"}, TypeCase{"a.k in [\"a\"]", "bool?"},
        TypeCase{"a.x between 1 and 2.5", "bool"}, TypeCase{"a.k is null", "bool"},
        TypeCase{"(a.k == \"b\") is true", "bool"}, TypeCase{"not (a.k like \"b*\")", "bool?"},
        TypeCase{"any(a.tags) like~ [\"a*\"]", "bool"}, TypeCase{"all(a.nums) > 1.5", "bool"},
        TypeCase{"3 < all(a.nums)", "bool"}, TypeCase{"any(a.tags, t => t == \"x\")", "bool"},
        TypeCase{"count_if(a.nums, n => n > a.x)", "int"}, TypeCase{"a.nums[0]", "int?"},
        TypeCase{"a.ok unless a.k == \"x\"", "bool"}, TypeCase{"s.p is null", "bool"}));

INSTANTIATE_TEST_SUITE_P(
    Variables, ExpressionTypes,
    ::testing::Values(TypeCase{"a.x", "int"}, TypeCase{"b.x", "int?"}, TypeCase{"c.x", "int"},
                      TypeCase{"s.p.name", "string?"}, TypeCase{"first(c.x)", "int"},
                      TypeCase{"last(c.x, 1)", "int?"}, TypeCase{"c[0].x", "int"},
                      TypeCase{"c[5].x", "int?"}, TypeCase{"c[-1].x", "int"},
                      TypeCase{"first(c).x", "int"}, TypeCase{"first(c.x + 1)", "int"},
                      TypeCase{"a.time", "time"}, TypeCase{"b.time", "time?"},
                      TypeCase{"first(c).time", "time"}, TypeCase{"ts", "time"}));

INSTANTIATE_TEST_SUITE_P(
    Aggregates, ExpressionTypes,
    ::testing::Values(
        TypeCase{"count(c)", "int"}, TypeCase{"count()", "int"}, TypeCase{"sum(c.x)", "int"},
        TypeCase{"sum(c.z)", "float"}, TypeCase{"avg(c.x)", "float"}, TypeCase{"sum(b.x)", "int?"},
        TypeCase{"max(c.x where c.z > 1.0)", "int?"}, TypeCase{"collect(a.k)", "[string]"},
        TypeCase{"min(a.ts)", "time"}, TypeCase{"count(c where x > 1)", "int"},
        TypeCase{"first(c.x where c.x > 1)", "int?"}, TypeCase{"sum(a.d)", "duration"}));

INSTANTIATE_TEST_SUITE_P(
    Library, ExpressionTypes,
    ::testing::Values(TypeCase{"lower(a.k)", "string?"}, TypeCase{"len(a.tags)", "int"},
                      TypeCase{"cidr(a.i, \"10.0.0.0/8\")", "bool"},
                      TypeCase{"extract(\"a1\", \"a(.)\", 1)", "string"},
                      TypeCase{"int(\"ff\", 16)", "int"}, TypeCase{"int(\"x\")", "int?"},
                      TypeCase{"hours(a.d)", "float"}, TypeCase{"abs(a.x)", "int"},
                      TypeCase{"abs(a.f)", "float"}, TypeCase{"max(a.x, 3)", "int"}));

struct FaultCase {
  const char* condition;  // of a step `a: A[..]`
  const char* expected;   // a part of the only line
};

class ConditionFaults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(ConditionFaults, Reported) {
  Checked c = CheckText(std::string(kTypes) + "rule r { match a: A[" + GetParam().condition +
                        "] emit M {} }\n");
  EXPECT_THAT(Lines(c), HasSubstr(GetParam().expected)) << GetParam().condition;
  EXPECT_EQ(c.diagnostics.all().size(), 1u) << GetParam().condition << "\n" << Lines(c);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConditionFaults,
    ::testing::Values(FaultCase{"y > 1", "E0201 'y' undefined name `y`"},
                      FaultCase{"x == \"3\"",
                                "E0302 '==' a comparison of unlike types: `int` and `string`"},
                      FaultCase{"x", "E0305"}, FaultCase{"k == null", "E0303"},
                      FaultCase{"tags == \"a\"", "E0304"}, FaultCase{"i < \"10.0.0.1\"", "E0301"},
                      FaultCase{"x ==~ 3", "E0301"}, FaultCase{"x + \"a\" == \"b\"", "E0301"},
                      FaultCase{"lower(x) == \"a\"", "E0308"},
                      FaultCase{"k matches \"(\"", "E0313"}, FaultCase{"any(tags)", "E0308"},
                      FaultCase{"i == \"10.0.0\"", "E0307"}, FaultCase{"prev(x + 1) > 1", "E0308"},
                      FaultCase{"prev(y) > 1", "E0201"}, FaultCase{"foo.bar > 1", "E0201 'foo'"},
                      FaultCase{"x.y > 1", "E0203"},
                      // One fault, one message: what depends on it is silent.
                      FaultCase{"(y + 1) * 2 > len(k) and x > 3", "E0201 'y'"}));

TEST(ExpressionsTest, UnlessIsAndIsNotTrue) {
  Checked c = CheckText(std::string(kTypes) + "rule r { match a: A[ok unless k == \"u\"] }\n");
  ASSERT_EQ(Lines(c), "");
  const Expr& e = *c.rules.rules[0].pattern->types[0].condition;
  ASSERT_EQ(e.op, Op::kAnd);
  ASSERT_EQ(e.args[1]->op, Op::kNot);
  EXPECT_EQ(e.args[1]->args[0]->op, Op::kIsTrue);
}

TEST(ExpressionsTest, ConstantsAndFnsFold) {
  Checked c = CheckText(std::string(kTypes) +
                        "const BASE = 2\nconst LIMIT = BASE * 3 + 1\n"
                        "fn twice(n: int) -> int = n * BASE\n"
                        "rule r { match a: A[x > twice(LIMIT)] }\n");
  ASSERT_EQ(Lines(c), "");
  const Expr& e = *c.rules.rules[0].pattern->types[0].condition;
  ASSERT_EQ(e.args[1]->op, Op::kConst);
  EXPECT_EQ(e.args[1]->constant, Constant::Int(14));
}

TEST(ExpressionsTest, LambdasAreNumberedFromOutside) {
  Checked c =
      CheckText(std::string(kTypes) +
                "rule r { match a: A[any(nums, p => all(nums, q => q <= p))] emit M {} }\n");
  ASSERT_EQ(Lines(c), "");
  const Expr& any = *c.rules.rules[0].pattern->types[0].condition;
  ASSERT_EQ(any.op, Op::kAny);
  EXPECT_EQ(any.index, 0u);
  const Expr& all = *any.args[1];
  EXPECT_EQ(all.index, 1u);
  EXPECT_EQ(all.args[1]->args[0]->index, 1u);
  EXPECT_EQ(all.args[1]->args[1]->index, 0u);
}

TEST(ExpressionsTest, LongChainsAndDeepNestingDoNotOverflow) {
  std::string ors = "x == 0";
  for (int i = 1; i < 1000; ++i) ors += " or x == " + std::to_string(i);
  EXPECT_EQ(Lines(CheckText(std::string(kTypes) + "rule r { match a: A[" + ors + "] emit M {} }")),
            "");
  std::string nots;
  for (int i = 0; i < 900; ++i) nots += "not ";
  EXPECT_THAT(
      Lines(CheckText(std::string(kTypes) + "rule r { match a: A[" + nots + "ok] emit M {} }")),
      HasSubstr("E0011"));
}

TEST(ExpressionsTest, DefinitionsThatDoubleAreLimited) {
  std::string text = std::string(kTypes) +
                     "fn f0(n: int) = n + n\nconst l0 = [1, 2]\n"
                     "event V0 = A[x > 1]\n";
  for (int i = 1; i < 30; ++i) {
    std::string n = std::to_string(i);
    std::string m = std::to_string(i - 1);
    text += "fn f" + n + "(n: int) = f" + m + "(n) + f" + m + "(n + 1)\n";
    text += "event V" + n + " = V" + m + "[x > " + n + "] | V" + m + "[x < 0]\n";
  }
  EXPECT_THAT(Lines(CheckText(text + "rule r { match a: A[f29(x) > 1] emit M {} }")),
              HasSubstr("E0011"));
  EXPECT_THAT(Lines(CheckText(text + "rule r { match a: V29 emit M {} }")), HasSubstr("E0011"));
}

}  // namespace
}  // namespace spate
