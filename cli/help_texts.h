// What stands below the options in `spate VERB --help`: examples and exit codes.
//
// Constants. Tested by tests/cli/usage_test.cc.
#ifndef SPATE_CLI_HELP_TEXTS_H_
#define SPATE_CLI_HELP_TEXTS_H_

namespace spate::cli {

inline constexpr char kRunExamples[] = R"(
An argument that ends in .spate is rules, every other one is events; with no
events, and for `-`, standard input is read. Inputs are JSON Lines, CSV or TSV,
plain, gzip or zstd, told by content; several are merged by time. Tables are
read the same way.

Derived events go to standard output, one JSON object a line (or CSV); words go
to standard error.

Examples:
  spate run brute_force.spate logins.csv
  zcat auth.json.gz | spate run brute_force.spate -
  spate run rules/*.spate --events Login=a.csv --events Payment=b.tsv --lateness 5s
  spate run r.spate events.jsonl --param min_tries=3 --with id,matched --rejects bad.jsonl
  spate run watch.spate tx.jsonl --table Watchlist=watchlist.csv --format csv

Exit codes: 0 ok (also when the reader of the output goes away), 2 usage or
compile error, 3 bad input or more rejects than --max-rejects, 4 the run could
not go on.
)";

inline constexpr char kCheckExamples[] = R"(
Examples:
  spate check rules/*.spate
  spate check brute_force.spate --format json
  spate check rules/*.spate --deny-warnings

Exit codes: 0 ok (warnings too), 1 warnings with --deny-warnings, 2 errors.
)";

inline constexpr char kExplainExamples[] = R"(
With a code: what a message of `check` means and what to do. With rules: for each
rule what holds though it is not written there, the state it needs, and the
steps by which it runs.

Examples:
  spate explain E0401
  spate explain brute_force.spate
  spate explain --functions
  spate explain --functions substr split

Exit codes: 0 ok, 2 no such code or function, or errors in the rules.
)";

inline constexpr char kFmtExamples[] = R"(
Sets lines, indentation and the order of clauses; comments stay. Files are changed
in place, and none of them ever in what it means.

Examples:
  spate fmt rules/*.spate
  spate fmt --check rules/*.spate
  spate fmt - < draft.spate

Exit codes: 0 ok, 1 --check found files that would change, 2 a file cannot be
read or has syntax errors.
)";

inline constexpr char kTestExamples[] = R"(
Runs the tests in *_test.spate files: of the files and folders that are named, or of
the current folder. A failure shows what differs, how near a match came, and the
command that repeats it.

Examples:
  spate test
  spate test rules/auth rules/payments/card_fraud_test.spate
  spate test rules --filter "five failures" -v
  spate test rules --coverage
  spate test rules --bless
  spate test rules --format junit > results.xml

Exit codes: 0 all tests hold, 1 a test fails or a file has none, 2 usage or compile
error.
)";

inline constexpr char kCompletionsExamples[] = R"(
Examples:
  source <(spate completions bash)
  spate completions zsh > ~/.zfunc/_spate
  spate completions fish > ~/.config/fish/completions/spate.fish
)";

inline constexpr char kMainExamples[] = R"(
Examples:
  spate check brute_force.spate
  spate run brute_force.spate logins.csv
  spate test rules
  spate explain brute_force.spate
  spate run --help
)";

}  // namespace spate::cli

#endif  // SPATE_CLI_HELP_TEXTS_H_
