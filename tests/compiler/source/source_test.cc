// Lines, columns and UTF-8 of source texts.
#include "compiler/source/source.h"

#include "gtest/gtest.h"

namespace spate {
namespace {

TEST(SourceTest, FindsLinesAndColumnsInCodePoints) {
  const Source source("a.spate", "one\nzwei \xC3\xA9x\r\n\nlast");
  struct Case {
    uint32_t byte, line, column;
  };
  for (const Case& c : std::vector<Case>{{0, 1, 1},
                                         {3, 1, 4},
                                         {4, 2, 1},
                                         {9, 2, 6},
                                         {11, 2, 7},
                                         {14, 3, 1},
                                         {15, 4, 1},
                                         {19, 4, 5},
                                         {99, 4, 5}}) {
    const LineColumn at = source.Locate(c.byte);
    EXPECT_EQ(at.line, c.line) << c.byte;
    EXPECT_EQ(at.column, c.column) << c.byte;
  }
  EXPECT_EQ(std::string(source.Line(2)), "zwei \xC3\xA9x");
  EXPECT_EQ(std::string(source.Line(3)), "");
  EXPECT_EQ(std::string(source.Line(4)), "last");
  EXPECT_EQ(std::string(source.Line(0)), "");
  EXPECT_EQ(std::string(source.Line(5)), "");
  EXPECT_EQ(source.LineStart(4), 15u);
  EXPECT_EQ(source.LineStart(9), 19u);
}

TEST(SourceTest, AnEmptyTextHasOneLine) {
  const Source source("a", "");
  EXPECT_EQ(source.Locate(0).line, 1u);
}

TEST(SourceMapTest, GivesTheTextOfASpan) {
  SourceMap map;
  EXPECT_EQ(map.Add("a", "hello"), 0u);
  EXPECT_EQ(map.Add("b", "world"), 1u);
  EXPECT_EQ(map.size(), 2u);
  EXPECT_EQ(std::string(map.Text({1, 1, 3})), "or");
  EXPECT_EQ(std::string(map.Text({1, 3, 99})), "ld");
  EXPECT_EQ(std::string(map.Text({0, 9, 99})), "");
}

TEST(FindInvalidUtf8Test, FindsTheFirstBadByte) {
  struct Case {
    std::string text;
    std::optional<size_t> bad;
  };
  const std::vector<Case> cases = {
      {"", std::nullopt},
      {"plain", std::nullopt},
      {"\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80", std::nullopt},
      {"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF", std::nullopt},
      {"a\x80", 1},             // a continuation alone
      {"ab\xC3", 2},            // cut off
      {"\xC3(", 0},             // no continuation
      {"\xC0\xAF", 0},          // overlong
      {"\xE0\x80\xAF", 0},      // overlong
      {"\xF0\x80\x80\x80", 0},  // overlong
      {"x\xED\xA0\x80", 1},     // a surrogate
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"\xE6\x97", 0},
      {"\xF0\x9F\x98(", 0},
      {"\xFF", 0},
  };
  for (const Case& c : cases) EXPECT_EQ(FindInvalidUtf8(c.text), c.bad) << c.text;
}

}  // namespace
}  // namespace spate
