// Values end to end: lists of records, tables, ids, CSV, and what became null.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/run_binary.h"

namespace spate::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kOrders[] =
    R"({"type":"Order","time":"2026-01-01T00:00:00Z","id":1,"items":[{"sku":"x","n":3,"price":{"net":1.5}},{"sku":"y","n":1,"price.net":2,"more":[{}]}],"grid":[[1,2],[3]]}
{"type":"Order","time":"2026-01-01T00:00:01Z","id":2,"items":{"sku":"x","n":1,"price":{"net":9}},"grid":[]}
{"type":"Order","time":"2026-01-01T00:00:02Z","id":3,"items":[{"sku":"x"}],"grid":[]}
)";

constexpr char kOrderType[] =
    "event Order { id: int, items: [{ sku: string, n: int, price: { net: float, tax: float? } }], "
    "grid: [[int]] }\n";

TEST(ValuesTest, ListsOfRecordsAndOfLists) {
  Workspace work;
  work.Write("o.jsonl", kOrders);
  work.Write("r.spate", std::string(kOrderType) + R"(
rule r {
  from o: Order[any(items, i => i.n > 2 and i.price.net < 2) or items[0].price.net > 8]
  emit Found { o.id, skus: count_if(o.items, i => i.price.tax is null), first: o.items[0],
               last: o.items[-1].sku, o.grid, g: o.grid[0][1], none: o.items[5].sku,
               has: [3] in o.grid }
}
)");
  const Outcome got = work.Spate("run r.spate o.jsonl");
  EXPECT_EQ(
      got.out,
      R"({"type":"Found","time":"2026-01-01T00:00:00Z","rule":"r","id":1,"skus":2,"first.sku":"x","first.n":3,"first.price.net":1.5,"first.price.tax":null,"last":"y","grid":[[1,2],[3]],"g":2,"none":null,"has":true}
{"type":"Found","time":"2026-01-01T00:00:01Z","rule":"r","id":2,"skus":1,"first.sku":"x","first.n":1,"first.price.net":9.0,"first.price.tax":null,"last":"x","grid":[],"g":null,"none":null,"has":false}
)") << got.err;
  EXPECT_THAT(got.err, HasSubstr("rejected: 1 row"));
  EXPECT_THAT(got.err, HasSubstr("o.jsonl:3:"));
}

TEST(ValuesTest, ARecordMayBeComputed) {
  Workspace work;
  work.Write("e.jsonl", "{\"xs\":[{\"a\":1,\"b\":{\"c\":\"x\"}}],\"f.a\":9}\n{\"xs\":[]}\n");
  work.Write(
      "r.spate",
      "event E { xs: [{ a: int, b: { c: string } }], f: { a: int, b: { c: string } }? = xs[0] }\n"
      "rule r { from e: E  emit X { e.f.a, c: e.f.b.c, none: e.f.b is null } }\n");
  const Outcome got = work.Spate("run r.spate e.jsonl -q");
  EXPECT_THAT(got.out, HasSubstr("\"a\":1,\"c\":\"x\",\"none\":false}")) << got.err;
  EXPECT_THAT(got.out, HasSubstr("\"a\":null,\"c\":null,\"none\":true}"));
  work.Write("w.spate",
             "event E { xs: [{ a: int }], f: { a: int } = xs[0], g: { b: int }? = xs[0] }\n"
             "rule r { from e: E  emit X { e.f.a } }\n");
  const Outcome wrong = work.Spate("check w.spate");
  EXPECT_THAT(wrong.err, HasSubstr("error[E0306]"));
  EXPECT_THAT(wrong.err, HasSubstr("error[E0301]"));
}

// Bound events, windows and derived events keep nested values whole.
TEST(ValuesTest, NestedValuesAreKept) {
  Workspace work;
  work.Write("o.jsonl", kOrders);
  work.Write("r.spate", std::string(kOrderType) + R"(
rule p { match a: Order -> b: Order  within 1m  emit Pair { a: a.items, g: a.grid, n: len(b.items) } }
rule w { from o: Order  window tumbling 1m  emit All { skus: collect(o.items[0]), all: collect(o.grid) } }
rule q { match p: Pair{1}  within unbounded  emit Again { p.a, sku: p.a[1].sku } }
)");
  const Outcome got = work.Spate("run r.spate o.jsonl -q");
  const std::string items =
      R"([{"sku":"x","n":3,"price.net":1.5,"price.tax":null},{"sku":"y","n":1,"price.net":2.0,"price.tax":null}])";
  EXPECT_THAT(got.out, HasSubstr("\"rule\":\"p\",\"a\":" + items + ",\"g\":[[1,2],[3]],\"n\":1}"))
      << got.err;
  EXPECT_THAT(got.out, HasSubstr("\"rule\":\"q\",\"a\":" + items + ",\"sku\":\"y\"}"));
  EXPECT_THAT(got.out, HasSubstr(R"("all":[[[1,2],[3]],[]]})"));
}

TEST(ValuesTest, SparseEventsTakeNullForWhatIsWrongInside) {
  Workspace work;
  work.Write("e.jsonl", R"({"xs":[{"a":1,"b":"x"},{"a":"no"},7]})"
                        "\n");
  work.Write("r.spate",
             "sparse event E { xs: [{ a: int, b: string }] }\n"
             "rule r { from e: E  emit X { n: count_if(e.xs, x => x.a is null) } }\n");
  const Outcome got = work.Spate("run r.spate e.jsonl");
  EXPECT_THAT(got.err, HasSubstr("read as null"));
}

constexpr char kWatch[] = R"(table Watchlist { card: string key, level: int, note: string? }
table Rates { from: string key, to: string key, rate: float }
event Tx { card: string, from: string, to: string, amount: float }
rule watched {
  from t: Tx[card in Watchlist and Watchlist[card].level > 1]
  emit Hit { t.card, note: Watchlist[t.card].note ?? "-", euros: t.amount * Rates[[t.from, t.to]].rate,
             known: [t.from, t.to] in Rates }
}
)";

class TableRunTest : public ::testing::Test {
 protected:
  TableRunTest() {
    work_.Write("r.spate", kWatch);
    work_.Write("w.csv", "card,level,note\nc1,3,look\nc2,1,\nc3,2,\n");
    work_.Write("rates.jsonl", "{\"from\":\"USD\",\"to\":\"EUR\",\"rate\":0.5}\n");
    work_.Write("t.csv",
                "card,from,to,amount\nc1,USD,EUR,10\nc2,USD,EUR,1\nc3,USD,GBP,4\nc9,,,1\n");
  }
  Workspace work_;
};

TEST_F(TableRunTest, RowsAreFoundByOnePartOrSeveral) {
  const Outcome got = work_.Spate(
      "run r.spate t.csv --table Watchlist=w.csv --table Rates=rates.jsonl --format csv");
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_THAT(got.out, HasSubstr("type,time,rule,card,note,euros,known\n"));
  EXPECT_THAT(got.out, HasSubstr(",watched,c1,look,5.0,true\n"));
  EXPECT_THAT(got.out, HasSubstr(",watched,c3,-,,false\n"));
  EXPECT_THAT(got.out, Not(HasSubstr("c2")));
}

TEST_F(TableRunTest, MissingWrongAndDoubledTablesAreSaid) {
  work_.Write("twice.csv", "card,level\nc1,3\nc1,4\n");
  const Outcome missing = work_.Spate("run r.spate t.csv --table Watchlist=w.csv");
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("the rules look up the table `Rates`: give --table Rates="));
  const Outcome twice = work_.Spate("run r.spate t.csv --table Watchlist=twice.csv");
  EXPECT_EQ(twice.code, 3);
  EXPECT_THAT(twice.err, HasSubstr("twice.csv:3: the key \"c1\" stands in two rows"));
  const Outcome misspelt = work_.Spate("run r.spate t.csv --table Watchlst=w.csv");
  EXPECT_THAT(misspelt.err, HasSubstr("did you mean `Watchlist`?"));
}

constexpr char kChain[] = R"(event A { k: string }
rule first  { match a: A -> b: A  by k  within 1m  after match no skip  emit Pair { k } }
rule second { match p: Pair -> q: Pair  within 1h  emit Two { p.k } }
rule third  { from a: A  by k  window tumbling 1m  emit Count { k, n: count() } }
)";

constexpr char kAs[] =
    "time,k\n2026-01-01T00:00:00Z,x\n2026-01-01T00:00:01Z,x\n2026-01-01T00:00:01Z,x\n"
    "2026-01-01T00:00:02Z,y\n";

TEST(IdsTest, AreTheSameInEveryRunAndApartFromEachOther) {
  Workspace work;
  work.Write("r.spate", kChain);
  work.Write("a.csv", kAs);
  const Outcome once = work.Spate("run r.spate a.csv --with id,matched -q");
  EXPECT_EQ(once.out, work.Spate("run r.spate a.csv --with id,matched -q").out);
  EXPECT_EQ(once.out, work.Spate("run r.spate --with matched,id -q - < a.csv").out);
  // Other rules beside these, and holding events back, do not change them.
  work.Write("more.spate", "rule zero { from a: A  emit Zero { a.k } }\n");
  const Outcome more =
      work.Spate("run more.spate r.spate a.csv --with id,matched -q --only Pair,Two");
  const Outcome alone = work.Spate("run r.spate a.csv --with id,matched -q --only Pair,Two");
  EXPECT_THAT(alone.out, Not(IsEmpty()));
  EXPECT_EQ(more.out, alone.out);
  EXPECT_EQ(work.Spate("run r.spate a.csv --with id,matched -q --only Pair,Two --lateness 1h").out,
            alone.out);
  const Outcome ids = work.Shell(
      "\"$SPATE\" run r.spate a.csv --with id -q | sed 's/.*event_id\":\"\\([0-9a-f]*\\).*/\\1/' > "
      "i; "
      "wc -l < i; sort -u i | wc -l; grep -c '^[0-9a-f]\\{32\\}$' i");
  EXPECT_EQ(ids.out, "5\n5\n5\n") << ids.err;
}

TEST(IdsTest, MatchedEventsHaveThoseOfTheirOrigin) {
  Workspace work;
  work.Write("r.spate", kChain);
  work.Write("a.csv", kAs);
  const Outcome got = work.Spate("run r.spate a.csv --with id,matched -q --only Two,Pair");
  // The first pair is of events 1 and 2; `second` names the pair by the id that it was printed
  // with.
  EXPECT_THAT(
      got.out,
      HasSubstr(
          R"("matched":{"a":[{"type":"A","time":"2026-01-01T00:00:00Z","event_id":"1","k":"x"}],"b":[{"type":"A","time":"2026-01-01T00:00:01Z","event_id":"2","k":"x"}]}})"));
  const size_t at = got.out.find("\"event_id\":\"");
  const std::string first = got.out.substr(at, 45);
  EXPECT_NE(got.out.find(first, at + 1), std::string::npos) << first;
}

TEST(NullsTest, AreReportedWithRulePlaceAndCount) {
  Workspace work;
  work.Write("r.spate", R"(event E { a: int, b: int, c: int = a * 2 }
rule r {
  from e: E[a / b > 1.0 or true]
  emit X { sum: e.a + 1, e.c }
}
rule s { from e: E  window tumbling 1m  emit Sum { s: sum(e.a) } }
)");
  work.Write("e.csv", "a,b\n9223372036854775807,1\n1,0\n9223372036854775807,0\n");
  const Outcome got = work.Spate("run r.spate e.csv");
  EXPECT_THAT(got.err, HasSubstr("integer overflow in rule r at r.spate:4:17, 2 times"));
  EXPECT_THAT(got.err, HasSubstr("division by zero in rule r at r.spate:3:13, 2 times"));
  EXPECT_THAT(got.err, HasSubstr("at r.spate:1:36, 2 times"));
  EXPECT_THAT(got.err, HasSubstr("integer overflow in rule s at r.spate:6:"));
  EXPECT_THAT(got.out, HasSubstr("\"sum\":null"));
}

TEST(InternalTest, InternalEventsAreNotPrinted) {
  Workspace work;
  work.Write(
      "r.spate",
      "event A { k: string }\ninternal event Step { k: string }\n"
      "rule one { from a: A  emit Step { a.k } }\nrule two { from s: Step  emit Out { s.k } }\n");
  work.Write("a.csv", "k\nx\n");
  const Outcome got = work.Spate("run r.spate --events A=a.csv -q");
  EXPECT_THAT(got.out, Not(HasSubstr("Step")));
  EXPECT_THAT(got.out, HasSubstr("\"type\":\"Out\""));
  EXPECT_EQ(work.Spate("run r.spate --events A=a.csv --only Step").code, 2);
}

}  // namespace
}  // namespace spate::test
