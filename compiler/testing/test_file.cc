#include "compiler/testing/test_file.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/testing/recorder.h"
#include "compiler/testing/run_test.h"

namespace spate {
namespace {

class FileRunner {
 public:
  FileRunner(absl::string_view name, absl::string_view text, const TestFileOptions& options)
      : source_{std::string(name), std::string(text)}, options_(options) {}

  TestFileResult Run() {
    result_.file = source_.name;
    result_.compiled = Compile({source_}, options_.compile);
    if (result_.compiled.plan == nullptr) return std::move(result_);
    for (size_t i = 0; i < result_.compiled.tests.size(); ++i) {
      const RuleTest& test = result_.compiled.tests[i];
      // Tests of imported files are run with these.
      if (result_.compiled.sources->Get(test.span.file).name() != source_.name) continue;
      if (!absl::StrContains(test.name, options_.filter)) {
        ++result_.left_out;
        continue;
      }
      RunOne(i);
    }
    if (options_.coverage && options_.filter.empty()) AddUntried();
    return std::move(result_);
  }

 private:
  // The rules beside the tests that no test has for its own: nothing of them is tried.
  void AddUntried() {
    const CompileResult& compiled = result_.compiled;
    const auto folder = [](absl::string_view path) { return path.substr(0, path.rfind('/') + 1); };
    const TestClock clock;
    Recorder untried(*compiled.plan, {}, *compiled.sources, clock, nullptr);
    for (const RulePlan& rule : compiled.plan->rules) {
      const std::string& file = compiled.sources->Get(rule.origin.file).name();
      if (folder(file) == folder(source_.name)) untried.Watch(rule.id).IgnoreError();
    }
    AddCoverage(untried.Coverage(), &result_.coverage);
  }

  void RunOne(size_t index) {
    const RuleTest& test = result_.compiled.tests[index];
    const CompileResult& compiled = CompiledWith(test.params);
    if (compiled.plan == nullptr) {
      TestResult& failed = result_.tests.emplace_back();
      failed.name = test.name;
      failed.line = result_.compiled.sources->Get(test.span.file).Locate(test.span.begin).line;
      for (const Diagnostic& d : compiled.diagnostics) {
        if (d.severity != Severity::kError) continue;
        TestProblem problem;
        problem.text =
            absl::StrCat("with the test's params: ", d.message, " (", CodeText(d.code), ")");
        failed.problems.push_back(std::move(problem));
      }
      return;
    }
    RunTestOptions options;
    options.bless = options_.bless;
    if (options_.coverage) options.coverage = &result_.coverage;
    result_.tests.push_back(RunRuleTest(compiled, compiled.tests[index], options));
  }

  const CompileResult& CompiledWith(const std::map<std::string, std::string>& params) {
    if (params.empty()) return result_.compiled;
    const auto it = compiled_.find(params);
    if (it != compiled_.end()) return it->second;
    CompileOptions options = options_.compile;
    for (const auto& [name, value] : params) options.params[name] = value;
    return compiled_.emplace(params, Compile({source_}, options)).first->second;
  }

  const SourceText source_;
  const TestFileOptions& options_;
  TestFileResult result_;
  std::map<std::map<std::string, std::string>, CompileResult> compiled_;  // by params
};

}  // namespace

bool TestFileResult::ok() const {
  return compiled.plan != nullptr && failed() == 0 && !(tests.empty() && left_out == 0);
}

size_t TestFileResult::failed() const {
  return static_cast<size_t>(
      std::count_if(tests.begin(), tests.end(), [](const TestResult& t) { return !t.ok(); }));
}

TestFileResult RunTestFile(absl::string_view name, absl::string_view text,
                           const TestFileOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  TestFileResult result = FileRunner(name, text, options).Run();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace spate
