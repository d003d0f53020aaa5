// Texts with faults: one fault gives one message, in the right place, and leaves the rest readable.
#include "compiler/syntax/parse.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compiler/syntax/parse_support.h"

namespace spate {
namespace {

struct Case {
  std::string text;
  std::string faults;
};

void ExpectFaults(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Faults(ParseText(c.text)), c.faults) << c.text;
}

// Clauses of one rule on line 1, from column 10.
void ExpectClauseFaults(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const std::string text = "rule r { " + c.text + " }";
    EXPECT_EQ(Faults(ParseText(text)), c.faults) << text;
  }
}

TEST(LexicalFaultsTest, ExplainTheToken) {
  ExpectFaults({
      {"const a = 5min", "E0104 1:11 '5min' `5min` is neither a number nor a duration\n"},
      {"const a = 1__0 + 1_",
       "E0104 1:11 '1__0' `1__0` is neither a number nor a duration\n"
       "E0104 1:18 '1_' `1_` is neither a number nor a duration\n"},
      {"const a = 0x1F", "E0104 1:11 '0x1F' `0x1F` is neither a number nor a duration\n"},
      {"const a = 10.0.0.1", "E0104 1:11 '10.0.0.1' `10.0.0.1` is not a number\n"},
      {"const a = @1970-01-02T08", "E0106 1:11 '@1970-01-02T08' `@1970-01-02T08` is not a time\n"},
      {"const a = @2026-13-01", "E0106 1:11 '@2026-13-01' `@2026-13-01` is not a time\n"},
      {"const a = @2026-01-31+1d", "E0106 1:11 '@2026-01-31+1d' `@2026-01-31+1d` is not a time\n"},
      {"const a = 9223372036854775808",
       "E0105 1:11 '9223372036854775808' `9223372036854775808` is too large\n"},
      {"const a = 1e999 + 999999999d",
       "E0105 1:11 '1e999' `1e999` is too large\n"
       "E0105 1:19 '999999999d' `999999999d` is too large\n"},
      {"const a = \"x\\dy\"", "E0108 1:13 '\\d' `\\d` is no escape in a text\n"},
      {"const a = 'x'", "E0110 1:11 ''x'' a text stands in double quotes\n"},
      {"const a = !b;",
       "E0110 1:11 '!' `!` is not an operator\n"
       "E0110 1:13 ';' there are no semicolons\n"},
      {"const a = b /* x\ny */ + 1", "E0109 1:13 '/* x\ny */' there are no block comments\n"},
      {"const a = b /* x\nconst c = 1", "E0109 1:13 '/* x' there are no block comments\n"},
      {"const a = b # c\nconst d = 1", "E0110 1:13 '#' the character `#` cannot stand here\n"},
      {"const \xC3\xA9t\xC3\xA9 = 1",
       "E0110 1:7 '\xC3\xA9' the character `\xC3\xA9` cannot stand here\n"
       "E0110 1:9 '\xC3\xA9' the character `\xC3\xA9` cannot stand here\n"},
  });
}

TEST(LexicalFaultsTest, ATextEndsOnItsLine) {
  ExpectFaults({
      {"const a = \"x\nconst b = 1", "E0107 1:11 '\"x' the text does not end on its line\n"},
      {"rule r { match a: A[k == \"x\ny\"] within 5s }",
       "E0107 1:26 '\"x' the text does not end on its line\n"},
      {"rule r { match a: A[k == r\"x\ny\"] within 5s }",
       "E0107 1:26 'r\"x' the text does not end on its line\n"},
      {"const a = r####\"x\"####\nconst b = 1",
       "E0107 1:11 'r####\"x\"####' the text does not end on its line\n"},
      {"rule r { match A[x == \"y]\n within 5min }\nconst b = 5min",
       "E0102 1:17 '[' `[` is not closed\n"
       "E0107 1:23 '\"y]' the text does not end on its line\n"
       "E0104 2:9 '5min' `5min` is neither a number nor a duration\n"
       "E0104 3:11 '5min' `5min` is neither a number nor a duration\n"},
  });
}

TEST(BracketFaultsTest, PointAtTheBracket) {
  ExpectFaults({
      {"rule r { match (a: A -> b: B }", "E0102 1:16 '(' `(` is not closed\n"},
      {"rule r { match A[x }\nrule s { match B }", "E0102 1:17 '[' `[` is not closed\n"},
      {"rule r {\n  match A\n\nrule s { match B }", "E0102 1:8 '{' `{` is not closed\n"},
      {"rule r {\n  match A\n  emit M { x: 1\n}\n\nrule s { match B }",
       "E0102 3:10 '{' `{` is not closed\n"},
      {"const a = [1, 2\n@t rule s { match B }", "E0102 1:11 '[' `[` is not closed\n"},
      {"const a = (1, 2]", "E0102 1:16 ']' `(` is closed by `]`\n"},
      {"const a = [1)", "E0102 1:13 ')' `[` is closed by `)`\n"},
      {"rule r { match A } }\nconst a = 1)",
       "E0102 1:20 '}' `}` closes nothing\n"
       "E0102 2:12 ')' `)` closes nothing\n"},
      {"event A { x: int", "E0102 1:9 '{' `{` is not closed\n"},
      {"test \"t\" {\n  param a = 1\n  table W { x: 1 }\n}", ""},
  });
}

TEST(DeclarationFaultsTest, LeaveTheOthersWhole) {
  const Parsed parsed = ParseText(
      "evnt A {}\nevent B { x int }\nrule { match A }\nparam p =\nconst c = 1 2\nfn f(a) = a\n"
      "rule ok { match B }\nconst d = 3");
  EXPECT_EQ(Faults(parsed),
            "E0101 1:1 'evnt' expected a declaration, found `evnt`\n"
            "E0101 2:11 'x' `x` needs a type\n"
            "E0101 3:6 '{' expected a name, found `{`\n"
            "E0103 5:1 'const' something is missing before `const`\n"
            "E0101 5:13 '2' expected a declaration, found `2`\n"
            "E0101 6:6 'a' `a` needs a type\n");
  EXPECT_THAT(Dump(parsed.file), testing::HasSubstr("(rule ok (match (step B)))\n(const d 3)\n"));
}

TEST(DeclarationFaultsTest, Words) {
  ExpectFaults({
      {"const unbounded = 3", "E0111 1:7 'unbounded' `unbounded` cannot name a `const`\n"},
      {"param unbounded: int = 3", "E0111 1:7 'unbounded' `unbounded` cannot name a `param`\n"},
      {"const where = 3", "E0111 1:7 'where' `where` is a reserved word\n"},
      {"event A { x: int key }", "E0119 1:18 'key' only a table has a `key`\n"},
      {"table T { x: int = 3 }", "E0119 1:20 '3' a column of a table cannot be computed\n"},
      {"sparse sparse event A {}", "E0112 1:8 'sparse' `sparse` stands twice\n"},
      {"event V = a: A", "E0119 1:11 'a' no variable can stand here in a view\n"},
      {"event V = A+", "E0119 1:12 '+' a view takes types, not a quantifier\n"},
      {"event V = (A -> B)", "E0119 1:12 'A -> B' a view takes types, not a pattern\n"},
      {"event M every 3 events", "E0119 1:15 '3 events' a count of events cannot stand here\n"},
      {"event M every n days", "E0115 1:15 'n' a calendar unit follows a whole number\n"},
      {"event M every 1 day offset 1 day",
       "E0115 1:30 'day' calendar units are for tumbling windows and clocks\n"},
  });
}

TEST(ClauseFaultsTest, LeaveTheOthersWhole) {
  const Parsed parsed = ParseText(
      "rule r {\n  match  a: A -> b: B,\n  within 5m\n  wher   a.x\n  having && x\n  keep newest\n"
      "  report all\n  emit   M { a.x b.y }\n  by user\n}");
  EXPECT_EQ(Faults(parsed),
            "E0103 3:3 'within' something is missing before `within`\n"
            "E0101 4:3 'wher' expected a clause of the rule, found `wher`\n"
            "E0101 5:10 '&&' `&&` cannot join conditions\n"
            "E0101 6:8 'newest' expected `all`, `first` or `latest`, found `newest`\n"
            "E0101 7:10 'all' expected `each` or `longest`, found `all`\n"
            "E0101 8:18 'b' a comma is missing before `b`\n");
  EXPECT_EQ(Dump(parsed.file), "(rule r (by user) (within 5m))\n");
  EXPECT_TRUE(parsed.file.declarations[0].incomplete);
}

TEST(ClauseFaultsTest, SomethingIsMissing) {
  ExpectClauseFaults({
      {"match a: A ->\n after match no skip",
       "E0103 2:2 'after' something is missing before `after`\n"},
      {"match a: A ->\n by user", "E0103 2:2 'by' something is missing before `by`\n"},
      {"match a: A -> -> b: B", "E0103 1:24 '->' something is missing before `->`\n"},
      {"match a: A |", "E0103 1:23 '}' something is missing before `}`\n"},
      {"where a.x ==\n emit M {}", "E0103 2:2 'emit' something is missing before `emit`\n"},
      {"by a.x ==\n emit M {}", "E0103 2:2 'emit' something is missing before `emit`\n"},
      {"where a.x >\n where b", "E0103 2:2 'where' something is missing before `where`\n"},
      {"by\n within 10m", "E0103 2:2 'within' something is missing before `within`\n"},
      {"where 1 +", "E0103 1:20 '}' something is missing before `}`\n"},
      {"where (1 + ) == 2", "E0103 1:21 ')' something is missing before `)`\n"},
      {"emit M { x: }", "E0103 1:22 '}' something is missing before `}`\n"},
  });
}

TEST(ClauseFaultsTest, WordsAndOperators) {
  ExpectClauseFaults({
      {"where a = b", "E0101 1:18 '=' `=` is not a comparison\n"},
      {"where a & b", "E0101 1:18 '&' `&` cannot join conditions\n"},
      {"where a || b", "E0101 1:18 '||' `||` cannot join conditions\n"},
      {"match A[a = b]", "E0101 1:20 '=' `=` is not a comparison\n"},
      {"match A[a || b]", "E0101 1:20 '||' `||` cannot join conditions\n"},
      {"where a <> b", "E0101 1:19 '>' `<>` is not an operator\n"},
      {"where a < b < c", "E0113 1:22 '< c' comparisons do not follow each other\n"},
      {"where a > 1 unless b unless c",
       "E0114 1:31 'unless' `unless` stands twice in one condition\n"},
      {"where 1 + if a then b else c",
       "E0113 1:20 'if' `if` inside an expression stands in parentheses\n"},
      {"match W[where > 1]", "E0111 1:18 'where' `where` is a reserved word\n"},
      {"where matches() > 1", "E0111 1:16 'matches' `matches` is a reserved word\n"},
      {"where a + 1 day", "E0115 1:22 'day' calendar units are for tumbling windows and clocks\n"},
      {"match A no skip", "E0101 1:18 'no' the clause is `after match no ..`\n"},
      {"match A after match no skpi", "E0101 1:33 'skpi' expected `skip`, found `skpi`\n"},
      {"emit M", "E0101 1:15 'M' `M` needs its braces here\n"},
      {"match A withn 5s", "E0101 1:18 'withn' expected a clause of the rule, found `withn`\n"},
      {"window until B",
       "E0101 1:17 'until' expected `ending`, `hopping`, `session`, `sliding`, `tumbling` or "
       "`unbounded`, found `until`\n"},
  });
}

TEST(ClauseFaultsTest, PatternsThatMeanNothing) {
  ExpectClauseFaults({
      {"match A{0}", "E0117 1:17 '{0}' a quantifier that allows no event\n"},
      {"match A{,0}", "E0117 1:17 '{,0}' a quantifier that allows no event\n"},
      {"match A{3,2}", "E0117 1:17 '{3,2}' a quantifier that cannot hold\n"},
      {"match A{2}?", "E0117 1:17 '{2}?' an exact count cannot be reluctant\n"},
      {"match A strict", "E0117 1:18 'strict' `strict` stands after a quantifier or a group\n"},
      {"match C -> not A | b: B", "E0116 1:21 'not A' a ban is an element of a sequence only\n"},
      {"match A & not N", "E0116 1:20 'not N' a ban is an element of a sequence only\n"},
      {"match A -> not N+", "E0117 1:26 '+' a ban takes no quantifier\n"},
      {"match A -> not (B -> C)",
       "E0116 1:26 'B -> C' a ban is on a step or on alternatives of steps\n"},
      {"match A+ & B",
       "E0120 1:16 'A+' a permutation is of steps and of steps with exact counts\n"},
      {"match A & (B -> C)",
       "E0120 1:20 '(B -> C)' a permutation is of steps and of steps with exact counts\n"},
      {"match A -> B within 3s -> C",
       "E0101 1:33 '->' expected a clause of the rule, found `->`\n"},
      {"match (A within 3s within 4s)", "E0112 1:29 'within 4s' `within` stands twice\n"},
  });
}

TEST(ClauseFaultsTest, ClausesThatMeanNothing) {
  ExpectClauseFaults({
      {"match A match B", "E0112 1:18 'match B' `match` stands twice\n"},
      {"within 1s within 2s", "E0112 1:20 'within 2s' `within` stands twice\n"},
      {"on change on change", "E0112 1:20 'on change' `on change` stands twice\n"},
      {"from A from B", "E0112 1:17 'from B' `from` stands twice\n"},
      {"else emit A {} else emit B {}", "E0112 1:25 'else emit B {}' `else emit` stands twice\n"},
      {"from A | B", "E0113 1:15 'A | B' alternatives stand in parentheses after `from`\n"},
      {"until A | B", "E0113 1:16 'A | B' alternatives stand in parentheses after `until`\n"},
      {"until n: A", "E0119 1:16 'n' no variable can stand here in `until`\n"},
      {"by A.x == B.y", "E0118 1:13 'A.x == B.y' a comparison is no key\n"},
      {"by (x in [1]) as small", "E0118 1:13 '(x in [1])' a comparison is no key\n"},
      {"within 2 weeks", "E0115 1:19 'weeks' calendar units are for tumbling windows and clocks\n"},
      {"match A -> not N for 1 day",
       "E0115 1:33 'day' calendar units are for tumbling windows and clocks\n"},
      {"limit 1 per 3 events", "E0119 1:22 '3 events' a count of events cannot stand here\n"},
      {"window hopping 5s", "E0119 1:10 'window hopping 5s' a hopping window needs its step\n"},
      {"window sliding 5s max 1h", "E0119 1:28 'max 1h' `max` belongs to session windows\n"},
      {"window session 3 events",
       "E0119 1:25 '3' only tumbling and sliding windows count events\n"},
  });
}

TEST(TestFaultsTest, LeaveTheOtherStatementsWhole) {
  const Parsed parsed = ParseText(
      "test \"t\" {\n  at 5s A { x: 1 }\n  at 6 B {}\n  foo\n  advance\n  expect nothing\n}");
  EXPECT_EQ(Faults(parsed),
            "E0101 3:6 '6' `6` is not a time\n"
            "E0101 4:3 'foo' `foo` needs its braces here\n"
            "E0101 5:3 'advance' `advance` needs its braces here\n");
  EXPECT_EQ(Dump(parsed.file), "(test \"t\" (feed @ 5s A (fields x:1)) (expect nothing))\n");
}

// What is proposed must be right: the text with all fixes applied parses without a fault.
TEST(FixesTest, MakeTheTextRight) {
  for (const std::string text : {"rule r { match A within 5min }",
                                 "const a = 'x'",
                                 "const a = !b",
                                 "const a = 10.0.0.1",
                                 "rule r { where a = b && c }",
                                 "rule r { from A | B }",
                                 "rule r { until A | B }",
                                 "rule r { emit M }",
                                 "rule r { match A no skip }",
                                 "rule r { withn 5s }",
                                 "rule r { where a unless b unless c }",
                                 "rule r { match A{2}? }",
                                 "evnt A {}",
                                 "rule r { by A.x == B.y }",
                                 "rule r { within 2 weeks }",
                                 "const a = [1 2]",
                                 "const a = (1 + 2]",
                                 "const a = \"\\d\"",
                                 "rule r { match W[where > 1] }",
                                 "rule r { where a <> b }",
                                 "const a = b;",
                                 "rule r { where 1 day }"}) {
    std::string fixed = text;
    for (int round = 0; round < 3; ++round) {
      const Parsed parsed = ParseText(fixed);
      if (parsed.diagnostics.all().empty()) break;
      const Diagnostic& d = parsed.diagnostics.all().front();
      ASSERT_TRUE(d.fix.has_value() && d.fix->span.has_value()) << fixed << "\n" << Faults(parsed);
      fixed.replace(d.fix->span->begin, d.fix->span->end - d.fix->span->begin, d.fix->replacement);
    }
    EXPECT_EQ(Faults(ParseText(fixed)), "") << text << " became " << fixed;
  }
}

}  // namespace
}  // namespace spate
