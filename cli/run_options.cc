#include "cli/run_options.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/help_texts.h"
#include "cli/option_values.h"
#include "cli/usage_error.h"

namespace spate::cli {
namespace {

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
void ReadEvents(const CLI::App& run, const RawRun& raw, RunArgs* args) {
  size_t next_file = 0;
  size_t next_event = 0;
  for (const CLI::Option* option : run.parse_order()) {
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

}  // namespace

CLI::App* AddRun(CLI::App* app, RawRun* raw, RunArgs* args) {
  CLI::App* run = app->add_subcommand("run", "run rules over events");
  run->footer(kRunExamples);
  run->add_option("FILES", raw->files, "rule files (*.spate) and event files, `-` is stdin")
      ->type_name("");
  run->add_option("--events", raw->events, "a file all of whose events are of one type")
      ->type_name("Type=FILE")
      ->allow_extra_args(false);
  AddParams(run, &raw->params);
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

void FinishRun(const CLI::App& run, const RawRun& raw, RunArgs* args) {
  ReadWith(raw.with, args);
  ReadTables(raw.tables, args);
  if (raw.format == "csv") args->format = OutputFormat::kCsv;
  ReadEvents(run, raw, args);
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
  if (run.count("--max-rejects") > 0) {
    if (raw.max_rejects < 0) throw UsageError("--max-rejects takes a number from 0");
    args->max_rejects = static_cast<uint64_t>(raw.max_rejects);
  }
  if (raw.at_end == "advance") args->at_end = EndMode::kAdvance;
  if (raw.at_end == "hold") args->at_end = EndMode::kHold;
}

}  // namespace spate::cli
