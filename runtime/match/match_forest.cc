#include "runtime/match/match_forest.h"

#include <algorithm>
#include <utility>

#include "runtime/base/check.h"

namespace spate {
absl::Status MatchForest::List(SetId set, int64_t oldest, size_t limit, Listing* out) {
  open_.clear();
  if (set != kNoSet && LatestStart(set) >= oldest) open_.emplace_back(set, 0);
  while (!open_.empty()) {
    SetId id = open_.back().first;
    path_.resize(open_.back().second);  // later events, from the last backwards
    open_.pop_back();
    while (id != kNoSet) {
      const Node& node = nodes_[id];
      if (node.right != kNoSet) {
        if (LatestStart(node.right) >= oldest) open_.emplace_back(node.right, path_.size());
      } else {
        path_.push_back({node.event, node.rank, node.var});
      }
      id = node.left;
    }
    if (out->matches.size() == limit) return absl::OutOfRangeError("too many matches");
    const size_t begin = out->taken.size();
    out->taken.insert(out->taken.end(), path_.rbegin(), path_.rend());
    out->matches.emplace_back(begin, out->taken.size());
  }
  return absl::OkStatus();
}

bool MatchForest::ComesFirst(absl::Span<const Taken> a, absl::Span<const Taken> b) {
  const size_t n = std::min(a.size(), b.size());
  for (size_t i = 0; i < n; ++i) {
    if (a[i].event != b[i].event) return a[i].event < b[i].event;
    if (a[i].rank != b[i].rank) return a[i].rank < b[i].rank;
  }
  return a.size() > b.size();
}

// ---- the first match -------------------------------------------------------------------------

const MatchForest::Best* MatchForest::BestTable::Find(SetId set) const {
  if (!array_.empty()) return array_[set].length > 0 ? &array_[set] : nullptr;
  if (!map_.empty()) {
    const auto it = map_.find(set);
    return it == map_.end() ? nullptr : &it->second;
  }
  for (const auto& [id, best] : list_) {
    if (id == set) return &best;
  }
  return nullptr;
}

void MatchForest::BestTable::Add(SetId set, const Best& best, size_t sets) {
  constexpr size_t kShare = 16;  // an array is worth its clearing from here on
  if (array_.empty() && map_.empty() && list_.size() < kList) {
    list_.emplace_back(set, best);
    return;
  }
  if (array_.empty() && map_.empty()) map_.insert(list_.begin(), list_.end());
  if (array_.empty() && map_.size() > sets / kShare + kShare) {
    array_.resize(sets);
    for (const auto& [id, b] : map_) array_[id] = b;
  }
  if (array_.empty()) {
    map_.emplace(set, best);
  } else {
    array_[set] = best;
  }
}

void MatchForest::BestTable::Clear() {
  list_.clear();
  map_.clear();
  array_.clear();
}

void MatchForest::ChainOf(SetId set, std::vector<Taken>* match) const {
  match->clear();
  for (SetId id = set; id != kNoSet; id = nodes_[id].left) {
    id = BestOf(id).head;
    match->push_back({nodes_[id].event, nodes_[id].rank, nodes_[id].var});
  }
  std::reverse(match->begin(), match->end());
}

// Of the best matches of two sets: walks back to where they have one head, and compares what lies
// behind it.
bool MatchForest::BestComesFirst(SetId a, SetId b) const {
  Best x = BestOf(a);
  Best y = BestOf(b);
  if (x.start != y.start) return x.start < y.start;
  left_.clear();
  right_.clear();
  while (x.head != y.head) {
    const bool left_longer = x.length >= y.length;
    Best& longer = left_longer ? x : y;
    const Node& node = nodes_[longer.head];
    (left_longer ? left_ : right_).push_back({node.event, node.rank, node.var});
    longer = node.left == kNoSet ? Best{} : BestOf(node.left);
  }
  std::reverse(left_.begin(), left_.end());
  std::reverse(right_.begin(), right_.end());
  return ComesFirst(left_, right_);
}

// Decides the best match of `set` and of all sets below it that are inside the window. Each set is
// decided once, whatever the number of matches that share it.
void MatchForest::Decide(SetId set, int64_t oldest) {
  stack_.assign(1, set);
  while (!stack_.empty()) {
    const SetId id = stack_.back();
    const Node& node = nodes_[id];
    const bool has_right = node.right != kNoSet && LatestStart(node.right) >= oldest;
    const bool left_ready = Decided(node.left);
    const bool right_ready = !has_right || Decided(node.right);
    if (!left_ready) stack_.push_back(node.left);
    if (!right_ready) stack_.push_back(node.right);
    if (!left_ready || !right_ready) continue;
    stack_.pop_back();
    if (Decided(id)) continue;
    Best best;
    if (node.right != kNoSet) {
      const bool left = !has_right || BestComesFirst(node.left, node.right);
      best = BestOf(left ? node.left : node.right);
    } else if (node.left == kNoSet) {
      best = {id, node.event, 1};
    } else {
      const Best before = BestOf(node.left);
      best = {id, before.start, before.length + 1};
    }
    best_.Add(id, best, nodes_.size());
  }
}

// The match of a set that holds only one inside the window; false when it holds more.
bool MatchForest::OnlyMatch(SetId set, int64_t oldest, std::vector<Taken>* match) const {
  match->clear();
  for (SetId id = set; id != kNoSet; id = nodes_[id].left) {
    const Node& node = nodes_[id];
    if (node.right == kNoSet) {
      match->push_back({node.event, node.rank, node.var});
    } else if (LatestStart(node.right) >= oldest) {
      return false;
    }
  }
  std::reverse(match->begin(), match->end());
  return true;
}

void MatchForest::First(const std::vector<SetId>& sets, int64_t oldest, std::vector<Taken>* match) {
  if (sets.size() == 1 && OnlyMatch(sets[0], oldest, match)) return;
  SetId best = kNoSet;
  for (SetId set : sets) {
    if (LatestStart(set) < oldest) continue;
    Decide(set, oldest);
    if (best == kNoSet || BestComesFirst(set, best)) best = set;
  }
  SPATE_CHECK(best != kNoSet);
  ChainOf(best, match);
  best_.Clear();
}

bool MatchForest::SingleComesFirst(SetId a, SetId b) const {
  if (LatestStart(a) != LatestStart(b)) return LatestStart(a) < LatestStart(b);
  const auto events = [this](SetId id, std::vector<Taken>* out) {
    out->clear();
    for (; id != kNoSet; id = nodes_[id].left) {
      out->push_back({nodes_[id].event, nodes_[id].rank, nodes_[id].var});
    }
    std::reverse(out->begin(), out->end());
  };
  events(a, &left_);
  events(b, &right_);
  return ComesFirst(left_, right_);
}

// ---- memory ----------------------------------------------------------------------------------

void MatchForest::Mark(SetId set, int64_t oldest) {
  if (set == kNoSet || LatestStart(set) < oldest) return;
  stack_.assign(1, set);
  while (!stack_.empty()) {
    const SetId id = stack_.back();
    stack_.pop_back();
    if (marked_[id]) continue;
    marked_[id] = true;
    const Node& node = nodes_[id];
    if (node.left != kNoSet) stack_.push_back(node.left);
    if (node.right != kNoSet && LatestStart(node.right) >= oldest) stack_.push_back(node.right);
  }
}

void MatchForest::Compact(EventStore* store) {
  old_.swap(nodes_);
  nodes_.assign(1, Node{});
  forwarded_.assign(old_.size(), kNoSet);
  for (SetId id = 1; id < old_.size(); ++id) {
    if (!marked_[id]) continue;
    Node node = old_[id];
    node.left = forwarded_[node.left];
    if (node.right != kNoSet) {
      node.right = forwarded_[node.right];
      if (node.right == kNoSet) {  // the right side has left the window
        forwarded_[id] = node.left;
        continue;
      }
    } else {
      store->Mark(node.event);
    }
    forwarded_[id] = Add(node);
  }
  store->Compact();
  for (SetId id = 1; id < nodes_.size(); ++id) {
    if (nodes_[id].right == kNoSet) nodes_[id].event = store->Forwarded(nodes_[id].event);
  }
  store->Forget();
  old_.clear();
}

}  // namespace spate
