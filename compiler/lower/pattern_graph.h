// PatternGraph: a checked pattern as a graph of steps and silent nodes (first half of automaton.h).
//
// Nodes are built back to front: each knows what follows it. Thread-safety: values.
// Tested by tests/compiler/lower/automaton_test.cc.
#ifndef SPATE_COMPILER_LOWER_PATTERN_GRAPH_H_
#define SPATE_COMPILER_LOWER_PATTERN_GRAPH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/checked_rules.h"
#include "runtime/model/plan.h"

namespace spate {

// What a way on means for a match that is already complete: nothing (an alternative), or one more
// round of a greedy or reluctant quantifier at the end.
enum class QuantifierEnd : uint8_t { kNone, kGreedy, kReluctant };

struct PatternGraph {
  enum class NodeKind : uint8_t {
    kStep,        // takes an event; one successor
    kSplit,       // silent; successors in order of preference; of a quantifier: the round and
                  // what follows, the round last when reluctant
    kEnterGroup,  // `id`: a bounded group begins with the next event
    kExitGroup,
    kBeginRound,  // `id`: a round that must take an event before its kEndRound
    kEndRound,
    kBan,  // `id`: guards what comes behind it
    kAccept,
  };
  struct Node {
    NodeKind kind;
    uint32_t id = 0;                               // step, group or round
    Contiguity contiguity = Contiguity::kRelaxed;  // kStep: how it joins what comes before
    QuantifierEnd choice = QuantifierEnd::kNone;   // kSplit of a quantifier: one more round, or on
    // kBan: nothing is written on its left (right): it is at the start (end) of the pattern.
    bool leftmost = false;
    bool rightmost = false;
    // kStep in a permutation: behind it the permutation goes on at next[0], or is over at `exit`.
    uint32_t permutation = kNoPermutation;
    uint32_t element = 0;
    bool begins = false;
    uint32_t exit = 0;
    std::vector<uint32_t> next;
  };
  std::vector<Node> nodes;
  uint32_t start = 0;
  std::vector<GroupPlan> groups;
  std::vector<PermutationPlan> permutations;
  std::vector<BanPlan> bans;                         // without the values of their limits
  std::vector<const CheckedPattern*> steps;          // those of bans behind all others
  std::vector<std::vector<GroupId>> groups_of_step;  // bounded groups around each, outermost first
  // The variables of the named groups around each step, outermost first.
  std::vector<std::vector<VarId>> names_of_step;
};

// nullopt, and in `*too_large` what was exceeded, when the unrolled pattern has more than
// `max_steps` steps or a permutation more counts than one word holds.
std::optional<PatternGraph> BuildPatternGraph(const CheckedPattern& pattern, size_t max_steps,
                                              std::string* too_large);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_PATTERN_GRAPH_H_
