#include "cli/test.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/compile_rules.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "compiler/testing/coverage.h"
#include "compiler/testing/report.h"
#include "compiler/testing/test_file.h"
#include "runtime/channels/sink.h"

namespace spate::cli {
namespace {

namespace fs = std::filesystem;

int Fail(ExitCode code, absl::string_view message) {
  std::fprintf(stderr, "spate test: %s\n", std::string(message).c_str());
  return code;
}

// Files as they are named; of folders all `*_test.spate`, in the order of their names.
absl::StatusOr<std::vector<std::string>> FindFiles(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().lexically_normal().string();
      if (it->is_regular_file() && absl::EndsWith(name, "_test.spate")) found.push_back(name);
    }
    if (error) return absl::NotFoundError(absl::StrCat(path, ": ", error.message()));
    if (found.empty()) {
      return absl::NotFoundError(absl::StrCat("there is no `*_test.spate` file in ", path));
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

class Tester {
 public:
  explicit Tester(const TestArgs& args)
      : args_(args),
        out_(OutputSink::Stdout()),
        color_(UseColor(args.color, STDOUT_FILENO)),
        report_{.color = color_, .each_test = args.verbose, .times = args.times} {
    options_.filter = args.filter;
    options_.bless = args.bless;
    options_.coverage = args.coverage;
  }

  int Run(const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      if (absl::Status s = RunFile(file); !s.ok()) return Fail(kUsage, s.message());
      if (absl::Status s = out_->Flush(); !s.ok()) return Written(s);
    }
    WriteEnd();
    if (absl::Status s = out_->Flush(); !s.ok()) return Written(s);
    return ExitCodeOf();
  }

 private:
  absl::Status RunFile(const std::string& file) {
    absl::StatusOr<std::string> text = ReadRules(file);
    if (!text.ok()) return text.status();
    TestFileResult result = RunTestFile(file, *text, options_);
    std::fputs(RenderAll(result.compiled, UseColor(args_.color, STDERR_FILENO)).c_str(), stderr);
    AddCoverage(result.coverage, &coverage_);
    if (args_.format == TestFormat::kJson) *out_->buffer() += TestReportJson(result);
    // A filter is there to see some tests, and not which files have none of them.
    const bool shown = !result.tests.empty() || result.left_out == 0;
    if (args_.format == TestFormat::kText && shown) {
      *out_->buffer() += TestReportText(result, report_);
    }
    results_.push_back(std::move(result));
    return absl::OkStatus();
  }

  void WriteEnd() {
    std::string* out = out_->buffer();
    if (args_.format == TestFormat::kJUnit) *out += TestReportJUnit(results_);
    if (args_.format == TestFormat::kText) *out += TestSummaryText(results_, report_);
    if (!args_.coverage) return;
    if (args_.format == TestFormat::kJson) *out += CoverageJson(coverage_);
    if (args_.format == TestFormat::kText && !coverage_.empty()) {
      absl::StrAppend(out, "\n", CoverageText(coverage_, color_));
    }
  }

  static int Written(const absl::Status& status) {
    return absl::IsAborted(status) ? static_cast<int>(kOk) : Fail(kInternal, status.message());
  }

  int ExitCodeOf() const {
    int code = kOk;
    size_t tests = 0;
    for (const TestFileResult& r : results_) {
      tests += r.tests.size();
      if (r.compiled.plan == nullptr) return kUsage;
      if (!r.ok()) code = kFindings;
    }
    if (tests == 0 && code == kOk) {
      return Fail(kUsage, absl::StrCat("no test has `", args_.filter, "` in its name"));
    }
    return code;
  }

  const TestArgs& args_;
  std::unique_ptr<OutputSink> out_;
  bool color_;
  TestReportOptions report_;
  TestFileOptions options_;
  std::vector<TestFileResult> results_;
  std::vector<RuleCoverage> coverage_;
};

}  // namespace

int Test(const TestArgs& args) {
  absl::StatusOr<std::vector<std::string>> files = FindFiles(args.paths);
  if (!files.ok()) return Fail(kUsage, files.status().message());
  return Tester(args).Run(*files);
}

}  // namespace spate::cli
