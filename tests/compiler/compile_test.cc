// Compile: files, imports and params.
#include "compiler/compile.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace spate {
namespace {

using ::testing::HasSubstr;

std::string Messages(const CompileResult& result) {
  std::string out;
  for (const Diagnostic& d : result.diagnostics) {
    out += std::string(CodeText(d.code)) + " " + d.message + "\n";
  }
  return out;
}

CompileOptions FromMap(std::map<std::string, std::string> files, int* reads = nullptr) {
  CompileOptions options;
  options.read_file = [files, reads](const std::string& path) -> absl::StatusOr<std::string> {
    if (reads != nullptr) ++*reads;
    auto it = files.find(path);
    if (it == files.end()) return absl::NotFoundError("no such file");
    return it->second;
  };
  return options;
}

TEST(CompileTest, ImportsAreRelativeToTheImportingFileAndReadOnce) {
  int reads = 0;
  CompileOptions options =
      FromMap({{"rules/common/types.spate", "import \"../base.spate\"\nevent A { x: int }\n"},
               {"rules/base.spate", "import \"common/types.spate\"\nconst LIMIT = 5\n"}},
              &reads);
  CompileResult result = Compile({{"rules/main.spate",
                                   "import \"common/types.spate\"\n"
                                   "rule r { match a: A[x > LIMIT] emit M {} }\n"}},
                                 options);
  EXPECT_EQ(Messages(result), "");
  ASSERT_NE(result.plan, nullptr);
  EXPECT_EQ(reads, 2);
}

TEST(CompileTest, AFileGivenIsNotReadAgain) {
  int reads = 0;
  CompileOptions options = FromMap({}, &reads);
  CompileResult result =
      Compile({{"a.spate", "import \"b.spate\"\nrule r { match b: B emit M { b.x } }\n"},
               {"./b.spate", "event B { x: int }\n"}},
              options);
  EXPECT_EQ(Messages(result), "");
  EXPECT_EQ(reads, 0);
}

// On disk a file is one file by whatever path it is reached, also from above the working folder.
TEST(CompileTest, AFileOnDiskIsReadOnceByWhateverPath) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "spate_compile_test";
  std::filesystem::create_directories(folder / "sub");
  std::ofstream(folder / "base.spate") << "const LIMIT = 5\nevent A { x: int }\n";
  std::ofstream(folder / "mid.spate") << "import \"base.spate\"\n";
  const std::string relative = std::filesystem::relative(folder).string();
  CompileResult result =
      Compile({{(folder / "main.spate").string(),
                "import \"mid.spate\"\nimport \"sub/../base.spate\"\n"
                "rule r { match a: A[x > LIMIT] emit M {} }\n"},
               {relative + "/base.spate", "const LIMIT = 5\nevent A { x: int }\n"}});
  EXPECT_EQ(Messages(result), "");
  std::filesystem::remove_all(folder);
}

TEST(CompileTest, AConstIsSeenOnlyWhereItsFileIsImported) {
  CompileResult result = Compile({{"a.spate",
                                   "const LIMIT = 5\nevent A { x: int }\n"
                                   "rule q { match a: A[x > LIMIT] emit K {} }\n"},
                                  {"b.spate", "rule r { match a: A[x > LIMIT] emit M {} }\n"}});
  EXPECT_THAT(Messages(result), HasSubstr("E0201 undefined name `LIMIT`"));
}

TEST(CompileTest, ParamsTakeTheirValueFromTheOptions) {
  const std::string rules =
      "param least: int = 3\nparam name: string = \"x\"\nparam span: duration = 5s\n"
      "param nets: [string] = [\"a\"]\nparam home: ip = \"10.0.0.1\"\nparam plain = 1.5\n"
      "event A { x: int, k: string, i: ip }\n"
      "rule r { match a: A[x > least and k == name and i == home and k in nets] -> b: A\n"
      "within span emit M { plain } }\n";
  struct Case {
    std::map<std::string, std::string> params;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{}, ""},
      {{{"least", "7"},
        {"name", "some text"},
        {"span", "1h30m"},
        {"home", "2001:db8::1"},
        {"nets", "[\"b\", \"c\"]"},
        {"plain", "2.5"}},
       ""},
      {{{"name", "\"quoted\""}, {"span", "90s"}}, ""},
      {{{"least", "many"}}, "E0301 the param `least` is `int`, and its value `many` is not\n"},
      {{{"span", "5"}}, "E0301 the param `span` is `duration`, and its value `5` is not\n"},
      {{{"leest", "5"}}, "E0210 no file declares the param `leest`\n"},
  };
  for (const Case& c : cases) {
    CompileOptions options;
    options.params = c.params;
    EXPECT_EQ(Messages(Compile({{"r.spate", rules}}, options)), c.message);
  }
}

TEST(CompileTest, AParamsTextCannotReachTheRules) {
  CompileOptions options;
  options.params = {{"p", "1\nconst q = 2"}};
  CompileResult result = Compile({{"r.spate",
                                   "param p: int = 1\nevent A { x: int }\n"
                                   "rule r { match a: A[x > p] emit M {} }\n"}},
                                 options);
  EXPECT_THAT(Messages(result), HasSubstr("E0301"));
}

TEST(CompileTest, PatternsAreLimited) {
  for (const char* count : {"20000", "1000000000000", "300}{300}{300"}) {
    CompileResult result =
        Compile({{"r.spate", std::string("event A { x: int }\nrule r { match (a: A{") + count +
                                 "}){300} within 5m emit M {} }\n"}});
    EXPECT_EQ(result.plan, nullptr) << count;
    EXPECT_FALSE(result.diagnostics.empty()) << count;
  }
  CompileResult result = Compile(
      {{"r.spate", "event A { x: int }\nrule r { match a: A{20000} within 5m emit M {} }\n"}});
  EXPECT_THAT(Messages(result), HasSubstr("E0440"));
}

TEST(CompileTest, NothingToCompileIsAnEmptyPlan) {
  CompileResult result = Compile({{"empty.spate", ""}});
  EXPECT_EQ(Messages(result), "");
  ASSERT_NE(result.plan, nullptr);
  EXPECT_TRUE(result.plan->rules.empty());
}

}  // namespace
}  // namespace spate
