#include "compiler/testing/nearest.h"

#include <gtest/gtest.h>

namespace spate {
namespace {

PartialMatch Of(uint64_t start, size_t length, size_t distance, const char* stopped) {
  PartialMatch match;
  match.rule = RuleId(0u);
  match.keys = {{"user", "\"ann\""}};
  match.start = start;
  match.length = length;
  match.distance = distance;
  match.stopped = stopped;
  return match;
}

std::string Nearest(const PartialMatches& all, const NamedTexts& attributes = {}) {
  const PartialMatch* nearest = all.Nearest({RuleId(0u)}, attributes);
  return nearest == nullptr ? "none" : nearest->stopped;
}

TEST(PartialMatchesTest, TheFurthestThenTheNearestThenTheLatest) {
  PartialMatches all;
  EXPECT_EQ(Nearest(all), "none");
  all.Note(Of(1, 2, 1, "two"));
  all.Note(Of(1, 1, 0, "shorter"));
  EXPECT_EQ(Nearest(all), "two");
  all.Note(Of(1, 2, 2, "further from it"));
  EXPECT_EQ(Nearest(all), "two");
  all.Note(Of(1, 2, 1, "later"));
  EXPECT_EQ(Nearest(all), "later");
  all.Note(Of(2, 3, 5, "another start"));
  EXPECT_EQ(Nearest(all), "another start");
  all.Forget(RuleId(0u), {{"user", "\"ann\""}}, 2);
  EXPECT_EQ(Nearest(all), "later");
}

TEST(PartialMatchesTest, AnEndKeepsWhatStoppedIt) {
  PartialMatches all;
  all.Note(Of(1, 2, 1, "stopped"));
  PartialMatch end = Of(1, 2, 0, "");
  end.ended = "window";
  all.NoteEnd(end);
  const PartialMatch* nearest = all.Nearest({RuleId(0u)}, {});
  ASSERT_NE(nearest, nullptr);
  EXPECT_EQ(nearest->stopped, "stopped");
  EXPECT_EQ(nearest->ended, "window");
}

TEST(PartialMatchesTest, KeysOfTheExpectedEventComeFirst) {
  PartialMatches all;
  all.Note(Of(1, 1, 1, "ann"));
  PartialMatch bob = Of(2, 3, 1, "bob");
  bob.keys = {{"user", "\"bob\""}};
  all.Note(bob);
  EXPECT_EQ(Nearest(all), "bob");
  EXPECT_EQ(Nearest(all, {{"user", "\"ann\""}}), "ann");
  EXPECT_EQ(all.Nearest({RuleId(1u)}, {}), nullptr);
}

}  // namespace
}  // namespace spate
