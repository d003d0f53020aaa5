#include "runtime/engine/speculative_event.h"

#include <gtest/gtest.h>

namespace spate {
namespace {

Place Behind(const Place& cause, uint32_t rank, const PartitionStart* start, uint32_t report) {
  Place place = cause;
  place.path.push_back({rank, start, report, 0});
  return place;
}

// Each before the next.
TEST(PlaceTest, OrdersByTimeThenMomentThenBreadthFirst) {
  const PartitionStart first{Place::Of(1, Place::kInput, 1), 0};
  const PartitionStart second{Place::Of(1, Place::kInput, 1), 1};
  const PartitionStart third{Place::Of(2, Place::kInput, 2), 0};
  const Place exclusive = Place::Of(5, Place::kExclusive, 0);
  const Place input = Place::Of(5, Place::kInput, 9);
  const Place places[] = {
      Place::Of(4, Place::kInclusive, 0),
      Behind(exclusive, 0, &first, 0),
      Behind(exclusive, 0, &second, 0),
      Behind(exclusive, 0, &third, 0),
      Behind(exclusive, 1, &first, 0),
      Behind(Behind(exclusive, 0, &third, 0), 2, &first, 0),
      Place::Of(5, Place::kClock, 0),
      Place::Of(5, Place::kClock, 1),
      Place::Of(5, Place::kInput, 8),
      input,
      Behind(input, 1, &first, 0),
      Behind(input, 1, &first, 1),
      Behind(input, 2, &first, 0),
      Behind(Behind(input, 1, &first, 0), 7, &first, 0),
      Place::Of(5, Place::kInput, 10),
      Behind(Place::Of(5, Place::kInclusive, 0), 0, &first, 0),
      Behind(Place::Of(5, Place::kInclusive, 1), 3, &first, 0),
  };
  for (size_t i = 0; i < std::size(places); ++i) {
    for (size_t j = 0; j < std::size(places); ++j) {
      EXPECT_EQ(places[i] < places[j], i < j) << i << " " << j;
    }
  }
}

TEST(SpeculativeEventTest, KeepsItsContent) {
  EventType type;
  std::string text = "some text";
  std::vector<Value> list = {Value::String(text), Value::Int(3)};
  std::vector<Value> values = {Value::String(text), Value::List(list)};
  const EventPtr event = KeepInput(type, 7, values, EventId::OfNumber(1));
  text = "gone gone";
  list.clear();
  EXPECT_EQ(event->values[0].text(), "some text");
  EXPECT_EQ(event->values[1].elements()[0].text(), "some text");
  EXPECT_EQ(event->values[1].elements()[1].i, 3);
}

TEST(SpeculativeEventTest, EqualPrintsAreOfWhatConsumersSeeAlike) {
  EventType type;
  RulePlan rule;
  rule.id = RuleId(0u);
  type.id = TypeId(0u);
  const Value one[] = {Value::Int(1)};
  const Value two[] = {Value::Int(2)};
  const DerivedEvent event{&type, 5, &rule, one, {}, EventId::OfNumber(1)};
  DerivedEvent other = event;
  const EventId print = KeepDerived(event, 0)->print;
  EXPECT_EQ(KeepDerived(other, 0)->print, print);
  EXPECT_FALSE(KeepDerived(other, 1)->print == print);
  other.values = two;
  EXPECT_FALSE(KeepDerived(other, 0)->print == print);
  other = event;
  other.time = 6;
  EXPECT_FALSE(KeepDerived(other, 0)->print == print);
  other = event;
  other.id = EventId::OfNumber(2);
  EXPECT_FALSE(KeepDerived(other, 0)->print == print);
  other = event;
  const MatchedEvent matched[] = {{VarId(0u), &type, 5, one}};
  other.matched = matched;
  EXPECT_FALSE(KeepDerived(other, 0)->print == print);
}

}  // namespace
}  // namespace spate
