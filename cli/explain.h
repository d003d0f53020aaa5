// explain: what a code means, what functions there are, how rules run.
//
// Tested by tests/cli/explain_test.cc.
#ifndef SPATE_CLI_EXPLAIN_H_
#define SPATE_CLI_EXPLAIN_H_

#include <string>

#include "cli/args.h"
#include "compiler/compile.h"

namespace spate::cli {

int Explain(const ExplainArgs& args);

// The functions of the library as a list, or those of `names` at length.
std::string FunctionsText(const std::vector<std::string>& names);

// For each rule: what holds though it is not written, its state, and how it runs.
std::string RulesText(const CompileResult& compiled);

}  // namespace spate::cli

#endif  // SPATE_CLI_EXPLAIN_H_
