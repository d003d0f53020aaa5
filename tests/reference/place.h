// Where a thread can stand in a pattern, and where it can go from there.
//
// A place is the step taken last and, for each loop and group around it, how far that is: rounds
// begun, and when a bounded group's round began. `Offers` lists what can come next in order of
// preference, by walking the pattern tree as it is written. Constant after construction.
// Tested by tests/reference/place_test.cc.
#ifndef SPATE_TESTS_REFERENCE_PLACE_H_
#define SPATE_TESTS_REFERENCE_PLACE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

// A loop or group around the place.
struct Frame {
  const Node* node = nullptr;
  int rounds = 0;           // kLoop: begun, this one included; no further than it matters
  bool started = false;     // kGroup: an event of it was taken
  Time start_time = 0;      // kGroup: of the first event
  int64_t start_index = 0;  // kGroup: its number in the partition's input
  friend bool operator==(const Frame&, const Frame&) = default;
};
using Frames = std::vector<Frame>;  // outermost first

// The quantifier at the end of the pattern that offers a transition of a complete match.
enum class Tail { kNone, kGreedy, kReluctant };

struct Transition {
  const Node* step = nullptr;
  Op op = Op::kRelaxed;
  Frames frames;  // around the step, as they are once it is taken (groups may start with it)
  Tail tail = Tail::kNone;
  int rank = 0;  // in order of preference among the transitions of its place
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
  using Then = std::function<void(const Frames&, Tail)>;
  void Connect(const Node* node);
  Op LeftOp(const Node* node) const;
  Op RightOp(const Node* node) const;
  Op RoundOp(const Node* loop) const;

  // Offers what `node` can begin with when it is entered by `op`; then, where it may be passed
  // without an event, goes on with `empty`.
  void Enter(const Node* node, Op op, const Frames& frames, Tail tail, Offer* offer,
             const Then& empty) const;
  void EnterSequence(const Node* node, size_t i, Op op, const Frames& frames, Tail tail,
                     Offer* offer, const Then& empty) const;
  void EnterRound(const Node* loop, Op op, int rounds, const Frames& frames, Tail tail,
                  Offer* offer) const;
  // Offers what can come after `node`, in which an event was taken.
  void Leave(const Node* node, const Frames& frames, Tail tail, Offer* offer) const;
  void LeaveRound(const Node* loop, const Frames& frames, Tail tail, Offer* offer) const;

  NodePtr root_;
  std::map<const Node*, Link> links_;
};

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_PLACE_H_
