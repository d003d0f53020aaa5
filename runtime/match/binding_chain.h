// BindingChain: the events that threads have taken, as chains that share their beginnings.
//
// A node is one event taken by one transition, and its parent the events before it. A thread holds
// the id of its last node, so that taking an event costs one node whatever the match's length, and
// two threads of one beginning share it. Ids grow with time; Compact copies what is still
// reachable. Order of preference (docs/language.md, "The matching machine"): decided at the
// first event on which two chains differ; taking it comes before skipping it, the more preferred
// transition before the other, and the longer chain before its own beginning. Not thread-safe.
// Tested by tests/runtime/match/binding_chain_test.cc.
#ifndef SPATE_RUNTIME_MATCH_BINDING_CHAIN_H_
#define SPATE_RUNTIME_MATCH_BINDING_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/store/event_store.h"

namespace spate {

using ChainId = uint32_t;  // 0: the empty chain
inline constexpr ChainId kNoChain = 0;

class BindingChain {
 public:
  struct Node {
    uint64_t hash;  // of the (event, variable) pairs so far
    ChainId parent;
    EventRef event;
    uint16_t rank;    // place of the transition in its state's order of preference
    uint16_t var;     // kNoVar: a step without a variable
    uint32_t length;  // events so far
  };
  static constexpr uint16_t kNoVar = 0xffff;

  static VarId VarOf(const Node& n) { return n.var == kNoVar ? VarId() : VarId(uint32_t{n.var}); }

  BindingChain() : nodes_(1) {}

  ChainId Extend(ChainId parent, EventRef event, uint64_t sequence, size_t rank, VarId var);
  const Node& operator[](ChainId id) const { return nodes_[id]; }
  uint32_t Length(ChainId id) const { return nodes_[id].length; }

  // Negative: `a` is preferred; 0: the same events by the same transitions.
  int Compare(ChainId a, ChainId b) const;

  // The same events under the same variables, whatever the transitions.
  bool SameBindings(ChainId a, ChainId b) const;

  // Nodes from first to last.
  void Nodes(ChainId id, std::vector<const Node*>* out) const;

  size_t size() const { return nodes_.size(); }

  // Gives memory back: Begin, Keep for each live chain (its new id), End. The events are marked in
  // the store by MarkEvents and, after EventStore::Compact, found again by ForwardEvents.
  void BeginCompaction();
  ChainId Keep(ChainId old_id);
  void EndCompaction();
  // Until the next compaction: where a node went; kNoChain: it was not kept.
  ChainId Forwarded(ChainId old_id) const {
    return old_id < forwarded_.size() ? forwarded_[old_id] : kNoChain;
  }
  void MarkEvents(EventStore* store) const;
  void ForwardEvents(const EventStore& store);

 private:
  std::vector<Node> nodes_;
  std::vector<Node> old_;           // during compaction
  std::vector<ChainId> forwarded_;  // by old id
  std::vector<ChainId> path_;
  mutable std::vector<ChainId> left_;  // scratch of Compare
  mutable std::vector<ChainId> right_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_BINDING_CHAIN_H_
