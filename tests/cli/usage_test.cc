// Command lines that end before any event is read: help, usage errors, `check`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/run_binary.h"

namespace spate::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kRules[] = R"(event Login at ts { ts: time, user: string, ok: bool }
event Out { user: string }
rule r { match a: Login[not ok] -> b: Login[ok] by user within 1m emit Out { user } }
)";

struct UsageCase {
  std::string name;
  std::string args;
  int code;
  std::string out;  // part of it; "" nothing at all
  std::string err;
};

std::ostream& operator<<(std::ostream& out, const UsageCase& c) { return out << c.name; }

class UsageTest : public ::testing::TestWithParam<UsageCase> {};

TEST_P(UsageTest, SaysWhatAndWhy) {
  Workspace work;
  work.Write("r.spate", kRules);
  work.Write("wrong.spate", "event A { x: int }\nrule r { from a: A[y > 1] emit B { a.x } }\n");
  work.Write("e.csv", "ts,user,ok\n");
  work.Write("a.zst", "\x28\xb5\x2f\xfd....");
  const UsageCase& c = GetParam();
  const Outcome got = work.Spate(c.args);
  EXPECT_EQ(got.code, c.code) << got.err;
  EXPECT_THAT(got.out, c.out.empty() ? ::testing::Matcher<std::string>(IsEmpty())
                                     : ::testing::Matcher<std::string>(HasSubstr(c.out)));
  EXPECT_THAT(got.err, c.err.empty() ? ::testing::Matcher<std::string>(IsEmpty())
                                     : ::testing::Matcher<std::string>(HasSubstr(c.err)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, UsageTest,
    ::testing::ValuesIn(std::vector<UsageCase>{
        {"version", "--version", 0, "spate 0.", ""},
        {"help", "--help", 0, "spate run --help", ""},
        {"run_help", "run --help", 0, "zcat auth.json.gz | spate run", ""},
        {"run_usage", "run --help", 0, "Usage: spate run [OPTIONS]", ""},
        {"run_choices", "run --help", 0, "--format jsonl|csv   ", ""},
        {"check_help", "check --help", 0, "spate check rules/*.spate", ""},
        {"nothing", "", 2, "", "run rules over events"},
        {"unknown_verb", "chek r.spate", 2, "", "unknown verb `chek`; did you mean `check`?"},
        {"no_verb", "r.spate e.csv", 2, "", "a verb is expected before `r.spate`"},
        {"unknown_option", "run r.spate e.csv --latenes 5s", 2, "",
         "unknown option `--latenes`; did you mean `--lateness`?"},
        {"no_rules", "run e.csv", 2, "", "an argument that ends in .spate is a file of rules"},
        {"no_rules_to_check", "check", 2, "", "no rule files are named"},
        {"rules_missing", "run no.spate e.csv", 2, "", "no.spate: No such file"},
        {"check_missing", "check no.spate", 2, "", "no.spate: No such file"},
        {"events_missing", "run r.spate no.csv", 2, "", "no.csv: No such file"},
        {"stdin_twice", "run r.spate - -", 2, "", "standard input (`-`) is named twice"},
        {"no_such_table", "run r.spate e.csv --table A=b", 2, "", "the rules have no table `A`"},
        {"table_form", "run r.spate e.csv --table A", 2, "", "--table takes Name=FILE, not `A`"},
        {"table_twice", "run r.spate e.csv --table A=b --table A=c", 2, "", "given twice"},
        {"with_other", "run r.spate e.csv --with matches", 2, "", "--with takes id and matched"},
        {"zstd_damaged", "run r.spate a.zst", 3, "", "a.zst: the zstd stream is damaged"},
        {"explain_nothing", "explain", 2, "", "a code, rule files, or --functions"},
        {"explain_help", "explain --help", 0, "spate explain E0401", ""},
        {"explain_no_code", "explain E040", 2, "", "there is no code `E040`"},
        {"explain_no_function", "explain --functions subst", 2, "", "did you mean `substr`?"},
        {"explain_mixed", "explain E0401 r.spate", 2, "", "one code, or rule files"},
        {"explain_wrong_rules", "explain wrong.spate", 2, "", "undefined name `y`"},
        {"completions_shell", "completions tcsh", 2, "", "SHELL"},
        {"lateness", "run r.spate e.csv --lateness 5min", 2, "",
         "--lateness takes a duration such as 5s or 1m30s, not `5min`"},
        {"speculate_alone", "run r.spate e.csv --speculate", 2, "",
         "--speculate takes events out of order as far as --lateness allows: give it too"},
        {"speculate_csv", "run r.spate e.csv --speculate --lateness 5s --format csv", 2, "",
         "CSV has no row: use --format jsonl"},
        {"lateness_below_0", "run r.spate e.csv --lateness=-5s", 2, "", "--lateness takes"},
        {"epoch", "run r.spate e.csv --epoch m", 2, "", "--epoch"},
        {"at_end", "run r.spate e.csv --at-end stop", 2, "", "--at-end"},
        {"max_rejects", "run r.spate e.csv --max-rejects x", 2, "", "--max-rejects"},
        {"param_form", "run r.spate e.csv --param x", 2, "", "--param takes name=value, not `x`"},
        {"param_twice", "run r.spate e.csv --param x=1 --param x=2", 2, "",
         "--param x is given twice"},
        {"events_form", "run r.spate --events e.csv", 2, "",
         "--events takes Type=FILE, not `e.csv`"},
        {"events_type", "run r.spate --events Logn=e.csv", 2, "",
         "there is no event type `Logn`; did you mean `Login`?"},
        {"only_type", "run r.spate e.csv --only Outt", 2, "",
         "there is no event type `Outt`; did you mean `Out`?"},
        {"rejects_file", "run r.spate e.csv --rejects no/dir/x", 2, "", "no/dir/x: No such file"},
        {"run_compile_error", "run wrong.spate e.csv", 2, "",
         "1 error in the rules; nothing was run"},
        {"check_ok", "check r.spate", 0, "r: state by window, per key; reports at once\n",
         "no problems in 1 rule in 1 file"},
        {"check_bound_json", "check r.spate --format json", 0,
         "\"state\":\"by window, per key\",\"reports\":\"at once\"}\n", "no problems"},
        {"check_quiet", "check r.spate -q", 0, "", ""},
        {"check_error", "check wrong.spate", 2, "", "wrong.spate:2:20"},
        {"check_error_count", "check wrong.spate", 2, "", "1 error in 1 file"},
        {"check_json", "check wrong.spate --format json", 2, "\"line\":2", "1 error"},
    }),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ColorTest, OnlyOnATerminalUnlessAskedFor) {
  Workspace work;
  work.Write("wrong.spate", "event A { x: int }\nrule r { from a: A[y > 1] emit B { a.x } }\n");
  EXPECT_THAT(work.Spate("check wrong.spate").err, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(work.Spate("check wrong.spate --color always").err, HasSubstr("\x1b["));
  EXPECT_THAT(work.Shell("NO_COLOR=1 \"$SPATE\" check wrong.spate --color auto").err,
              Not(HasSubstr("\x1b[")));
}

TEST(CheckTest, WarningsAreFindingsOnlyWhenTheyAreDenied) {
  Workspace work;
  work.Write("w.spate",
             "param unused: int = 5\nevent A at ts { ts: time, x: int }\n"
             "rule r { from a: A[x > 1] emit B { a.x } }\n");
  Outcome got = work.Spate("check w.spate");
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_THAT(got.err, HasSubstr("warning"));
  EXPECT_EQ(work.Spate("check w.spate --deny-warnings").code, 1);
  got = work.Spate("check w.spate --format json --quiet");
  EXPECT_THAT(got.out, HasSubstr("\"severity\":\"warning\""));
  EXPECT_THAT(got.err, IsEmpty());
}

TEST(CheckTest, AllProblemsOfAllFilesAtOnce) {
  Workspace work;
  work.Write("a.spate", "event A { x: int }\nrule r { from a: A[y > 1] emit B { a.x } }\n");
  work.Write("b.spate", "rule s { from a: C emit D { a.x } }\nrule t { from a: A[z] emit E {} }\n");
  const Outcome got = work.Spate("check a.spate b.spate");
  EXPECT_EQ(got.code, 2);
  EXPECT_THAT(got.err, HasSubstr("a.spate:2:20"));
  EXPECT_THAT(got.err, HasSubstr("b.spate:1:18"));
  EXPECT_THAT(got.err, HasSubstr("b.spate:2:20"));
  EXPECT_THAT(got.err, HasSubstr("in 2 files"));
}

TEST(TestVerbTest, NothingRunHasNoCoverage) {
  Workspace work;
  work.Write("a_test.spate", "test \"x\" for nothing { }\n");
  const Outcome got = work.Spate("test a_test.spate --coverage --no-times");
  EXPECT_EQ(got.code, 2);
  EXPECT_THAT(got.out, Not(HasSubstr("100%")));
}

}  // namespace
}  // namespace spate::test
