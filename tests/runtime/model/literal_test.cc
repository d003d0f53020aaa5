#include "runtime/model/literal.h"

#include <gtest/gtest.h>

namespace spate {
namespace {

TEST(LiteralTextTest, EachKind) {
  EXPECT_EQ(LiteralText(Value::Null()), "null");
  EXPECT_EQ(LiteralText(Value::Bool(true)), "true");
  EXPECT_EQ(LiteralText(Value::Int(-5)), "-5");
  EXPECT_EQ(LiteralText(Value::Float(2)), "2.0");
  EXPECT_EQ(LiteralText(Value::String("a\"b\\c\n\x01")), "\"a\\\"b\\\\c\\n\\u0001\"");
  EXPECT_EQ(LiteralText(Value::OfTime(0)), "@1970-01-01T00:00:00Z");
  EXPECT_EQ(LiteralText(Value::OfDuration(90 * kSecond)), "1m30s");
  char ip[16];
  ASSERT_TRUE(ParseIp("10.0.0.9", ip));
  EXPECT_EQ(LiteralText(Value::Ip(ip)), "\"10.0.0.9\"");
}

TEST(LiteralTextTest, ListsAndRecords) {
  const Value texts[] = {Value::String("a"), Value::Null()};
  EXPECT_EQ(LiteralText(Value::List(texts)), "[\"a\", null]");
  EXPECT_EQ(LiteralText(Value::List({})), "[]");
  const Type record = Type::RecordOf({{"a", Type::Of(Kind::kInt)}, {"b.c", Type::Of(Kind::kBool)}});
  const Value parts[] = {Value::Int(1), Value::Bool(false)};
  const Value records[] = {Value::List(parts)};
  EXPECT_EQ(LiteralText(Value::List(records), Type::ListOf(record, false)),
            "[{ a: 1, b.c: false }]");
}

TEST(LiteralTextTest, Constants) {
  EXPECT_EQ(
      LiteralText(Constant::List({Constant::Int(1), Constant::Int(2)}), Type::ListOf(Kind::kInt)),
      "[1, 2]");
}

}  // namespace
}  // namespace spate
