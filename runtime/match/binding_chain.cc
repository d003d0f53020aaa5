#include "runtime/match/binding_chain.h"

#include <algorithm>

namespace spate {
namespace {

uint64_t Mix(uint64_t hash, uint64_t v) {
  hash = (hash ^ v) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 29);
}

}  // namespace

ChainId BindingChain::Extend(ChainId parent, EventRef event, uint64_t sequence, size_t rank,
                             VarId var) {
  const Node& before = nodes_[parent];
  Node node;
  node.var = var.valid() ? static_cast<uint16_t>(var.value) : kNoVar;
  node.hash = Mix(Mix(before.hash, sequence), node.var);
  node.parent = parent;
  node.event = event;
  node.rank = static_cast<uint16_t>(rank);
  node.length = before.length + 1;
  nodes_.push_back(node);
  return static_cast<ChainId>(nodes_.size() - 1);
}

int BindingChain::Compare(ChainId a, ChainId b) const {
  // Walk back to the last common node; what lies behind it is where they differ first.
  left_.clear();
  right_.clear();
  while (a != b) {
    if (Length(a) >= Length(b)) {
      left_.push_back(a);
      a = nodes_[a].parent;
    } else {
      right_.push_back(b);
      b = nodes_[b].parent;
    }
  }
  auto l = left_.rbegin();
  auto r = right_.rbegin();
  for (; l != left_.rend() && r != right_.rend(); ++l, ++r) {
    const Node& x = nodes_[*l];
    const Node& y = nodes_[*r];
    if (x.event != y.event) return x.event < y.event ? -1 : 1;
    if (x.rank != y.rank) return x.rank < y.rank ? -1 : 1;
  }
  if (l != left_.rend()) return -1;
  return r != right_.rend() ? 1 : 0;
}

bool BindingChain::SameBindings(ChainId a, ChainId b) const {
  while (a != b) {
    const Node& x = nodes_[a];
    const Node& y = nodes_[b];
    if (x.hash != y.hash || x.event != y.event || x.var != y.var) return false;
    a = x.parent;
    b = y.parent;
  }
  return true;
}

void BindingChain::Nodes(ChainId id, std::vector<const Node*>* out) const {
  out->clear();
  for (; id != kNoChain; id = nodes_[id].parent) out->push_back(&nodes_[id]);
  std::reverse(out->begin(), out->end());
}

void BindingChain::BeginCompaction() {
  old_.swap(nodes_);
  nodes_.assign(1, Node{});
  forwarded_.assign(old_.size(), kNoChain);
}

ChainId BindingChain::Keep(ChainId old_id) {
  path_.clear();
  for (ChainId id = old_id; id != kNoChain && forwarded_[id] == kNoChain; id = old_[id].parent) {
    path_.push_back(id);
  }
  for (auto it = path_.rbegin(); it != path_.rend(); ++it) {
    Node node = old_[*it];
    node.parent = forwarded_[node.parent];
    forwarded_[*it] = static_cast<ChainId>(nodes_.size());
    nodes_.push_back(node);
  }
  return forwarded_[old_id];
}

void BindingChain::EndCompaction() { old_.clear(); }

void BindingChain::MarkEvents(EventStore* store) const {
  for (size_t i = 1; i < nodes_.size(); ++i) store->Mark(nodes_[i].event);
}

void BindingChain::ForwardEvents(const EventStore& store) {
  for (size_t i = 1; i < nodes_.size(); ++i) nodes_[i].event = store.Forwarded(nodes_[i].event);
}

}  // namespace spate
