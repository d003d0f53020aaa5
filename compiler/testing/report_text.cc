// Reports of rule tests for readers.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "compiler/testing/report.h"

namespace spate {
namespace {

std::string Millis(double seconds) {
  return seconds < 0.0995 ? absl::StrFormat("%.1f ms", seconds * 1e3)
                          : absl::StrFormat("%.2f s", seconds);
}

std::string Count(size_t n, absl::string_view noun) {
  return absl::StrCat(n, " ", noun, n == 1 ? "" : "s");
}

// For a shell.
std::string ShellWord(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

class Writer {
 public:
  Writer(const TestReportOptions& options, std::string* out) : options_(options), out_(*out) {}

  void File(const TestFileResult& r) {
    const bool ok = r.ok();
    absl::StrAppend(&out_, ok ? Green("ok  ") : Red("FAIL"), "  ", r.file, "  ", Counts(r));
    if (options_.times)
      absl::StrAppend(&out_, "  ", Dim(absl::StrCat("(", Millis(r.seconds), ")")));
    out_ += "\n";
    for (const TestResult& test : r.tests) Test(r, test);
  }

 private:
  static std::string Counts(const TestFileResult& r) {
    if (r.compiled.plan == nullptr) return "does not compile";
    if (r.tests.empty()) {
      return r.left_out > 0 ? "no test has that name" : "no test: a file of tests has at least one";
    }
    const size_t failed = r.failed();
    if (failed == 0) return Count(r.tests.size(), "test");
    return absl::StrCat(failed, " of ", Count(r.tests.size(), "test"), " failed");
  }

  void Test(const TestFileResult& r, const TestResult& test) {
    if (options_.each_test || !test.ok()) {
      absl::StrAppend(&out_, "  ", test.ok() ? Green("ok  ") : Red("FAIL"), "  ", test.name, "  ",
                      Dim(absl::StrCat("(", r.file, ":", test.line,
                                       options_.times ? ", " + Millis(test.seconds) : "", ")")),
                      "\n");
    }
    if (!test.blessed.empty()) absl::StrAppend(&out_, "        wrote ", test.blessed, "\n");
    if (test.ok()) return;
    for (const TestProblem& problem : test.problems) Problem(problem);
    for (const std::string& note : test.notes) Line(absl::StrCat("note: ", note));
    Line(absl::StrCat(Dim("again: "), "spate test ", r.file, " --filter ", ShellWord(test.name)));
  }

  void Line(absl::string_view text, size_t indent = 8) {
    absl::StrAppend(&out_, std::string(indent, ' '), text, "\n");
  }

  void Problem(const TestProblem& p) {
    const std::string place = absl::StrCat(p.file, ":", p.line);
    switch (p.kind) {
      case TestProblem::Kind::kFault:
        return Line(p.text);
      case TestProblem::Kind::kUnexpected:
        Line(absl::StrCat(Red("unexpected"), "  at ", p.time, " ", p.text, ", reported by `",
                          p.rule, "`"));
        return Line(absl::StrCat("expect it, or `allow ", p.type, "`"), 12);
      case TestProblem::Kind::kDiffers:
        Line(absl::StrCat(Red("differs"), "  ", p.type, " of `", p.rule, "` at ", p.time,
                          " from what ", place, " expects:"));
        return Attributes(p.attributes);
      case TestProblem::Kind::kMissing:
        Line(absl::StrCat(Red("missing"), "  ",
                          p.time.empty() ? "" : absl::StrCat("at ", p.time, " "), p.text,
                          ", expected by ", place));
        if (p.nearest.has_value()) return Nearest(*p.nearest);
        return Line("nothing came near it that was not reported", 12);
    }
  }

  // Expected and actual side by side.
  void Attributes(const std::vector<AttributePair>& attributes) {
    size_t name = 9;
    size_t expected = 8;
    for (const AttributePair& a : attributes) {
      name = std::max(name, a.name.size());
      expected = std::max(expected, a.expected.size());
    }
    const auto pad = [](absl::string_view text, size_t width) {
      return std::string(width > text.size() ? width - text.size() : 0, ' ');
    };
    Line(Dim(absl::StrCat("attribute", pad("attribute", name + 2), "expected",
                          pad("expected", expected + 2), "actual")),
         12);
    for (const AttributePair& a : attributes) {
      const std::string padded = absl::StrCat(a.expected, pad(a.expected, expected + 2));
      Line(absl::StrCat(a.differs ? Red("! ") : "  ", a.name, pad(a.name, name + 2),
                        a.differs ? Green(padded) : padded, a.differs ? Red(a.actual) : a.actual),
           10);
    }
  }

  void Nearest(const PartialMatch& n) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : n.keys) keys.push_back(absl::StrCat(key, " = ", value));
    const std::string of = keys.empty() ? "" : absl::StrCat(" for ", absl::StrJoin(keys, ", "));
    if (n.events.empty()) {
      Line(absl::StrCat("nearest: `", n.rule_name, "`", of, n.length > 0 ? "" : " had not begun"),
           12);
    } else {
      Line(absl::StrCat("nearest: `", n.rule_name, "`", of, " came ", Count(n.length, "event"),
                        " far"),
           12);
    }
    for (const std::string& event : n.events) Line(event, 16);
    if (!n.stopped.empty()) Line(n.stopped, 16);
    if (!n.ended.empty()) Line(n.ended, 16);
    if (!n.needed.empty()) Line(absl::StrCat("needed: ", n.needed), 16);
  }

  std::string Painted(absl::string_view text, absl::string_view code) const {
    return options_.color ? absl::StrCat("\x1b[", code, "m", text, "\x1b[0m") : std::string(text);
  }
  std::string Red(absl::string_view text) const { return Painted(text, "31"); }
  std::string Green(absl::string_view text) const { return Painted(text, "32"); }
  std::string Dim(absl::string_view text) const { return Painted(text, "2"); }

  const TestReportOptions& options_;
  std::string& out_;
};

}  // namespace

std::string TestReportText(const TestFileResult& result, const TestReportOptions& options) {
  std::string out;
  Writer(options, &out).File(result);
  return out;
}

std::string TestSummaryText(absl::Span<const TestFileResult> results,
                            const TestReportOptions& options) {
  size_t tests = 0;
  size_t failed = 0;
  size_t bad_files = 0;
  size_t files = 0;
  double seconds = 0;
  for (const TestFileResult& r : results) {
    tests += r.tests.size();
    failed += r.failed();
    files += r.tests.empty() ? 0 : 1;
    seconds += r.seconds;
    if (!r.ok() && r.failed() == 0) ++bad_files;
  }
  std::string text =
      failed == 0 ? absl::StrCat(Count(tests, "test"), " in ", Count(files, "file"), " passed")
                  : absl::StrCat(failed, " of ", Count(tests, "test"), " failed");
  if (tests == 0) text = "no test ran";
  if (bad_files > 0) absl::StrAppend(&text, "; ", Count(bad_files, "file"), " failed as a whole");
  if (options.times) absl::StrAppend(&text, ", ", Millis(seconds));
  return text + "\n";
}

}  // namespace spate
