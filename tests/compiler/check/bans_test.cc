// Bans, `until` and `on timeout`: what is made of them, and where they may not stand.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

Checked CheckPatternText(const std::string& rule) {
  return CheckText(std::string(kTypes) + "rule r { " + rule + " }\n");
}

const CheckedRule& RuleOf(const Checked& c) { return c.rules.rules[0]; }

class GoodBans : public ::testing::TestWithParam<const char*> {};

TEST_P(GoodBans, AreTaken) {
  Checked c = CheckPatternText(GetParam());
  EXPECT_EQ(Lines(c), "") << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodBans,
    ::testing::Values(
        "match a: A -> not B -> c: C within 5m", "match a: A, not B, c: C",
        "match a: A -> not v: (B[v.x == a.x] | C) -> c: C after match no skip within 5m",
        "match a: A -> not B[x > a.x] for 5s within unbounded",
        "match a: A -> not B for 5s",  // its end is known: no window is needed
        "match a: A -> not B before a.ts + a.d", "match a: A -> not B within 5s",
        "match a: A -> not B within 5 events", "match (a: A -> not B within 5s)",
        "match c: C -> (a: A -> not B within 5s) within 60s", "match not B for 5s -> a: A",
        "match not B ever -> not C for 5s -> a: A", "match not (B | C) for 5s -> a: A, c: C",
        "match (not B -> a: A)+ within 5m", "match (not B -> a: A){2} within 5m",
        "match c: C -> (not B -> a: A)+ -> q: C within 5m",
        "match (a: A -> not B){2} -> c: C within 5m", "match a: A -> not B -> c: C? within 5m",
        "match a: A? -> not B -> c: C within 5m", "match a: A -> c: C* -> not B for 5s within 5m",
        "match (a: A -> not B for 5s) | (b: B -> c: C) within 5m", "match a: A -> (not B for 5s)",
        "match a: A -> ((not B)) -> c: C within 5m",
        "match a: A -> not B -> not C -> q: A within 5m",
        "match a: A -> not B for if a.ok then 10s else 5s -> c: C within 5m",
        "match a: A+ -> not B[x > avg(a.x)] -> c: C within 5m",
        "match m: (a: A -> not B[count(m) > 1] -> c: C) within 5m",
        "match a: A -> c: C until B within 5m", "match a: A -> not C for 5s until (B[x > 1] | A)",
        "from (A | B | C) match a: A -> not B -> c: C until B within 5m",
        "match a: A -> not v: B -> b: B by a.x = b.y = v.x within 5m",
        "match a: A -> not B -> c: C by x within 5m"));

struct BadBan {
  const char* rule;
  const char* lines;
};

class BadBans : public ::testing::TestWithParam<BadBan> {};

TEST_P(BadBans, AreReported) {
  Checked c = CheckPatternText(GetParam().rule);
  EXPECT_EQ(Lines(c), GetParam().lines) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadBans,
    ::testing::Values(
        BadBan{"match not B -> a: A within 5m",
               "E0412 'not B' a ban at the start needs `for D` or `ever`\n"},
        BadBan{"match (not B -> a: A) -> c: C within 5m",
               "E0412 'not B' a ban at the start needs `for D` or `ever`\n"},
        BadBan{"match (not B -> a: A)? -> c: C within 5m",
               "E0412 'not B' a ban at the start needs `for D` or `ever`\n"},
        BadBan{"match (not v: B[x > a.x] -> a: A)+ within 5m",
               "E0208 'a' `a` is not bound yet here\n"},
        BadBan{"match not B for a.d -> a: A within 5m", "E0208 'a' `a` is not bound yet here\n"},
        BadBan{"match not B before @2026-01-31 -> a: A",
               "E0413 'not B before @2026-01-31' `before` is for a ban after a step\n"},
        BadBan{"match not B[count() == 0] for 5s -> a: A",
               "E0413 'not B[count() == 0] for 5s' a ban at the start uses no variables\n"},
        BadBan{"match a: A -> not B ever -> c: C within 5m",
               "E0413 'not B ever' `ever` is for a ban at the start\n"},
        BadBan{"match a: A -> not B for 5s -> not C for 3s within 5m",
               "E0413 'not C for 3s' there is one ban at the end\n"},
        BadBan{"match a: A -> (c: C -> not B for 5s) -> not C for 3s within 5m",
               "E0413 'not C for 3s' there is one ban at the end\n"},
        BadBan{"match a: A, not B for 5s within 5m",
               "E0413 'not B for 5s' a ban at the end stands after `->`\n"},
        BadBan{"match a: A ->> not B for 5s within 5m",
               "E0413 'not B for 5s' a ban at the end stands after `->`\n"},
        BadBan{"match a: A -> not B within unbounded",
               "E0412 'not B' a ban at the end needs `for D`, `before t`, or a window that ends\n"},
        BadBan{"match a: A -> not B gap 5s",
               "E0412 'not B' a ban at the end needs `for D`, `before t`, or a window that ends\n"},
        BadBan{"match (c: C -> a: A within 5s) -> not B within unbounded",
               "E0412 'not B' a ban at the end needs `for D`, `before t`, or a window that ends\n"},
        BadBan{"match not B for 5s",
               "E0414 'not B for 5s' a match binds at least one event, and bans bind none\n"},
        BadBan{"match a: A -> (not B)+ -> c: C within 5m",
               "E0414 '(not B)+' a match binds at least one event, and bans bind none\n"},
        BadBan{"match a: A -> (not B within 5s)",
               "E0414 '(not B within 5s)' a match binds at least one event, and bans bind none\n"},
        BadBan{"match a: A -> ((not B for 5s) | c: C) within 5m",
               "E0414 '(not B for 5s)' a match binds at least one event, and bans bind none\n"},
        BadBan{"match a: A -> not v: B -> c: C[v.x > 1] within 5m",
               "E0415 'v' a ban binds nothing, so there is no `v` here\n"},
        BadBan{"match a: A -> not v: B -> c: C within 5m emit M { v.x }",
               "E0415 'v' a ban binds nothing, so there is no `v` here\n"},
        BadBan{"match a: A -> not v: B -> c: C where count(v) > 1 within 5m",
               "E0415 'count(v)' a ban binds nothing, so there is no `v` here\n"},
        BadBan{"match a: A -> not a: B -> c: C within 5m",
               "E0207 'a' the variable `a` stands at two steps\n"},
        BadBan{"match a: A -> not v: B -> v: C within 5m",
               "E0207 'v' the variable `v` stands at two steps\n"},
        BadBan{"match a: A -> not (v: B | C) -> c: C within 5m",
               "E0119 'v' no variable can stand inside the alternatives of a ban\n"},
        BadBan{"match a: A -> not B for -5s", "E0402 '-5s' `for` must not be negative\n"},
        BadBan{"match a: A -> not B for 5", "E0301 '5' `for` is `duration?`, and this is `int`\n"},
        BadBan{"match a: A -> not B before 5s",
               "E0301 '5s' `before` is `time?`, and this is `duration`\n"},
        BadBan{"match a: A -> not C -> b: B by k within 5m", "E0404 'k' `by` gives `C` no key\n"},
        BadBan{"match a: A -> b: B until C by k within 5m", "E0404 'k' `by` gives `C` no key\n"},
        BadBan{"from (A | C) match a: A -> not B -> c: C within 5m",
               "E0407 'not B' `from` does not admit `B`\n"},
        BadBan{"from (A | C) match a: A -> c: C until B within 5m",
               "E0407 'until B' `from` does not admit `B`\n"},
        BadBan{"match a: A -> c: C until B[x > a.x] within 5m",
               "E0208 'a' `until` looks at one event alone, and `a` is another\n"},
        BadBan{"match a: A -> b: B within unbounded on timeout emit T { a.x }",
               "E0416 'on timeout emit T { a.x }' `on timeout` can never report\n"}));

TEST(BansTest, KeepWhatTheyForbidAndTheirLimit) {
  Checked c = CheckPatternText(
      "match not B for 5s -> a: A -> not v: (B[x > a.x] | C | B[x < 0]) before a.ts + 5s -> b: B "
      "-> not C ever -> c: C within 5m");
  Checked good = CheckPatternText(
      "match not B for 5s -> a: A -> not v: (B[x > a.x] | C | B[x < 0]) before a.ts + 5s -> b: B");
  EXPECT_THAT(Lines(c), ::testing::HasSubstr("E0413"));
  using Limit = BanPlan::Limit;
  const std::vector<CheckedPatternPtr>& e = RuleOf(good).pattern->elements;
  ASSERT_EQ(e.size(), 4u);
  EXPECT_EQ(e[0]->kind, CheckedPattern::Kind::kBan);
  EXPECT_EQ(e[0]->limit, Limit::kFor);
  EXPECT_EQ(e[0]->limit_value->op, Op::kConst);
  EXPECT_EQ(e[2]->kind, CheckedPattern::Kind::kBan);
  EXPECT_EQ(e[2]->var, VarId(1u));
  EXPECT_EQ(e[2]->limit, Limit::kBefore);
  EXPECT_EQ(e[2]->limit_value->type.kind, Kind::kTime);
  ASSERT_EQ(e[2]->types.size(), 2u);
  EXPECT_EQ(e[2]->types[0].condition->op, Op::kOr);
  EXPECT_EQ(e[2]->types[1].condition, nullptr);
  EXPECT_TRUE(RuleOf(good).variables[1].is_ban);
  EXPECT_FALSE(RuleOf(good).variables[0].is_ban);
}

TEST(BansTest, TheInputHasTheirTypesAndThoseOfUntil) {
  Checked c = CheckPatternText("match a: A[x > 1] -> not B[x > 2] for 5s until C[x > 3]");
  const CheckedRule& r = RuleOf(c);
  ASSERT_EQ(r.input.size(), 3u);
  for (const CheckedInput& input : r.input) EXPECT_EQ(input.condition, nullptr);
  ASSERT_EQ(r.until.size(), 1u);
  EXPECT_EQ(r.until[0].condition->op, Op::kGt);
}

TEST(BansTest, ParenthesesAroundABanChangeNothing) {
  Checked c = CheckPatternText("match a: A -> (not B -> (not C)) -> b: B within 5m");
  const CheckedPattern& p = *RuleOf(c).pattern;
  ASSERT_EQ(p.elements.size(), 4u);
  EXPECT_EQ(p.operators.size(), 3u);
  EXPECT_EQ(p.elements[1]->kind, CheckedPattern::Kind::kBan);
  EXPECT_EQ(p.elements[2]->kind, CheckedPattern::Kind::kBan);
}

TEST(BansTest, VariablesOfATimeoutMayBeUnbound) {
  Checked c = CheckPatternText(
      "match a: A -> b: B+ within 5s on timeout emit T { ax: a.x, bx: b.x, s: sum(b.x), n: count() "
      "} emit M { ax: a.x, bx: b.x }");
  ASSERT_EQ(Lines(c), "");
  EXPECT_EQ(RuleOf(c).emits[0].kind, EmitKind::kOnTimeout);
  EXPECT_EQ(RuleOf(c).emits[1].kind, EmitKind::kReport);
  std::string types;
  for (const EventType& t : c.rules.types) {
    if (t.name != "T" && t.name != "M") continue;
    for (const Field& f : t.fields) types += t.name + "." + f.name + ": " + TypeName(f.type) + " ";
  }
  EXPECT_EQ(types, "T.ax: int T.bx: int? T.s: int? T.n: int M.ax: int M.bx: int ");
}

}  // namespace
}  // namespace spate
