// Rules: what the checker makes of patterns, keys, windows, emits and layers.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

Checked Good(const std::string& rules) {
  Checked c = CheckText(std::string(kTypes) + rules);
  EXPECT_EQ(Lines(c), "") << rules;
  return c;
}

std::vector<std::string> FieldsOf(const Checked& c, const std::string& type) {
  std::vector<std::string> out;
  for (const EventType& t : c.rules.types) {
    if (t.name != type) continue;
    for (const Field& f : t.fields) out.push_back(f.name + ": " + TypeName(f.type));
  }
  return out;
}

using ::testing::ElementsAre;

TEST(RulesTest, RecordsAreFlattenedAndSparseIsNullable) {
  Checked c = Good("");
  EXPECT_THAT(FieldsOf(c, "S"), ElementsAre("ts: time?", "p.name: string?", "p.pid: int?",
                                            "p.args: [string]?", "q.r: int?"));
}

TEST(RulesTest, ComputedAttributesAreOrdered) {
  Checked c = CheckText(
      "event E at w { x: int, y: int = z + 1, z: int = x * 2, w: time? = time(string(y)) }\n"
      "rule r { match e: E[y > 3] emit M { e.y } }\n");
  ASSERT_EQ(Lines(c), "");
  const EventType& e = c.rules.types[0];
  EXPECT_THAT(e.computed_order, ElementsAre(FieldId(2u), FieldId(1u), FieldId(3u)));
  EXPECT_EQ(e.time_field, FieldId(3u));
}

TEST(RulesTest, ConditionsOnEarlierVariablesAreBoundAndOnTheOwnAreFields) {
  Checked c = Good("rule r { match a: A -> b: B[x > a.x and b.y > 1] within 10s emit M { a.x } }");
  const CheckedRule& r = c.rules.rules[0];
  ASSERT_EQ(r.pattern->kind, CheckedPattern::Kind::kSequence);
  const Expr& e = *r.pattern->elements[1]->types[0].condition;
  ASSERT_EQ(e.op, Op::kAnd);
  EXPECT_EQ(e.args[0]->args[0]->op, Op::kField);
  EXPECT_EQ(e.args[0]->args[1]->op, Op::kBound);
  EXPECT_EQ(e.args[0]->args[1]->var, VarId(0u));
  EXPECT_EQ(e.args[1]->args[0]->op, Op::kField);
  EXPECT_EQ(r.within.kind, WindowBound::Kind::kTime);
  EXPECT_EQ(r.within.duration, 10 * kSecond);
  EXPECT_THAT(r.pattern->operators, ElementsAre(Contiguity::kRelaxed));
}

TEST(RulesTest, ViewsExpandAndMergeByType) {
  Checked c = Good(
      "event V = A[x > 1] | B | A[x < 0]\nevent W = V[x != 5]\n"
      "rule r { match v: W -> w: (A[ok] | V) within 5m emit M { v.x } }");
  const CheckedRule& r = c.rules.rules[0];
  ASSERT_EQ(r.input.size(), 2u);
  EXPECT_EQ(r.input[0].condition, nullptr);  // A is named itself
  EXPECT_EQ(r.input[1].condition, nullptr);  // the view takes every B
  const std::vector<CheckedInput>& w = r.pattern->elements[0]->types;
  ASSERT_EQ(w.size(), 2u);
  EXPECT_EQ(w[0].condition->op, Op::kAnd);
  EXPECT_EQ(w[0].condition->args[0]->op, Op::kOr);
  const CheckedPattern& alternatives = *r.pattern->elements[1];  // `(w: A[ok] | w: V)`
  ASSERT_EQ(alternatives.kind, CheckedPattern::Kind::kAlternation);
  ASSERT_EQ(alternatives.elements.size(), 2u);
  EXPECT_EQ(alternatives.elements[1]->var, VarId(1u));
  EXPECT_EQ(alternatives.elements[1]->types[0].condition->args.size(), 2u);
  EXPECT_EQ(r.variables[0].types.size(), 2u);
}

TEST(RulesTest, OnlyViewsNarrowTheInput) {
  Checked c = Good("event Big = A[x > 5]\nrule r { match b: Big, c: B[x > 1] within 5m }");
  const CheckedRule& r = c.rules.rules[0];
  ASSERT_EQ(r.input.size(), 2u);
  EXPECT_NE(r.input[0].condition, nullptr);
  EXPECT_EQ(r.input[1].condition, nullptr);
}

TEST(RulesTest, VariablesKnowWhetherTheyAreOptionalAndRepeated) {
  Checked c = Good(
      "rule r { match a: A+ -> (b: B | c: C)? -> q: A{2} -> (e: A | e: B) within 5m emit M {} }");
  std::string out;
  for (const CheckedVariable& v : c.rules.rules[0].variables) {
    out += v.name + (v.optional ? "?" : "") + (v.repeated ? "+" : "") + " ";
  }
  EXPECT_EQ(out, "a+ b? c? q+ e ");
}

TEST(RulesTest, AGroupsNameIsThatOfItsSteps) {
  Checked c =
      Good("rule r { match v: (A{2} | B+)? -> c: C within 5m emit M { n: count(v), v.x } }");
  const CheckedRule& r = c.rules.rules[0];
  ASSERT_EQ(r.variables.size(), 2u);
  EXPECT_EQ(r.variables[0].types.size(), 2u);
  EXPECT_TRUE(r.variables[0].optional && r.variables[0].repeated);
  const CheckedPattern& group = *r.pattern->elements[0];
  EXPECT_EQ(group.min, 0u);
  const CheckedPattern& alternation = *group.elements[0];
  EXPECT_EQ(alternation.elements[0]->var, VarId(0u));
  EXPECT_EQ(alternation.elements[1]->var, VarId(0u));
}

TEST(RulesTest, KeysPerTypeAndTheirNames) {
  Checked c = Good(
      "rule r { match a: A -> b: B by A.x = B.y, k within 5m }\n"
      "rule s { match a: A -> b: B by a.x = b.y within 5m emit M { x } }\n"
      "rule t { match s: S by p.pid, q.r as other, lower(p.name) }\n"
      "event P { s: { id: int }, d: { id: int } }\n"
      "rule u { match p: P by s.id, d.id }");
  EXPECT_THAT(FieldsOf(c, "r"), ElementsAre("x: int", "k: string"));
  EXPECT_THAT(FieldsOf(c, "M"), ElementsAre("x: int"));
  EXPECT_THAT(FieldsOf(c, "t"), ElementsAre("pid: int", "other: int", "name: string"));
  EXPECT_THAT(FieldsOf(c, "u"), ElementsAre("s_id: int", "d_id: int"));
  EXPECT_EQ(c.rules.rules[0].keys[0].values.size(), 2u);
  EXPECT_TRUE(c.rules.rules[0].keys[1].type.nullable);  // of the events, not in the partition
}

TEST(RulesTest, TypesThatFromAdmitsWithoutAKeyAreNotInput) {
  Checked c = Good("rule r { from (A | B | C) match a: A -> b: B by k within 5m }");
  EXPECT_EQ(c.rules.rules[0].input.size(), 2u);
}

TEST(RulesTest, WhereIsSplit) {
  Checked c =
      Good("rule r { match a: A -> b: B where a.x < b.x and a.x > 1 where b.y > 2 within 5m }");
  const std::vector<CheckedWhere>& where = c.rules.rules[0].where;
  ASSERT_EQ(where.size(), 3u);
  EXPECT_THAT(where[0].variables, ElementsAre(VarId(0u), VarId(1u)));
  EXPECT_THAT(where[1].variables, ElementsAre(VarId(0u)));
  EXPECT_THAT(where[2].variables, ElementsAre(VarId(1u)));
}

TEST(RulesTest, QuantifiersOperatorsAndGroups) {
  Checked c = Good(
      "param n: int = 3\n"
      "rule r { match a: A{n,} strict ->> (b: B, c: C within 5s){1,2}? any , q: A?? within 9 "
      "events }");
  const CheckedRule& r = c.rules.rules[0];
  const CheckedPattern& p = *r.pattern;
  EXPECT_THAT(p.operators, ElementsAre(Contiguity::kAny, Contiguity::kStrict));
  EXPECT_EQ(p.elements[0]->min, 3u);
  EXPECT_EQ(p.elements[0]->max, std::nullopt);
  EXPECT_EQ(p.elements[0]->rounds, Contiguity::kStrict);
  EXPECT_EQ(p.elements[1]->kind, CheckedPattern::Kind::kGroup);
  EXPECT_EQ(p.elements[1]->bound.duration, 5 * kSecond);
  EXPECT_TRUE(p.elements[2]->reluctant);
  EXPECT_EQ(p.elements[2]->min, 0u);
  EXPECT_EQ(r.within.kind, WindowBound::Kind::kEvents);
  EXPECT_EQ(r.within.events, 9u);
}

TEST(RulesTest, WhatNeedsNoWindow) {
  for (const char* pattern :
       {"a: A", "a: A, b: B{2}, c: C", "(a: A -> b: B within 5s)", "a: A?", "a: A{2} strict",
        "a: A | (b: B, c: C)", "(a: A, b: B within 5s), c: C"}) {
    Good(std::string("rule r { match ") + pattern + " }");
  }
  for (const char* pattern :
       {"a: A -> b: B", "a: A+", "a: A, b: B+, c: C", "a: A{2}", "c: C -> (a: A -> b: B within 5s)",
        "(a: A, b: B within 5s)+ strict", "(a: A, b: B)* strict"}) {
    Checked c = CheckText(std::string(kTypes) + "rule r { match " + pattern + " }");
    EXPECT_THAT(Lines(c), ::testing::HasSubstr("E0401")) << pattern;
  }
}

TEST(RulesTest, FromRulesShareEqualAggregates) {
  Checked c = Good(
      "rule r { from a: A[ok] by k window sliding 5m where a.x > 1\n"
      "having count() > 2 and count(a) > 2 and sum(a.x) > 1\n"
      "emit M { k, n: count(), s: sum(a.x), bad: count(a where a.x > 5), newest: a.x,\n"
      "         s0: window_start(), f: first(a.x), l: last(a.x, 1) } }");
  const CheckedRule& r = c.rules.rules[0];
  EXPECT_EQ(r.pattern, nullptr);
  EXPECT_EQ(r.window.kind, WindowSpec::Kind::kSliding);
  EXPECT_EQ(r.aggregates.size(), 4u);
  EXPECT_EQ(r.input[0].condition->op, Op::kAnd);
  EXPECT_EQ(r.emits[0].values[4]->op, Op::kBound);
  EXPECT_THAT(FieldsOf(c, "M"), ElementsAre("k: string", "n: int", "s: int", "bad: int",
                                            "newest: int", "s0: time", "f: int", "l: int?"));
}

TEST(RulesTest, LayersAndInferredTypes) {
  Checked c = Good(
      "event V = M[v > 1]\n"
      "rule last { match q: V -> t: T within 5m emit N { q.v, t.w } }\n"
      "rule mid { match m: M emit T { w: m.v } }\n"
      "rule one { match a: A emit M { v: a.x } emit K {} }\n"
      "rule two { match b: B emit M { v: null } }\n");
  std::string layers;
  for (const CheckedRule& r : c.rules.rules) layers += r.name + std::to_string(r.layer) + " ";
  EXPECT_EQ(layers, "last2 mid1 one0 two0 ");
  EXPECT_THAT(FieldsOf(c, "M"), ElementsAre("v: int?"));
  EXPECT_THAT(FieldsOf(c, "N"), ElementsAre("v: int?", "w: int?"));
}

TEST(RulesTest, DeclaredTypesConvertWhatIsEmitted) {
  Checked c = Good(
      "internal event D at when { when: time, f: float, i: ip?, p: { name: string? }, c: int = 1 "
      "}\n"
      "rule r { match a: A -> b: B? within 5m emit D { f: a.x, i: \"10.0.0.1\", p: { name: a.k } } "
      "}\n");
  const CheckedEmit& e = c.rules.rules[0].emits[0];
  ASSERT_EQ(e.values.size(), 5u);
  EXPECT_EQ(e.values[0], nullptr);
  EXPECT_EQ(e.values[1]->op, Op::kToFloat);
  EXPECT_EQ(e.values[2]->type.kind, Kind::kIp);
  EXPECT_EQ(e.values[3]->op, Op::kBound);
  EXPECT_EQ(e.values[4], nullptr);
}

TEST(RulesTest, PoliciesReportsAnnotationsAndDocs) {
  Checked c = Good(
      "/// Twice.\n@severity(\"high\") @tags(\"a\", 5)\n"
      "rule r { match a: A+ -> b: B within 5m after match skip to last a report each }\n"
      "rule s { match a: A? -> b: B within 5m after match skip to first b }\n");
  const CheckedRule& r = c.rules.rules[0];
  EXPECT_EQ(r.doc, "Twice.");
  ASSERT_EQ(r.annotations.size(), 2u);
  EXPECT_EQ(r.annotations[1].arguments.size(), 2u);
  EXPECT_EQ(r.policy.kind, SkipPolicy::Kind::kToLast);
  EXPECT_EQ(r.policy.var, VarId(0u));
  EXPECT_TRUE(r.report_each);
}

TEST(RulesTest, FnsTakeEvents) {
  Good(
      "fn gap(p: A, q: A) -> duration = q.ts - p.ts\n"
      "rule r { match a: A -> b: A[gap(a, b) > 1s] within 5m emit M { g: gap(a, b) } }\n");
}

TEST(RulesTest, OwnNavigationLooksAtWhatWasBoundBefore) {
  Checked c = Good("rule r { match b: B[x > last(b.x, 1)]+ -> c: C within 5m }");
  const Expr& e = *c.rules.rules[0].pattern->elements[0]->types[0].condition;
  EXPECT_EQ(e.args[1]->op, Op::kBound);
  EXPECT_EQ(e.args[1]->offset, 0u);  // the current event is not bound yet
}

}  // namespace
}  // namespace spate
