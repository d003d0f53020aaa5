// Rule tests through the library, as an embedding program runs them. What they print is in cases/.
#include <gtest/gtest.h>

#include "compiler/testing/report.h"
#include "compiler/testing/test_file.h"

namespace spate {
namespace {

constexpr char kRules[] =
    "param most: int = 2\n"
    "event A { x: int }\n"
    "rule r { match a: A[x > 0]{most}  within 1m  emit M { n: count(a), last: last(a).x } }\n"
    "rule s { from a: A[twice(x) > 10]  emit Large { a.x } }\n";

TestFileResult RunText(const std::string& tests, TestFileOptions options = {}) {
  options.compile.read_file = [](const std::string& path) -> absl::StatusOr<std::string> {
    if (path == "rules.spate") return std::string(kRules);
    return absl::NotFoundError("no such file");
  };
  Type number = Type::Of(Kind::kInt);
  RegisteredFunction twice;
  twice.name = "twice";
  twice.parameters = {number};
  twice.result = number;
  twice.is_pure = true;
  twice.call = [](absl::Span<const Value> args, Arena*) { return Value::Int(2 * args[0].i); };
  options.compile.functions.push_back(twice);
  return RunTestFile("rules_test.spate", "import \"rules.spate\"\n" + tests, options);
}

TEST(RunTestFileTest, TestsThatHold) {
  const TestFileResult result = RunText(
      "test \"two\" for r { at 0s A { x: 1 } times 2 every 1s  expect at 1s M { n: 2 } }\n"
      "test \"three\" for r { param most = 3 at 0s A { x: 1 } times 3  expect M { n: 3 } }\n"
      "test \"a function of the program\" for s { at 0s A { x: 6 }  expect Large { x: 6 } }\n");
  EXPECT_TRUE(result.ok()) << TestReportText(result, {});
  EXPECT_EQ(result.tests.size(), 3u);
}

TEST(RunTestFileTest, AFailureSaysWhere) {
  const TestFileResult result =
      RunText("test \"two\" for r {\n  at 0s A { x: 1 } times 2\n  expect M { n: 3 }\n}\n");
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.failed(), 1u);
  ASSERT_EQ(result.tests.size(), 1u);
  EXPECT_EQ(result.tests[0].line, 2u);
  ASSERT_EQ(result.tests[0].problems.size(), 1u);
  const TestProblem& problem = result.tests[0].problems[0];
  EXPECT_EQ(problem.kind, TestProblem::Kind::kDiffers);
  EXPECT_EQ(problem.line, 4u);
  ASSERT_EQ(problem.attributes.size(), 1u);
  EXPECT_EQ(problem.attributes[0].expected, "3");
  EXPECT_EQ(problem.attributes[0].actual, "2");
}

TEST(RunTestFileTest, AFileNeedsATest) {
  EXPECT_FALSE(RunText("").ok());
  TestFileOptions options;
  options.filter = "nothing";
  const TestFileResult filtered = RunText("test \"a\" for r { expect nothing }", options);
  EXPECT_TRUE(filtered.ok());
  EXPECT_EQ(filtered.left_out, 1u);
  const TestFileResult faulty = RunText("test \"a\" for q { expect nothing }");
  EXPECT_FALSE(faulty.ok());
  EXPECT_EQ(faulty.compiled.plan, nullptr);
}

TEST(RunTestFileTest, CoverageOfEachRule) {
  TestFileOptions options;
  options.coverage = true;
  const TestFileResult result =
      RunText("test \"a\" for r { at 0s A { x: 1 }  at 1s A { x: 0 }  expect nothing }", options);
  ASSERT_EQ(result.coverage.size(), 2u);
  EXPECT_EQ(result.coverage[0].rule, "r");
  EXPECT_EQ(result.coverage[1].rule, "s");
  EXPECT_EQ(result.coverage[1].covered(), 0u);
  EXPECT_GT(result.coverage[1].sides(), 0u);
  for (const CoverageGoal& goal : result.coverage[0].goals) {
    if (goal.kind == GoalKind::kCondition) {
      EXPECT_EQ(goal.yes, 1u);
      EXPECT_GE(goal.no, 1u);
    }
    if (goal.kind == GoalKind::kReport) {
      EXPECT_EQ(goal.yes, 0u);
    }
  }
}

}  // namespace
}  // namespace spate
