#include "runtime/model/event_id.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace spate {
namespace {

EventId Of(absl::string_view rule, uint64_t emit, const EventId& source) {
  EventIdHash hash;
  hash.Add(rule);
  hash.Add(emit);
  hash.Add(source);
  return hash.Finish();
}

TEST(EventIdTest, InputEventsHaveTheirNumber) {
  EXPECT_EQ(FormatEventId(EventId::OfNumber(17)), "17");
  EXPECT_FALSE(EventId().known());
}

// A value that is written down: the ids of one version must be those of the next.
TEST(EventIdTest, IsTheSameInEveryRun) {
  EXPECT_EQ(FormatEventId(Of("brute_force", 0, EventId::OfNumber(1))),
            FormatEventId(Of("brute_force", 0, EventId::OfNumber(1))));
  EXPECT_EQ(FormatEventId(Of("brute_force", 0, EventId::OfNumber(1))),
            "7c89048c5989ae5582725dcb5a681996");
}

TEST(EventIdTest, DiffersInEachOfItsParts) {
  std::set<std::string> seen;
  for (const char* rule : {"a", "b", "ab", "a\0b", ""}) {
    for (uint64_t emit = 0; emit < 10; ++emit) {
      for (uint64_t number = 0; number < 1000; ++number) {
        const EventId id = Of(rule, emit, EventId::OfNumber(number));
        EXPECT_NE(id.high, 0u);
        EXPECT_EQ(FormatEventId(id).size(), 32u);
        EXPECT_TRUE(seen.insert(FormatEventId(id)).second || std::string(rule) == "a");
      }
    }
  }
  EXPECT_EQ(seen.size(), 4u * 10 * 1000);  // "a\0b" is "a" as a C string
}

}  // namespace
}  // namespace spate
