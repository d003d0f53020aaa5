// `spate run` from files to lines, as docs/cli.md says it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/run_binary.h"

namespace spate::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kRules[] = R"(param min_tries: int = 2
event Login at ts { ts: time, user: string, ok: bool }
event Intrusion { user: string, tries: int, since: time }
rule brute_force {
  match  fails: Login[not ok]{min_tries,} -> hit: Login[ok]
  by     user
  within 10m
  emit   Intrusion { user, tries: count(fails), since: first(fails).ts }
}
)";

constexpr char kCsv[] =
    "ts,user,ok\n"
    "2026-01-31T08:00:00Z,ann,false\n"
    "2026-01-31T08:00:10Z,ann,false\n"
    "2026-01-31T08:00:20Z,ann,true\n";

constexpr char kFound[] =
    R"({"type":"Intrusion","time":"2026-01-31T08:00:20Z","rule":"brute_force","user":"ann","tries":2,"since":"2026-01-31T08:00:00Z"})"
    "\n";

class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    work_.Write("r.spate", kRules);
    work_.Write("logins.csv", kCsv);
  }
  Workspace work_;
};

TEST_F(RunTest, DerivedEventsOnStdoutWordsOnStderr) {
  const Outcome got = work_.Spate("run r.spate logins.csv");
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(got.out, kFound);
  EXPECT_THAT(got.err, HasSubstr("3 events in "));
  EXPECT_THAT(got.err, HasSubstr("1 derived: Intrusion 1\n"));
  EXPECT_THAT(work_.Spate("run -q r.spate logins.csv").err, IsEmpty());
}

TEST_F(RunTest, EveryKindOfInputGivesTheSame) {
  work_.Write("l.tsv",
              "user\tts\tok\r\nann\t2026-01-31 08:00:00\tfalse\r\n"
              "ann\t2026-01-31 08:00:10.000\tfalse\r\nann\t2026-01-31T08:00:20\ttrue\r\n");
  work_.Write(
      "l.jsonl",
      "{\"ts\":\"2026-01-31T08:00:00Z\",\"user\":\"ann\",\"ok\":false}\n"
      "{\"type\":\"Login\",\"ts\":\"2026-01-31T09:00:10+01:00\",\"user\":\"ann\",\"ok\":false}\n"
      "{\"ts\":\"2026-01-31T08:00:20Z\",\"user\":[\"ann\"],\"ok\":true,\"more\":{\"x\":[1]}}\n");
  work_.Write("n.csv",
              "ts,user,ok\n1769846400,ann,false\n1769846410,ann,false\n1769846420,ann,true\n");
  for (const char* args :
       {"run r.spate l.tsv", "run r.spate l.jsonl", "run r.spate n.csv --epoch s",
        "run r.spate < logins.csv", "run r.spate - < l.jsonl", "run logins.csv r.spate",
        "run r.spate --events Login=logins.csv"}) {
    const Outcome got = work_.Spate(args);
    EXPECT_EQ(got.code, 0) << args << "\n" << got.err;
    EXPECT_EQ(got.out, kFound) << args;
  }
  const Outcome piped = work_.Shell(
      "gzip -c logins.csv > l.gz && \"$SPATE\" run r.spate l.gz -q && "
      "gzip -c l.jsonl | \"$SPATE\" run r.spate -q");
  EXPECT_EQ(piped.out, std::string(kFound) + kFound);
}

TEST_F(RunTest, ParamsLatenessAndTheEnd) {
  EXPECT_THAT(work_.Spate("run r.spate logins.csv --param min_tries=3").out, IsEmpty());
  EXPECT_EQ(work_.Spate("run r.spate logins.csv --param tries=3").code, 2);
  work_.Write("mixed.csv",
              "ts,user,ok\n2026-01-31T08:00:10Z,ann,false\n2026-01-31T08:00:00Z,ann,false\n"
              "2026-01-31T08:00:20Z,ann,true\n");
  Outcome got = work_.Spate("run r.spate mixed.csv --late late.jsonl");
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out, IsEmpty());
  EXPECT_THAT(got.err, HasSubstr("late: 1 event before the watermark"));
  EXPECT_THAT(got.err, HasSubstr("mixed.csv:3: Login of 2026-01-31T08:00:00Z"));
  EXPECT_EQ(
      work_.Read("late.jsonl"),
      R"({"type":"Login","time":"2026-01-31T08:00:00Z","ts":"2026-01-31T08:00:00Z","user":"ann","ok":false,"late":"10s before the watermark 2026-01-31T08:00:10Z"})"
      "\n");
  got = work_.Spate("run r.spate mixed.csv --lateness 10s");
  EXPECT_EQ(got.out, kFound);
  EXPECT_THAT(got.err, Not(HasSubstr("late:")));
}

TEST_F(RunTest, AtEndCloseAdvanceHold) {
  work_.Write("w.spate",
              "event A at ts { ts: time, x: int }\n"
              "rule w { from a: A window tumbling 1m emit W { n: count() } }\n");
  work_.Write("a.csv", "ts,x\n1970-01-01T00:00:01Z,7\n");
  const std::string head = "{\"type\":\"W\",\"time\":\"1970-01-01T00:";
  Outcome got = work_.Spate("run w.spate a.csv");
  EXPECT_EQ(got.out, head + "00:01Z\",\"rule\":\"w\",\"n\":1}\n");
  EXPECT_EQ(work_.Spate("run w.spate a.csv --at-end close").out, got.out);
  got = work_.Spate("run w.spate a.csv --at-end hold");
  EXPECT_THAT(got.out, IsEmpty());
  EXPECT_THAT(got.err, HasSubstr("still open at the end, not reported: w 1"));
  got = work_.Spate("run w.spate a.csv --at-end advance");
  EXPECT_EQ(got.out, head + "01:00Z\",\"rule\":\"w\",\"n\":1}\n");
}

TEST_F(RunTest, RejectsAreShownCountedAndKept) {
  work_.Write("bad.csv", std::string(kCsv) +
                             "x,ann,true\n2026-01-31T08:00:30Z,ann,maybe\n"
                             "y,bob,true\nz,\"bob\",true\n,,\n");
  Outcome got = work_.Spate("run r.spate bad.csv --rejects bad.jsonl");
  EXPECT_EQ(got.code, 0) << "unlimited unless given";
  EXPECT_EQ(got.out, kFound);
  EXPECT_THAT(got.err, HasSubstr("rejected: 5 rows\n    bad.csv:5:1: `ts`: `x` is not a time\n"
                                 "    bad.csv:6:26: `ok`: `maybe` is not a bool\n"));
  EXPECT_THAT(got.err, HasSubstr("and 2 more\n"));
  EXPECT_THAT(got.err, HasSubstr("       3  `ts`: is not a time\n"));
  EXPECT_THAT(
      work_.Read("bad.jsonl"),
      HasSubstr(R"({"file":"bad.csv","line":8,"column":1,"reason":"`ts`: `z` is not a time",)"
                R"("row":"z,\"bob\",true"})"
                "\n"));
  got = work_.Spate("run r.spate bad.csv --max-rejects 5");
  EXPECT_EQ(got.code, 0);
  got = work_.Spate("run r.spate bad.csv --max-rejects 4");
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.err, HasSubstr("more than 4 rows rejected (--max-rejects)"));
  EXPECT_EQ(work_.Spate("run r.spate --max-rejects 0 - < bad.csv").code, 3);
}

TEST_F(RunTest, InputThatCannotBeReadIsBadInput) {
  work_.Write("no_header.csv", "1,2\n3,4\n");
  Outcome got = work_.Spate("run r.spate no_header.csv");
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.err, HasSubstr("no column is called like an attribute of `Login`"));
  got = work_.Shell(
      "yes 2026-01-31T08:00:00Z,ann,true | head -100000 | sed '1s/.*/ts,user,ok/' | "
      "gzip -c | head -c 400 > cut.gz; \"$SPATE\" run r.spate cut.gz");
  EXPECT_EQ(got.code, 3);
  EXPECT_THAT(got.err, HasSubstr("cut.gz: the gzip stream ends too early"));
  EXPECT_THAT(got.err, HasSubstr("events in ")) << "what was read is said all the same";
  got = work_.Shell("mkdir d; \"$SPATE\" run r.spate d");
  EXPECT_EQ(got.code, 2);
  EXPECT_THAT(got.err, HasSubstr("d: is a directory"));
}

TEST_F(RunTest, IgnoredTypesAndOnly) {
  work_.Write("m.spate",
              "event A { x: int }\nevent B { x: int }\nevent Unread { x: int }\n"
              "internal event Hidden { x: int }\n"
              "rule a { from a: A emit OutA { a.x } emit Hidden { a.x } }\n"
              "rule b { from b: B emit OutB { b.x } }\n");
  work_.Write("m.jsonl",
              "{\"type\":\"A\",\"x\":1}\n{\"type\":\"B\",\"x\":2}\n{\"type\":\"C\"}\n"
              "{\"type\":\"Unread\",\"x\":3}\n");
  Outcome got = work_.Spate("run m.spate m.jsonl");
  EXPECT_EQ(got.out,
            "{\"type\":\"OutA\",\"time\":\"1970-01-01T00:00:00Z\",\"rule\":\"a\",\"x\":1}\n"
            "{\"type\":\"OutB\",\"time\":\"1970-01-01T00:00:00Z\",\"rule\":\"b\",\"x\":2}\n");
  EXPECT_THAT(got.err, HasSubstr("ignored: 1 event of types that are not declared (C 1)"));
  EXPECT_THAT(got.err, HasSubstr("ignored: 1 event of types that no rule reads"));
  got = work_.Spate("run m.spate m.jsonl --only OutB,OutB");
  EXPECT_EQ(got.out,
            "{\"type\":\"OutB\",\"time\":\"1970-01-01T00:00:00Z\",\"rule\":\"b\",\"x\":2}\n");
  got = work_.Spate("run m.spate m.jsonl --only Hidden");
  EXPECT_EQ(got.code, 2);
  EXPECT_THAT(got.err, HasSubstr("`Hidden` is internal"));
}

TEST_F(RunTest, SeveralInputsAreMergedByTime) {
  work_.Write("m.spate", "event A { x: int }\nrule a { from a: A emit Out { a.x } }\n");
  work_.Write("1.csv", "time,x\n1970-01-01T00:00:01Z,1\n1970-01-01T00:00:03Z,3\n");
  work_.Write("2.jsonl",
              "{\"time\":\"1970-01-01T00:00:02Z\",\"x\":2}\n"
              "{\"time\":\"1970-01-01T00:00:03Z\",\"x\":4}\n");
  const auto xs = [](const std::string& out) {
    std::string digits;
    for (size_t at = out.find("\"x\":"); at != std::string::npos; at = out.find("\"x\":", at + 1)) {
      digits += out[at + 4];
    }
    return digits;
  };
  EXPECT_EQ(xs(work_.Spate("run m.spate 1.csv 2.jsonl").out), "1234");
  EXPECT_EQ(xs(work_.Spate("run m.spate 2.jsonl 1.csv").out), "1243");
  // The order of the arguments counts, whichever way they are named.
  EXPECT_EQ(xs(work_.Spate("run m.spate --events A=2.jsonl 1.csv").out), "1243");
  EXPECT_EQ(xs(work_.Spate("run m.spate 1.csv --events A=- < 2.jsonl").out), "1234");
}

TEST_F(RunTest, WithMatched) {
  const Outcome got = work_.Spate("run r.spate logins.csv --with matched");
  EXPECT_THAT(
      got.out,
      HasSubstr(
          R"("matched":{"fails":[{"type":"Login","time":"2026-01-31T08:00:00Z",)"
          R"("ts":"2026-01-31T08:00:00Z","user":"ann","ok":false},)"
          R"({"type":"Login","time":"2026-01-31T08:00:10Z","ts":"2026-01-31T08:00:10Z",)"
          R"("user":"ann","ok":false}],"hit":[{"type":"Login","time":"2026-01-31T08:00:20Z")"));
}

TEST_F(RunTest, TheOutputOfOneRunIsTheInputOfTheNext) {
  work_.Write("next.spate",
              "event Intrusion { user: string, tries: int, since: time }\n"
              "rule n { from i: Intrusion[tries > 1] emit Alarm { i.user } }\n");
  const Outcome got =
      work_.Shell("\"$SPATE\" run r.spate logins.csv -q | \"$SPATE\" run next.spate -q");
  EXPECT_EQ(
      got.out,
      "{\"type\":\"Alarm\",\"time\":\"2026-01-31T08:00:20Z\",\"rule\":\"n\",\"user\":\"ann\"}\n");
}

TEST_F(RunTest, WatermarksMoveTheClockOfAnIdleInput) {
  work_.Write("w.spate",
              "event A at ts { ts: time, x: int }\n"
              "rule w { from a: A window tumbling 10s emit W { n: count() } }\n");
  work_.Write("a.jsonl",
              "{\"ts\":\"1970-01-01T00:00:01Z\",\"x\":7}\n"
              "{\"watermark\":\"1970-01-01T00:00:10Z\"}\n");
  EXPECT_EQ(work_.Spate("run w.spate a.jsonl --at-end hold").out,
            "{\"type\":\"W\",\"time\":\"1970-01-01T00:00:10Z\",\"rule\":\"w\",\"n\":1}\n");
}

TEST_F(RunTest, AReaderThatGoesAwayEndsTheRunQuietly) {
  work_.Write("m.spate", "event A { x: int }\nrule a { from a: A emit Out { a.x } }\n");
  const Outcome got = work_.Shell(
      "{ echo x; seq 1 300000; } > big.csv; { \"$SPATE\" run m.spate big.csv; echo $? >&2; } | "
      "head -1");
  EXPECT_EQ(got.out,
            "{\"type\":\"Out\",\"time\":\"1970-01-01T00:00:00Z\",\"rule\":\"a\",\"x\":1}\n");
  EXPECT_EQ(got.err, "0\n");
}

TEST_F(RunTest, AFullDiskIsReported) {
  if (work_.Shell("test -w /dev/full").code != 0) GTEST_SKIP() << "this system has no /dev/full";
  const Outcome got = work_.Spate("run r.spate logins.csv > /dev/full");
  EXPECT_EQ(got.code, 4);
  EXPECT_THAT(got.err, HasSubstr("standard output: No space left on device"));
  EXPECT_EQ(work_.Spate("run r.spate --late /dev/full --rejects /dev/full logins.csv").code, 0);
}

TEST_F(RunTest, ResultsComeBeforeTheInputEnds) {
  // The writer waits for the result of its first events before it goes on.
  const Outcome got = work_.Shell(
      "mkfifo in out; (\"$SPATE\" run r.spate -q < in > out; echo $? > code) & exec 3> in 4< out; "
      "cat logins.csv >&3; read line <&4; echo \"$line\"; exec 3>&-; wait; cat code");
  EXPECT_EQ(got.out, std::string(kFound) + "0\n");
}

TEST_F(RunTest, WhatBecameNullIsSaidWithItsPlace) {
  work_.Write("n.spate",
              "event A { x: int, k: string? }\n"
              "rule o { from a: A emit Out { y: a.x * 9223372036854775807 } }\n"
              "rule k { from a: A by k window tumbling 1m emit K { n: count() } }\n");
  work_.Write("a.csv", "x,k\n5,\n1,a\n");
  const Outcome got = work_.Spate("run n.spate a.csv --only Out");
  EXPECT_THAT(got.out, HasSubstr("\"y\":null"));
  EXPECT_THAT(got.err, HasSubstr("in rule o at n.spate:2:"));
  EXPECT_THAT(got.err, HasSubstr("events without a key (null): k 1"));
}

constexpr char kPairs[] = R"(event Seen at ts { ts: time, id: int }
rule pair { match a: Seen, b: Seen  emit Pair { first: a.id, second: b.id } }
)";
constexpr char kUnordered[] =
    "ts,id\n2026-03-02T08:00:00Z,1\n2026-03-02T08:00:06Z,3\n2026-03-02T08:00:04Z,2\n";

TEST_F(RunTest, SpeculatesInsteadOfWaiting) {
  work_.Write("pair.spate", kPairs);
  work_.Write("unordered.csv", kUnordered);
  Outcome got = work_.Spate("run pair.spate unordered.csv --speculate --lateness 5s");
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(got.out,
            R"({"type":"Pair","time":"2026-03-02T08:00:06Z","rule":"pair","first":1,"second":3}
{"type":"retract","event":{"type":"Pair","time":"2026-03-02T08:00:06Z","rule":"pair","first":1,"second":3}}
{"type":"Pair","time":"2026-03-02T08:00:04Z","rule":"pair","first":1,"second":2}
)");
  EXPECT_THAT(got.err, HasSubstr("1 derived: Pair 1\n"));
  EXPECT_THAT(got.err, HasSubstr("  events out of order: 1 replay of 3 events, "
                                 "1 derived event retracted\n"));
  // A run that reads the output takes retractions for events of an undeclared type.
  work_.Write("said.jsonl", got.out);
  work_.Write("count.spate",
              "event Pair { first: int, second: int }\n"
              "rule n { from p: Pair window tumbling 1m emit N { n: count() } }\n");
  got = work_.Spate("run count.spate said.jsonl --lateness 5s");
  EXPECT_THAT(got.out, HasSubstr("\"n\":2"));
  EXPECT_THAT(got.err, HasSubstr("ignored: 1 event of types that are not declared (retract 1)"));
}

TEST_F(RunTest, RetractionsHaveIdsAndGoByOnly) {
  work_.Write("pair.spate", kPairs);
  work_.Write("unordered.csv", kUnordered);
  const std::string run = "run pair.spate unordered.csv -q --speculate --lateness 5s";
  const std::string ids = work_.Spate(run + " --with id").out;
  const std::string id = ids.substr(ids.find("event_id"), 45);
  EXPECT_NE(ids.find(id, ids.find("retract")), std::string::npos) << ids;
  work_.Write("pair.spate", std::string(kPairs) + "rule other { from Seen emit Other { } }\n");
  EXPECT_THAT(work_.Spate(run + " --only Other").out, Not(HasSubstr("retract")));
}

TEST_F(RunTest, SpeculatingTellsWhatIsLate) {
  work_.Write("pair.spate", kPairs);
  work_.Write("late.csv", std::string(kUnordered) + "2026-03-02T08:00:01Z,4\n");
  const Outcome got =
      work_.Spate("run pair.spate late.csv --speculate --lateness 3s --late late.jsonl");
  EXPECT_THAT(got.err, HasSubstr("late: 1 event before the watermark"));
  EXPECT_THAT(work_.Read("late.jsonl"), HasSubstr("2s before the watermark"));
}

TEST_F(RunTest, SaysWhereALimitWasNull) {
  work_.Write("o.spate",
              "event O { ttl: duration? }\nevent S { x: int }\n"
              "rule silent { match o: O -> not S for o.ttl emit Silent { } }\n");
  work_.Write("o.jsonl", "{\"type\":\"O\",\"time\":\"2026-03-02T08:00:00Z\"}\n");
  EXPECT_THAT(work_.Spate("run o.spate o.jsonl").err,
              HasSubstr("  partial matches ended by a null `for` or `before`: silent 1\n"));
}

}  // namespace
}  // namespace spate::test
