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
#include "cli/help_texts.h"
#include "compiler/source/diagnostic.h"

namespace spate::cli {
namespace {

constexpr char kVersion[] = "spate " SPATE_VERSION;

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
  bool speculate = false;
  std::string epoch;
  std::string at_end = "close";
  std::string format = "jsonl";
  std::vector<std::string> tables;
  int64_t max_rejects = -1;
  std::string color = "auto";
  bool no_progress = false;
};

struct RawExplain {
  std::vector<std::string> what;
  std::vector<std::string> params;
  std::string color = "auto";
};

struct RawTest {
  std::string format = "text";
  std::string color = "auto";
  bool no_times = false;
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

void ReadSpeculate(const RawRun& raw, RunArgs* args) {
  args->speculate = raw.speculate;
  if (!raw.speculate) return;
  if (raw.lateness.empty()) {
    throw UsageError(
        "--speculate takes events out of order as far as --lateness allows: give it too, such as "
        "--lateness 5s");
  }
  if (raw.format == "csv") {
    throw UsageError(
        "--speculate writes retractions, for which CSV has no row: use --format jsonl");
  }
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

void ReadWith(const std::vector<std::string>& words, RunArgs* args) {
  for (const std::string& with : words) {
    if (with == "id") {
      args->with_id = true;
    } else if (with == "matched") {
      args->with_matched = true;
    } else {
      throw UsageError(absl::StrCat("--with takes id and matched, not `", with, "`"));
    }
  }
}

void ReadTables(const std::vector<std::string>& texts, RunArgs* args) {
  for (const std::string& text : texts) {
    args->tables.push_back(SplitPair(text, "--table", "Name=FILE"));
    const std::string& name = args->tables.back().first;
    if (std::count_if(args->tables.begin(), args->tables.end(),
                      [&](const auto& t) { return t.first == name; }) > 1) {
      throw UsageError(absl::StrCat("--table ", name, " is given twice"));
    }
  }
}

void FinishRun(const CLI::App& app, const RawRun& raw, RunArgs* args) {
  ReadWith(raw.with, args);
  ReadTables(raw.tables, args);
  if (raw.format == "csv") args->format = OutputFormat::kCsv;
  ReadEvents(app, raw, args);
  if (args->rules.empty()) {
    throw UsageError("no rules: an argument that ends in .spate is a file of rules");
  }
  args->params = ReadParams(raw.params);
  args->lateness = ReadLateness(raw.lateness);
  ReadSpeculate(raw, args);
  args->epoch_unit = ReadEpoch(raw.epoch);
  args->only = raw.only;
  args->color = ReadColor(raw.color);
  args->progress = !raw.no_progress;
  if (app.count("--max-rejects") > 0) {
    if (raw.max_rejects < 0) throw UsageError("--max-rejects takes a number from 0");
    args->max_rejects = static_cast<uint64_t>(raw.max_rejects);
  }
  if (raw.at_end == "advance") args->at_end = EndMode::kAdvance;
  if (raw.at_end == "hold") args->at_end = EndMode::kHold;
}

// Without the description that CLI11 would print behind the name of the type, which says the same.
CLI::Validator OneOf(const std::vector<std::string>& choices) {
  return CLI::Validator(CLI::IsMember(choices)).description("");
}

void AddColor(CLI::App* app, std::string* color) {
  app->add_option("--color", *color, "colour in diagnostics")
      ->check(OneOf({"auto", "always", "never"}))
      ->type_name("auto|always|never");
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
  run->add_flag("--speculate", raw->speculate,
                "derive at once, and retract what a later event within the lateness proves wrong");
  run->add_option("--epoch", raw->epoch, "a number as a time counts these since 1970")
      ->check(OneOf({"s", "ms", "us", "ns"}))
      ->type_name("s|ms|us|ns");
  run->add_option("--type-field", args->type_field, "the field that names an event's type")
      ->type_name("NAME");
  run->add_option("--rejects", args->rejects_path, "write rows that cannot be read to a file")
      ->type_name("FILE");
  run->add_option("--late", args->late_path, "write late events to a file")->type_name("FILE");
  run->add_option("--max-rejects", raw->max_rejects, "stop when more rows are rejected")
      ->type_name("N");
  run->add_option("--at-end", raw->at_end, "what happens at the input's end")
      ->check(OneOf({"close", "advance", "hold"}))
      ->type_name("close|advance|hold");
  run->add_option("--only", raw->only, "print events of these types only")
      ->delimiter(',')
      ->type_name("Type,...")
      ->allow_extra_args(false);
  run->add_option("--with", raw->with, "add to each event its id, or the events it came from")
      ->delimiter(',')
      ->type_name("id,matched")
      ->allow_extra_args(false);
  run->add_option("--format", raw->format, "the output's format")
      ->check(OneOf({"jsonl", "csv"}))
      ->type_name("jsonl|csv");
  run->add_option("--table", raw->tables, "the rows of a table of the rules")
      ->type_name("Name=FILE")
      ->allow_extra_args(false);
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
      ->check(OneOf({"text", "json"}))
      ->type_name("text|json");
  check->add_flag("--deny-warnings", args->deny_warnings, "exit with 1 when there are warnings");
  AddColor(check, &raw->color);
  check->add_flag("-q,--quiet", args->quiet, "no line at the end");
  return check;
}

CLI::App* AddExplain(CLI::App* app, RawExplain* raw, ExplainArgs* args) {
  CLI::App* explain =
      app->add_subcommand("explain", "explain a message, the functions, or how rules run");
  explain->footer(kExplainExamples);
  explain->add_option("WHAT", raw->what, "a code such as E0401, or rule files (*.spate)")
      ->type_name("");
  explain->add_flag("--functions", args->functions, "the functions of the language (or of a name)");
  explain->add_option("--param", raw->params, "the value of a param of the rules")
      ->type_name("name=value")
      ->allow_extra_args(false);
  AddColor(explain, &raw->color);
  return explain;
}

CLI::App* AddFmt(CLI::App* app, FmtArgs* args) {
  CLI::App* fmt = app->add_subcommand("fmt", "bring rule files into the usual layout");
  fmt->footer(kFmtExamples);
  fmt->add_option("RULES", args->files, "rule files (*.spate), `-` is stdin")->type_name("");
  fmt->add_flag("--check", args->check, "change nothing; say which files would change");
  return fmt;
}

CLI::App* AddTest(CLI::App* app, RawTest* raw, TestArgs* args) {
  CLI::App* test = app->add_subcommand("test", "run the tests of rules");
  test->footer(kTestExamples);
  test->add_option("PATHS", args->paths, "test files, and folders with *_test.spate files")
      ->type_name("");
  test->add_option("--filter", args->filter, "only tests with this text in their name")
      ->type_name("TEXT");
  test->add_flag("--coverage", args->coverage, "say what of the rules the tests have tried");
  test->add_flag("--bless", args->bless, "rewrite files of expected events with what is reported");
  test->add_option("--format", raw->format, "the form of the results")
      ->check(OneOf({"text", "json", "junit"}))
      ->type_name("text|json|junit");
  test->add_flag("-v,--verbose", args->verbose, "a line for each test");
  test->add_flag("--no-times", raw->no_times, "do not say how long tests take");
  AddColor(test, &raw->color);
  return test;
}

void FinishTest(const RawTest& raw, TestArgs* args) {
  if (args->paths.empty()) args->paths.push_back(".");
  if (raw.format == "json") args->format = TestFormat::kJson;
  if (raw.format == "junit") args->format = TestFormat::kJUnit;
  args->times = !raw.no_times;
  args->color = ReadColor(raw.color);
}

CLI::App* AddCompletions(CLI::App* app, std::string* shell) {
  CLI::App* completions = app->add_subcommand("completions", "print a shell's completion script");
  completions->footer(kCompletionsExamples);
  completions->add_option("SHELL", *shell, "bash, zsh or fish")
      ->check(OneOf({"bash", "zsh", "fish"}))
      ->required()
      ->type_name("bash|zsh|fish");
  return completions;
}

void FinishExplain(const RawExplain& raw, ExplainArgs* args) {
  args->params = ReadParams(raw.params);
  args->color = ReadColor(raw.color);
  for (const std::string& what : raw.what) {
    if (args->functions) {
      args->names.push_back(what);
    } else if (absl::EndsWith(what, ".spate")) {
      args->rules.push_back(what);
    } else if (args->code.empty() && raw.what.size() == 1) {
      args->code = what;
    } else {
      throw UsageError(absl::StrCat("one code, or rule files (*.spate), not `", what, "`"));
    }
  }
  if (raw.what.empty() && !args->functions) {
    throw UsageError("say what: a code, rule files, or --functions");
  }
}

// What the verbs take, for completions.
std::vector<VerbHelp> DescribeVerbs(const CLI::App& app) {
  std::vector<VerbHelp> verbs;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) {
    VerbHelp help{verb->get_name(), verb->get_description(), {}, {}};
    for (const CLI::Option* option : verb->get_options()) {
      const bool takes_value = option->get_expected_max() > 0;
      std::vector<std::string> choices = absl::StrSplit(option->get_type_name(), '|');
      if (!takes_value || choices.size() < 2) choices.clear();
      if (option->get_lnames().empty()) {
        help.words = choices;
      } else {
        help.options.push_back({absl::StrCat("--", option->get_lnames()[0]),
                                option->get_description(), takes_value, choices});
      }
    }
    verbs.push_back(std::move(help));
  }
  return verbs;
}

Shell ReadShell(const std::string& name) {
  if (name == "zsh") return Shell::kZsh;
  return name == "fish" ? Shell::kFish : Shell::kBash;
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
  const std::vector<std::string> verbs = {"run", "check", "test", "explain", "fmt", "completions"};
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

std::variant<int, RunArgs, CheckArgs, ExplainArgs, FmtArgs, TestArgs, CompletionsArgs> ParseArgs(
    int argc, const char* const* argv) {
  if (const std::optional<int> code = FailUnknownVerb(argc, argv); code.has_value()) return *code;
  CLI::App app{"Spate finds patterns in streams of events.", "spate"};
  app.set_version_flag("--version", kVersion);
  app.footer(kMainExamples);
  app.require_subcommand(0, 1);
  RawRun raw_run;
  RunArgs run_args;
  RawCheck raw_check;
  CheckArgs check_args;
  RawExplain raw_explain;
  ExplainArgs explain_args;
  std::string shell;
  CLI::App* run = AddRun(&app, &raw_run, &run_args);
  CLI::App* check = AddCheck(&app, &raw_check, &check_args);
  RawTest raw_test;
  TestArgs test_args;
  CLI::App* test = AddTest(&app, &raw_test, &test_args);
  CLI::App* explain = AddExplain(&app, &raw_explain, &explain_args);
  FmtArgs fmt_args;
  CLI::App* fmt = AddFmt(&app, &fmt_args);
  CLI::App* completions = AddCompletions(&app, &shell);
  const auto active = [&]() -> const CLI::App& {
    for (const CLI::App* verb : {run, check, test, explain, fmt, completions}) {
      if (*verb) return *verb;
    }
    return app;
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
    if (*test) {
      FinishTest(raw_test, &test_args);
      return test_args;
    }
    if (*explain) {
      FinishExplain(raw_explain, &explain_args);
      return explain_args;
    }
    if (*fmt) {
      if (fmt_args.files.empty()) throw UsageError("no rule files are named");
      return fmt_args;
    }
    if (*completions) return CompletionsArgs{ReadShell(shell), DescribeVerbs(app)};
    std::fputs(app.help().c_str(), stderr);
    return static_cast<int>(kUsage);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
  } catch (const CLI::CallForVersion&) {
    std::printf("%s\n", kVersion);
  } catch (const CLI::ParseError& error) {
    return FailParse(active(), error);
  }
  return static_cast<int>(kOk);
}

}  // namespace spate::cli
