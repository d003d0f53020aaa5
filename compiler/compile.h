// Compile: rule files -> Plan. The one entry of the compiler.
//
//   SourceText rules{"auth.spate", text};
//   CompileResult r = Compile({rules}, {});
//   if (r.plan == nullptr) for (auto& d : r.diagnostics) std::cerr << RenderDiagnostic(d,
//   *r.sources);
//
// Faults in the rules are values in `diagnostics`, never exceptions. Thread-safe: a pure function
// but for `options.read_file`. Tested by tests/compiler/compile_test.cc.
#ifndef SPATE_COMPILER_COMPILE_H_
#define SPATE_COMPILER_COMPILE_H_

#include <memory>
#include <string>
#include <vector>

#include "compiler/options.h"
#include "compiler/rule_test.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "runtime/model/plan.h"

namespace spate {

struct SourceText {
  std::string name;  // path, for messages and relative imports
  std::string text;
};

// What `spate check` says of a rule.
struct RuleNote {
  std::string name;
  std::string state;    // what limits its memory: "by window, per key"
  std::string reports;  // when it reports: "at once or at a deadline"
};

struct CompileResult {
  std::shared_ptr<const Plan> plan;     // null when there are errors
  std::vector<RuleNote> rules;          // in the order of the files; empty when there are errors
  std::vector<RuleTest> tests;          // the same
  std::vector<Diagnostic> diagnostics;  // by file and place; warnings too
  size_t suppressed = 0;                // diagnostics past the limit, not in the list
  std::shared_ptr<const SourceMap> sources;
};

CompileResult Compile(const std::vector<SourceText>& files, const CompileOptions& options = {});

}  // namespace spate

#endif  // SPATE_COMPILER_COMPILE_H_
