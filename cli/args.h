// Args: the command line, read and checked as far as no file is needed.
//
// One struct a verb; ParseArgs prints help, the version and usage errors itself and then gives the
// exit code. Tested by tests/cli.
#ifndef SPATE_CLI_ARGS_H_
#define SPATE_CLI_ARGS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/completions.h"
#include "runtime/engine/engine.h"
#include "windows/time.h"

namespace spate::cli {

enum class OutputFormat { kJsonLines, kCsv };

enum class ColorMode { kAuto, kAlways, kNever };

// One input of `run`.
struct EventsArg {
  std::string path;  // `-`: standard input
  std::string type;  // of all its events; empty: the events say it
};

struct RunArgs {
  std::vector<std::string> rules;
  std::vector<EventsArg> events;  // in the order of the command line; never empty
  std::map<std::string, std::string> params;
  Duration lateness = 0;
  bool speculate = false;  // derive at once and retract, instead of waiting
  Duration epoch_unit = 0;
  std::string type_field = "type";
  std::string rejects_path;  // empty: none
  std::string late_path;     // empty: none
  std::optional<uint64_t> max_rejects;
  EndMode at_end = EndMode::kClose;
  std::vector<std::string> only;
  bool with_id = false;
  bool with_matched = false;
  OutputFormat format = OutputFormat::kJsonLines;
  std::vector<std::pair<std::string, std::string>> tables;  // name and path
  bool quiet = false;
  bool progress = true;
  ColorMode color = ColorMode::kAuto;
};

struct CheckArgs {
  std::vector<std::string> rules;
  std::map<std::string, std::string> params;
  bool json = false;
  bool deny_warnings = false;
  bool quiet = false;
  ColorMode color = ColorMode::kAuto;
};

// What `explain` is asked for: a code, the functions, or rules.
struct ExplainArgs {
  std::string code;                // of a diagnostic; empty: none
  bool functions = false;          // the library
  std::vector<std::string> names;  // of functions; empty: all
  std::vector<std::string> rules;
  std::map<std::string, std::string> params;
  ColorMode color = ColorMode::kAuto;
};

struct FmtArgs {
  std::vector<std::string> files;  // `-`: standard input, to standard output
  bool check = false;              // change nothing, say which files would change
};

enum class TestFormat { kText, kJson, kJUnit };

struct TestArgs {
  std::vector<std::string> paths;  // files and folders; never empty
  std::string filter;
  bool coverage = false;
  bool bless = false;
  bool verbose = false;
  bool times = true;
  TestFormat format = TestFormat::kText;
  ColorMode color = ColorMode::kAuto;
};

enum class Shell { kBash, kZsh, kFish };

struct CompletionsArgs {
  Shell shell = Shell::kBash;
  std::vector<VerbHelp> verbs;
};

// An exit code when there is nothing to do (help was asked for, or the line is wrong).
std::variant<int, RunArgs, CheckArgs, ExplainArgs, FmtArgs, TestArgs, CompletionsArgs> ParseArgs(
    int argc, const char* const* argv);

}  // namespace spate::cli

#endif  // SPATE_CLI_ARGS_H_
