#include "runtime/model/types.h"

#include <gtest/gtest.h>

namespace spate {
namespace {

TEST(TypesTest, AreWrittenAsInARuleFile) {
  const Type record = Type::RecordOf(
      {{"a", Type::Of(Kind::kInt)}, {"b.c", Type::ListOf(Kind::kString, true, true)}});
  EXPECT_EQ(TypeName(Type::Of(Kind::kIp, true)), "ip?");
  EXPECT_EQ(TypeName(record), "{ a: int, b.c: [string?]? }");
  EXPECT_EQ(TypeName(Type::ListOf(record, true)), "[{ a: int, b.c: [string?]? }]?");
  EXPECT_EQ(TypeName(Type::ListOf(Type::ListOf(Kind::kInt, true), false)), "[[int]?]");
}

TEST(TypesTest, EqualPartsAreEqualTypes) {
  const auto make = [](const char* name) {
    return Type::ListOf(Type::RecordOf({{name, Type::Of(Kind::kInt)}}), false);
  };
  EXPECT_EQ(make("a"), make("a"));
  EXPECT_NE(make("a"), make("b"));
  EXPECT_NE(Type::ListOf(make("a"), false), Type::ListOf(make("b"), false));
  EXPECT_EQ(Type::ListOf(Type::Of(Kind::kInt, true), false), Type::ListOf(Kind::kInt, false, true));
}

TEST(TypesTest, ElementsAreWhatTheListWasMadeOf) {
  for (const Type& element :
       {Type::Of(Kind::kInt), Type::Of(Kind::kInt, true), Type::ListOf(Kind::kIp, true),
        Type::RecordOf({{"a", Type::Of(Kind::kInt)}}, true)}) {
    EXPECT_EQ(Type::ListOf(element, false).Element(), element) << TypeName(element);
  }
}

}  // namespace
}  // namespace spate
