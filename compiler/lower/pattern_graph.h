// PatternGraph: a checked pattern as a graph of steps and silent nodes (first half of automaton.h).
//
// Nodes are built back to front: each knows what follows it. Thread-safety: values.
// Tested by tests/compiler/lower/automaton_test.cc.
#ifndef SPATE_COMPILER_LOWER_PATTERN_GRAPH_H_
#define SPATE_COMPILER_LOWER_PATTERN_GRAPH_H_

#include <cstdint>
#include <optional>
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
    kAccept,
  };
  struct Node {
    NodeKind kind;
    uint32_t id = 0;                               // step, group or round
    Contiguity contiguity = Contiguity::kRelaxed;  // kStep: how it joins what comes before
    QuantifierEnd choice = QuantifierEnd::kNone;   // kSplit of a quantifier: one more round, or on
    std::vector<uint32_t> next;
  };
  std::vector<Node> nodes;
  uint32_t start = 0;
  std::vector<GroupPlan> groups;
  std::vector<const CheckedPattern*> steps;
};

// nullopt when the unrolled pattern has more than `max_steps` steps.
std::optional<PatternGraph> BuildPatternGraph(const CheckedPattern& pattern, size_t max_steps);

}  // namespace spate

#endif  // SPATE_COMPILER_LOWER_PATTERN_GRAPH_H_
