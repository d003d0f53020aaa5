#include "tests/reference/place.h"

#include <algorithm>
#include <utility>

namespace spate::reference {
namespace {

Frames Without(Frames frames, const Node* node) {
  frames.erase(
      std::remove_if(frames.begin(), frames.end(), [&](const Frame& f) { return f.node == node; }),
      frames.end());
  return frames;
}

Frames With(Frames frames, const Node* node, int rounds) {
  frames.push_back({.node = node, .rounds = rounds});
  return frames;
}

// Counts past the last one that makes a difference are one.
int Capped(const Node* loop, int rounds) {
  return std::min(rounds, loop->max < 0 ? std::max(loop->min, 1) : loop->max);
}

void AddTransition(const Node* step, Op op, const Frames& frames, Tail tail, Offer* offer) {
  for (const Transition& t : offer->transitions) {
    if (t.step == step && t.op == op && t.frames == frames) return;  // the preferred way is there
  }
  int rank = static_cast<int>(offer->transitions.size());
  offer->transitions.push_back({step, op, frames, tail, rank});
}

}  // namespace

Places::Places(NodePtr root) : root_(std::move(root)) {
  links_[root_.get()] = {};
  Connect(root_.get());
}

void Places::Connect(const Node* node) {
  for (size_t i = 0; i < node->children.size(); ++i) {
    links_[node->children[i].get()] = {node, i};
    Connect(node->children[i].get());
  }
}

// The operator written on the left of a node, whatever parentheses are between.
Op Places::LeftOp(const Node* node) const {
  const Link& link = links_.at(node);
  if (link.parent == nullptr) return Op::kNone;
  if (link.parent->kind == NodeKind::kSequence && link.index > 0) {
    return link.parent->ops[link.index - 1];
  }
  return LeftOp(link.parent);
}

Op Places::RightOp(const Node* node) const {
  const Link& link = links_.at(node);
  if (link.parent == nullptr) return Op::kNone;
  if (link.parent->kind == NodeKind::kSequence && link.index < link.parent->ops.size()) {
    return link.parent->ops[link.index];
  }
  return RightOp(link.parent);
}

Op Places::RoundOp(const Node* loop) const {
  if (loop->word != Op::kNone) return loop->word;
  if (Op left = LeftOp(loop); left != Op::kNone) return left;
  if (Op right = RightOp(loop); right != Op::kNone) return right;
  return Op::kRelaxed;
}

std::vector<std::string> Places::VarsOf(const Node* step) const {
  std::vector<std::string> vars;
  for (const Node* n = step; n != nullptr; n = links_.at(n).parent) {
    if (!n->var.empty()) vars.insert(vars.begin(), n->var);
  }
  return vars;
}

Offer Places::FromStart() const {
  Offer offer;
  // A match binds at least one event: the start itself is never complete.
  Enter(root_.get(), Op::kRelaxed, {}, Tail::kNone, &offer, [](const Frames&, Tail) {});
  return offer;
}

Offer Places::After(const Node* step, const Frames& frames) const {
  Offer offer;
  Leave(step, frames, Tail::kNone, &offer);
  return offer;
}

void Places::Enter(const Node* node, Op op, const Frames& frames, Tail tail, Offer* offer,
                   const Then& empty) const {
  switch (node->kind) {
    case NodeKind::kStep:
      AddTransition(node, op, frames, tail, offer);
      return;
    case NodeKind::kSequence:
      EnterSequence(node, 0, op, frames, tail, offer, empty);
      return;
    case NodeKind::kAlternatives:
      for (const NodePtr& child : node->children) {
        Enter(child.get(), op, frames, tail, offer, empty);
      }
      return;
    case NodeKind::kGroup:
      Enter(node->children[0].get(), op, With(frames, node, 0), tail, offer,
            [&](const Frames& inner, Tail t) { empty(Without(inner, node), t); });
      return;
    case NodeKind::kLoop:
      break;
  }
  if (node->min > 0) {
    EnterRound(node, op, 1, frames, tail, offer);
    return;
  }
  Tail taken = tail != Tail::kNone ? tail : node->reluctant ? Tail::kReluctant : Tail::kGreedy;
  if (node->reluctant) empty(frames, tail);
  EnterRound(node, op, 1, frames, taken, offer);
  if (!node->reluctant) empty(frames, tail);
}

void Places::EnterSequence(const Node* node, size_t i, Op op, const Frames& frames, Tail tail,
                           Offer* offer, const Then& empty) const {
  Enter(node->children[i].get(), op, frames, tail, offer, [&](const Frames& inner, Tail t) {
    if (i + 1 == node->children.size()) {
      empty(inner, t);
    } else {
      // What follows something skipped keeps the operator written on its left.
      EnterSequence(node, i + 1, node->ops[i], inner, t, offer, empty);
    }
  });
}

// A round binds an event: it cannot be passed empty.
void Places::EnterRound(const Node* loop, Op op, int rounds, const Frames& frames, Tail tail,
                        Offer* offer) const {
  Enter(loop->children[0].get(), op, With(frames, loop, Capped(loop, rounds)), tail, offer,
        [](const Frames&, Tail) {});
}

void Places::Leave(const Node* node, const Frames& frames, Tail tail, Offer* offer) const {
  const Link& link = links_.at(node);
  const Node* parent = link.parent;
  if (parent == nullptr) {
    offer->complete = true;
    return;
  }
  switch (parent->kind) {
    case NodeKind::kSequence:
      if (link.index + 1 == parent->children.size()) {
        Leave(parent, frames, tail, offer);
      } else {
        EnterSequence(parent, link.index + 1, parent->ops[link.index], frames, tail, offer,
                      [&](const Frames& inner, Tail t) { Leave(parent, inner, t, offer); });
      }
      return;
    case NodeKind::kGroup:
      Leave(parent, Without(frames, parent), tail, offer);
      return;
    case NodeKind::kLoop:
      LeaveRound(parent, frames, tail, offer);
      return;
    default:
      Leave(parent, frames, tail, offer);
  }
}

void Places::LeaveRound(const Node* loop, const Frames& frames, Tail tail, Offer* offer) const {
  int rounds = std::find_if(frames.begin(), frames.end(), [&](const Frame& f) {
                 return f.node == loop;
               })->rounds;
  Frames outside = Without(frames, loop);
  bool may_leave = rounds >= loop->min;
  bool may_loop = loop->max < 0 || rounds < loop->max;
  Tail again = tail;
  if (tail == Tail::kNone && may_leave) again = loop->reluctant ? Tail::kReluctant : Tail::kGreedy;
  if (may_leave && loop->reluctant) Leave(loop, outside, tail, offer);
  if (may_loop) EnterRound(loop, RoundOp(loop), rounds + 1, outside, again, offer);
  if (may_leave && !loop->reluctant) Leave(loop, outside, tail, offer);
}

}  // namespace spate::reference
