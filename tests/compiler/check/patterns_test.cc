// Patterns: permutations, named groups, running conditions, `where`, keys per variable and the
// clauses that need something of a pattern.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

using ::testing::ElementsAre;
using PatternKind = CheckedPattern::Kind;

Checked CheckRuleText(const std::string& rule) {
  return CheckText(std::string(kTypes) + "rule r { " + rule + " }\n");
}

const CheckedRule& RuleOf(const Checked& c) { return c.rules.rules[0]; }

class GoodPatterns : public ::testing::TestWithParam<const char*> {};

TEST_P(GoodPatterns, AreTaken) {
  Checked c = CheckRuleText(GetParam());
  EXPECT_EQ(Lines(c), "") << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodPatterns,
    ::testing::Values(
        "match a: A & b: B{2} & c: C within 5m", "match a: A & b: B -> c: C[x > a.x + b.y] gap 5s",
        "match (a: A & b: B) strict", "match a: A, b: B & c: C",
        "match e: (A | B) & c: C within 5m", "match (A | B){2} & c: C within 5m",
        "match (a: A) & (b: B){3} within 5m", "match a: A & b: B where a.x == b.x by x within 5m",
        "match m: (a: A -> b: B)+ -> c: C[x > last(m.x, 1)] within 5m emit Sum { n: count(m), m.x "
        "}",
        "match m: (a: A -> b: B[count(m) > 2 and x > m.x - 1])+ within 5m",
        "match m: (a: A -> b: B) | m: C within 5m emit M { n: count(m), m.x }",
        "match b: B[y > avg(b.y) * 2 or count(b) < 3]+ -> c: C[x > sum(b.y) and count() > 4] gap "
        "5m",
        "match b: B+ -> c: C where avg(b.y) > 1 and first(b.x) < b[1].x and count(b) > 2 within 5m",
        "match a: A -> b: B keep latest", "match a: A{3} -> (b: B | c: C) keep latest",
        "match a: A -> not B for 5s keep latest", "match a: A -> b: B+ keep first within 5m",
        "match a: A -> b: B keep latest after match skip past last event",
        "match a: A -> b: B gap 5s", "match a: A -> (b: B -> c: C gap 2s){2} within 5m",
        "match (a: A -> b: B gap 5s)",
        "match a: A ->> b: B after match no skip within 5m emit summary Sum { n: match_count(), "
        "t: sum(b.y), k0: count(a), top: max(b.x), l: last(b.x) }",
        "match a: A ->> b: B by x keep latest emit summary Sum { x, n: match_count() }",
        "match a: A -> b: B within 5s on timeout emit T { v: a.x }",
        "match (a: A -> b: B within 3s) on timeout emit T { v: a.x }",
        "match a: A -> b: B gap 3s on timeout emit T { v: a.x }", "match a: A limit 2 per 5m",
        "match a: A limit 1 ever", "match a: A -> b: A by a.x = b.x within 5m",
        "match a: A -> b: A by a.x = b.n within 5m",
        "match a: A -> not v: A -> b: A by a.x = b.n = v.x within 5m",
        "match m: (a: A -> b: A) -> c: C by m.x = c.x within 5m"));

struct BadPattern {
  const char* rule;
  const char* lines;
};

class BadPatterns : public ::testing::TestWithParam<BadPattern> {};

TEST_P(BadPatterns, AreReported) {
  Checked c = CheckRuleText(GetParam().rule);
  EXPECT_EQ(Lines(c), GetParam().lines) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPatterns,
    ::testing::Values(
        BadPattern{"match a: A & b: B[x == a.x] within 5m",
                   "E0208 'a' `a` may not be bound yet here: a permutation takes its steps in any "
                   "order\n"},
        BadPattern{"match a: A & (b: B | c: C) within 5m",
                   "E0120 '(b: B | c: C)' a permutation is of steps and of steps with exact "
                   "counts\n"},
        BadPattern{"match a: A & (b: B{2}){3} within 5m",
                   "E0120 '(b: B{2}){3}' a permutation is of steps and of steps with exact "
                   "counts\n"},
        BadPattern{"match A & A & A & A & A & A & A & A & A & A & A & A & A & A & A & A & A "
                   "within 5m",
                   "E0120 'A & A & A & A & A & A & A & A & A & A & A & A & A & A & A & A & A' a "
                   "permutation of more than 16 steps\n"},
        BadPattern{"match a: A & a: B within 5m",
                   "E0207 'a' the variable `a` stands at two steps\n"},
        BadPattern{"match m: (m: A -> b: B) within 5m",
                   "E0207 'm' the variable `m` stands at two steps\n"},
        BadPattern{"match m: (a: A -> b: B) -> m: C within 5m",
                   "E0207 'm' the variable `m` stands at two steps\n"},
        BadPattern{"match a: A[x > m.x] -> m: (b: B -> c: C) within 5m",
                   "E0208 'm' `m` is not bound yet here\n"},
        BadPattern{"match m: (a: A -> c: C) within 5m emit M { m.k }",
                   "E0203 'm.k' `C` has no attribute `k`\n"},
        BadPattern{"match a: A[count(b) > 1] -> b: B within 5m",
                   "E0208 'count(b)' `b` is not bound yet here\n"},
        BadPattern{"match a: A -> b: B+ keep latest",
                   "E0409 'keep latest' `keep latest` is for patterns of steps, exact counts, "
                   "alternatives and bans\n"},
        BadPattern{"match a: A & b: B keep latest",
                   "E0409 'keep latest' `keep latest` is for patterns of steps, exact counts, "
                   "alternatives and bans\n"},
        BadPattern{"match a: A ->> b: B within 5m emit summary Sum { n: match_count() }",
                   "E0409 'emit summary Sum { n: match_count() }' `emit summary` goes with `after "
                   "match no skip`\n"},
        BadPattern{"match a: A ->> b: B within 5m after match no skip emit summary Sum { b.x }",
                   "E0311 'b.x' `emit summary` is over all matches, and this is of one event\n"},
        BadPattern{"match a: A emit M { n: match_count() }",
                   "E0311 'match_count()' `match_count()` has no matches to count here\n"},
        BadPattern{"match a: A limit 0 per 5m", "E0402 '0' `limit` must be more than zero\n"},
        BadPattern{"match a: A -> b: B gap -5s", "E0402 '-5s' `gap` must not be negative\n"},
        BadPattern{"match a: A -> b: A by a.x within 5m", "E0404 'a.x' `by` gives `b` no key\n"},
        BadPattern{"match a: A -> A by a.x within 5m", "E0404 'a.x' `by` gives `A` no key\n"},
        BadPattern{"match a: A -> b: A by a.x = b.k within 5m",
                   "E0406 'a.x = b.k' a key is `int` and `string?`\n"},
        BadPattern{"match a: A by a.x = a.n", "E0406 'a.n' a second key for `a`\n"},
        BadPattern{"match m: (A -> A) -> c: A by m.x = c.n within 5m",
                   "E0404 'A' this step needs a variable, to have a key of its own\n"}));

TEST(PatternsTest, PermutationsAreOfStepsWithCounts) {
  Checked c = CheckRuleText("match ((a: A & (b: B{2}) & e: (A | C))) any -> c: C within 5m");
  ASSERT_EQ(Lines(c), "");
  const CheckedPattern* p = RuleOf(c).pattern->elements[0].get();
  while (p->kind == PatternKind::kGroup) {
    EXPECT_EQ(p->rounds, std::nullopt);
    p = p->elements[0].get();
  }
  ASSERT_EQ(p->kind, PatternKind::kPermutation);
  EXPECT_EQ(p->rounds, Contiguity::kAny);
  ASSERT_EQ(p->elements.size(), 3u);
  EXPECT_EQ(p->elements[1]->kind, PatternKind::kStep);
  EXPECT_EQ(p->elements[1]->min, 2u);
  EXPECT_EQ(p->elements[2]->kind, PatternKind::kAlternation);
  EXPECT_EQ(p->elements[2]->elements[1]->var, VarId(2u));
}

TEST(PatternsTest, NamedGroupsHaveTheTypesOfTheirSteps) {
  Checked c = CheckRuleText("match a: A -> m: (b: B -> C -> not A)* -> q: C within 5m emit M {}");
  ASSERT_EQ(Lines(c), "");
  const CheckedVariable& m = RuleOf(c).variables[1];
  EXPECT_EQ(m.name, "m");
  EXPECT_TRUE(m.is_group && m.optional && m.repeated);
  EXPECT_EQ(m.types.size(), 2u);
  const CheckedPattern& group = *RuleOf(c).pattern->elements[1];
  EXPECT_EQ(group.kind, PatternKind::kGroup);
  EXPECT_EQ(group.var, VarId(1u));
  EXPECT_EQ(group.min, 0u);
  EXPECT_FALSE(group.elements[0]->elements[1]->var.valid());
}

TEST(PatternsTest, AStepThatSharesItsNameWithAGroupIsAGroupOfOne) {
  Checked c = CheckRuleText("match (m: A+ | m: (b: B -> c: C)) within 5m");
  ASSERT_EQ(Lines(c), "");
  const CheckedPattern& step = *RuleOf(c).pattern->elements[0]->elements[0];
  EXPECT_EQ(step.kind, PatternKind::kGroup);
  EXPECT_EQ(step.var, VarId(0u));
  EXPECT_EQ(step.elements[0]->kind, PatternKind::kStep);
  EXPECT_EQ(step.elements[0]->max, std::nullopt);
  EXPECT_FALSE(step.elements[0]->var.valid());
}

TEST(PatternsTest, ConditionsMayAggregate) {
  Checked c = CheckRuleText(
      "match a: A -> b: B[y > avg(b.y) and count() < 9]+ -> c: C[x > avg(b.y)] within 5m "
      "emit M { v: avg(b.y) }");
  ASSERT_EQ(Lines(c), "");
  EXPECT_EQ(RuleOf(c).aggregates.size(), 2u);  // each once
  const Expr& e = *RuleOf(c).pattern->elements[1]->types[0].condition;
  EXPECT_EQ(e.args[0]->args[1]->op, Op::kAggregate);
}

TEST(PatternsTest, WhereKnowsWhatIsTestedAtTheEnd) {
  Checked c = CheckRuleText(
      "match a: A -> b: B+ -> q: A where a.x < b.x and (last(b.x) > 1 and b.y > 2) where "
      "count(b where b.x > 3) > 1 and first(a.x) < 5 or q.x > 1 where count() > 1 within 5m");
  ASSERT_EQ(Lines(c), "");
  std::string out;
  for (const CheckedWhere& w : RuleOf(c).where) {
    for (VarId v : w.variables) out += RuleOf(c).variables[v.index()].name;
    out += w.at_end ? "! " : " ";
  }
  EXPECT_EQ(out, "ab b! b abq! ! ");
}

TEST(PatternsTest, KeysPerVariable) {
  Checked c = CheckRuleText(
      "match a: A -> not v: B -> b: A -> q: B by a.x = b.n = B.y, ok = B.ok within 5m");
  EXPECT_THAT(Lines(c), ::testing::HasSubstr("E0203"));
  Checked good =
      CheckRuleText("match a: A -> not v: B -> b: A -> q: B by a.x = b.n = B.y within 5m");
  ASSERT_EQ(Lines(good), "");
  const CheckedKey& key = RuleOf(good).keys[0];
  EXPECT_EQ(key.name, "x");
  ASSERT_EQ(key.types.size(), 1u);  // of all Bs
  ASSERT_EQ(key.of_variables.size(), 2u);
  EXPECT_EQ(key.of_variables[0].var, VarId(0u));
  EXPECT_EQ(key.of_variables[1].var, VarId(2u));
  EXPECT_EQ(RuleOf(good).input.size(), 2u);
}

TEST(PatternsTest, VariablesThatAgreeAreAKeyOfTheirType) {
  Checked c = CheckRuleText("match a: A -> b: A -> q: B by a.x = b.x = q.y within 5m");
  ASSERT_EQ(Lines(c), "");
  EXPECT_EQ(RuleOf(c).keys[0].types.size(), 2u);
  EXPECT_TRUE(RuleOf(c).keys[0].of_variables.empty());
}

TEST(PatternsTest, ATypeKeyServesTheStepsWithoutOneOfTheirOwn) {
  Checked c = CheckRuleText("match a: A -> A -> b: A by A.x = b.n within 5m");
  ASSERT_EQ(Lines(c), "");
  EXPECT_EQ(RuleOf(c).keys[0].types.size(), 1u);
  ASSERT_EQ(RuleOf(c).keys[0].of_variables.size(), 1u);
  EXPECT_EQ(RuleOf(c).keys[0].of_variables[0].var, VarId(1u));
}

TEST(PatternsTest, KeepLatestSkipsNothingUnlessItIsSaid) {
  Checked c = CheckRuleText("match a: A -> b: B keep latest");
  EXPECT_EQ(RuleOf(c).keep, KeepPolicy::kLatest);
  EXPECT_EQ(RuleOf(c).policy.kind, SkipPolicy::Kind::kNoSkip);
  Checked skip = CheckRuleText("match a: A -> b: B keep latest after match skip to next event");
  EXPECT_EQ(RuleOf(skip).policy.kind, SkipPolicy::Kind::kToNextEvent);
}

TEST(PatternsTest, GapsOfRulesAndGroups) {
  Checked c = CheckRuleText("match a: A -> (b: B -> c: C gap 2s within 3s){2} gap 5s");
  ASSERT_EQ(Lines(c), "");
  EXPECT_EQ(RuleOf(c).gap, 5 * kSecond);
  EXPECT_EQ(RuleOf(c).pattern->elements[1]->gap, 2 * kSecond);
  EXPECT_EQ(RuleOf(c).pattern->elements[1]->bound.duration, 3 * kSecond);
}

TEST(PatternsTest, SummariesAggregateOverAllMatches) {
  Checked c = CheckRuleText(
      "match a: A ->> b: B+ after match no skip within 5m "
      "emit summary Sum { n: match_count(), f: first(b.x), c: count() }");
  ASSERT_EQ(Lines(c), "");
  ASSERT_EQ(RuleOf(c).aggregates.size(), 3u);
  EXPECT_EQ(RuleOf(c).aggregates[0].kind, AggregateKind::kMatchCount);
  EXPECT_EQ(RuleOf(c).aggregates[1].kind, AggregateKind::kFirst);
  EXPECT_EQ(RuleOf(c).emits[0].kind, EmitKind::kSummary);
}

}  // namespace
}  // namespace spate
