#include "cli/args.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/exit_code.h"
#include "compiler/source/diagnostic.h"

namespace spate::cli {
namespace {

constexpr char kVersion[] = "spate " SPATE_VERSION;

constexpr char kRunExamples[] = R"(
An argument that ends in .spate is rules, every other one is events; with no
events, and for `-`, standard input is read. Inputs are JSON Lines, CSV or TSV,
plain or gzip, told by content; several are merged by time.

Derived events go to standard output, one JSON object a line; words go to
standard error.

Examples:
  spate run brute_force.spate logins.csv
  zcat auth.json.gz | spate run brute_force.spate -
  spate run rules/*.spate --events Login=a.csv --events Payment=b.tsv --lateness 5s
  spate run r.spate events.jsonl --param min_tries=3 --with matched --rejects bad.jsonl

Exit codes: 0 ok (also when the reader of the output goes away), 2 usage or
compile error, 3 bad input or more rejects than --max-rejects, 4 the run could
not go on.
)";

constexpr char kCheckExamples[] = R"(
Examples:
  spate check rules/*.spate
  spate check brute_force.spate --format json
  spate check rules/*.spate --deny-warnings

Exit codes: 0 ok (warnings too), 1 warnings with --deny-warnings, 2 errors.
)";

constexpr char kMainExamples[] = R"(
Examples:
  spate check brute_force.spate
  spate run brute_force.spate logins.csv
  spate run --help
)";

// A usage error in words; thrown through CLI11 and caught in ParseArgs.
class UsageError : public CLI::ParseError {
 public:
  explicit UsageError(std::string message)
      : CLI::ParseError("UsageError", std::move(message), static_cast<int>(kUsage)) {}
};

// Texts as they stand on the command line, before they are read.
struct RawRun {
  std::vector<std::string> files;
  std::vector<std::string> events;
  std::vector<std::string> params;
  std::vector<std::string> only;
  std::vector<std::string> with;
  std::string lateness;
  std::string epoch;
  std::string at_end = "close";
  std::string format = "jsonl";
  std::vector<std::string> tables;
  int64_t max_rejects = -1;
  std::string color = "auto";
  bool no_progress = false;
};

struct RawCheck {
  std::vector<std::string> params;
  std::string format = "text";
  std::string color = "auto";
};

// `name=value`.
std::pair<std::string, std::string> SplitPair(const std::string& text, const std::string& option,
                                              const std::string& form) {
  const size_t equal = text.find('=');
  if (equal == std::string::npos || equal == 0) {
    throw UsageError(absl::StrCat(option, " takes ", form, ", not `", text, "`"));
  }
  return {text.substr(0, equal), text.substr(equal + 1)};
}

std::map<std::string, std::string> ReadParams(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> params;
  for (const std::string& text : texts) {
    auto [name, value] = SplitPair(text, "--param", "name=value");
    if (!params.emplace(name, value).second) {
      throw UsageError(absl::StrCat("--param ", name, " is given twice"));
    }
  }
  return params;
}

ColorMode ReadColor(const std::string& text) {
  if (text == "always") return ColorMode::kAlways;
  return text == "never" ? ColorMode::kNever : ColorMode::kAuto;
}

Duration ReadLateness(const std::string& text) {
  if (text.empty()) return 0;
  const std::optional<Duration> duration = ParseDuration(text);
  if (!duration.has_value() || *duration < 0) {
    throw UsageError(
        absl::StrCat("--lateness takes a duration such as 5s or 1m30s, not `", text, "`"));
  }
  return *duration;
}

Duration ReadEpoch(const std::string& unit) {
  if (unit == "s") return kSecond;
  if (unit == "ms") return kMillisecond;
  if (unit == "us") return kMicrosecond;
  return unit == "ns" ? kNanosecond : 0;
}

// The inputs in the order in which they stand on the command line, whichever way they are named.
void ReadEvents(const CLI::App& app, const RawRun& raw, RunArgs* args) {
  size_t next_file = 0;
  size_t next_event = 0;
  for (const CLI::Option* option : app.parse_order()) {
    if (option->get_name() == "FILES" && next_file < raw.files.size()) {
      const std::string& file = raw.files[next_file++];
      if (absl::EndsWith(file, ".spate")) {
        args->rules.push_back(file);
      } else {
        args->events.push_back({file, ""});
      }
    } else if (option->get_name() == "--events" && next_event < raw.events.size()) {
      auto [type, path] = SplitPair(raw.events[next_event++], "--events", "Type=FILE");
      args->events.push_back({path, type});
    }
  }
  if (args->events.empty()) args->events.push_back({"-", ""});
  const auto is_stdin = [](const EventsArg& e) { return e.path == "-"; };
  if (std::count_if(args->events.begin(), args->events.end(), is_stdin) > 1) {
    throw UsageError("standard input (`-`) is named twice");
  }
}

void RefuseWhatIsNotThereYet(const RawRun& raw) {
  if (!raw.tables.empty()) throw UsageError("--table is not supported yet");
  if (raw.format == "csv") throw UsageError("--format csv is not supported yet");
  for (const std::string& with : raw.with) {
    if (with == "id") throw UsageError("--with id is not supported yet");
    if (with != "matched") {
      throw UsageError(absl::StrCat("--with takes matched, not `", with, "`"));
    }
  }
}

void FinishRun(const CLI::App& app, const RawRun& raw, RunArgs* args) {
  RefuseWhatIsNotThereYet(raw);
  ReadEvents(app, raw, args);
  if (args->rules.empty()) {
    throw UsageError("no rules: an argument that ends in .spate is a file of rules");
  }
  args->params = ReadParams(raw.params);
  args->lateness = ReadLateness(raw.lateness);
  args->epoch_unit = ReadEpoch(raw.epoch);
  args->only = raw.only;
  args->with_matched = !raw.with.empty();
  args->color = ReadColor(raw.color);
  args->progress = !raw.no_progress;
  if (app.count("--max-rejects") > 0) {
    if (raw.max_rejects < 0) throw UsageError("--max-rejects takes a number from 0");
    args->max_rejects = static_cast<uint64_t>(raw.max_rejects);
  }
  if (raw.at_end == "advance") args->at_end = EndMode::kAdvance;
  if (raw.at_end == "hold") args->at_end = EndMode::kHold;
}

void AddColor(CLI::App* app, std::string* color) {
  app->add_option("--color", *color, "colour in diagnostics: auto, always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

CLI::App* AddRun(CLI::App* app, RawRun* raw, RunArgs* args) {
  CLI::App* run = app->add_subcommand("run", "run rules over events");
  run->footer(kRunExamples);
  run->add_option("FILES", raw->files, "rule files (*.spate) and event files, `-` is stdin")
      ->type_name("");
  run->add_option("--events", raw->events, "a file all of whose events are of one type")
      ->type_name("Type=FILE")
      ->allow_extra_args(false);
  run->add_option("--param", raw->params, "the value of a param of the rules")
      ->type_name("name=value")
      ->allow_extra_args(false);
  run->add_option("--lateness", raw->lateness, "how long events are held back to be put in order")
      ->type_name("DURATION");
  run->add_option("--epoch", raw->epoch, "a number as a time counts these since 1970")
      ->check(CLI::IsMember({"s", "ms", "us", "ns"}))
      ->type_name("s|ms|us|ns");
  run->add_option("--type-field", args->type_field, "the field that names an event's type")
      ->type_name("NAME");
  run->add_option("--rejects", args->rejects_path, "write rows that cannot be read to a file")
      ->type_name("FILE");
  run->add_option("--late", args->late_path, "write late events to a file")->type_name("FILE");
  run->add_option("--max-rejects", raw->max_rejects, "stop when more rows are rejected")
      ->type_name("N");
  run->add_option("--at-end", raw->at_end, "what happens at the input's end")
      ->check(CLI::IsMember({"close", "advance", "hold"}))
      ->type_name("close|advance|hold");
  run->add_option("--only", raw->only, "print events of these types only")
      ->delimiter(',')
      ->type_name("Type,...")
      ->allow_extra_args(false);
  run->add_option("--with", raw->with, "add to each event: matched, the events it came from")
      ->delimiter(',')
      ->type_name("matched")
      ->allow_extra_args(false);
  run->add_option("--format", raw->format, "the output's format")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->type_name("jsonl");
  run->add_option("--table", raw->tables)->group("");
  AddColor(run, &raw->color);
  run->add_flag("--no-progress", raw->no_progress, "no progress line on a terminal");
  run->add_flag("-q,--quiet", args->quiet, "no progress line and no summary");
  return run;
}

CLI::App* AddCheck(CLI::App* app, RawCheck* raw, CheckArgs* args) {
  CLI::App* check = app->add_subcommand("check", "say every problem in rule files");
  check->footer(kCheckExamples);
  check->add_option("RULES", args->rules, "rule files (*.spate)")->type_name("");
  check->add_option("--param", raw->params, "the value of a param of the rules")
      ->type_name("name=value")
      ->allow_extra_args(false);
  check->add_option("--format", raw->format, "text, or json: one object a line on stdout")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
  check->add_flag("--deny-warnings", args->deny_warnings, "exit with 1 when there are warnings");
  AddColor(check, &raw->color);
  check->add_flag("-q,--quiet", args->quiet, "no line at the end");
  return check;
}

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

int Fail(absl::string_view verb, absl::string_view message) {
  const std::string program = verb.empty() ? "spate" : absl::StrCat("spate ", verb);
  std::fprintf(stderr, "%s: %s\nTry `%s --help`.\n", program.c_str(), std::string(message).c_str(),
               program.c_str());
  return kUsage;
}

std::string WithProposal(std::string message, const std::string& name,
                         const std::vector<std::string>& names) {
  const std::string nearest = NearestName(name, names);
  if (!nearest.empty()) absl::StrAppend(&message, "; did you mean `", nearest, "`?");
  return message;
}

// What CLI11 complains about, in our words where it has none for it.
int FailParse(const CLI::App& verb, const CLI::ParseError& error) {
  const std::string what = error.what();
  const size_t colon = what.rfind(": ");
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && colon != std::string::npos) {
    // The words that were left over stand at the end of the message.
    const std::string name =
        what.substr(colon + 2, what.find_first_of(" =", colon + 2) - colon - 2);
    return Fail(verb.get_name(),
                WithProposal(absl::StrCat("unknown option `", name, "`"), name, OptionNames(verb)));
  }
  return Fail(verb.get_name(), what);
}

// The word where a verb is expected is none of the verbs.
std::optional<int> FailUnknownVerb(int argc, const char* const* argv) {
  const std::vector<std::string> verbs = {"run", "check"};
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  const std::string word = argv[1];
  if (std::find(verbs.begin(), verbs.end(), word) != verbs.end()) return std::nullopt;
  if (absl::EndsWith(word, ".spate")) {
    return Fail("",
                absl::StrCat("a verb is expected before `", word, "`: spate run ", word, " ..."));
  }
  return Fail("", WithProposal(absl::StrCat("unknown verb `", word, "`"), word, verbs));
}

}  // namespace

std::variant<int, RunArgs, CheckArgs> ParseArgs(int argc, const char* const* argv) {
  if (const std::optional<int> code = FailUnknownVerb(argc, argv); code.has_value()) return *code;
  CLI::App app{"Spate finds patterns in streams of events.", "spate"};
  app.set_version_flag("--version", kVersion);
  app.footer(kMainExamples);
  app.require_subcommand(0, 1);
  RawRun raw_run;
  RunArgs run_args;
  RawCheck raw_check;
  CheckArgs check_args;
  CLI::App* run = AddRun(&app, &raw_run, &run_args);
  CLI::App* check = AddCheck(&app, &raw_check, &check_args);
  const auto active = [&]() -> const CLI::App& {
    if (*run) return *run;
    return *check ? *check : app;
  };
  try {
    app.parse(argc, argv);
    if (*run) {
      FinishRun(*run, raw_run, &run_args);
      return run_args;
    }
    if (*check) {
      if (check_args.rules.empty()) throw UsageError("no rule files are named");
      check_args.params = ReadParams(raw_check.params);
      check_args.json = raw_check.format == "json";
      check_args.color = ReadColor(raw_check.color);
      return check_args;
    }
    std::fputs(app.help().c_str(), stderr);
    return static_cast<int>(kUsage);
  } catch (const CLI::CallForHelp&) {
    std::fputs(active().help().c_str(), stdout);
  } catch (const CLI::CallForVersion&) {
    std::printf("%s\n", kVersion);
  } catch (const CLI::ParseError& error) {
    return FailParse(active(), error);
  }
  return static_cast<int>(kOk);
}

}  // namespace spate::cli
