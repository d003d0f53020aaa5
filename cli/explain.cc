// explain: codes and functions; rules are in explain_rules.cc.
#include "cli/explain.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/compile_rules.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "compiler/source/diagnostic_texts.h"
#include "runtime/model/functions.h"

namespace spate::cli {
namespace {

int Fail(const std::string& message) {
  std::fprintf(stderr, "spate explain: %s\n", message.c_str());
  return kUsage;
}

int Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return kOk;
}

std::string Proposal(const std::string& name, const std::vector<std::string>& names) {
  const std::string nearest = NearestName(name, names);
  return nearest.empty() ? "" : absl::StrCat("; did you mean `", nearest, "`?");
}

int ExplainCode(const std::string& text) {
  const std::optional<DiagnosticCode> code = FindDiagnosticCode(text);
  if (!code.has_value()) {
    std::vector<std::string> codes;
    for (const DiagnosticCode c : AllDiagnosticCodes()) codes.emplace_back(CodeText(c));
    return Fail(absl::StrCat("there is no code `", text, "`", Proposal(text, codes)));
  }
  return Print(
      absl::StrCat(CodeText(*code), ": ", CodeTitle(*code), "\n\n", DiagnosticText(*code), "\n"));
}

int ExplainFunctions(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const FunctionRow& row : FunctionTable()) known.emplace_back(row.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Fail(absl::StrCat("there is no function `", name, "`", Proposal(name, known)));
  }
  return Print(FunctionsText(names));
}

int ExplainRules(const ExplainArgs& args) {
  absl::StatusOr<CompileResult> compiled = CompileFiles(args.rules, args.params);
  if (!compiled.ok()) return Fail(std::string(compiled.status().message()));
  if (compiled->plan == nullptr) {
    std::fputs(RenderAll(*compiled, UseColor(args.color, STDERR_FILENO)).c_str(), stderr);
    return Fail(absl::StrCat(Counted(CountSeverity(*compiled, Severity::kError), "error"),
                             " in the rules"));
  }
  return Print(RulesText(*compiled));
}

}  // namespace

std::string FunctionsText(const std::vector<std::string>& names) {
  std::string out;
  for (const FunctionRow& row : FunctionTable()) {
    if (!names.empty() && std::find(names.begin(), names.end(), row.name) == names.end()) continue;
    const std::string text = absl::StrCat(row.signature, "\n    ", row.doc, "\n");
    // Rows of one signature differ only in the kinds that it stands for.
    if (!absl::EndsWith(out, text)) out += text;
  }
  return out;
}

int Explain(const ExplainArgs& args) {
  if (args.functions) return ExplainFunctions(args.names);
  return args.code.empty() ? ExplainRules(args) : ExplainCode(args.code);
}

}  // namespace spate::cli
