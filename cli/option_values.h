// Option values: options that several verbs have, and the values that they take.
//
// Reading throws UsageError. Tested by tests/cli/usage_test.cc.
#ifndef SPATE_CLI_OPTION_VALUES_H_
#define SPATE_CLI_OPTION_VALUES_H_

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/args.h"

namespace spate::cli {

// `name=value`. `form`: how the value looks, for the message.
std::pair<std::string, std::string> SplitPair(const std::string& text, const std::string& option,
                                              const std::string& form);

void AddParams(CLI::App* verb, std::vector<std::string>* params);
std::map<std::string, std::string> ReadParams(const std::vector<std::string>& texts);

// Without the description that CLI11 would print behind the name of the type, which says the same.
CLI::Validator OneOf(const std::vector<std::string>& choices);

void AddColor(CLI::App* verb, std::string* color);
ColorMode ReadColor(const std::string& text);

}  // namespace spate::cli

#endif  // SPATE_CLI_OPTION_VALUES_H_
