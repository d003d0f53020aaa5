// Faults of declarations and rules that the golden cases in tests/errors do not show, and rules
// that must pass without a word.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

struct FaultCase {
  const char* text;
  const char* lines;  // all of them
};

class Faults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(Faults, Reported) {
  Checked c = CheckText(std::string(kTypes) + GetParam().text);
  EXPECT_EQ(Lines(c), GetParam().lines) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    OneMessageEach, Faults,
    ::testing::Values(
        // An undefined type is said once, and its attributes not at all.
        FaultCase{"rule r { match a: Z -> b: Z[x > a.y] within 5m emit M { a.q } }\n"
                  "rule s { match m: M[q > 1] }\n",
                  "E0205 'Z' undefined event type `Z`\n"},
        // What a faulty rule derives is silent.
        FaultCase{"rule r { match a: A -> not B within 5m emit L { a.x } }\n"
                  "rule s { match l: L[y > 1] -> not B within 5m emit K { v: l.y } }\n"
                  "rule t { match k: K[v > \"a\"] emit N { k.v } }\n",
                  "E0201 'y' undefined name `y`\nE0203 'l.y' `L` has no attribute `y`\n"},
        FaultCase{"rule r { match a: A by usr emit M { usr } }\n",
                  "E0201 'usr' undefined name `usr`\n"},
        FaultCase{"const BAD = 1 + \"a\"\nrule r { match a: A[x > BAD] emit M { v: BAD } }\n",
                  "E0301 '+' `+` between `int` and `string`\n"},
        FaultCase{"rule r { match a: A emit r2 {} }\nrule r { match b: B }\n",
                  "E0202 'r' `r` is declared twice\n"},
        FaultCase{"rule r { from A match a: A[x > 1] emit M {} }\n", ""},
        FaultCase{"rule r { match a: A emit M { a.x } }\nrule s { match m: M[x == \"a\"] }\n",
                  "E0302 '==' a comparison of unlike types: `int` and `string`\n"},
        FaultCase{"rule r { match a: A{count} within 5m }\n",
                  "E0201 'count' undefined name `count`\n"},
        FaultCase{"const n = 0\nrule r { match a: A{n} within 5m }\n",
                  "E0117 '{n}' a quantifier that cannot hold\n"},
        FaultCase{"rule r { match a: A by x, lower(k) as x }\n",
                  "E0202 'lower(k) as x' two keys are called `x`\n"}));

INSTANTIATE_TEST_SUITE_P(
    NoWolf, Faults,
    ::testing::Values(
        FaultCase{"rule r { match a: A[x > 5 and n < 3] }\n", ""},
        FaultCase{"rule r { match a: A[x > 5 or x < 3] }\n", ""},
        FaultCase{"rule r { match a: A[x >= 5 and x <= 5] }\n", ""},
        FaultCase{"rule r { match a: A[k != \"a\"] }\n", ""},
        FaultCase{"rule r { match a: A[(k in [\"a\"]) is not true] }\n", ""},
        FaultCase{"rule r { match a: A[x > 1]+ -> b: A[x > 2] within 5m }\n", ""},
        FaultCase{"rule r { match a: A+? -> b: A within 5m }\n", ""},
        FaultCase{"rule r { match a: A -> b: B[x > a.x and x < a.x + 5] within 5m }\n", ""},
        FaultCase{"const HELP = 1\nfn f(q: int) = q + HELP\nrule r { match a: A[f(x) > 1] }\n", ""},
        FaultCase{"rule r { match a: A emit r { a.x } }\nrule s { match q: r[x > 1] }\n", ""},
        FaultCase{"rule r { match where: A[x > 1] emit M { `where`.x } }\n", ""},
        FaultCase{"rule r { match s: S[not (p.name like \"a*\") and p.name is not null] }\n", ""}));

TEST(WarningsTest, AContradictionIsSeenThroughConstsAndViews) {
  Checked c = CheckText(std::string(kTypes) +
                        "const FIVE = 5\nevent V = A[x > FIVE]\nrule r { match v: V[x < 3] }\n");
  EXPECT_THAT(Lines(c), ::testing::HasSubstr("W0002 'x < 3'"));
}

}  // namespace
}  // namespace spate
