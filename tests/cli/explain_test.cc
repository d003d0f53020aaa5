// `spate explain` and `spate completions`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/run_binary.h"

namespace spate::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRules[] = R"(event A at ts { ts: time, k: string, x: float }
event B at ts { ts: time, k: string, x: float }
rule merged { match a: A -> b: B  by k  within 1m  after match no skip  emit M { a.x } }
rule compared { match a: A -> b: B[x > a.x]  within 1m }
rule joined { match a: A -> b: B[k == a.k and x != a.x] -> c: A  within 1m }
rule tested { match a: A -> b: B[x + a.x > 1.0]  within 1m }
rule skipping { match a: A -> b: B  within 1m  after match skip to next event }
rule running { match a: A -> b: B[x > sum(a.x)]  within 1m }
rule pairs { match a: A ->> b: B  within 1m  after match no skip
             emit summary P { n: match_count(), s: sum(b.x) } }
rule medians { match a: A ->> b: B  within 1m  after match no skip
               emit summary Q { m: median(b.x) } }
rule sums { from a: A  by k  window tumbling 5m offset 1m  emit S { k, total: sum(a.x) } }
)";

TEST(ExplainTest, ACodeAtLength) {
  const Outcome got = Workspace().Spate("explain e0401");
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out, HasSubstr("E0401: a rule needs a window\n\n"));
  EXPECT_THAT(got.out, HasSubstr("within unbounded"));
}

TEST(ExplainTest, RulesWithTheirDefaultsAndCost) {
  Workspace work;
  work.Write("r.spate", kRules);
  const Outcome got = work.Spate("explain r.spate");
  EXPECT_EQ(got.code, 0) << got.err;
  for (const char* line : {
           "rule merged  (r.spate:3)\n",
           "  reads     A, B\n  by        k\n  window    within 1m\n  after     no skip\n",
           "  keep      all\n  report    longest\n  limit     none (default)\n",
           "  emits     M { x: float }\n",
           "  registers none\n",
           "whatever the window, and the matches reported\n",
           "rule compared  (r.spate:4)\n",
           "  by        nothing: one partition (default)\n",
           "  after     skip past last event\n",
           "  registers a.x\n",
           "a search in the order of the registers; then one operation for each set that takes",
           "  registers a.k, a.x\n",
           "  registers the first event\n",
           "a look-up by hash; then one operation for each set that takes the event, which may be",
           "a test for each combination of registers; then one operation",
           "  because   a condition on earlier events that is no comparison (`==`, ",
           "  because   navigation, aggregates or `prev` in a condition\n",
           "  payload   for the one state in which matches wait, their number and the aggregates "
           "over them; in a window also for each event with which one began or went on\n",
           "  per event a few operations for the one state, however many matches there are: none "
           "is "
           "listed\n",
           "  because   the matches of a moment are listed for `emit summary`: an aggregate other "
           "than "
           "`count`, `sum`, `avg`, `min` and `max`\n",
           "  window    tumbling 5m offset 1m, zone UTC (default)\n",
           "  payload   the state of 1 aggregate for each open window\n",
       }) {
    EXPECT_THAT(got.out, HasSubstr(line));
  }
}

TEST(ExplainTest, Functions) {
  const Outcome all = Workspace().Spate("explain --functions");
  EXPECT_THAT(all.out, HasSubstr("substr(text: string, from: int, to: int?) -> string\n    The"));
  const Outcome one = Workspace().Spate("explain --functions split");
  EXPECT_EQ(one.out.find("split("), 0u);
  EXPECT_THAT(one.out, Not(HasSubstr("substr(text")));
}

TEST(CompletionsTest, KnowEveryVerbOptionAndChoice) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Outcome got = Workspace().Spate(std::string("completions ") + shell);
    EXPECT_EQ(got.code, 0);
    for (const char* word : {"run", "check", "explain", "completions", "at-end", "advance",
                             "deny-warnings", "functions", "table"}) {
      EXPECT_THAT(got.out, HasSubstr(word)) << shell;
    }
    EXPECT_THAT(got.out, Not(HasSubstr(":{"))) << shell;
  }
}

TEST(CompletionsTest, BashCompletes) {
  const Outcome got = Workspace().Shell(
      "\"$SPATE\" completions bash > c && bash -c '. ./c; "
      "COMP_WORDS=(spate run --at-end a); COMP_CWORD=3; _spate; echo \"${COMPREPLY[@]}\"; "
      "COMP_WORDS=(spate run --lat); COMP_CWORD=2; _spate; echo \"${COMPREPLY[@]}\"; "
      "COMP_WORDS=(spate exp); COMP_CWORD=1; _spate; echo \"${COMPREPLY[@]}\"'");
  EXPECT_EQ(got.out, "advance\n--lateness --late\nexplain\n") << got.err;
}

}  // namespace
}  // namespace spate::test
