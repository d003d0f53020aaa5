#include "runtime/match/match_forest.h"

#include <algorithm>
#include <utility>

#include "runtime/base/check.h"

namespace spate {
namespace {

uint16_t VarNumber(VarId var) {
  return var.valid() ? static_cast<uint16_t>(var.value) : MatchForest::kNoVar;
}

}  // namespace

SetId MatchForest::Add(const Node& node) {
  SPATE_CHECK(nodes_.size() < ~SetId{0});
  nodes_.push_back(node);
  return static_cast<SetId>(nodes_.size() - 1);
}

SetId MatchForest::Start(EventRef event, int64_t start, size_t rank, VarId var) {
  return Add({start, kNoSet, kNoSet, event, static_cast<uint16_t>(rank), VarNumber(var)});
}

SetId MatchForest::Extend(SetId set, int64_t latest, EventRef event, size_t rank, VarId var) {
  return Add({latest, set, kNoSet, event, static_cast<uint16_t>(rank), VarNumber(var)});
}

SetId MatchForest::Union(SetId a, SetId b, int64_t oldest) {
  if (a == kNoSet || LatestStart(a) < oldest) return b;
  if (b == kNoSet || LatestStart(b) < oldest || a == b) return a;
  if (LatestStart(a) < LatestStart(b)) std::swap(a, b);
  return Add({LatestStart(a), a, b, kNoEvent, 0, 0});
}

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

void MatchForest::ChainOf(SetId set, std::vector<Taken>* match) const {
  match->clear();
  for (SetId id = best_[set].head; id != kNoSet; id = best_[nodes_[id].left].head) {
    match->push_back({nodes_[id].event, nodes_[id].rank, nodes_[id].var});
  }
  std::reverse(match->begin(), match->end());
}

// Of the best matches of two sets: walks back to where they have one head, and compares what lies
// behind it.
bool MatchForest::BestComesFirst(SetId a, SetId b) const {
  if (best_[a].start != best_[b].start) return best_[a].start < best_[b].start;
  left_.clear();
  right_.clear();
  SetId x = best_[a].head;
  SetId y = best_[b].head;
  while (x != y) {
    const bool left_longer = best_[x].length >= best_[y].length;
    SetId& id = left_longer ? x : y;
    (left_longer ? left_ : right_).push_back({nodes_[id].event, nodes_[id].rank, nodes_[id].var});
    id = best_[nodes_[id].left].head;
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
    if (best_[id].head != kNoSet) {
      stack_.pop_back();
      continue;
    }
    const Node& node = nodes_[id];
    const bool has_right = node.right != kNoSet && LatestStart(node.right) >= oldest;
    const bool left_ready = node.left == kNoSet || best_[node.left].head != kNoSet;
    const bool right_ready = !has_right || best_[node.right].head != kNoSet;
    if (!left_ready) stack_.push_back(node.left);
    if (!right_ready) stack_.push_back(node.right);
    if (!left_ready || !right_ready) continue;
    stack_.pop_back();
    decided_.push_back(id);
    if (node.right == kNoSet) {
      const Best before = best_[node.left];
      best_[id] = {id, node.left == kNoSet ? node.event : before.start, before.length + 1};
    } else {
      const bool left = !has_right || BestComesFirst(node.left, node.right);
      best_[id] = best_[left ? node.left : node.right];
    }
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
  best_.resize(nodes_.size());
  SetId best = kNoSet;
  for (SetId set : sets) {
    if (LatestStart(set) < oldest) continue;
    Decide(set, oldest);
    if (best == kNoSet || BestComesFirst(set, best)) best = set;
  }
  SPATE_CHECK(best != kNoSet);
  ChainOf(best, match);
  for (SetId id : decided_) best_[id] = Best{};
  decided_.clear();
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
  std::vector<Node> old;
  old.swap(nodes_);
  nodes_.assign(1, Node{});
  forwarded_.assign(old.size(), kNoSet);
  for (SetId id = 1; id < old.size(); ++id) {
    if (!marked_[id]) continue;
    Node node = old[id];
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
  std::vector<Best>().swap(best_);
}

}  // namespace spate
