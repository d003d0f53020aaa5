// The formatter: what it does to a text, and what it never does.
#include "compiler/syntax/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace spate {
namespace {

using ::testing::HasSubstr;

struct Case {
  std::string from;
  std::string to;
};

TEST(FormatTest, LaysOutRules) {
  const std::vector<Case> cases = {
      {"const   A=1\n\n\n\nconst B  =  2 // two\n", "const A=1\n\nconst B = 2  // two\n"},
      {"rule r {\nemit M { x: a.x }\nwithin 1m\nmatch a: A ->\nb: B\n}\n",
       "rule r {\n  match  a: A ->\n         b: B\n  within 1m\n  emit   M { x: a.x }\n}\n"},
      {"rule r { emit M {} from a: A }", "rule r { from a: A  emit M {} }\n"},
      {"rule r {\n  // whole\n  within 1m // long\n  // what\n  // is found\n  match A\n  // "
       "end\n}\n",
       "rule r {\n  // what\n  // is found\n  match  A\n  // whole\n  within 1m  // long\n  // "
       "end\n}\n"},
      {"event A at ts {\nts: time,\n      p: { a: int,\n b: string }\n   }\n",
       "event A at ts {\n  ts: time,\n  p: { a: int,\n    b: string }\n}\n"},
      {"event V = A[x > 1]\n| B\n", "event V = A[x > 1]\n    | B\n"},
      {"/// Doc.\n@severity(\"high\")   @tags(\"a\")\nrule r {\n match A   // \"q\n}",
       "/// Doc.\n@severity(\"high\") @tags(\"a\")\nrule r {\n  match  A  // \"q\n}\n"},
      {"rule r {\n  after match no skip\n  match A ->> B\n  on timeout emit T {}\n  emit M {}\n"
       "  within 1m\n}\n",
       "rule r {\n  match  A ->> B\n  within 1m\n  after  match no skip\n  on     timeout emit T "
       "{}\n"
       "  emit   M {}\n}\n"},
      {"rule r {\n  match A[s == \"a  // b\" and t matches r#\"x  \"  y\"# and `a  b` == 1]\n}\n",
       "rule r {\n  match  A[s == \"a  // b\" and t matches r#\"x  \"  y\"# and `a  b` == 1]\n}\n"},
      {"rule r {\n match (A ->\nB)\n emit M {\nx: f(\na.x),\n     y: 1\n }\n}\n",
       "rule r {\n  match  (A ->\n           B)\n  emit   M {\n    x: f(\n      a.x),\n    y: 1\n  "
       "}\n}\n"},
      {"rule r {\r\n\tmatch A\r\n}\r\n", "rule r {\n  match  A\n}\n"},
      {"test \"a\" for r {\nparam x = 1\nat 0s A { x: 1 } times 2   every 5s\nexpect at 1m M {}\n"
       "at +10s A {\nx: 2,\n}\nat @2026-01-31 advance // far\n\nat 1s A {}\n"
       "case \"b\"   { at 2s  A {} at 30s A {} }\nat 1h advance\n}\n",
       "test \"a\" for r {\n  param x = 1\n  at 0s           A { x: 1 } times 2 every 5s\n"
       "  expect at 1m M {}\n  at +10s         A {\n    x: 2,\n  }\n"
       "  at @2026-01-31  advance  // far\n\n  at 1s A {}\n"
       "  case \"b\" { at 2s A {} at 30s A {} }\n  at 1h advance\n}\n"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<std::string> got = FormatRules(c.from);
    ASSERT_TRUE(got.ok()) << got.status() << "\n" << c.from;
    EXPECT_EQ(*got, c.to);
    EXPECT_EQ(*FormatRules(*got), *got) << "twice";
  }
}

TEST(FormatTest, LeavesFaultsAlone) {
  EXPECT_THAT(std::string(FormatRules("rule r { match }").status().message()),
              HasSubstr("1 syntax error"));
  EXPECT_EQ(*FormatRules(""), "");
}

// Every rule file of the repository keeps its meaning (FormatRules refuses where it would not) and
// is not changed again.
TEST(FormatTest, IsIdempotentOnAllRuleFiles) {
  namespace fs = std::filesystem;
  size_t files = 0;
  for (const char* folder : {"rules", "tests", "examples"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(SPATE_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".spate") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      const absl::StatusOr<std::string> once = FormatRules(text);
      if (!once.ok()) {
        EXPECT_THAT(std::string(once.status().message()), HasSubstr("syntax error"))
            << entry.path();
        continue;
      }
      ++files;
      EXPECT_EQ(*FormatRules(*once), *once) << entry.path();
    }
  }
  EXPECT_GT(files, 50u);
}

}  // namespace
}  // namespace spate
