// MatchForest: sets of partial matches as shared nodes.
//
// A node is an event taken after every match of its left child (or as a first event), the union of
// two sets, or both: an event after its left child, and the matches of its right child besides.
// Each carries the latest start below it, and the right side has none that is later: so whole sides
// that have left the window are passed over, every node that is entered leads to a match on its
// left, and listing matches takes time linear in what is listed. Taking an event costs one node
// whatever the number of matches.
//
// Source: timed enumerable compact sets (CORE, PVLDB 15(9), 2022), without reference counts: what
// is live is moved together from time to time (Compact). Nodes are 24 bytes and hold ids, not
// pointers; events are taken in the order of their references.
// A start is a number that grows with time and that the matcher chooses: the event time of the
// first event, or its place in the partition's input. Not thread-safe.
// Tested by tests/runtime/match/match_forest_test.cc and tests/property.
#ifndef SPATE_RUNTIME_MATCH_MATCH_FOREST_H_
#define SPATE_RUNTIME_MATCH_MATCH_FOREST_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "runtime/base/check.h"
#include "runtime/base/ids.h"
#include "runtime/base/large_array.h"
#include "runtime/store/event_store.h"

namespace spate {

using SetId = uint32_t;  // 0: the empty set
inline constexpr SetId kNoSet = 0;

class MatchForest {
 public:
  // One event of a match.
  struct Taken {
    EventRef event;
    uint16_t rank;  // place of the transition in its state's order of preference
    uint16_t var;   // kNoVar: a step without a variable
  };
  static constexpr uint16_t kNoVar = 0xffff;

  MatchForest() : nodes_(1) {}

  // The one match that begins with `event`, which is the newest of all; with the matches of `also`
  // besides, of which none starts later.
  SetId Start(EventRef event, int64_t start, size_t rank, VarId var, SetId also = kNoSet) {
    return Add({start, kNoSet, also, event, static_cast<uint16_t>(rank), VarNumber(var)});
  }
  // Each match of `set` (not empty, its latest start being `latest`), and then the event; with the
  // matches of `also` besides, of which none starts later than `latest`.
  SetId Extend(SetId set, int64_t latest, EventRef event, size_t rank, VarId var,
               SetId also = kNoSet) {
    return Add({latest, set, also, event, static_cast<uint16_t>(rank), VarNumber(var)});
  }
  // The matches of both, whose latest starts the caller knows; those that start before `oldest`
  // need not stay.
  SetId Union(SetId a, int64_t latest_a, SetId b, int64_t latest_b, int64_t oldest) {
    if (a == kNoSet || latest_a < oldest) return b;
    if (b == kNoSet || latest_b < oldest || a == b) return a;
    if (latest_a < latest_b) std::swap(a, b);
    return Add({std::max(latest_a, latest_b), a, b, kNoEvent, 0, 0});
  }

  // The latest start among the matches.
  int64_t LatestStart(SetId set) const { return nodes_[set].latest; }

  // Matches one behind the other, each from its first event to its last.
  struct Listing {
    std::vector<Taken> taken;
    std::vector<std::pair<size_t, size_t>> matches;  // begin and end in `taken`

    absl::Span<const Taken> operator[](size_t i) const {
      return absl::MakeConstSpan(taken).subspan(matches[i].first,
                                                matches[i].second - matches[i].first);
    }
    void Clear() {
      taken.clear();
      matches.clear();
    }
  };

  // Appends the matches that start at `oldest` or later. OutOfRange when the listing would hold
  // more than `limit`.
  absl::Status List(SetId set, int64_t oldest, size_t limit, Listing* out);

  // The match that comes first in the order of the language reference: the earliest start that is
  // not before `oldest`, then the preferred one. The set must hold a match that starts there.
  void First(const std::vector<SetId>& sets, int64_t oldest, std::vector<Taken>* match);

  // Of two sets of one match each: whether `a`'s comes first.
  bool SingleComesFirst(SetId a, SetId b) const;

  size_t size() const { return nodes_.size(); }
  // Forgets the sets that were made since size() was `size`.
  void Truncate(size_t size) { nodes_.resize(size); }
  // What First reads after the set's node, which is near.
  void PrefetchRight(SetId set) const { __builtin_prefetch(&nodes_[nodes_[set].right]); }
  // A node may lie across two lines of the cache.
  void Prefetch(SetId set) const {
    __builtin_prefetch(&nodes_[set].latest);
    __builtin_prefetch(&nodes_[set].var);
  }

  // Gives memory back: BeginMark, Mark each live set, Compact (with the events' store), then
  // Forwarded for each set that was marked, Forget.
  void BeginMark();
  void Mark(SetId set, int64_t oldest);
  void Compact(EventStore* store);
  SetId Forwarded(SetId old_id) const { return forwarded_[old_id]; }
  void Forget() { forwarded_.clear(); }

  // The order of the language reference for matches that complete at one moment: earliest first
  // event, then preference.
  static bool ComesFirst(absl::Span<const Taken> a, absl::Span<const Taken> b);

 private:
  struct Node {
    int64_t latest = 0;
    SetId left = kNoSet;        // what the event follows; without an event, one side of a union
    SetId right = kNoSet;       // what else is in the set
    EventRef event = kNoEvent;  // kNoEvent: a union of left and right
    uint16_t rank = 0;
    uint16_t var = 0;
  };
  static_assert(sizeof(Node) == 24);

  // First: what is decided of a set in this call.
  struct Best {
    SetId head = kNoSet;        // the event node that ends the best match
    EventRef start = kNoEvent;  // its first event
    uint32_t length = 0;        // its events
  };
  // Few decisions stand in a list, more in a hash map, many in an array by set.
  class BestTable {
   public:
    const Best* Find(SetId set) const;
    void Add(SetId set, const Best& best, size_t sets);
    void Clear();

   private:
    static constexpr size_t kList = 12;
    std::vector<std::pair<SetId, Best>> list_;
    absl::flat_hash_map<SetId, Best> map_;
    std::vector<Best> array_;  // by set; empty while they are few
  };

  SetId Add(const Node& node) {
    SPATE_CHECK(nodes_.size() < ~SetId{0});
    nodes_.push_back(node);
    return static_cast<SetId>(nodes_.size() - 1);
  }
  static constexpr SetId kMarked = ~SetId{0};

  static uint16_t VarNumber(VarId var) {
    return var.valid() ? static_cast<uint16_t>(var.value) : kNoVar;
  }
  void ChainOf(SetId set, std::vector<Taken>* match) const;
  const Best& BestOf(SetId set) const { return *best_.Find(set); }
  bool Decided(SetId set) const { return set == kNoSet || best_.Find(set) != nullptr; }
  bool Stays(SetId set, int64_t oldest) const {
    return set != kNoSet && LatestStart(set) >= oldest;
  }
  bool FirstOfStarts(SetId set, int64_t oldest, std::vector<Taken>* match) const;
  bool BestComesFirst(Best x, Best y) const;
  Best BestAt(SetId set, bool with_right) const;
  void Decide(SetId set, int64_t oldest);

  LargeArray<Node> nodes_;
  LargeArray<SetId> forwarded_;  // first kMarked, then where the node went; kNoSet: nowhere

  BestTable best_;
  std::vector<SetId> stack_;
  std::vector<std::pair<SetId, size_t>> open_;  // List: sets, and how much of the path they share
  std::vector<Taken> path_;
  mutable std::vector<Taken> left_;
  mutable std::vector<Taken> right_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_MATCH_FOREST_H_
