#include "runtime/match/one_run_per_match.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "compiler/compile.h"
#include "compiler/source/render.h"

namespace spate {
namespace {

bool OneRun(const std::string& pattern) {
  const std::string rules =
      absl::StrCat("event A { x: int }\nevent B { x: int }\nrule r { match ", pattern,
                   " within unbounded after match no skip emit summary M { n: match_count() } }");
  const CompileResult compiled = Compile({{"t.spate", rules}});
  if (compiled.plan == nullptr) {
    ADD_FAILURE() << RenderDiagnostic(compiled.diagnostics[0], *compiled.sources);
    return false;
  }
  return OneRunPerMatch(*compiled.plan->rules[0].pattern);
}

TEST(OneRunPerMatchTest, EachMatchOnce) {
  for (const char* pattern : {
           "a: A+ any ->> b: B",
           "A ->> A ->> A",  // without variables: the places tell them apart
           "A+ any ->> A",   // the last one is the end
           "A{2,4} any ->> B",
           "a: A* any ->> b: A* any ->> B",  // an A is either's
           "(a: A ->> b: B)+ any", "(A | B) ->> A", "((A ->> B) | (B ->> A))",
           "A ->> (A ->> B)? ->> A ->> A",  // three As in a row have one way
       }) {
    EXPECT_TRUE(OneRun(pattern)) << pattern;
  }
}

TEST(OneRunPerMatchTest, TheSameEventsInTwoWays) {
  for (const char* pattern : {
           "(A | A) ->> B",
           "v: (A | A[x > 3]) ->> B",
           "A* any ->> A* any ->> B",
           "A? ->> A? ->> B",
           "(A+ any){1,2} ->> B",
           "(A ->> B)? ->> (A ->> B)? ->> B",
           "((A ->> B) | (A ->> B))",
       }) {
    EXPECT_FALSE(OneRun(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace spate
