// A fn that nothing calls is checked all the same.
#include "compiler/check/fns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

struct Case {
  std::string fns;
  std::string lines;  // of diagnostics; "" none
};

TEST(FnsTest, UncalledAreChecked) {
  const std::vector<Case> cases = {
      {"fn f(n: int) -> int = n + 1", ""},
      {"fn f(n: int) = missing + n", "E0201 'missing' undefined name `missing`\n"},
      {"fn f(n: int) -> string = n",
       "E0301 'n' the result of `f` is `string`, and this is `int`\n"},
      {"fn f(n: Nope) = 1", "E0314 'Nope' unknown type `Nope`\n"},
      {"fn f(a: A, b: B) = a.x + b.y", ""},
      {"fn f(a: A) = a.missing", "E0203 'a.missing' `A` has no attribute `missing`\n"},
      {"fn f(a: A) = x + 1", "E0201 'x' undefined name `x`\n"},
      {"fn f(n: int) = g(n)\nfn g(n: int) = f(n)", "E0209 'f' `f` calls itself\n"},
      {"fn f(n: int, n: int) = 1", "E0202 'n' the parameter `n` is declared twice\n"},
      {"fn f(xs: [string], re: string) = any(xs, x => x matches re)", ""},
      {"fn f(t: time, z: string?) = hour(t, z ?? \"UTC\")", ""},
      // These speak of what a rule has bound: only a call says what that is.
      {"fn f(a: A) = avg(a.f)", ""},
      {"fn f(a: A) = a.x > prev(x)", ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Lines(CheckText(std::string(kTypes) + c.fns + "\n")), c.lines) << c.fns;
  }
}

// In a file with a rule too, where one that is called elsewhere is reported once.
TEST(FnsTest, OneFaultOneMessage) {
  const std::string text = std::string(kTypes) +
                           "fn f(n: int) = missing + n\n"
                           "fn g(n: int) = f(n)\n"
                           "rule r { match a: A[f(x) > 1] -> B[f(x) > 2]  within 1m }\n";
  EXPECT_EQ(Lines(CheckText(text)), "E0201 'missing' undefined name `missing`\n");
}

}  // namespace
}  // namespace spate
