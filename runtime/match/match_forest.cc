#include "runtime/match/match_forest.h"

#include <algorithm>
#include <utility>

#include "runtime/base/check.h"

namespace spate {

absl::Status MatchForest::List(SetId set, int64_t oldest, size_t limit, Listing* out) {
  open_.clear();
  if (Stays(set, oldest)) open_.emplace_back(set, 0);
  while (!open_.empty()) {
    SetId id = open_.back().first;
    path_.resize(open_.back().second);  // later events, from the last backwards
    open_.pop_back();
    while (id != kNoSet) {
      const Node& node = nodes_[id];
      if (Stays(node.right, oldest)) open_.emplace_back(node.right, path_.size());
      if (node.event != kNoEvent) path_.push_back({node.event, node.rank, node.var});
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

// Of two best matches: walks back to where they have one head, and compares what lies behind it.
bool MatchForest::BestComesFirst(Best x, Best y) const {
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

// The best match of a set whose children are decided.
MatchForest::Best MatchForest::BestAt(SetId set, bool with_right) const {
  const Node& node = nodes_[set];
  Best best;
  if (node.event == kNoEvent) {
    best = BestOf(node.left);
  } else if (node.left == kNoSet) {
    best = {set, node.event, 1};
  } else {
    const Best& before = BestOf(node.left);
    best = {set, before.start, before.length + 1};
  }
  if (!with_right) return best;
  const Best& other = BestOf(node.right);
  return BestComesFirst(best, other) ? best : other;
}

// Decides the best match of `set` and of all sets below it that are inside the window. Each set is
// decided once, whatever the number of matches that share it.
void MatchForest::Decide(SetId set, int64_t oldest) {
  stack_.assign(1, set);
  while (!stack_.empty()) {
    const SetId id = stack_.back();
    const Node& node = nodes_[id];
    const bool has_right = Stays(node.right, oldest);
    const bool left_ready = Decided(node.left);
    const bool right_ready = !has_right || Decided(node.right);
    if (!left_ready) stack_.push_back(node.left);
    if (!right_ready) stack_.push_back(node.right);
    if (!left_ready || !right_ready) continue;
    stack_.pop_back();
    if (!Decided(id)) best_.Add(id, BestAt(id, has_right), nodes_.size());
  }
}

// The first match of a set in which every choice is between a start and what is older than it, so
// that the last one on the right comes first. False when the set is not of that kind.
bool MatchForest::FirstOfStarts(SetId set, int64_t oldest, std::vector<Taken>* match) const {
  match->clear();
  const Node* node = nullptr;
  for (SetId id = set; id != kNoSet; id = node->left) {
    node = &nodes_[id];
    while (Stays(node->right, oldest)) {
      if (node->left != kNoSet) return false;
      node = &nodes_[node->right];
    }
    if (node->event != kNoEvent) match->push_back({node->event, node->rank, node->var});
  }
  std::reverse(match->begin(), match->end());
  return true;
}

void MatchForest::First(const std::vector<SetId>& sets, int64_t oldest, std::vector<Taken>* match) {
  if (sets.size() == 1 && FirstOfStarts(sets[0], oldest, match)) return;
  SetId best = kNoSet;
  for (SetId set : sets) {
    if (LatestStart(set) < oldest) continue;
    Decide(set, oldest);
    if (best == kNoSet || BestComesFirst(BestOf(set), BestOf(best))) best = set;
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

void MatchForest::BeginMark() {
  forwarded_.clear();
  forwarded_.resize(nodes_.size());
}

void MatchForest::Mark(SetId set, int64_t oldest) {
  if (!Stays(set, oldest)) return;
  stack_.assign(1, set);
  while (!stack_.empty()) {
    const SetId id = stack_.back();
    stack_.pop_back();
    if (forwarded_[id] == kMarked) continue;
    forwarded_[id] = kMarked;
    const Node& node = nodes_[id];
    if (node.left != kNoSet) stack_.push_back(node.left);
    if (Stays(node.right, oldest)) stack_.push_back(node.right);
  }
}

// A node's children and event are older than the node, and none is older than the one before it: so
// nodes and records move to the front in one pass.
void MatchForest::Compact(EventStore* store) {
  SetId end = 1;
  store->BeginSlide();
  for (SetId id = 1; id < nodes_.size(); ++id) {
    if (forwarded_[id] != kMarked) continue;
    Node node = nodes_[id];
    node.left = forwarded_[node.left];
    node.right = forwarded_[node.right];  // kNoSet when it has left the window
    if (node.event == kNoEvent && node.right == kNoSet) {
      forwarded_[id] = node.left;
      continue;
    }
    if (node.event != kNoEvent) node.event = store->Slide(node.event);
    nodes_[end] = node;
    forwarded_[id] = end++;
  }
  store->EndSlide();
  nodes_.resize(end);
}

}  // namespace spate
