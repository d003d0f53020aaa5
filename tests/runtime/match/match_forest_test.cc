#include "runtime/match/match_forest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace spate {
namespace {

using Taken = MatchForest::Taken;
using Events = std::vector<EventRef>;

Events EventsOf(absl::Span<const Taken> match) {
  Events events;
  for (const Taken& t : match) events.push_back(t.event);
  return events;
}

std::vector<Events> ListAll(MatchForest* forest, SetId set, int64_t oldest) {
  MatchForest::Listing listing;
  EXPECT_TRUE(forest->List(set, oldest, 1'000'000, &listing).ok());
  std::vector<Events> all;
  for (size_t i = 0; i < listing.matches.size(); ++i) all.push_back(EventsOf(listing[i]));
  std::sort(all.begin(), all.end());
  return all;
}

// A ->> B over events 1..n, the odd ones A: the set of all pairs, built as the matcher does.
struct Pairs {
  MatchForest forest;
  SetId starts = kNoSet;
  SetId pairs = kNoSet;

  SetId Both(SetId a, SetId b, int64_t oldest) {
    return forest.Union(a, forest.LatestStart(a), b, forest.LatestStart(b), oldest);
  }
  void Take(EventRef e, int64_t oldest) {
    if (e % 2 == 1) {
      starts = Both(starts, forest.Start(e, e, 0, VarId()), oldest);
    } else if (starts != kNoSet) {
      const SetId taken = forest.Extend(starts, forest.LatestStart(starts), e, 0, VarId());
      pairs = Both(pairs, taken, oldest);
    }
  }
};

TEST(MatchForestTest, ListsEveryMatchOnceAndNoneBeforeTheWindow) {
  Pairs p;
  for (EventRef e = 1; e <= 6; ++e) p.Take(e, 0);
  EXPECT_EQ(ListAll(&p.forest, p.pairs, 0),
            (std::vector<Events>{{1, 2}, {1, 4}, {1, 6}, {3, 4}, {3, 6}, {5, 6}}));
  EXPECT_EQ(ListAll(&p.forest, p.pairs, 3), (std::vector<Events>{{3, 4}, {3, 6}, {5, 6}}));
  EXPECT_TRUE(ListAll(&p.forest, p.pairs, 7).empty());
}

TEST(MatchForestTest, StopsAtTheLimit) {
  Pairs p;
  for (EventRef e = 1; e <= 6; ++e) p.Take(e, 0);
  MatchForest::Listing listing;
  EXPECT_EQ(p.forest.List(p.pairs, 0, 5, &listing).code(), absl::StatusCode::kOutOfRange);
}

TEST(MatchForestTest, FirstIsTheEarliestStartInsideTheWindowThenThePreferred) {
  Pairs p;
  for (EventRef e = 1; e <= 8; ++e) p.Take(e, 0);
  std::vector<Taken> first;
  p.forest.First({p.pairs}, 0, &first);
  EXPECT_EQ(EventsOf(first), (Events{1, 2}));
  p.forest.First({p.pairs}, 4, &first);
  EXPECT_EQ(EventsOf(first), (Events{5, 6}));
}

// What the matcher does when a start joins those before it: one node for both.
TEST(MatchForestTest, TakesAnEventBesidesWhatIsThere) {
  MatchForest forest;
  SetId starts = kNoSet;
  for (EventRef e = 1; e <= 5; ++e) starts = forest.Start(e, e, 0, VarId(), starts);
  EXPECT_EQ(ListAll(&forest, starts, 0), (std::vector<Events>{{1}, {2}, {3}, {4}, {5}}));
  EXPECT_EQ(ListAll(&forest, starts, 4), (std::vector<Events>{{4}, {5}}));
  const SetId pairs = forest.Extend(starts, 5, 6, 0, VarId());
  const SetId more = forest.Extend(pairs, 5, 7, 0, VarId(), pairs);
  EXPECT_EQ(ListAll(&forest, more, 4), (std::vector<Events>{{4, 6}, {4, 6, 7}, {5, 6}, {5, 6, 7}}));
  std::vector<Taken> first;
  forest.First({pairs}, 3, &first);
  EXPECT_EQ(EventsOf(first), (Events{3, 6}));
  forest.First({more}, 4, &first);
  EXPECT_EQ(EventsOf(first), (Events{4, 6, 7}));
}

TEST(MatchForestTest, CompactionKeepsWhatIsMarkedAndInsideTheWindow) {
  EventType type;
  type.id = TypeId(size_t{0});
  type.name = "T";
  EventStore store(std::vector<EventStore::KeptType>{{&type, {}}});
  MatchForest forest;
  SetId starts = kNoSet, garbage = kNoSet;
  EventBatch batch(type);
  for (uint64_t i = 1; i <= 10; ++i) batch.AppendRow(static_cast<Time>(i), i, {});
  for (size_t row = 0; row < 10; ++row) {
    const EventRef e = store.Add(batch, row);
    SetId& set = row % 2 == 0 ? starts : garbage;
    set = forest.Start(e, batch.times[row], 0, VarId(), set);
  }
  const EventRef last = store.Add(batch, 9);
  const SetId pairs = forest.Extend(starts, 9, last, 0, VarId());
  forest.BeginMark();
  forest.Mark(pairs, 5);
  forest.Mark(starts, 5);
  forest.Compact(&store);
  EXPECT_EQ(forest.size(), 5u) << "the empty set, starts 5, 7, 9, and the pairs";
  MatchForest::Listing listing;
  ASSERT_TRUE(forest.List(forest.Forwarded(pairs), 0, 100, &listing).ok());
  std::vector<uint64_t> sequences;
  for (size_t i = 0; i < listing.matches.size(); ++i) {
    ASSERT_EQ(listing[i].size(), 2u);
    sequences.push_back(store.SequenceOf(listing[i][0].event));
    EXPECT_EQ(store.SequenceOf(listing[i][1].event), 10u);
  }
  std::sort(sequences.begin(), sequences.end());
  EXPECT_EQ(sequences, (std::vector<uint64_t>{5, 7, 9}));
  EXPECT_EQ(forest.Forwarded(garbage), kNoSet);
  forest.Forget();
}

// Random sets of chains, unions and extensions against plain vectors of event lists.
TEST(MatchForestTest, AgreesWithPlainListsOnRandomSets) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    MatchForest forest;
    std::vector<std::pair<SetId, std::vector<Events>>> sets;
    SetId starts = kNoSet;
    std::vector<Events> all_starts;
    for (EventRef e = 1; e <= 30; ++e) {
      if (random() % 2 == 0) {
        sets.push_back({forest.Start(e, e, 0, VarId()), {{e}}});
      } else {
        starts = forest.Start(e, e, 0, VarId(), starts);
        all_starts.push_back({e});
        sets.push_back({starts, all_starts});
      }
      const auto a = sets[random() % sets.size()];
      std::vector<Events> longer = a.second;
      for (Events& m : longer) m.push_back(e + 100);
      sets.push_back(
          {forest.Extend(a.first, forest.LatestStart(a.first), e + 100, 0, VarId()), longer});
      const auto b = sets[random() % sets.size()];
      if (a.first == b.first) continue;
      std::vector<Events> both = a.second;
      both.insert(both.end(), b.second.begin(), b.second.end());
      if (both.size() > 500) continue;
      sets.push_back({forest.Union(a.first, forest.LatestStart(a.first), b.first,
                                   forest.LatestStart(b.first), 0),
                      both});
    }
    for (auto& [set, expected] : sets) {
      const auto oldest = static_cast<EventRef>(random() % 25);
      std::vector<Events> inside;
      for (const Events& m : expected) {
        if (m[0] >= oldest) inside.push_back(m);
      }
      std::sort(inside.begin(), inside.end());
      ASSERT_EQ(ListAll(&forest, set, oldest), inside) << "seed " << seed;
      if (inside.empty()) continue;
      const Events best =
          *std::min_element(inside.begin(), inside.end(), [](const Events& x, const Events& y) {
            const size_t n = std::min(x.size(), y.size());
            for (size_t i = 0; i < n; ++i) {
              if (x[i] != y[i]) return x[i] < y[i];
            }
            return x.size() > y.size();
          });
      std::vector<Taken> first;
      forest.First({set}, oldest, &first);
      ASSERT_EQ(EventsOf(first), best) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace spate
