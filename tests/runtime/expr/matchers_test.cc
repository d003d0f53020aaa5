// The compiled right sides of in, like, matches and cidr against the plain operators.
#include "runtime/expr/matchers.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

using testing::ListC;

TEST(InSet, ScansAndHashesAlike) {
  for (const int size : {0, 1, 8, 9, 100}) {
    std::vector<Constant> ints, floats, texts;
    for (int i = 0; i < size; ++i) {
      ints.push_back(Constant::Int(i * 3));
      floats.push_back(Constant::Float(i * 0.5));
      texts.push_back(Constant::String("Text" + std::to_string(i)));
    }
    const InSet int_set = InSet::Create(ints, false);
    const InSet float_set = InSet::Create(floats, false);
    const InSet text_set = InSet::Create(texts, false);
    const InSet folded_set = InSet::Create(texts, true);
    EXPECT_EQ(int_set.empty(), size == 0);
    for (int i = 0; i < 120; ++i) {
      EXPECT_EQ(int_set.ContainsInt(i), i % 3 == 0 && i / 3 < size);
      EXPECT_EQ(float_set.ContainsFloat(i * 0.25), i % 2 == 0 && i / 2 < size);
      const std::string n = std::to_string(i);
      EXPECT_EQ(text_set.ContainsText("Text" + n), i < size);
      EXPECT_FALSE(text_set.ContainsText("text" + n));
      EXPECT_EQ(folded_set.ContainsText("tEXT" + n), i < size);
    }
  }
}

TEST(InSet, FoldsOtherScripts) {
  std::vector<Constant> texts;
  for (int i = 0; i < 20; ++i) texts.push_back(Constant::String("Ä" + std::to_string(i)));
  const InSet set = InSet::Create(texts, true);
  EXPECT_TRUE(set.ContainsText("ä7"));
  EXPECT_FALSE(set.ContainsText("a7"));
}

TEST(Matchers, KnowNullsAndEmptyLists) {
  EXPECT_TRUE(InSet::Create({Constant::Int(1), Constant::Null()}, false).has_null());
  EXPECT_TRUE(LikeSet::Create(ListC("a", Constant::Null()), false).has_null());
  EXPECT_TRUE(LikeSet::Create(Constant::Null(), false).has_null());
  EXPECT_FALSE(LikeSet::Create(Constant::Null(), false).empty());
  EXPECT_TRUE(LikeSet::Create(ListC(), false).empty());
  EXPECT_TRUE(RegexSet::Create(ListC(), false)->empty());
  EXPECT_FALSE(RegexSet::Create(Constant::String("("), false).ok());
  EXPECT_TRUE(CidrSet::Create({ListC("::1", Constant::Null())}).has_null());
  EXPECT_FALSE(CidrSet::Create({Constant::String("x")}).has_null());
}

}  // namespace
}  // namespace spate
