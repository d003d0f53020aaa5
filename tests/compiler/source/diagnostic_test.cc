// Codes, the collection of diagnostics, and near names.
#include "compiler/source/diagnostic.h"

#include <set>
#include <string>

#include "compiler/source/diagnostic_texts.h"
#include "gtest/gtest.h"

namespace spate {
namespace {

constexpr DiagnosticCode kAllCodes[] = {
#define SPATE_DIAGNOSTIC(name, code, severity, title) DiagnosticCode::name,
#include "compiler/source/diagnostic_codes.def"
#undef SPATE_DIAGNOSTIC
};

TEST(DiagnosticCodesTest, AreUniqueAndTellTheirSeverity) {
  std::set<std::string> seen;
  for (const DiagnosticCode code : kAllCodes) {
    const std::string text(CodeText(code));
    EXPECT_TRUE(seen.insert(text).second) << text << " stands twice";
    ASSERT_EQ(text.size(), 5u) << text;
    const bool is_error = CodeSeverity(code) == Severity::kError;
    EXPECT_EQ(text[0], is_error ? 'E' : 'W') << text;
    EXPECT_FALSE(CodeTitle(code).empty()) << text;
  }
}

TEST(DiagnosticCodesTest, EachIsExplainedAtLength) {
  for (const DiagnosticCode code : kAllCodes) {
    const std::string text(DiagnosticText(code));
    EXPECT_GT(text.size(), 30u) << CodeText(code) << " has no text in diagnostic_texts.cc";
    EXPECT_EQ(FindDiagnosticCode(CodeText(code)), code);
  }
  EXPECT_EQ(FindDiagnosticCode("e0401"), DiagnosticCode::kNeedsWindow);
  EXPECT_EQ(FindDiagnosticCode("E9999"), std::nullopt);
}

TEST(DiagnosticsTest, ReportsEqualPlacesOnce) {
  Diagnostics d;
  d.Report(DiagnosticCode::kSyntax, {0, 1, 2}, "one").label = "first";
  d.Report(DiagnosticCode::kSyntax, {0, 1, 2}, "again").label = "lost";
  d.Report(DiagnosticCode::kSyntax, {0, 1, 3}, "two");
  d.Report(DiagnosticCode::kBadTime, {0, 1, 2}, "three");
  ASSERT_EQ(d.all().size(), 3u);
  EXPECT_EQ(d.all()[0].label, "first");
  EXPECT_EQ(d.error_count(), 3u);
  EXPECT_EQ(d.suppressed(), 0u);
}

TEST(DiagnosticsTest, KeepsAHundredAndCountsTheRest) {
  Diagnostics d;
  for (uint32_t i = 0; i < 150; ++i) d.Report(DiagnosticCode::kSyntax, {0, i, i + 1}, "x");
  EXPECT_EQ(d.all().size(), Diagnostics::kMaxDiagnostics);
  EXPECT_EQ(d.error_count(), 150u);
  EXPECT_EQ(d.suppressed(), 50u);
}

TEST(DiagnosticsTest, SortsByFileAndPlace) {
  Diagnostics d;
  d.Report(DiagnosticCode::kSyntax, {1, 0, 1}, "c");
  d.Report(DiagnosticCode::kSyntax, {0, 5, 6}, "b");
  d.Report(DiagnosticCode::kSyntax, {0, 2, 9}, "a");
  d.Sort();
  std::string order;
  for (const Diagnostic& x : d.all()) order += x.message;
  EXPECT_EQ(order, "abc");
}

TEST(NearestNameTest, FindsTypingErrorsOnly) {
  const std::vector<std::string> names = {"user", "timestamp", "ip", "amount", "é"};
  struct Case {
    std::string name, nearest;
  };
  for (const Case& c : std::vector<Case>{{"usr", "user"},
                                         {"uesr", "user"},  // neighbours swapped: one edit
                                         {"USER", "user"},
                                         {"timstamp", "timestamp"},
                                         {"tiemstmap", "timestamp"},
                                         {"amounts", "amount"},
                                         {"pi", "ip"},
                                         {"user", ""},  // itself is no help
                                         {"quantity", ""},
                                         {"us", ""},
                                         {"", ""},
                                         {"x", ""}}) {
    EXPECT_EQ(NearestName(c.name, names), c.nearest) << c.name;
  }
}

}  // namespace
}  // namespace spate
