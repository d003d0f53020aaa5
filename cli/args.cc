#include "cli/args.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/exit_code.h"
#include "cli/help_texts.h"
#include "cli/option_values.h"
#include "cli/run_options.h"
#include "cli/usage_error.h"

namespace spate::cli {
namespace {

constexpr char kVersion[] = "spate " SPATE_VERSION;

// Texts as they stand on the command line, before they are read.
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

CLI::App* AddCheck(CLI::App* app, RawCheck* raw, CheckArgs* args) {
  CLI::App* check = app->add_subcommand("check", "say every problem in rule files");
  check->footer(kCheckExamples);
  check->add_option("RULES", args->rules, "rule files (*.spate)")->type_name("");
  AddParams(check, &raw->params);
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
  AddParams(explain, &raw->params);
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
