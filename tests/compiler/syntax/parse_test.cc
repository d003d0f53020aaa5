// Texts and the Ast they give, as dumps. None of them has a fault.
#include "compiler/syntax/parse.h"

#include "gtest/gtest.h"
#include "tests/compiler/syntax/parse_support.h"

namespace spate {
namespace {

struct Case {
  std::string text;
  std::string dump;
};

void ExpectDumps(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Parsed parsed = ParseText(c.text);
    EXPECT_EQ(Faults(parsed), "") << c.text;
    EXPECT_EQ(Dump(parsed.file), c.dump + "\n") << c.text;
  }
}

// `c` wrapped into a declaration, and the part of the dump that is it.
void ExpectExpressions(const std::vector<Case>& cases) {
  std::vector<Case> wrapped;
  for (const Case& c : cases)
    wrapped.push_back({"const x = " + c.text, "(const x " + c.dump + ")"});
  ExpectDumps(wrapped);
}

void ExpectPatterns(const std::vector<Case>& cases) {
  std::vector<Case> wrapped;
  for (const Case& c : cases) {
    wrapped.push_back({"rule r { match " + c.text + " }", "(rule r (match " + c.dump + "))"});
  }
  ExpectDumps(wrapped);
}

void ExpectClauses(const std::vector<Case>& cases) {
  std::vector<Case> wrapped;
  for (const Case& c : cases) {
    wrapped.push_back({"rule r { " + c.text + " }", "(rule r " + c.dump + ")"});
  }
  ExpectDumps(wrapped);
}

TEST(ParseTest, Literals) {
  ExpectExpressions({
      {"1_000", "1000"},
      {"0.5", "0.5f"},
      {"1e-3", "0.001f"},
      {"true", "true"},
      {"null", "null"},
      {"\"a\\u0041\\n\"", "\"aA\\n\""},
      {"r\"\\d\"", "\"\\\\d\""},
      {"r#\"a \"b\"\"#", "\"a \\\"b\\\"\""},
      {"37h30m", "1d13h30m"},
      {"1.5s", "1s500ms"},
      {"@2026-01-31", "@2026-01-31T00:00:00Z"},
      {"@2026-01-31T08:00", "@2026-01-31T08:00:00Z"},
      {"@2026-01-31T08:00:00.5+01:00", "@2026-01-31T07:00:00.500Z"},
      {"@2026-01-31 - 1d", "(- @2026-01-31T00:00:00Z 1d)"},
      {"[1, 2,]", "(list 1 2)"},
      {"[]", "(list)"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"-1", "(neg 1)"},
      {"`a b`", "a b"},
  });
}

TEST(ParseTest, OperatorsBindAsTheLanguageSays) {
  ExpectExpressions({
      {"a or b and c", "(or a (and b c))"},
      {"a and b or c", "(or (and a b) c)"},
      {"not a and b", "(and (not a) b)"},
      {"not a == b", "(not (== a b))"},
      {"a unless b or c", "(unless a (or b c))"},
      {"a ?? b + c", "(?? a (+ b c))"},
      {"a ?? b == c", "(== (?? a b) c)"},
      {"a + b * c - d", "(- (+ a (* b c)) d)"},
      {"a / b % c", "(% (/ a b) c)"},
      {"-a.x % 2", "(% (neg (. a x)) 2)"},
      {"- -a", "(neg (neg a))"},
      {"(a or b) and c", "(and (paren (or a b)) c)"},
      {"a.b.c[0].d", "(. ([] (. (. a b) c) 0) d)"},
      {"a[-1].x", "(. ([] a (neg 1)) x)"},
      {"f()", "(call f)"},
      {"f(a, g(b),)", "(call f a (call g b))"},
      {"if a then b else if c then d else e", "(if a b (if c d e))"},
      {"1 + (if a then 1 else 2)", "(+ 1 (paren (if a 1 2)))"},
  });
}

TEST(ParseTest, Comparisons) {
  ExpectExpressions({
      {"a != b", "(!= a b)"},
      {"a ==~ b or c !=~ d", "(or (==~ a b) (!=~ c d))"},
      {"a between 1 and 2 and b", "(and (between a 1 2) b)"},
      {"a not between b + 1 and c", "(not between a (+ b 1) c)"},
      {"a in b and c not in [1]", "(and (in a b) (not in c (list 1)))"},
      {"any(a) in~ b", "(in~ (call any a) b)"},
      {"a not like~ b", "(not like~ a b)"},
      {"a matches [\"x\"]", "(matches a (list \"x\"))"},
      {"a not matches~ b", "(not matches~ a b)"},
      {"a is null", "(is-null a)"},
      {"a is not true and b is false", "(and (is-not-true a) (is-false b))"},
      {"a == b is not null", "(is-not-null (== a b))"},
  });
}

TEST(ParseTest, ArgumentsMayHaveWhereAndLambdas) {
  ExpectExpressions({
      {"count(r where r.x > 1)", "(call count (where r (> (. r x) 1)))"},
      {"top(a.x where a.y, 2)", "(call top (where (. a x) (. a y)) 2)"},
      {"any(xs, x => x > 1)", "(call any xs (=> x (> x 1)))"},
      {"any(xs, x => if x then y else z)", "(call any xs (=> x (if x y z)))"},
  });
}

TEST(ParseTest, WordsAreNamesWhereverANameCanStand) {
  ExpectExpressions({
      {"from > 1 and within < last", "(and (> from 1) (< within last))"},
      {"first(event)", "(call first event)"},
      {"a.where.in.not", "(. (. (. a where) in) not)"},
      {"rule + test * any", "(+ rule (* test any))"},
  });
  ExpectDumps({
      {"event event at at { at: time, where: int, not: rule }",
       "(event event at at (fields at:time where:int not:rule))"},
      {"param event: param = 3", "(param event : param 3)"},
      {"const rule = table", "(const rule table)"},
      {"fn fn(in: int) -> event? = in2", "(fn fn in:int -> event? in2)"},
      {"event rule = view[x] | every", "(view rule (| view[x] every))"},
      {"event every every 1 week", "(clock every 1 week)"},
      {"rule rule { match match: match -> by: by by by within within emit emit { emit } }",
       "(rule rule (match (seq (step match: match) -> (step by: by))) (by by) (within within) "
       "(emit emit (fields emit)))"},
      {"rule r { match where: W emit summary { where: w.in, `where`.last } }",
       "(rule r (match (step where: W)) (emit summary (fields where:(. w in) (. where last))))"},
      {"rule r { match a: A\n where a.x >\n limit\n emit M {} }",
       "(rule r (match (step a: A)) (where (> (. a x) limit)) (emit M (fields)))"},
  });
}

TEST(ParseTest, Declarations) {
  ExpectDumps({
      {"import \"a/b.spate\"", "(import \"a/b.spate\")"},
      {"param n: int = 5", "(param n : int 5)"},
      {"const A = [1]", "(const A (list 1))"},
      {"fn f(a: T, b: [int?]?,) -> float? = a / b", "(fn f a:T b:[int?]? -> float? (/ a b))"},
      {"table W { card: string key, level: int }", "(table W (fields card:string key level:int))"},
      {"event A {}", "(event A (fields))"},
      {"event A at ts { ts: time, r: { a: T, b: { c: U }? }, l: [{ x: int }], c: int = ts + 1, }",
       "(event A at ts (fields ts:time r:(fields a:T b:(fields c:U)?) l:[(fields x:int)] "
       "c:int=(+ ts 1)))"},
      {"internal sparse event A {}", "(event sparse internal A (fields))"},
      {"sparse event E at `@t` { `@t`: time }", "(event sparse E at @t (fields @t:time))"},
      {"event V = A[x > 1]", "(view V A[(> x 1)])"},
      {"event V = (A[x] | B)", "(view V (| A[x] B))"},
      {"event M every 1 day zone \"Europe/Paris\"", "(clock M 1 day (zone \"Europe/Paris\"))"},
      {"event M every 10s offset 2s", "(clock M 10s (offset 2s))"},
      {"@a @b(\"x\", 1 + 2) rule r {}", "(with (@a) (@b \"x\" (+ 1 2)) (rule r))"},
  });
}

TEST(ParseTest, DocLinesBelongToWhatFollows) {
  ExpectDumps({
      {"/// One.\n///   Two.\n// no\n@tag rule r {}", "(with \"One.\\n  Two.\" (@tag) (rule r))"},
      {"event A { x: int, /// not first on its line\n  /// of y\n  y: int }",
       "(event A (fields x:int (doc \"of y\" y:int)))"},
      {"//// four are a comment\nconst a = 1", "(const a 1)"},
      {"const a = 1\n/// of b\nconst b = 2 /// of nothing",
       "(const a 1)\n(with \"of b\" (const b 2))"},
  });
}

TEST(ParseTest, Patterns) {
  ExpectPatterns({
      {"A", "(step A)"},
      {"a: A[x > 1]", "(step a: A[(> x 1)])"},
      {"a: A -> b: B ->> C, D", "(seq (step a: A) -> (step b: B) ->> (step C) , (step D))"},
      {"A -> B & C -> D", "(seq (step A) -> (& (step B) (step C)) -> (step D))"},
      {"A & B | C & D", "(| (& (step A) (step B)) (& (step C) (step D)))"},
      {"A & b: B{2} & (C)", "(& (step A) (step b: B {2,2}) (group (step C)))"},
      {"m: (A -> B within 5s gap 2s){3} -> C",
       "(seq (group m: (seq (step A) -> (step B)) (within 5s) (gap 2s) {3,3}) -> (step C))"},
      {"(A gap 1s within 3 events)", "(group (step A) (within 3 events) (gap 1s))"},
      {"(A within unbounded)", "(group (step A) (within unbounded))"},
      {"(A within (unbounded))", "(group (step A) (within unbounded))"},
      {"(A & B) strict", "(group (& (step A) (step B)) strict)"},
      {"e: (A | B) -> C", "(seq (group e: (| (step A) (step B))) -> (step C))"},
      {"A -> not N -> B", "(seq (step A) -> (ban (step N)) -> (step B))"},
      {"A -> not n: N[n.x > a.x] for 5s",
       "(seq (step A) -> (ban (step n: N[(> (. n x) (. a x))]) (for 5s)))"},
      {"A -> not (B | C) before o.due",
       "(seq (step A) -> (ban (group (| (step B) (step C))) (before (. o due))))"},
      {"not N ever -> A", "(seq (ban (step N) ever) -> (step A))"},
      {"A -> not N for if a.x > 1 then 10s else 5s",
       "(seq (step A) -> (ban (step N) (for (if (> (. a x) 1) 10s 5s))))"},
      {"(A -> not N) | B", "(| (group (seq (step A) -> (ban (step N)))) (step B))"},
  });
}

TEST(ParseTest, Quantifiers) {
  ExpectPatterns({
      {"A+", "(step A {1,})"},
      {"A*", "(step A {0,})"},
      {"A?", "(step A {0,1})"},
      {"A+?", "(step A {1,}?)"},
      {"A*? any", "(step A {0,}? any)"},
      {"A??", "(step A {0,1}?)"},
      {"A? ? strict", "(step A {0,1}? strict)"},
      {"A[x ?? y]?? -> B", "(seq (step A[(?? x y)] {0,1}?) -> (step B))"},
      {"A{2}", "(step A {2,2})"},
      {"A{2,}", "(step A {2,})"},
      {"A{2,3}?", "(step A {2,3}?)"},
      {"A{,3} relaxed", "(step A {0,3} relaxed)"},
      {"A{n,}", "(step A {n,})"},
      {"A{n}", "(step A {n,n})"},
      {"A{n,m}", "(step A {n,m})"},
      {"A+->B*,C", "(seq (step A {1,}) -> (step B {0,}) , (step C))"},
  });
}

TEST(ParseTest, Clauses) {
  ExpectClauses({
      {"from r: T[x]", "(from r: T[x])"},
      {"from (A | B)", "(from (| A B))"},
      {"from e: ((A | B))", "(from e: (| A B))"},
      {"by user", "(by user)"},
      {"by A.x = B.y = c.z, lower(u) as l, k",
       "(by (= (. A x) (. B y) (. c z)) (as (call lower u) l) k)"},
      {"where a where b", "(where a) (where b)"},
      {"within 5m gap 2s", "(within 5m) (gap 2s)"},
      {"within 3 events", "(within 3 events)"},
      {"window sliding 5m", "(window sliding 5m)"},
      {"window sliding n events", "(window sliding n events)"},
      {"window tumbling 1 month offset 1h zone \"UTC\"",
       "(window tumbling 1 month (offset 1h) (zone \"UTC\"))"},
      {"window hopping 10s every 5s", "(window hopping 10s (every 5s))"},
      {"window session 5m max 1h", "(window session 5m (max 1h))"},
      {"window ending B[x == 9] | C", "(window ending (| B[(== x 9)] C))"},
      {"window unbounded", "(window unbounded)"},
      {"until N", "(until N)"},
      {"until (N | D[x])", "(until (| N D[x]))"},
      {"having count() > 2 for 5m", "(having (> (call count) 2) (for 5m))"},
      {"report each", "(report each)"},
      {"after match skip past last event", "(after-match skip-past-last-event)"},
      {"after match skip to first v", "(after-match skip-to-first v)"},
      {"after match skip to last v", "(after-match skip-to-last v)"},
      {"after match skip to next event", "(after-match skip-to-next-event)"},
      {"after match no skip", "(after-match no-skip)"},
      {"keep latest", "(keep latest)"},
      {"limit 2 per 5m", "(limit 2 5m)"},
      {"limit 1 ever on change", "(limit 1 ever) (on-change)"},
      {"emit A {} emit B { x, y: 1, a.z }", "(emit A (fields)) (emit B (fields x y:1 (. a z)))"},
      {"emit summary S { n: match_count() } else emit T {} on timeout emit U {}",
       "(emit-summary S (fields n:(call match_count))) (else-emit T (fields)) "
       "(on-timeout-emit U (fields))"},
      {"emit S { p: { name: \"x\" }, p.id: 3, q.r.s: 1 }",
       "(emit S (fields p:(fields name:\"x\" id:3) q:(fields r:(fields s:1))))"},
  });
}

TEST(ParseTest, NeitherOrderNorLineBreaksMatter) {
  const std::string dump =
      "(rule r (match (step A)) (where x) (by k) (within 5s) (emit M (fields)))";
  ExpectDumps({
      {"rule r { match A where x by k within 5s emit M {} }", dump},
      {"rule r { emit M {} within 5s by k where x match A }", dump},
      {"rule r\n{\nwithin\n5s\nmatch\nA\nemit\nM\n{\n}\nby\nk\nwhere\nx\n}", dump},
  });
}

TEST(ParseTest, Tests) {
  ExpectDumps({
      {R"(test "t" for a, b {
            param n = 3  lateness 5s  table W { card: "c", level: 2 }
            at 0s Login { user: "ann", p.x: 1 } times 5 every 10s
            at +10s Login {}
            Login {}
            at @2026-01-31T08:00 Login {}
            expect at 50s I { tries: 5 }  expect I {}  expect nothing  expect "f.jsonl"
            allow T  events "e.jsonl"
            case "c" { at 1h advance }
          })",
       "(test \"t\" a b (param n 3) (lateness 5s) (table W (fields card:\"c\" level:2)) "
       "(feed @ 0s Login (fields user:\"ann\" p:(fields x:1)) (times 5) (every 10s)) "
       "(feed @ +10s Login (fields)) (feed Login (fields)) "
       "(feed @ @2026-01-31T08:00:00Z Login (fields)) (expect @ 50s I (fields tries:5)) "
       "(expect I (fields)) (expect nothing) (expect \"f.jsonl\") (allow T) (events \"e.jsonl\") "
       "(case \"c\" (advance @ 1h)))"},
      {"test \"words\" { at {} case {} events {} expect expect {} times {} }",
       "(test \"words\" (feed at (fields)) (feed case (fields)) (feed events (fields)) "
       "(expect expect (fields)) (feed times (fields)))"},
  });
}

TEST(ParseTest, SpansAreBytes) {
  const Parsed parsed = ParseText(
      "\xEF\xBB\xBF// \xC3\xA9\xE6\x97\xA5\nrule r { match a: A[k == \"\xC3\xA9\"] by k }");
  ASSERT_EQ(Faults(parsed), "");
  const auto& rule = std::get<ast::RuleDecl>(parsed.file.declarations[0].node);
  EXPECT_EQ(std::string(parsed.sources.Text(rule.match->span)), "a: A[k == \"\xC3\xA9\"]");
  EXPECT_EQ(std::string(parsed.sources.Text(rule.by[0].span)), "k");
  EXPECT_EQ(std::string(parsed.sources.Text(rule.name.span)), "r");
  EXPECT_EQ(std::string(parsed.sources.Text(parsed.file.declarations[0].span)).substr(0, 6),
            "rule r");
}

TEST(ParseTest, CommentsAreNoTokens) {
  ExpectDumps({{"rule r { match A[k like \"x*/y\"] // */ /* \n by x }",
                "(rule r (match (step A[(like k \"x*/y\")])) (by x))"},
               {"const a = 1 // \"\nconst b = 2", "(const a 1)\n(const b 2)"}});
  EXPECT_EQ(Dump(ParseText("").file), "");
  EXPECT_EQ(Faults(ParseText(" \n// only this")), "");
}

}  // namespace
}  // namespace spate
