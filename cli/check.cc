#include "cli/check.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/compile_rules.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "compiler/source/render.h"
#include "runtime/channels/json_writer.h"
#include "runtime/channels/sink.h"

namespace spate::cli {
namespace {

// `2 errors and 1 warning in 3 files`.
std::string SummaryLine(const CompileResult& result, size_t files, size_t errors, size_t warnings) {
  const std::string in_files = absl::StrCat(" in ", Counted(files, "file"));
  if (errors > 0 || result.plan == nullptr) {
    const std::string also =
        warnings > 0 ? absl::StrCat(" and ", Counted(warnings, "warning")) : "";
    return absl::StrCat(Counted(errors, "error"), also, in_files);
  }
  const std::string problems = warnings > 0 ? Counted(warnings, "warning") : "no problems";
  return absl::StrCat(problems, " in ", Counted(result.plan->rules.size(), "rule"), in_files);
}

// Diagnostics as objects (else they are rendered to stderr), then a line for each rule.
absl::Status WriteStdout(const CompileResult& result, const CheckArgs& args) {
  const std::unique_ptr<OutputSink> out = OutputSink::Stdout();
  if (args.json) {
    for (const Diagnostic& d : result.diagnostics) {
      absl::StrAppend(out->buffer(), DiagnosticToJson(d, *result.sources), "\n");
    }
  }
  for (const RuleNote& rule : result.rules) {
    if (args.json) {
      absl::StrAppend(out->buffer(), "{\"rule\":");
      AppendJsonString(rule.name, out->buffer());
      absl::StrAppend(out->buffer(), ",\"state\":\"", rule.state, "\",\"reports\":\"", rule.reports,
                      "\"}\n");
    } else if (!args.quiet) {
      absl::StrAppend(out->buffer(), rule.name, ": state ", rule.state, "; reports ", rule.reports,
                      "\n");
    }
  }
  return out->Flush();
}

}  // namespace

int Check(const CheckArgs& args) {
  absl::StatusOr<CompileResult> result = CompileFiles(args.rules, args.params);
  if (!result.ok()) {
    std::fprintf(stderr, "spate check: %s\n", std::string(result.status().message()).c_str());
    return kUsage;
  }
  if (!args.json) {
    std::fputs(RenderAll(*result, UseColor(args.color, STDERR_FILENO)).c_str(), stderr);
  }
  const absl::Status status = WriteStdout(*result, args);
  if (!status.ok() && !absl::IsAborted(status)) {
    std::fprintf(stderr, "spate check: %s\n", std::string(status.message()).c_str());
    return kInternal;
  }
  const size_t errors = CountSeverity(*result, Severity::kError);
  const size_t warnings = CountSeverity(*result, Severity::kWarning);
  if (!args.quiet) {
    std::fprintf(stderr, "%s\n", SummaryLine(*result, args.rules.size(), errors, warnings).c_str());
  }
  if (errors > 0 || result->plan == nullptr) return kUsage;
  return args.deny_warnings && warnings > 0 ? kFindings : kOk;
}

}  // namespace spate::cli
