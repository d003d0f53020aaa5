// No text makes the parser crash, hang or use the stack up.
#include <chrono>

#include "absl/strings/str_cat.h"
#include "compiler/syntax/parse.h"
#include "gtest/gtest.h"
#include "tests/compiler/syntax/parse_support.h"

namespace spate {
namespace {

std::string Repeat(absl::string_view text, size_t n) {
  std::string result;
  for (size_t i = 0; i < n; ++i) absl::StrAppend(&result, text);
  return result;
}

std::string FirstCode(const Parsed& parsed) {
  if (parsed.diagnostics.all().empty()) return "";
  return std::string(CodeText(parsed.diagnostics.all()[0].code));
}

TEST(LimitsTest, BytesTokensAndUtf8) {
  ParseLimits limits;
  limits.max_bytes = 10;
  EXPECT_EQ(FirstCode(ParseText("const a = 1", limits)), "E0001");
  EXPECT_EQ(FirstCode(ParseText("const a=1", limits)), "");
  limits = ParseLimits();
  limits.max_tokens = 3;
  EXPECT_EQ(FirstCode(ParseText("const a = 1", limits)), "E0001");
  limits.max_tokens = 4;
  EXPECT_EQ(FirstCode(ParseText("const a = 1", limits)), "");
  EXPECT_EQ(Faults(ParseText("const a = \"\xFF\"")),
            "E0002 1:12 '\xFF' this byte is not valid UTF-8\n");
}

TEST(LimitsTest, NestingIsLimited) {
  const auto nested = [](size_t n) { return "const a = " + Repeat("(", n) + "1" + Repeat(")", n); };
  EXPECT_EQ(FirstCode(ParseText(nested(200))), "");
  EXPECT_EQ(FirstCode(ParseText(nested(201))), "E0003");
  EXPECT_EQ(FirstCode(ParseText(nested(100'000))), "E0003");
  const auto pattern = [](size_t n) {
    return "rule r { match " + Repeat("(", n) + "A" + Repeat(")", n) + " }";
  };
  EXPECT_EQ(FirstCode(ParseText(pattern(199))), "");
  EXPECT_EQ(FirstCode(ParseText(pattern(200))), "E0003");
  const std::string types = "event A { x: " + Repeat("[", 199) + "int" + Repeat("]", 199) + " }";
  EXPECT_EQ(FirstCode(ParseText(types)), "");
  // Nesting without brackets.
  EXPECT_EQ(FirstCode(ParseText("const a = " + Repeat("not ", 100) + "b")), "");
  EXPECT_EQ(FirstCode(ParseText("const a = " + Repeat("not ", 100'000) + "b")), "E0003");
  EXPECT_EQ(FirstCode(ParseText("const a = " + Repeat("- ", 100'000) + "b")), "E0003");
  EXPECT_EQ(FirstCode(ParseText("const a = " + Repeat("if b then c else ", 100'000) + "d")),
            "E0003");
  EXPECT_EQ(FirstCode(ParseText("const a = " + Repeat("if ", 100'000) + "d")), "E0003");
}

TEST(LimitsTest, LongChainsAreReadInALoop) {
  for (const std::string op : {" + ", " or ", " and ", " ?? ", " * ", "."}) {
    const std::string chain = "const a = b" + Repeat(op + "b", 999);
    EXPECT_EQ(FirstCode(ParseText(chain)), "") << op;
    EXPECT_EQ(FirstCode(ParseText("const a = b" + Repeat(op + "b", 20'000))), "E0004") << op;
  }
  EXPECT_EQ(FirstCode(ParseText("const a = b" + Repeat("[0]", 999))), "");
  EXPECT_EQ(FirstCode(ParseText("const a = b" + Repeat(" is null", 20'000))), "E0004");
  // Wide is not deep.
  EXPECT_EQ(FirstCode(ParseText("const a = [" + Repeat("b + 1, ", 20'000) + "]")), "");
  EXPECT_EQ(FirstCode(ParseText("rule r { match A" + Repeat(" -> A", 5'000) + " }")), "");
  EXPECT_EQ(FirstCode(ParseText("rule r { " + Repeat("where a ", 5'000) + "}")), "");
}

TEST(LimitsTest, DepthAddsUpOverBracketsAndChains) {
  std::string text = "b";
  for (int i = 0; i < 150; ++i) text = "(" + text + Repeat(" + b", 20) + ")";
  EXPECT_EQ(FirstCode(ParseText("const a = " + text)), "E0004");
}

// Each text would take minutes if reading went back over what was read.
TEST(LimitsTest, TimeIsLinear) {
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string unit : {"/*",
                                 "/*\n",
                                 "\"",
                                 "\"\n",
                                 "r#\"",
                                 "r####\"",
                                 "`",
                                 "`\n",
                                 "'",
                                 "'\n",
                                 "}",
                                 ")",
                                 "{\n",
                                 "@a(",
                                 "rule r {\n",
                                 "rule\n",
                                 "event A\n",
                                 "\xC3\xA9",
                                 "#",
                                 "5min ",
                                 "@9",
                                 "a:",
                                 "->",
                                 "emit M ",
                                 "match\n",
                                 "within\n",
                                 "where x ==\n",
                                 "x ==\n within\n",
                                 "test \"a\" {\n",
                                 "///\n",
                                 "@a\n"}) {
    const Parsed parsed = ParseText(Repeat(unit, 10'000));
    EXPECT_GT(parsed.diagnostics.error_count() + (unit == "///\n"), 0u) << unit;
    const Parsed in_rule = ParseText("rule r {\n" + Repeat(unit, 10'000));
    EXPECT_GT(in_rule.diagnostics.error_count(), 0u) << unit;
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin);
  EXPECT_LT(seconds.count(), 120.0);
}

}  // namespace
}  // namespace spate
