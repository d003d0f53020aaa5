// The texts that people and tools see.
#include "compiler/source/render.h"

#include "compiler/source/text_width.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace spate {
namespace {

class RenderTest : public testing::Test {
 protected:
  // A diagnostic at the first place of `what` in the text.
  Diagnostic At(const std::string& what, const std::string& message,
                const std::string& label = "") {
    return {DiagnosticCode::kUndefinedName,
            Severity::kError,
            message,
            Find(what),
            label,
            {},
            std::nullopt};
  }
  Span Find(const std::string& what, uint32_t file = 0) const {
    const auto begin = static_cast<uint32_t>(sources_.Get(file).text().find(what));
    return {file, begin, begin + static_cast<uint32_t>(what.size())};
  }
  std::string Render(const Diagnostic& d, bool color = false) const {
    return "\n" + RenderDiagnostic(d, sources_, {color});
  }

  SourceMap sources_;
};

TEST_F(RenderTest, ShowsTheLineWithACaretAndTheFix) {
  sources_.Add("rules/auth.spate", "rule r {\n  by usr\n}\n");
  Diagnostic d = At("usr", "undefined name `usr`", "not an attribute of `Login`");
  d.fix = Fix{"did you mean `user`?", d.span, "user"};
  EXPECT_EQ(Render(d), R"(
error[E0201]: undefined name `usr`
 --> rules/auth.spate:2:6
  |
2 |   by usr
  |      ^^^ not an attribute of `Login`
  = help: did you mean `user`?
)");
}

TEST_F(RenderTest, ShowsSeveralMarksOnOneLineAndOnOthers) {
  sources_.Add("a", "event A\n\nevent B\n\n\nrule { a: A -> a: A }\n");
  Diagnostic d = At("a: A }", "variable `a` twice", "the second");
  d.span.end = d.span.begin + 1;
  d.labels.push_back({Find("a: A ->"), "the first"});
  d.labels.back().span.end = d.labels.back().span.begin + 1;
  d.labels.push_back({Find("->"), "between"});
  d.labels.push_back({Find("event A"), "declared here"});
  d.labels.push_back({Find("event B"), "this too"});
  EXPECT_EQ(Render(d), R"(
error[E0201]: variable `a` twice
 --> a:6:16
  |
1 | event A
  | ------- declared here
2 |
3 | event B
  | ------- this too
...
6 | rule { a: A -> a: A }
  |        -    -- ^ the second
  |        |    |
  |        |    between
  |        the first
)");
}

TEST_F(RenderTest, ShowsBothEndsOfASpanOverLines) {
  sources_.Add("a", "rule r {\n  match (a\n    -> b\n    -> c) x\n}");
  Diagnostic d = At("(a\n    -> b\n    -> c)", "too large", "all of this");
  EXPECT_EQ(Render(d), R"(
error[E0201]: too large
 --> a:2:9
  |
2 |   match (a
  |         ^^
3 |     -> b
4 |     -> c) x
  |     ^^^^^ all of this
)");
}

TEST_F(RenderTest, PlacesCaretsUnderTabsAndWideText) {
  sources_.Add("a", "\tx == \"\xE6\x97\xA5\xE6\x9C\xAC\" && e\xCC\x81 ok");
  EXPECT_EQ(Render(At("&&", "no")),
            "\nerror[E0201]: no\n --> a:1:12\n  |\n"
            "1 |     x == \"\xE6\x97\xA5\xE6\x9C\xAC\" && e\xCC\x81 ok\n"
            "  |                 ^^\n");
  EXPECT_EQ(Render(At("ok", "no")).find("ok") != std::string::npos, true);
  EXPECT_EQ(ShowLine("e\xCC\x81!").columns.back(), 2u);
  EXPECT_EQ(ShowLine("a\tb").text, "a   b");
  EXPECT_EQ(ShowLine("a\x01").text, "a?");
}

TEST_F(RenderTest, ShowsOtherFilesAndTheEndOfAFile) {
  sources_.Add("a", "rule r {");
  sources_.Add("lib/b", "\n\n\n\n\n\n\n\n\nevent A {}");
  Diagnostic d = At("{", "not closed");
  d.span = {0, 8, 8};
  d.labels.push_back({Find("A", 1), "declared here"});
  EXPECT_EQ(Render(d), R"(
error[E0201]: not closed
  --> a:1:9
   |
 1 | rule r {
   |         ^
  ::: lib/b:10:7
   |
10 | event A {}
   |       - declared here
)");
}

TEST_F(RenderTest, ColoursWhenAsked) {
  sources_.Add("a", "by usr");
  Diagnostic d = At("usr", "undefined");
  d.severity = Severity::kWarning;
  const std::string text = Render(d, /*color=*/true);
  EXPECT_THAT(text, testing::HasSubstr("\033[1;33mwarning[E0201]\033[0m"));
  EXPECT_THAT(text, testing::HasSubstr("\033[1;33m^^^\033[0m"));
  EXPECT_EQ(Render(d).find('\033'), std::string::npos);
}

TEST_F(RenderTest, WritesJsonOnOneLine) {
  sources_.Add("a \"b\"", "by usr\nby x");
  Diagnostic d = At("usr", "undefined `usr`\n\x01", "la\\bel");
  d.labels.push_back({Find("x"), "here"});
  EXPECT_EQ(DiagnosticToJson(d, sources_),
            R"({"code":"E0201","severity":"error","message":"undefined `usr`\n\u0001",)"
            R"("file":"a \"b\"","line":1,"column":4,"end_line":1,"end_column":7,"label":"la\\bel",)"
            R"("labels":[{"file":"a \"b\"","line":2,"column":4,"end_line":2,"end_column":5,)"
            R"("text":"here"}],"fix":null})");
  d.labels.clear();
  d.fix = Fix{"did you mean?", d.span, "user"};
  EXPECT_THAT(DiagnosticToJson(d, sources_),
              testing::HasSubstr(R"("labels":[],"fix":{"message":"did you mean?","file":"a \"b\"",)"
                                 R"("line":1,"column":4,"end_line":1,"end_column":7,)"
                                 R"("replacement":"user"}})"));
}

}  // namespace
}  // namespace spate
