#include "runtime/match/window_values.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace spate {
namespace {

TEST(WindowValuesTest, WordsKeepAValue) {
  uint64_t words[kValueWords];
  StoreValue(words, Value::Float(1.5));
  EXPECT_TRUE(SameValue(LoadValue(words), Value::Float(1.5)));
  StoreValue(words, PresentNull());
  EXPECT_FALSE(IsAbsent(LoadValue(words)));
  EXPECT_TRUE(LoadValue(words).is_null());
  StoreValue(words, AbsentValue());
  EXPECT_TRUE(IsAbsent(LoadValue(words)));
}

TEST(WindowValuesTest, ContentOfListsIsCopied) {
  std::string a = "one";
  std::string b = "three";
  std::vector<Value> elements = {Value::String(a), Value::Null(), Value::Int(4), Value::String(b)};
  const Value list = Value::List(elements);
  std::vector<uint64_t> memory((ContentBytes(list) + 7) / 8);
  EXPECT_EQ(ContentBytes(list), 4 * sizeof(Value) + 8);
  const Value copy = CopyContent(list, reinterpret_cast<char*>(memory.data()));
  a = "xxx";
  b = "xxxxx";
  elements.clear();
  ASSERT_EQ(copy.size, 4u);
  EXPECT_EQ(copy.elements()[0].text(), "one");
  EXPECT_TRUE(copy.elements()[1].is_null());
  EXPECT_EQ(copy.elements()[2].i, 4);
  EXPECT_EQ(copy.elements()[3].text(), "three");
}

TEST(TextLogTest, GivesBackWhatHasExpired) {
  TextLog log;
  const std::string text(1000, 'x');
  const Value first = log.Own(Value::String(text), 0);
  for (Time t = 0; t < 1000; ++t) {
    const Value v = log.Own(Value::String(text), t);
    EXPECT_NE(v.s, text.data());
    EXPECT_EQ(v.text(), text);
    log.ExpireBefore(t - 50);
    EXPECT_LE(log.segments_in_use(), 6u);
    if (t == 50) {
      EXPECT_EQ(first.text(), text);
    }
  }
  log.ExpireBefore(kMaxTime);
  EXPECT_EQ(log.segments_in_use(), 0u);
}

TEST(TextLogTest, TakesTextLargerThanASegment) {
  TextLog log;
  const std::string large(100'000, 'y');
  EXPECT_EQ(log.Own(Value::String(large), 1).text(), large);
  EXPECT_EQ(log.Own(Value::String("z"), 2).text(), "z");
  EXPECT_EQ(log.Own(Value::Int(3), 2).i, 3);
  EXPECT_EQ(log.segments_in_use(), 2u);
}

}  // namespace
}  // namespace spate
