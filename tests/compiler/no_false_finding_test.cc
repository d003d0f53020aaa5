// The checker does not cry wolf: it finds nothing in the rules of this repository, and what it
// finds in random correct rules is true. A condition said to hold never (always) may be replaced by
// a false (true) one without changing what the reference derives, and a rule whose window is said
// to be too short derives nothing.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/source/render.h"
#include "gtest/gtest.h"
#include "tests/property/generate.h"
#include "tests/property/random.h"
#include "tests/reference/machine.h"
#include "tests/reference/parse.h"
#include "tests/reference/print.h"
#include "tests/reference/run.h"

namespace spate {
namespace {

namespace fs = std::filesystem;

TEST(NoFalseFinding, InTheRulesOfThisRepository) {
  const fs::path root = SPATE_SOURCE_DIR;
  size_t files = 0;
  for (const char* folder : {"rules", "examples", "bench", "tests/scenarios"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".spate") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::stringstream text;
      text << in.rdbuf();
      CompileResult result = Compile({{entry.path().string(), text.str()}});
      for (const Diagnostic& d : result.diagnostics) {
        ADD_FAILURE() << RenderDiagnostic(d, *result.sources);
      }
      ++files;
    }
  }
  EXPECT_GT(files, 50u);
}

using reference::RuleFile;
using Lines = std::vector<std::string>;

// What the reference derives from matches, of one rule or of all (empty); nullopt: too much for it.
// Timeouts are left out: a condition that names no variable does not keep its events from being
// taken.
std::optional<Lines> Derive(const RuleFile& file, const reference::Stream& stream,
                            const std::string& rule = "") {
  const auto is_timeout = [](const reference::Derived& d) {
    return d.event->decl->name[0] == 'T';  // as the generator calls them
  };
  Lines lines;
  try {
    for (const reference::Derived& d : reference::RunReference(file, stream)) {
      if (is_timeout(d) || (!rule.empty() && d.rule != rule)) continue;
      lines.push_back(reference::FormatDerived(d));
    }
  } catch (const reference::TooManyThreads&) {
    return std::nullopt;
  }
  return lines;
}

// The name of the last rule that begins before `place`.
std::string RuleAt(const std::string& text, size_t place) {
  const size_t rule = text.rfind("rule ", place);
  if (rule == std::string::npos) return "";
  const size_t begin = rule + 5;
  return text.substr(begin, text.find(' ', begin) - begin);
}

class Findings {
 public:
  explicit Findings(uint64_t seed) : random_(seed) {
    // The reference reads changed texts, but not of lists, records and tables.
    file_ = property::GenerateRules(&random_, /*may_be_rich=*/false);
    text_ = reference::PrintRules(file_);
    for (int i = 0; i < 4; ++i) streams_.push_back(property::GenerateStream(file_, &random_));
  }

  // Counts the findings by code, and those of them that were tried out.
  void Check(std::map<std::string, int>* found, int* tried) {
    CompileResult result = Compile({{"random.spate", text_}});
    for (const Diagnostic& d : result.diagnostics) {
      ++(*found)[std::string(CodeText(d.code))];
      EXPECT_EQ(d.severity, Severity::kWarning) << RenderDiagnostic(d, *result.sources);
      if (IsTrue(d, tried)) continue;
      ADD_FAILURE() << "a false finding\n" << RenderDiagnostic(d, *result.sources) << text_;
    }
  }

 private:
  bool IsTrue(const Diagnostic& d, int* tried) {
    switch (d.code) {
      case DiagnosticCode::kNeverHolds:
        return SameWith(d.span, "(1 == 2)", tried);
      case DiagnosticCode::kAlwaysHolds:
        return SameWith(d.span, "(1 == 1)", tried);
      case DiagnosticCode::kWindowTooShort:
        return DerivesNothing(RuleAt(text_, d.span.begin), tried);
      case DiagnosticCode::kNegationOverNull:
      case DiagnosticCode::kLoopSwallows:
      case DiagnosticCode::kEqualityIsNoKey:
        return true;  // says what the text says, which the tests of the lints look at
      default:
        return false;
    }
  }

  bool SameWith(Span span, const std::string& instead, int* tried) {
    std::string text = text_;
    text.replace(span.begin, span.end - span.begin, instead);
    const std::optional<RuleFile> changed = reference::ParseRules(text);
    if (!changed.has_value()) return false;
    for (const reference::Stream& stream : streams_) {
      const std::optional<Lines> with = Derive(file_, stream);
      const std::optional<Lines> without = Derive(*changed, stream);
      if (!with.has_value() || !without.has_value()) continue;
      if (with != without) return false;
      ++*tried;
    }
    return true;
  }

  bool DerivesNothing(const std::string& rule, int* tried) {
    for (const reference::Stream& stream : streams_) {
      const std::optional<Lines> lines = Derive(file_, stream, rule);
      if (!lines.has_value()) continue;
      if (!lines->empty()) return false;
      ++*tried;
    }
    return true;
  }

  property::Random random_;
  RuleFile file_;
  std::string text_;
  std::vector<reference::Stream> streams_;
};

TEST(NoFalseFinding, InRandomCorrectRules) {
  std::map<std::string, int> found;
  int tried = 0;
  for (uint64_t seed = 1; seed <= 800; ++seed) Findings(seed).Check(&found, &tried);
  for (const auto& [code, n] : found) std::printf("%s %d\n", code.c_str(), n);
  EXPECT_GT(tried, 50);  // else the test shows nothing
}

}  // namespace
}  // namespace spate
