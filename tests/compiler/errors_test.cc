// Golden cases: every CODE_name.spate in tests/errors is compiled and its rendered diagnostics are
// compared with CODE_name.out. No code of diagnostic_codes.def lacks a case, but those with tests
// of their own. SPATE_UPDATE=1 in the environment writes the .out files.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "compiler/compile.h"
#include "compiler/source/render.h"
#include "gtest/gtest.h"

namespace spate {
namespace {

namespace fs = std::filesystem;

const std::set<std::string>& CodesWithOtherTests() {
  static const auto* const codes = new std::set<std::string>{
      "E0001",  // a file beyond the limit of bytes: tests/compiler/syntax/limits_test.cc
      "E0004",  // an expression of more than a thousand operators: the same
      "E0011",  // an expression beyond the checker's limits: tests/compiler/check
      "E0210",  // a value for a param that no file declares: tests/compiler/compile_test.cc
      "E0440",  // a pattern beyond the limit of states: tests/compiler/compile_test.cc
  };
  return *codes;
}

std::vector<std::string> AllCodes() {
  std::vector<std::string> codes;
#define SPATE_DIAGNOSTIC(name, code, severity, title) codes.push_back(code);
#include "compiler/source/diagnostic_codes.def"
#undef SPATE_DIAGNOSTIC
  return codes;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(fs::path(SPATE_SOURCE_DIR) / "tests/errors")) {
    if (entry.path().extension() == ".spate") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

CompileResult CompileCase(const fs::path& path) {
  CompileOptions options;
  options.read_file = [](const std::string&) -> absl::StatusOr<std::string> {
    return absl::NotFoundError("no such file");
  };
  return Compile({{path.filename().string(), ReadFile(path)}}, options);
}

std::string CodeOf(const fs::path& path) { return path.stem().string().substr(0, 5); }

TEST(ErrorsTest, RenderedAsRecorded) {
  const bool update = std::getenv("SPATE_UPDATE") != nullptr;
  for (const fs::path& path : Cases()) {
    CompileResult result = CompileCase(path);
    std::string text;
    bool has_code = false;
    for (const Diagnostic& d : result.diagnostics) {
      text += RenderDiagnostic(d, *result.sources);
      has_code = has_code || CodeText(d.code) == CodeOf(path);
    }
    EXPECT_TRUE(has_code) << path << " does not give " << CodeOf(path) << ":\n" << text;
    fs::path out = path;
    out.replace_extension(".out");
    if (update) std::ofstream(out, std::ios::binary) << text;
    EXPECT_EQ(text, ReadFile(out)) << path;
  }
}

TEST(ErrorsTest, EveryCodeHasACase) {
  std::set<std::string> covered = CodesWithOtherTests();
  for (const fs::path& path : Cases()) covered.insert(CodeOf(path));
  for (const std::string& code : AllCodes()) {
    EXPECT_TRUE(covered.count(code) != 0) << code << " has no case in tests/errors";
  }
}

TEST(ErrorsTest, WarningsDoNotStopACompilation) {
  for (const fs::path& path : Cases()) {
    CompileResult result = CompileCase(path);
    EXPECT_EQ(result.plan != nullptr, CodeOf(path)[0] == 'W') << path;
  }
}

}  // namespace
}  // namespace spate
