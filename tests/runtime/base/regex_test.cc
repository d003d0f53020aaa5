// Regexes: matching anywhere, case, groups, sets of patterns, limits.
#include "runtime/base/regex.h"

#include <gtest/gtest.h>

#include <string>

namespace spate {
namespace {

Regex Make(absl::string_view pattern, bool fold = false) {
  absl::StatusOr<Regex> regex = Regex::Compile(pattern, fold);
  EXPECT_TRUE(regex.ok()) << regex.status();
  return *std::move(regex);
}

TEST(Regex, FindsAnywhere) {
  EXPECT_TRUE(Make("b+").Matches("abbc"));
  EXPECT_FALSE(Make("^b").Matches("abbc"));
  EXPECT_TRUE(Make("").Matches(""));
  EXPECT_FALSE(Make("abc").Matches("ABC"));
  EXPECT_TRUE(Make("abc", true).Matches("xABCx"));
  EXPECT_TRUE(Make("(?i)abc").Matches("ABC"));
  EXPECT_TRUE(Make("^.$").Matches("é"));
}

TEST(Regex, Extracts) {
  const Regex regex = Make(R"(from (\S+)( port (\d+))?)");
  EXPECT_EQ(regex.groups(), 3);
  EXPECT_EQ(std::string(*regex.Extract("x from 10.0.0.1 y", 1)), "10.0.0.1");
  EXPECT_EQ(std::string(*regex.Extract("x from a port 22", 0)), "from a port 22");
  EXPECT_FALSE(regex.Extract("x from a y", 3).has_value());  // took no part
  EXPECT_FALSE(regex.Extract("x from a y", 4).has_value());  // no such group
  EXPECT_FALSE(regex.Extract("x from a y", -1).has_value());
  EXPECT_FALSE(regex.Extract("nothing", 0).has_value());
  const Regex many = Make("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)");
  EXPECT_EQ(std::string(*many.Extract("abcdefghij", 10)), "j");
}

TEST(Regex, AnyOfSeveral) {
  const absl::string_view patterns[] = {"^a", R"(\Q(x)", "b|c$", "(?i)q"};
  const absl::StatusOr<Regex> any = Regex::CompileAny(patterns);
  ASSERT_TRUE(any.ok()) << any.status();
  for (const char* text : {"ax", "y(xy", "xb", "xc", "Q"}) EXPECT_TRUE(any->Matches(text)) << text;
  for (const char* text : {"xa", "cx", "A", "(X"}) EXPECT_FALSE(any->Matches(text)) << text;
}

TEST(Regex, AnyOfNoneMatchesNothing) {
  const absl::StatusOr<Regex> none = Regex::CompileAny({});
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_FALSE(none->Matches(""));
  EXPECT_FALSE(none->Matches("a"));
}

TEST(Regex, RefusesWhatIsNone) {
  for (const char* pattern : {"(", "a)|(b", "*", "[a", "\\", "(?P<n", "a{2000}", "\xff"}) {
    EXPECT_EQ(CheckRegex(pattern).code(), absl::StatusCode::kInvalidArgument) << pattern;
  }
  const absl::string_view split[] = {"a)", "(b"};
  EXPECT_FALSE(Regex::CompileAny(split).ok());
  EXPECT_FALSE(CheckRegex(std::string(kMaxRegexBytes + 1, 'a')).ok());
  EXPECT_TRUE(CheckRegex("a+").ok());
}

TEST(Regex, TakesNoExponentialTime) {
  const Regex regex = Make("(a*)*b");
  EXPECT_FALSE(regex.Matches(std::string(20'000, 'a')));
}

}  // namespace
}  // namespace spate
