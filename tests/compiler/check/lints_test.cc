// Lints: what is warned about, what is refused since it can never report, and what is left alone.
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

struct LintCase {
  const char* rule;   // after kTypes
  const char* lines;  // all of them
};

class Lints : public ::testing::TestWithParam<LintCase> {};

TEST_P(Lints, Reported) {
  Checked c = CheckText(std::string(kTypes) + "rule r { " + GetParam().rule + " }\n");
  EXPECT_EQ(Lines(c), GetParam().lines) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, Lints,
    ::testing::Values(
        LintCase{"match a: A[true]", "W0007 'true' this condition always holds\n"},
        LintCase{"match a: A[1 < 2 and x > 1]", "W0007 '1 < 2' this condition always holds\n"},
        LintCase{"match a: A[not true]", "W0002 'not true' this condition never holds\n"},
        LintCase{"match a: A[x == x]", "W0007 'x == x' this condition always holds\n"},
        LintCase{"match a: A[x < x]", "W0002 'x < x' this condition never holds\n"},
        LintCase{"match a: A[k == k]", ""},  // says that it is not null
        LintCase{"match a: A[f == f]", ""},  // says that it is a number
        LintCase{"match a: A[x != 1 or x != 2]",
                 "W0007 'x != 1 or x != 2' this condition always holds\n"},
        LintCase{"match a: A[x > 1 or x < 5]",
                 "W0007 'x > 1 or x < 5' this condition always holds\n"},
        LintCase{"match a: A[x > 5 or x < 5]", ""}, LintCase{"match a: A[n > 1 or n < 5]", ""},
        LintCase{"match a: A[x != 1 or ok]", ""},
        LintCase{"match a: A -> not B[x > 5 and x < 3] -> c: C within 5m",
                 "W0002 'x < 3' this condition never holds\n"},
        LintCase{"match a: A -> b: B where a.x > 5 and b.x > 1 and a.x < 3 within 5m",
                 "W0002 'a.x < 3' this condition never holds\n"},
        LintCase{"match a: A -> b: B until C[x > 5 and x < 3] within 5m",
                 "W0002 'x < 3' this condition never holds\n"}));

INSTANTIATE_TEST_SUITE_P(
    Loops, Lints,
    ::testing::Values(
        LintCase{"match a: A[x > 1]+ -> b: A[x > 1 and ok] within 5m",
                 "W0005 'a: A[x > 1]+' this loop accepts what the step after it accepts\n"},
        LintCase{"match a: A[x > 1 and ok]+ -> b: A[x > 1] within 5m", ""},
        LintCase{"match a: A+? -> b: A within 5m", ""},
        LintCase{"match a: A+ -> not B -> b: A within 5m", ""}));

INSTANTIATE_TEST_SUITE_P(
    Windows, Lints,
    ::testing::Values(
        LintCase{"match a: A -> not B for 10s -> c: C within 5s",
                 "W0008 'within 5s' this window is shorter than what must fit into it\n"},
        LintCase{"match a: A -> not B for 10s -> c: C within 10s", ""},
        LintCase{"match (a: A -> not B for 10s -> c: C){3} within 29s",
                 "W0008 'within 29s' this window is shorter than what must fit into it\n"},
        LintCase{"match a: A -> not B for 10s -> c: C? within 5s", ""},
        LintCase{"match a: A -> not B for 10s within 5s", ""},  // it may end after the window
        LintCase{"match not B for 10s -> a: A within 5s", ""},
        LintCase{"match a: A? -> not B for 10s -> c: C within 5s", ""},
        LintCase{"match c: C -> (a: A -> not B for 5s -> b: B within 3s) within 1h",
                 "W0008 '(a: A -> not B for 5s -> b: B within 3s)' this window is shorter than "
                 "what must fit into it\n"},
        LintCase{"match a: A -> not B for 10s -> c: C gap 5s",
                 "W0008 'gap 5s' this gap is shorter than a silence that must fit in\n"},
        LintCase{"match a: A{3} -> b: B within 3 events",
                 "W0008 'within 3 events' this window has room for fewer events than a match\n"},
        LintCase{"match a: A{2} -> (b: B | (c: C -> q: C)) within 3 events", ""},
        LintCase{"match a: A & b: B{2} within 2 events",
                 "W0008 'within 2 events' this window has room for fewer events than a match\n"}));

INSTANTIATE_TEST_SUITE_P(
    NeverReported, Lints,
    ::testing::Values(
        LintCase{"match a: A -> b: B[x > 1] until B within 5m",
                 "E0416 'until B' `until` discards every match before it is complete\n"},
        LintCase{"match a: A -> b: B until B[x > 1] within 5m", ""},
        LintCase{"match a: A -> b: B? until B within 5m", ""},
        LintCase{"match b: B -> a: A until B within 5m", ""},
        LintCase{"match (a: A | b: B) -> c: C where a.x == b.x within 5m",
                 "E0416 'a.x == b.x' no match binds both `a` and `b`\n"},
        LintCase{"match (a: A | b: B)+ -> c: C where a.x < b.x within 5m", ""},
        LintCase{"match (a: A | b: B) -> c: C where a.x == b.x or c.x > 1 within 5m", ""},
        LintCase{"match (a: A | b: B) -> c: C where (a.x ?? 1) > (b.x ?? 2) within 5m", ""}));

INSTANTIATE_TEST_SUITE_P(
    Keys, Lints,
    ::testing::Values(
        LintCase{"match a: A -> b: B[x == a.x] within 5m",
                 "W0006 'x == a.x' this equality is no key, so a match of one value discards what "
                 "was begun for another\n"},
        LintCase{"match a: A -> b: B where a.x == b.x within 5m",
                 "W0006 'a.x == b.x' this equality is no key, so a match of one value discards "
                 "what was begun for another\n"},
        LintCase{"match a: A -> b: B where a.x == b.x after match no skip within 5m", ""},
        LintCase{"match a: A -> b: B where a.x == b.y by x within 5m", ""},
        LintCase{"match a: A -> b: A[x == a.n] by a.n = b.x within 5m", ""},
        LintCase{"match a: A -> not B[x == a.x] for 5s", ""},
        LintCase{"match a: A, b: B[x == a.x]{3,} within 5m", ""},
        LintCase{"match a: A, c: C, b: B where a.x == b.x within 5m", ""},
        LintCase{"match C -> (a: A, b: B?, c: A[x == a.x]) within 5m", ""},
        LintCase{"match a: A, b: B[x == a.x]+ relaxed within 5m",
                 "W0006 'x == a.x' this equality is no key, so a match of one value discards what "
                 "was begun for another\n"},
        LintCase{"match a: A -> c: C, b: B[x == a.x] within 5m",
                 "W0006 'x == a.x' this equality is no key, so a match of one value discards what "
                 "was begun for another\n"},
        LintCase{"match a: A -> b: B[x == a.x] keep latest", ""}));

TEST(LintsTest, WhatIsFoundInOneTypeSaysNothingOfOthers) {
  Checked c = CheckText(std::string(kTypes) +
                        "event V = A[x == 2] | C\nrule r { match v: V[x <= 1] }\n"
                        "rule s { from e: (A[x == 2] | C) where e.x <= 1 emit M {} }\n");
  EXPECT_EQ(Lines(c), "");
  Checked both = CheckText(std::string(kTypes) +
                           "event V = A[x == 2] | C[x > 5]\nrule r { match v: V[x <= 1] }\n");
  EXPECT_EQ(Lines(both), "W0002 'x <= 1' this condition never holds\n");
}

TEST(LintsTest, UnusedNames) {
  Checked c = CheckText(std::string(kTypes) +
                        "event V = A[x > 1]\nevent W = V[ok]\nfn f(n: int) = n + 1\n"
                        "fn g(n: int) = f(n)\nevent U = B[g(x) > 1]\nrule r { match a: W }\n");
  EXPECT_EQ(Lines(c), "W0001 'U' the view `U` is not used\n");
  Checked library = CheckText("event E { x: int }\nevent V = E[x > 1]\nconst C = 1\n");
  EXPECT_EQ(Lines(library), "");  // without rules it is for others
}

TEST(LintsTest, ParamsMayMakeAConditionConstant) {
  Checked c = CheckText(std::string(kTypes) +
                        "param STRICT = false\nrule r { match a: A[STRICT or x > 1] }\n"
                        "rule s { match a: A[not STRICT] }\n");
  EXPECT_EQ(Lines(c), "");
}

}  // namespace
}  // namespace spate
