#include "runtime/model/type_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace spate {
namespace {

TEST(TypeTableTest, FindsFewAndManyTypes) {
  TypeTable<std::string> table;
  EXPECT_EQ(table.Find(TypeId(3u)), nullptr);
  // In an order that is not theirs.
  for (uint32_t i = 0; i < 50; ++i) {
    const TypeId type(i * 7 % 50 * 2);
    table[type] += std::to_string(type.value);
    table[type] += "!";
    EXPECT_EQ(table.size(), i + 1);
    EXPECT_EQ(table.At(type), std::to_string(type.value) + "!");
    EXPECT_EQ(table.Find(TypeId(type.value + 1)), nullptr);
  }
  for (uint32_t i = 0; i < 50; ++i) EXPECT_EQ(table.At(TypeId(2 * i)), std::to_string(2 * i) + "!");
  EXPECT_EQ(table.Find(TypeId(1000u)), nullptr);
  // Beyond those that the index holds.
  for (const uint32_t high : {254u, 255u, 256u, 1000u}) table[TypeId(high)] = "high";
  for (const uint32_t high : {254u, 255u, 256u, 1000u}) EXPECT_EQ(table.At(TypeId(high)), "high");
  EXPECT_EQ(table.At(TypeId(98u)), "98!");
  EXPECT_EQ(table.Find(TypeId(253u)), nullptr);
  EXPECT_EQ(table.Find(TypeId(257u)), nullptr);
}

}  // namespace
}  // namespace spate
