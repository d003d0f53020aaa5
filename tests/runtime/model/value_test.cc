// Values: sameness, hashes, copies, addresses and the text of floats.
#include "runtime/model/value.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

using testing::IpOf;
using testing::ListC;
using testing::Show;

TEST(Value, SameValuesHaveSameHashes) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Arena arena;
  const std::vector<Constant> constants = {Constant::Null(),
                                           Constant::Bool(true),
                                           Constant::Int(1),
                                           Constant::Int(2),
                                           Constant::Float(1.0),
                                           Constant::Float(nan),
                                           Constant::Float(-nan),
                                           Constant::Float(0.0),
                                           Constant::Float(-0.0),
                                           Constant::String("a"),
                                           Constant::String(""),
                                           Constant::Integral(1, Kind::kTime),
                                           Constant::Integral(1, Kind::kDuration),
                                           IpOf("10.0.0.1"),
                                           ListC(1, 2),
                                           ListC(1),
                                           ListC()};
  const auto same_by_rule = [](size_t i, size_t j) {
    return i == j || (std::min(i, j) == 5 && std::max(i, j) == 6) ||
           (std::min(i, j) == 7 && std::max(i, j) == 8);
  };
  for (size_t i = 0; i < constants.size(); ++i) {
    for (size_t j = 0; j < constants.size(); ++j) {
      const Value a = ViewOf(constants[i], &arena);
      const Value b = ViewOf(constants[j], &arena);
      EXPECT_EQ(SameValue(a, b), same_by_rule(i, j)) << Show(a) << " " << Show(b);
      EXPECT_EQ(HashValue(a) == HashValue(b), SameValue(a, b)) << Show(a) << " " << Show(b);
    }
  }
}

TEST(Value, CopiesOwnTheirContent) {
  std::string text = "hello";
  std::vector<Value> elements = {Value::String(text), Value::Null()};
  const Value list = Value::List(elements);
  Arena arena;
  const Value in_arena = CopyValue(list, &arena);
  const Constant constant = Constant::Copy(list);
  text = "world";
  elements[1] = Value::Int(3);
  EXPECT_EQ(Show(in_arena), "[\"hello\", null]");
  EXPECT_EQ(Show(constant), "[\"hello\", null]");
  EXPECT_EQ(Show(ViewOf(constant, &arena)), "[\"hello\", null]");
}

TEST(Ip, ReadsAndPrints) {
  struct Case {
    const char *text, *printed;
  };
  for (const Case& c : {Case{"10.0.0.9", "10.0.0.9"}, Case{"255.255.255.255", "255.255.255.255"},
                        Case{"::1", "::1"}, Case{"2001:DB8:0:0::1", "2001:db8::1"},
                        Case{"::ffff:1.2.3.4", "1.2.3.4"}, Case{"::", "::"}}) {
    char bytes[16];
    ASSERT_TRUE(ParseIp(c.text, bytes)) << c.text;
    EXPECT_EQ(FormatIp(absl::string_view(bytes, 16)), c.printed);
  }
}

TEST(Ip, Refuses) {
  char bytes[16];
  for (const char* text :
       {"", "10.0.0", "10.0.0.256", "10.0.0.1 ", "1.2.3.4.5", "::g", "1::2::3", "10.0.0.1/8",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999", "fe80::1%eth0"}) {
    EXPECT_FALSE(ParseIp(text, bytes)) << text;
  }
  EXPECT_FALSE(ParseIp(absl::string_view("::1\0", 4), bytes));
}

// Four short numbers, now and then a character more or less.
TEST(Ip, TakesTheFormsOfIp4ThatTheSystemTakes) {
  std::mt19937 random(3);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int part = 0; part < 4; ++part) {
      if (part > 0) text += '.';
      text += std::to_string(random() % 300);
    }
    const char more = "0123456789. x"[random() % 13];
    if (random() % 4 == 0) text.insert(random() % (text.size() + 1), 1, more);
    if (random() % 8 == 0) text.erase(random() % text.size(), 1);
    char bytes[16];
    char expected[4];
    const bool good = inet_pton(AF_INET, text.c_str(), expected) == 1;
    taken += good ? 1 : 0;
    ASSERT_EQ(ParseIp(text, bytes), good) << text;
    if (good) {
      ASSERT_EQ(std::memcmp(bytes + 12, expected, 4), 0) << text;
    }
  }
  EXPECT_GT(taken, 5000);
}

std::string Printed(double v) {
  std::string text;
  AppendFloat(v, &text);
  return text;
}

TEST(Float, Prints) {
  EXPECT_EQ(Printed(2), "2.0");
  EXPECT_EQ(Printed(-0.0), "-0.0");
  EXPECT_EQ(Printed(0.1), "0.1");
  EXPECT_EQ(Printed(1e21), "1e+21");
  EXPECT_EQ(Printed(1e-7), "1e-07");
  EXPECT_EQ(Printed(1.0 / 3), "0.3333333333333333");
}

TEST(Float, ReadsBack) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t bits = random();
    double v = 0;
    std::memcpy(&v, &bits, sizeof(v));
    if (!std::isfinite(v)) continue;
    const std::string text = Printed(v);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), v) << text;
    ASSERT_NE(text.find_first_of(".e"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace spate
