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

TEST(ParseRules, LeavesWhatIsBeyondIt) {
  for (const char* clauses :
       {"match a: A -> not B -> c: C", "match a: A & b: B", "match a: A gap 2s",
        "match a: A keep latest", "match a: A[k like \"u*\"]", "from a: A window session 3s",
        "match a: A until B"}) {
    EXPECT_FALSE(ParseRules("rule r { " + std::string(clauses) + " }").has_value()) << clauses;
  }
}

}  // namespace
}  // namespace spate::reference
