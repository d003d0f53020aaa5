// like patterns: shapes, wildcards, escapes, case; and ranges of addresses.
#include "runtime/model/like.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "runtime/model/cidr.h"
#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

struct LikeCase {
  const char *pattern, *text;
  bool expect;
};

TEST(Like, Matches) {
  for (const LikeCase& c : {
           LikeCase{"", "", true},
           LikeCase{"", "a", false},
           LikeCase{"abc", "abc", true},
           LikeCase{"abc", "abcd", false},
           LikeCase{"*", "", true},
           LikeCase{"**", "xyz", true},
           LikeCase{"a*", "a", true},
           LikeCase{"a*", "ba", false},
           LikeCase{"*a", "ba", true},
           LikeCase{"*a", "ab", false},
           LikeCase{"*a*", "bab", true},
           LikeCase{"*a*", "bb", false},
           LikeCase{"a*b*c", "axxbyyc", true},
           LikeCase{"a*b*c", "axxcyyb", false},
           LikeCase{"*ab", "aab", true},
           LikeCase{"*aab*", "aaab", true},
           LikeCase{"?", "", false},
           LikeCase{"?", "é", true},
           LikeCase{"??", "é", false},
           LikeCase{"a?c", "abc", true},
           LikeCase{"*?", "", false},
           LikeCase{"*?", "ab", true},
           LikeCase{"[*]", "*", true},
           LikeCase{"[*]", "x", false},
           LikeCase{"[?]", "?", true},
           LikeCase{"[[]", "[", true},
           LikeCase{"[[]a]", "[a]", true},
           LikeCase{"[a]", "[a]", true},
           LikeCase{"[a]", "a", false},
           LikeCase{"[*", "[xyz", true},
           LikeCase{"C:\\*", "C:\\x", true},
           LikeCase{"a[*]*", "a*b", true},
           LikeCase{"a\nb*", "a\nbc", true},
       }) {
    EXPECT_EQ(LikePattern::Compile(c.pattern).Matches(c.text), c.expect)
        << c.pattern << " on " << c.text;
  }
}

TEST(Like, IgnoresCase) {
  EXPECT_TRUE(LikePattern::Compile("*.EXE", true).Matches("cmd.exe"));
  EXPECT_TRUE(LikePattern::Compile("ä?c", true).Matches("ÄBC"));
  EXPECT_FALSE(LikePattern::Compile("*.EXE").Matches("cmd.exe"));
}

TEST(Like, TellsShapesApart) {
  using Shape = LikePattern::Shape;
  EXPECT_EQ(LikePattern::Compile("a[*]").shape(), Shape::kExact);
  EXPECT_EQ(LikePattern::Compile("a[*]").literal(), "a*");
  EXPECT_EQ(LikePattern::Compile("a*").shape(), Shape::kPrefix);
  EXPECT_EQ(LikePattern::Compile("*a").shape(), Shape::kSuffix);
  EXPECT_EQ(LikePattern::Compile("*a*").shape(), Shape::kContains);
  EXPECT_EQ(LikePattern::Compile("a*b").shape(), Shape::kGeneral);
  EXPECT_EQ(LikePattern::Compile("a?").shape(), Shape::kGeneral);
  EXPECT_EQ(LikePattern::Compile("a*", true).shape(), Shape::kGeneral);
}

// The definition, by trying all lengths of each `*`.
bool Plain(absl::string_view p, absl::string_view t) {
  if (p.empty()) return t.empty();
  if (p[0] == '*') return Plain(p.substr(1), t) || (!t.empty() && Plain(p, t.substr(1)));
  return !t.empty() && (p[0] == '?' || p[0] == t[0]) && Plain(p.substr(1), t.substr(1));
}

TEST(Like, AgreesWithItsDefinition) {
  std::mt19937 random(4);
  int matched = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string pattern;
    std::string text;
    for (uint32_t n = random() % 7; n > 0; --n) pattern += "ab*?"[random() % 4];
    for (uint32_t n = random() % 7; n > 0; --n) text += "ab"[random() % 2];
    const bool expect = Plain(pattern, text);
    matched += expect;
    ASSERT_EQ(LikePattern::Compile(pattern).Matches(text), expect) << pattern << " on " << text;
    ASSERT_EQ(LikePattern::Compile(pattern, true).Matches(text), expect) << pattern;
  }
  EXPECT_GT(matched, 5'000);
}

TEST(Cidr, Contains) {
  struct Case {
    const char *net, *address;
    bool expect;
  };
  for (const Case& c : {
           Case{"10.0.0.0/8", "10.255.0.1", true},
           Case{"10.0.0.0/8", "11.0.0.1", false},
           Case{"10.1.2.3/8", "10.9.9.9", true},
           Case{"192.168.4.0/22", "192.168.7.255", true},
           Case{"192.168.4.0/22", "192.168.8.0", false},
           Case{"10.0.0.1", "10.0.0.1", true},
           Case{"10.0.0.1", "10.0.0.2", false},
           Case{"0.0.0.0/0", "1.2.3.4", true},
           Case{"0.0.0.0/0", "::1", false},
           Case{"::/0", "1.2.3.4", true},
           Case{"2001:db8::/32", "2001:db8:ffff::1", true},
           Case{"2001:db8::/33", "2001:db8:ffff::1", false},
           Case{"::1/128", "::1", true},
       }) {
    const auto net = CidrNet::Parse(c.net);
    ASSERT_TRUE(net.has_value()) << c.net;
    const Constant address = testing::IpOf(c.address);
    EXPECT_EQ(net->Contains(std::get<std::string>(address.data)), c.expect)
        << c.address << " in " << c.net;
  }
}

TEST(Cidr, Refuses) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8",
                           "10.0.0.0/8 ", "::1/129", "/8", "x/8", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(CidrNet::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace spate
