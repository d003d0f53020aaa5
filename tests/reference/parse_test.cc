#include "tests/reference/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/reference/print.h"

namespace spate::reference {
namespace {

TEST(ParseRules, WhatIsPrintedReadsBack) {
  const std::string text =
      "event A at ts { ts: time, x: int, k: string? }\n"
      "event B at ts { ts: time, x: int, k: string? }\n"
      "rule one {\n"
      "  from (A[x > 1] | B)\n"
      "  match a: A -> m: (b: B{2,3}? any ->> c: A[x > (a.x + 1)]?? within 2s), d: B* strict\n"
      "  where a.x == c.x\n"
      "  where b.x is not null\n"
      "  by A.x = B.x, k\n"
      "  within 1500ms\n"
      "  report each\n"
      "  after match skip to last d\n"
      "  emit M { n: count(b where b.x > 1), l: last(b.x, 1), i: b[-2].x, k: k }\n"
      "}\n"
      "rule two {\n"
      "  from r: A\n"
      "  window tumbling 2s\n"
      "  having count() >= 2\n"
      "}\n";
  auto file = ParseRules(text);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(PrintRules(*file), text);
}

TEST(ParseRules, BansAndWindowsReadBack) {
  const std::string text =
      "event A at ts { ts: time, x: int, k: string? }\n"
      "event B at ts { ts: time, x: int, k: string? }\n"
      "rule one {\n"
      "  match not A for 2s -> a: A -> not n: (A[n.x > 1] | B) -> (b: B & c: A{2}) strict, "
      "not B for if a.x > 1 then 2s else 1s -> (not A -> d: B[prev(x, 2) == 1] gap 1s){2} -> "
      "not A before a.ts + 5s\n"
      "  by a.x = b.x, lower(k) as u\n"
      "  window session 2s max 5s\n"
      "  gap 1500ms\n"
      "  until (A | B[x == 3])\n"
      "  keep first\n"
      "  emit M { }\n"
      "  on timeout emit T { v: a.x }\n"
      "}\n"
      "rule two {\n"
      "  match a: A, b: B & c: B\n"
      "  window tumbling 2 weeks offset 1s zone \"Europe/Paris\"\n"
      "  after match no skip\n"
      "  keep latest\n"
      "  emit summary M { n: match_count(), t: top(a.x where a.x > 1, 2) }\n"
      "}\n"
      "rule three {\n"
      "  match not A ever -> b: B\n"
      "  window ending A[x == 9]\n"
      "  after match no skip\n"
      "}\n";
  auto file = ParseRules(text);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(PrintRules(*file), text);
}

TEST(ParseRules, LeavesWhatIsBeyondIt) {
  for (const char* clauses : {"match a: A[k like \"u*\"]", "match a: A[x in [1, 2]]",
                              "match a: A emit M { d: 5s }", "match a: A[upper(k) == \"U\"]"}) {
    EXPECT_FALSE(ParseRules("rule r { " + std::string(clauses) + " }").has_value()) << clauses;
  }
}

}  // namespace
}  // namespace spate::reference
