// Run options: the command line of `spate run`, which takes most of all verbs.
//
// Reading throws UsageError. Tested by tests/cli/usage_test.cc and run_test.cc.
#ifndef SPATE_CLI_RUN_OPTIONS_H_
#define SPATE_CLI_RUN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/args.h"

namespace spate::cli {

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

// Adds the verb to `app`; parsing then fills `raw` and `args`.
CLI::App* AddRun(CLI::App* app, RawRun* raw, RunArgs* args);

// Reads the texts. `run`: the verb, which knows the order of its inputs.
void FinishRun(const CLI::App& run, const RawRun& raw, RunArgs* args);

}  // namespace spate::cli

#endif  // SPATE_CLI_RUN_OPTIONS_H_
