#include "tests/reference/place.h"

#include <algorithm>
#include <utility>

namespace spate::reference {
namespace {

Frames Without(Frames frames, const Node* node) {
  std::erase_if(frames, [&](const Frame& f) { return f.node == node; });
  return frames;
}

Frames With(Frames frames, Frame frame) {
  frames.push_back(std::move(frame));
  return frames;
}

const Frame& FrameOf(const Frames& frames, const Node* node) {
  return *std::find_if(frames.begin(), frames.end(),
                       [&](const Frame& f) { return f.node == node; });
}

// Counts past the last one that makes a difference are one.
int Capped(const Node* loop, int rounds) {
  return std::min(rounds, loop->max < 0 ? std::max(loop->min, 1) : loop->max);
}

// How many events an element of a permutation takes.
int CountOf(const Node& element) { return element.kind == NodeKind::kLoop ? element.min : 1; }

void AddTransition(Transition added, Offer* offer) {
  for (const Transition& t : offer->transitions) {
    bool same = t.step == added.step && t.op == added.op && t.frames == added.frames &&
                t.guards == added.guards;
    if (same) return;  // the preferred way is there
  }
  added.rank = static_cast<int>(offer->transitions.size());
  offer->transitions.push_back(std::move(added));
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

// What joins the rounds of a loop and the elements of a permutation.
Op Places::InnerOp(const Node* node) const {
  if (node->word != Op::kNone) return node->word;
  if (Op left = LeftOp(node); left != Op::kNone) return left;
  if (Op right = RightOp(node); right != Op::kNone) return right;
  return Op::kRelaxed;
}

// Whether nothing is written before the node.
bool Places::IsFirst(const Node* node) const {
  const Link& link = links_.at(node);
  if (link.parent == nullptr) return true;
  return (link.parent->kind != NodeKind::kSequence || link.index == 0) && IsFirst(link.parent);
}

bool Places::IsLast(const Node* node) const {
  const Link& link = links_.at(node);
  if (link.parent == nullptr) return true;
  return (link.parent->kind != NodeKind::kSequence ||
          link.index + 1 == link.parent->children.size()) &&
         IsLast(link.parent);
}

std::vector<std::string> Places::VarsOf(const Node* step) const {
  std::vector<std::string> vars;
  for (const Node* n = step; n != nullptr && n->kind != NodeKind::kBan; n = links_.at(n).parent) {
    if (!n->var.empty()) vars.insert(vars.begin(), n->var);
  }
  return vars;
}

Offer Places::FromStart() const {
  Offer offer;
  // A match binds at least one event: the start itself is never complete.
  Way way;
  way.nothing_bound = true;
  Enter(root_.get(), way, &offer, [](const Way&) {});
  return offer;
}

Offer Places::After(const Node* step, const Frames& frames) const {
  Offer offer;
  Way way;
  way.frames = frames;
  Leave(step, way, &offer);
  return offer;
}

// A ban that has nothing bound before it guards nothing, but at the pattern's start.
Places::Way Places::Guarded(Way way, const Node* ban) const {
  if (way.nothing_bound && (!IsFirst(ban) || ban->limit == BanLimit::kNone)) return way;
  Guard guard;
  guard.ban = ban;
  guard.frames = way.frames;
  guard.next_only = way.op == Op::kStrict;
  guard.at_start = way.nothing_bound;
  way.guards.push_back(std::move(guard));
  return way;
}

void Places::Enter(const Node* node, const Way& way, Offer* offer, const Then& empty) const {
  switch (node->kind) {
    case NodeKind::kStep:
      AddTransition({node, way.op, way.frames, way.tail, 0, way.guards}, offer);
      return;
    case NodeKind::kSequence:
      EnterSequence(node, 0, way, offer, empty);
      return;
    case NodeKind::kAlternatives:
      for (const NodePtr& child : node->children) Enter(child.get(), way, offer, empty);
      return;
    case NodeKind::kPermutation:
      OfferElements(node, std::vector<int>(node->children.size()), way, offer);
      return;
    case NodeKind::kGroup: {
      Way inside = way;
      inside.frames.push_back({.node = node});
      Enter(node->children[0].get(), inside, offer, [&](Way passed) {
        passed.frames = Without(passed.frames, node);
        empty(passed);
      });
      return;
    }
    case NodeKind::kBan:
      empty(Guarded(way, node));
      return;
    case NodeKind::kLoop:
      break;
  }
  if (node->min > 0) {
    EnterRound(node, 1, way, offer);
    return;
  }
  Way taken = way;
  if (way.tail == Tail::kNone) taken.tail = node->reluctant ? Tail::kReluctant : Tail::kGreedy;
  if (node->reluctant) empty(way);
  EnterRound(node, 1, taken, offer);
  if (!node->reluctant) empty(way);
}

void Places::EnterSequence(const Node* node, size_t i, const Way& way, Offer* offer,
                           const Then& empty) const {
  Enter(node->children[i].get(), way, offer, [&](Way passed) {
    if (i + 1 == node->children.size()) {
      empty(passed);
    } else {
      // What follows something skipped, or a ban, has the operator written on its left.
      passed.op = node->ops[i];
      EnterSequence(node, i + 1, passed, offer, empty);
    }
  });
}

// A round binds an event: it cannot be passed empty.
void Places::EnterRound(const Node* loop, int rounds, const Way& way, Offer* offer) const {
  Way inside = way;
  inside.frames.push_back({.node = loop, .rounds = Capped(loop, rounds)});
  Enter(loop->children[0].get(), inside, offer, [](const Way&) {});
}

// What remains of a permutation, in any order.
void Places::OfferElements(const Node* permutation, const std::vector<int>& taken, const Way& way,
                           Offer* offer) const {
  for (size_t i = 0; i < taken.size(); ++i) {
    const Node* element = permutation->children[i].get();
    if (taken[i] == CountOf(*element)) continue;
    Frame frame{.node = permutation, .taken = taken};
    ++frame.taken[i];
    const Node* step = element->kind == NodeKind::kLoop ? element->children[0].get() : element;
    AddTransition({step, way.op, With(way.frames, frame), way.tail, 0, way.guards}, offer);
  }
}

void Places::Leave(const Node* node, const Way& way, Offer* offer) const {
  const Link& link = links_.at(node);
  const Node* parent = link.parent;
  if (parent == nullptr) {
    ReachEnd(way, offer);
    return;
  }
  Way on = way;
  switch (parent->kind) {
    case NodeKind::kSequence:
      if (link.index + 1 == parent->children.size()) {
        Leave(parent, way, offer);
      } else {
        on.op = parent->ops[link.index];
        EnterSequence(parent, link.index + 1, on, offer,
                      [&](const Way& passed) { Leave(parent, passed, offer); });
      }
      return;
    case NodeKind::kGroup:
      on.frames = Without(way.frames, parent);
      Leave(parent, on, offer);
      return;
    case NodeKind::kLoop: {
      const Node* above = links_.at(parent).parent;
      if (above != nullptr && above->kind == NodeKind::kPermutation) {
        LeaveElement(above, way, offer);
      } else {
        LeaveRound(parent, way, offer);
      }
      return;
    }
    case NodeKind::kPermutation:
      LeaveElement(parent, way, offer);
      return;
    default:
      Leave(parent, way, offer);
  }
}

void Places::LeaveRound(const Node* loop, const Way& way, Offer* offer) const {
  int rounds = FrameOf(way.frames, loop).rounds;
  Way outside = way;
  outside.frames = Without(way.frames, loop);
  bool may_leave = rounds >= loop->min;
  bool may_loop = loop->max < 0 || rounds < loop->max;
  Way again = outside;
  again.op = InnerOp(loop);
  if (way.tail == Tail::kNone && may_leave) {
    again.tail = loop->reluctant ? Tail::kReluctant : Tail::kGreedy;
  }
  if (may_leave && loop->reluctant) Leave(loop, outside, offer);
  if (may_loop) EnterRound(loop, rounds + 1, again, offer);
  if (may_leave && !loop->reluctant) Leave(loop, outside, offer);
}

void Places::LeaveElement(const Node* permutation, const Way& way, Offer* offer) const {
  std::vector<int> taken = FrameOf(way.frames, permutation).taken;
  Way outside = way;
  outside.frames = Without(way.frames, permutation);
  bool all = true;
  for (size_t i = 0; i < taken.size(); ++i) {
    all &= taken[i] == CountOf(*permutation->children[i]);
  }
  if (all) {
    Leave(permutation, outside, offer);
    return;
  }
  outside.op = InnerOp(permutation);
  OfferElements(permutation, taken, outside, offer);
}

// The last word of the pattern may be a ban: it is waited for. Any other ban guarded the way into
// something optional, and waits for nothing.
void Places::ReachEnd(const Way& way, Offer* offer) const {
  for (const Guard& guard : way.guards) {
    if (!IsLast(guard.ban)) continue;
    AddTransition({guard.ban, Op::kRelaxed, {}, Tail::kNone, 0, way.guards}, offer);
    return;
  }
  offer->complete = true;
}

}  // namespace spate::reference
