#include "runtime/store/event_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace spate {
namespace {

EventType MakeType() {
  EventType type;
  type.id = TypeId(size_t{0});
  type.name = "T";
  type.fields = {{"n", Type::Of(Kind::kInt, true), nullptr, false},
                 {"text", Type::Of(Kind::kString, true), nullptr, false},
                 {"f", Type::Of(Kind::kFloat), nullptr, false},
                 {"tags", Type::ListOf(Kind::kString, true), nullptr, false}};
  return type;
}

class EventStoreTest : public testing::Test {
 protected:
  EventRef Add(EventStore* store, int64_t n, absl::string_view text, uint64_t sequence) {
    EventBatch batch(type_);
    const Value tags[] = {Value::String(text), Value::String("second")};
    const Value values[] = {n < 0 ? Value::Null() : Value::Int(n), Value::String(text),
                            Value::Float(0.5), Value::List(tags)};
    batch.AppendRow(static_cast<Time>(sequence) * 10, sequence, values);
    return store->Add(batch, 0);
  }

  const EventType type_ = MakeType();
  Arena scratch_;
};

TEST_F(EventStoreTest, GivesBackWhatWasKept) {
  EventStore store({{&type_, {true, true, true, true}}});
  const EventRef e = Add(&store, 7, "a longer text than eight bytes", 3);
  EXPECT_EQ(store.TimeOf(e), 30);
  EXPECT_EQ(store.SequenceOf(e), 3u);
  EXPECT_EQ(&store.TypeOf(e), &type_);
  EXPECT_EQ(store.Get(e, FieldId(0u), &scratch_).i, 7);
  EXPECT_EQ(store.Get(e, FieldId(1u), &scratch_).text(), "a longer text than eight bytes");
  EXPECT_EQ(store.Get(e, FieldId(2u), &scratch_).f, 0.5);
  const Value tags = store.Get(e, FieldId(3u), &scratch_);
  ASSERT_EQ(tags.elements().size(), 2u);
  EXPECT_EQ(tags.elements()[1].text(), "second");
}

TEST_F(EventStoreTest, NullAndUnkeptAttributesAreNull) {
  EventStore store({{&type_, {true, false, false, false}}});
  const EventRef e = Add(&store, -1, "x", 1);
  EXPECT_TRUE(store.Get(e, FieldId(0u), &scratch_).is_null());
  EXPECT_TRUE(store.Get(e, FieldId(1u), &scratch_).is_null());
}

TEST_F(EventStoreTest, CompactionKeepsOrderAndContentOfTheMarked) {
  EventStore store({{&type_, {true, true, true, true}}});
  std::vector<EventRef> refs;
  for (uint64_t i = 0; i < 100; ++i) {
    refs.push_back(Add(&store, static_cast<int64_t>(i), "text " + std::to_string(i), i + 1));
  }
  const size_t before = store.words();
  for (size_t i = 90; i < 100; ++i) store.Mark(refs[189 - i]);  // in any order
  store.Compact();
  EventRef last = kNoEvent;
  for (size_t i = 90; i < 100; ++i) {
    const EventRef e = store.Forwarded(refs[i]);
    EXPECT_GT(e, last) << "references order by arrival";
    last = e;
    EXPECT_EQ(store.SequenceOf(e), i + 1);
    EXPECT_EQ(store.Get(e, FieldId(1u), &scratch_).text(), "text " + std::to_string(i));
  }
  store.Forget();
  EXPECT_LT(store.words(), before / 5);
}

TEST_F(EventStoreTest, AMarkedRecordIsCopiedOnceMoreAfterCompaction) {
  EventStore store({{&type_, {true, true, true, true}}});
  EventRef e = Add(&store, 1, "kept", 1);
  for (int round = 0; round < 3; ++round) {
    Add(&store, 2, "garbage", 2);
    store.Mark(e);
    store.Compact();
    e = store.Forwarded(e);
    store.Forget();
  }
  EXPECT_EQ(store.Get(e, FieldId(1u), &scratch_).text(), "kept");
}

TEST_F(EventStoreTest, SlidingKeepsWhatIsNamedInPlace) {
  EventStore store({{&type_, {true, true, true, true}}});
  for (int round = 0; round < 3; ++round) {
    std::vector<EventRef> refs;
    for (uint64_t i = 0; i < 100; ++i) {
      refs.push_back(Add(&store, static_cast<int64_t>(i), "text " + std::to_string(i), i + 1));
    }
    const size_t before = store.words();
    store.BeginSlide();
    std::vector<EventRef> slid;
    for (size_t i = 0; i < 100; i += 10) slid.push_back(store.Slide(refs[i]));
    EXPECT_EQ(store.Slide(refs[90]), slid.back()) << "the last one may be named again";
    store.EndSlide();
    EXPECT_LT(store.words(), before / 5);
    for (size_t i = 0; i < slid.size(); ++i) {
      EXPECT_EQ(store.SequenceOf(slid[i]), 10 * i + 1);
      EXPECT_EQ(store.Get(slid[i], FieldId(1u), &scratch_).text(),
                "text " + std::to_string(10 * i));
    }
  }
}

TEST_F(EventStoreTest, ForgetsTheNewest) {
  EventStore store({{&type_, {true, true, true, true}}});
  const EventRef kept = Add(&store, 1, "kept", 1);
  const size_t words = store.words();
  const EventRef gone = Add(&store, 2, "gone", 2);
  store.Truncate(words);
  EXPECT_EQ(Add(&store, 3, "new", 3), gone);
  EXPECT_EQ(store.SequenceOf(kept), 1u);
  EXPECT_EQ(store.SequenceOf(gone), 3u);
}

}  // namespace
}  // namespace spate
