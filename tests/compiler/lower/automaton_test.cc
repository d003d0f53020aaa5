// Patterns and the automata that they become, as dumps: one line a transition.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "compiler/compile.h"
#include "compiler/source/render.h"

namespace spate {
namespace {

constexpr absl::string_view kTypes = "event A { x: int }\nevent B { x: int }\nevent C { x: int }\n";

CompileResult CompileRule(absl::string_view rule, size_t max_states = 10'000) {
  CompileOptions options;
  options.max_states = max_states;
  return Compile({{"t.spate", absl::StrCat(kTypes, rule)}}, options);
}

// The states of the only rule, without indentation.
std::string States(absl::string_view pattern) {
  const CompileResult r =
      CompileRule(absl::StrCat("rule r { match ", pattern, " within unbounded emit M {} }"));
  if (r.plan == nullptr) {
    std::string errors;
    for (const Diagnostic& d : r.diagnostics) errors += RenderDiagnostic(d, *r.sources);
    return errors;
  }
  std::string states;
  for (absl::string_view line : absl::StrSplit(DumpPlan(*r.plan), '\n')) {
    if (!absl::StartsWith(line, "  state") && !absl::StartsWith(line, "    ")) continue;
    absl::StrAppend(&states, absl::StripLeadingAsciiWhitespace(line), "\n");
  }
  return states;
}

TEST(AutomatonTest, ASequenceIsAChain) {
  EXPECT_EQ(States("A -> B ->> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2\n"
            "state 2\n->> step 2 => 3\n"
            "state 3 accepting\n");
}

TEST(AutomatonTest, AGreedyLoopIsBeforeItsExitAndClosesIt) {
  EXPECT_EQ(States("A -> B+ -> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2\n"
            "state 2\n-> step 1 => 2 closes 2\n-> step 2 => 3\n"
            "state 3 accepting\n");
}

TEST(AutomatonTest, AReluctantLoopIsBehindItsExit) {
  EXPECT_EQ(States("A -> B+? -> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2\n"
            "state 2\n-> step 2 => 3\n-> step 1 => 2 closes 1\n"
            "state 3 accepting\n");
}

TEST(AutomatonTest, RoundsAreJoinedByTheOperatorOnTheLeft) {
  EXPECT_EQ(States("A, B{2} -> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n, step 1 => 2\n"
            "state 2\n, step 1 => 3\n"
            "state 3\n-> step 2 => 4\n"
            "state 4 accepting\n");
  EXPECT_EQ(States("A, B{2} relaxed -> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n, step 1 => 2\n"
            "state 2\n-> step 1 => 3\n"
            "state 3\n-> step 2 => 4\n"
            "state 4 accepting\n");
}

TEST(AutomatonTest, AnOpenCountEndsInItsLoop) {
  EXPECT_EQ(States("A{2,} -> B"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 0 => 2\n"
            "state 2\n-> step 0 => 2 closes 2\n-> step 1 => 3\n"
            "state 3 accepting\n");
}

TEST(AutomatonTest, ARoundTakesAnEvent) {
  EXPECT_EQ(States("A -> (B? -> C?){2}"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2 closes 2\n-> step 2 => 3 closes 1\n"
            "state 2\n-> step 2 => 3 closes 6\n-> step 1 => 4 closes 5\n-> step 2 => 5\n"
            "state 3\n-> step 1 => 4 closes 2\n-> step 2 => 5\n"
            "state 4 accepting\n-> step 2 => 5 greedy\n"
            "state 5 accepting\n");
}

TEST(AutomatonTest, BoundedGroupsBeginAndBind) {
  EXPECT_EQ(States("C -> (A -> B within 5s){2}"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2 enters 0\n"
            "state 2\n-> step 2 => 3 inside 0\n"
            "state 3\n-> step 1 => 4 enters 0\n"
            "state 4\n-> step 2 => 5 inside 0\n"
            "state 5 accepting\n");
}

TEST(AutomatonTest, ABanGuardsTheWayToTheNextStep) {
  EXPECT_EQ(States("A -> not B -> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2 not 0\n"
            "state 2 accepting\n");
  EXPECT_EQ(States("A, not B -> C"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2 not 0!\n"
            "state 2 accepting\n");
}

TEST(AutomatonTest, ABanInFrontOfALoopGuardsTheWayInAndOnlyWhatMayFollowInstead) {
  EXPECT_EQ(States("A -> not B -> C? -> A"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 1 => 2 closes 2 not 0\n-> step 2 => 3 not 0\n"
            "state 2\n-> step 2 => 3\n"
            "state 3 accepting\n");
}

TEST(AutomatonTest, ABanAtTheEndIsWaitedFor) {
  EXPECT_EQ(States("A+ -> not B for 5s"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 0 => 1 closes 2\nwaits for ban 0\n");
  // In front of something optional it is no ban at the end.
  EXPECT_EQ(States("A -> not B -> C?"),
            "state 0\n-> step 0 => 1\n"
            "state 1 accepting\n-> step 1 => 2 greedy not 0\n"
            "state 2 accepting\n");
}

TEST(AutomatonTest, ABanInARoundGuardsTheLaterRounds) {
  EXPECT_EQ(States("(not B -> A){2}"),
            "state 0\n-> step 0 => 1\n"
            "state 1\n-> step 0 => 2 not 0\n"
            "state 2 accepting\n");
  // What comes back to the beginning is another state than the start.
  EXPECT_EQ(States("A* -> not B -> C"),
            "state 0\n-> step 0 => 1\n-> step 1 => 2\n"
            "state 1\n-> step 0 => 1 closes 2\n-> step 1 => 2 not 0\n"
            "state 2 accepting\n");
}

TEST(AutomatonTest, APermutationHasOneStateForAllThatRemains) {
  EXPECT_EQ(States("A & B{2} & C"),
            "state 0\n-> step 0 => 1 closes 6 begins &0.0 last => 2\n"
            "-> step 1 => 1 closes 5 begins &0.1 last => 2\n"
            "-> step 2 => 1 closes 3 begins &0.2 last => 2\n"
            "state 1\n-> step 0 => 1 closes 6 &0.0 last => 2\n"
            "-> step 1 => 1 closes 5 &0.1 last => 2\n"
            "-> step 2 => 1 closes 3 &0.2 last => 2\n"
            "state 2 accepting\n");
}

TEST(AutomatonTest, EqualFuturesAreOneState) {
  EXPECT_EQ(States("(a: A | a: A[x > 1]) -> B"),
            "state 0\n-> step 0 => 1\n-> step 1 => 1\n"
            "state 1\n-> step 2 => 2\n"
            "state 2 accepting\n");
}

TEST(AutomatonTest, TheLimitOnStatesIsADiagnostic) {
  const CompileResult r =
      CompileRule("rule r { match A{11} -> B within unbounded emit M {} }", /*max_states=*/10);
  ASSERT_EQ(r.plan, nullptr);
  ASSERT_EQ(r.diagnostics.size(), 1u);
  EXPECT_EQ(r.diagnostics[0].code, DiagnosticCode::kPatternTooLarge);
}

TEST(AutomatonTest, NestedCountsDoNotOverflowTheLimit) {
  const CompileResult r = CompileRule(
      "rule r { match ((((A{9999}){9999}){9999}){9999}){9999} -> B within unbounded emit M {} }");
  ASSERT_EQ(r.plan, nullptr);
  EXPECT_EQ(r.diagnostics[0].code, DiagnosticCode::kPatternTooLarge);
}

TEST(AutomatonTest, TooManyWaysOnFromOnePlaceAreADiagnostic) {
  std::string pattern = "A";
  for (int i = 0; i < 70; ++i) absl::StrAppend(&pattern, " -> B[x == ", i, "]?");
  const CompileResult r =
      CompileRule(absl::StrCat("rule r { match ", pattern, " -> C within unbounded emit M {} }"));
  ASSERT_EQ(r.plan, nullptr);
  EXPECT_EQ(r.diagnostics[0].code, DiagnosticCode::kPatternTooLarge);
}

}  // namespace
}  // namespace spate
