// Where a thread can stand in a pattern, and where it can go from there.
//
// A place is the step taken last and, for each loop, group and permutation around it, how far that
// is: rounds begun, what was taken, when a bounded group's round began. `After` lists what can come
// next in order of preference, by walking the pattern tree as it is written: steps, and at the end
// the wait for a ban. Bans on the way go along as guards. Constant after construction.
// Tested by tests/reference/place_test.cc.
#ifndef SPATE_TESTS_REFERENCE_PLACE_H_
#define SPATE_TESTS_REFERENCE_PLACE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

// A loop, group or permutation around the place.
struct Frame {
  const Node* node = nullptr;
  int rounds = 0;               // kLoop: begun, this one included; no further than it matters
  std::vector<int> taken = {};  // kPermutation: events of each child
  bool started = false;         // kGroup: an event of it was taken
  Time start_time = 0;          // kGroup: of the first event
  int64_t start_index = 0;      // kGroup: its number in the partition's input
  Time last_time = 0;           // kGroup: of the last event
  friend bool operator==(const Frame&, const Frame&) = default;
};
using Frames = std::vector<Frame>;  // outermost first

// A ban on the way.
struct Guard {
  const Node* ban = nullptr;
  Frames frames;           // around the ban
  bool next_only = false;  // after `,`: looked for at the very next event alone
  bool at_start = false;   // looked for in what was before the match
  bool spent = false;      // is not looked for any more
  // Once an event was taken before it: X + D or t. What is guarded comes then or later.
  std::optional<Time> limit;
  friend bool operator==(const Guard&, const Guard&) = default;
};

// The quantifier at the end of the pattern that offers a transition of a complete match.
enum class Tail { kNone, kGreedy, kReluctant };

struct Transition {
  const Node* step = nullptr;  // or the ban at the end: a wait for its time
  Op op = Op::kRelaxed;
  Frames frames;  // around the step, as they are once it is taken (groups may start with it)
  Tail tail = Tail::kNone;
  int rank = 0;  // in order of preference among the transitions of its place
  std::vector<Guard> guards = {};

  bool IsWait() const { return step->kind == NodeKind::kBan; }
  friend bool operator==(const Transition&, const Transition&) = default;
};

struct Offer {
  std::vector<Transition> transitions;  // most preferred first
  bool complete = false;                // the pattern may end here
};

class Places {
 public:
  explicit Places(NodePtr root);

  Offer FromStart() const;
  // After `step` was taken with these frames.
  Offer After(const Node* step, const Frames& frames) const;

  // The variables that name an event taken by `step`.
  std::vector<std::string> VarsOf(const Node* step) const;

 private:
  struct Link {
    const Node* parent = nullptr;
    size_t index = 0;
  };
  // How the walk has come to where it is.
  struct Way {
    Op op = Op::kRelaxed;  // that leads to what comes next
    Frames frames;
    Tail tail = Tail::kNone;
    std::vector<Guard> guards;
    bool nothing_bound = false;
  };
  using Then = std::function<void(const Way&)>;
  void Connect(const Node* node);
  Op LeftOp(const Node* node) const;
  Op RightOp(const Node* node) const;
  Op InnerOp(const Node* node) const;
  bool IsFirst(const Node* node) const;
  bool IsLast(const Node* node) const;
  Way Guarded(Way way, const Node* ban) const;

  // Offers what `node` can begin with when it is entered by `way`; then, where it may be passed
  // without an event, goes on with `empty`.
  void Enter(const Node* node, const Way& way, Offer* offer, const Then& empty) const;
  void EnterSequence(const Node* node, size_t i, const Way& way, Offer* offer,
                     const Then& empty) const;
  void EnterRound(const Node* loop, int rounds, const Way& way, Offer* offer) const;
  void OfferElements(const Node* permutation, const std::vector<int>& taken, const Way& way,
                     Offer* offer) const;
  // Offers what can come after `node`, in which an event was taken.
  void Leave(const Node* node, const Way& way, Offer* offer) const;
  void LeaveRound(const Node* loop, const Way& way, Offer* offer) const;
  void LeaveElement(const Node* permutation, const Way& way, Offer* offer) const;
  void ReachEnd(const Way& way, Offer* offer) const;

  NodePtr root_;
  std::map<const Node*, Link> links_;
};

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_PLACE_H_
