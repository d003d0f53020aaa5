// Strong ids do not convert into each other; SPATE_CHECK stops the program.
#include "runtime/base/ids.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "runtime/base/check.h"

namespace spate {
namespace {

static_assert(!std::is_convertible_v<TypeId, FieldId>);
static_assert(!std::is_convertible_v<uint32_t, TypeId>);
static_assert(!std::is_constructible_v<FieldId, TypeId>);

TEST(StrongId, DefaultIsNone) {
  EXPECT_FALSE(TypeId().valid());
  EXPECT_TRUE(TypeId(0u).valid());
  EXPECT_NE(TypeId(), TypeId(0u));
  EXPECT_LT(TypeId(0u), TypeId(1u));
  EXPECT_EQ(TypeId(7u).index(), 7u);
}

TEST(CheckDeathTest, SaysWhatDoesNotHold) {
  EXPECT_DEATH(SPATE_CHECK(1 == 2), "internal error: 1 == 2 does not hold");
}

}  // namespace
}  // namespace spate
