#include "compiler/lower/pattern_graph.h"

#include <algorithm>
#include <limits>

#include "absl/container/flat_hash_map.h"

namespace spate {
namespace {

using Kind = CheckedPattern::Kind;
using NodeKind = PatternGraph::NodeKind;

constexpr uint64_t kHuge = std::numeric_limits<uint64_t>::max() / 4;

uint64_t SaturatingProduct(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return 0;
  return a > kHuge / b ? kHuge : a * b;
}

// Steps after unrolling.
uint64_t UnrolledSize(const CheckedPattern& p) {
  uint64_t body = 0;
  if (p.kind == Kind::kStep) body = 1;
  for (const CheckedPatternPtr& e : p.elements) body = std::min(kHuge, body + UnrolledSize(*e));
  const uint64_t copies = p.max.has_value() ? *p.max : p.min + 1;
  return SaturatingProduct(body, std::max<uint64_t>(copies, 1));
}

bool IsLoop(const CheckedPattern& p) { return p.min != 1 || p.max != std::optional<uint64_t>(1); }

bool BodyNullable(const CheckedPattern& p);

// Whether `p` can be passed without an event. A round of a loop binds at least one.
bool Nullable(const CheckedPattern& p) {
  if (p.min == 0) return true;
  return IsLoop(p) ? false : BodyNullable(p);
}

bool BodyNullable(const CheckedPattern& p) {
  const auto nullable = [](const CheckedPatternPtr& e) { return Nullable(*e); };
  switch (p.kind) {
    case Kind::kStep:
      return false;
    case Kind::kAlternation:
      return std::any_of(p.elements.begin(), p.elements.end(), nullable);
    case Kind::kSequence:
    case Kind::kGroup:
      return std::all_of(p.elements.begin(), p.elements.end(), nullable);
  }
  return false;
}

// What stands around a pattern: how its first step joins what comes before, and the operators
// written on its left and right, which parentheses do not change.
struct Context {
  Contiguity entry = Contiguity::kRelaxed;
  std::optional<Contiguity> left;
  std::optional<Contiguity> right;
};

class Builder {
 public:
  explicit Builder(PatternGraph* graph) : graph_(*graph) {}

  void NumberSteps(const CheckedPattern& p) {
    if (p.kind == Kind::kStep) {
      step_ids_[&p] = static_cast<uint32_t>(graph_.steps.size());
      graph_.steps.push_back(&p);
    }
    if (p.kind == Kind::kGroup && p.bound.kind != WindowBound::Kind::kNone) {
      group_ids_[&p] = static_cast<uint32_t>(graph_.groups.size());
      graph_.groups.push_back({p.bound});
    }
    for (const CheckedPatternPtr& e : p.elements) NumberSteps(*e);
  }

  uint32_t Add(NodeKind kind, uint32_t id, std::vector<uint32_t> next) {
    PatternGraph::Node node;
    node.kind = kind;
    node.id = id;
    node.next = std::move(next);
    graph_.nodes.push_back(std::move(node));
    return static_cast<uint32_t>(graph_.nodes.size() - 1);
  }

  // The node where `p` with its quantifier begins when `next` follows it.
  uint32_t Build(const CheckedPattern& p, const Context& context, uint32_t next) {
    if (!IsLoop(p)) return Body(p, context, next);
    Context again = context;
    again.entry =
        p.rounds.value_or(context.left.value_or(context.right.value_or(Contiguity::kRelaxed)));
    return p.max.has_value() ? Counted(p, context, again, next) : Open(p, context, again, next);
  }

 private:
  // x{n,m}: n rounds, then up to m - n more, each of which may stop.
  uint32_t Counted(const CheckedPattern& p, const Context& first, const Context& again,
                   uint32_t next) {
    uint32_t node = next;
    for (uint64_t k = *p.max; k >= 1; --k) {
      const uint32_t round = Round(p, k == 1 ? first : again, node);
      node = k > p.min ? Choice(p, round, next) : round;
    }
    return node;
  }

  // x{n,}: n rounds, the last of which may repeat.
  uint32_t Open(const CheckedPattern& p, const Context& first, const Context& again,
                uint32_t next) {
    const uint32_t choice = Choice(p, next, next);
    const uint32_t repeat = Round(p, again, choice);
    graph_.nodes[choice].next = Ordered(p, repeat, next);
    const bool same_entry = first.entry == again.entry;
    if (p.min == 0) return same_entry ? choice : Choice(p, Round(p, first, choice), next);
    if (p.min == 1) return same_entry ? repeat : Round(p, first, choice);
    uint32_t node = repeat;
    for (uint64_t k = p.min - 1; k >= 1; --k) node = Round(p, k == 1 ? first : again, node);
    return node;
  }

  static std::vector<uint32_t> Ordered(const CheckedPattern& p, uint32_t round, uint32_t next) {
    return p.reluctant ? std::vector<uint32_t>{next, round} : std::vector<uint32_t>{round, next};
  }
  uint32_t Choice(const CheckedPattern& p, uint32_t round, uint32_t next) {
    const uint32_t node = Add(NodeKind::kSplit, 0, Ordered(p, round, next));
    graph_.nodes[node].choice = p.reluctant ? QuantifierEnd::kReluctant : QuantifierEnd::kGreedy;
    return node;
  }

  uint32_t Round(const CheckedPattern& p, const Context& context, uint32_t next) {
    if (!BodyNullable(p)) return Body(p, context, next);
    const uint32_t id = rounds_++;
    const uint32_t end = Add(NodeKind::kEndRound, id, {next});
    return Add(NodeKind::kBeginRound, id, {Body(p, context, end)});
  }

  uint32_t Body(const CheckedPattern& p, const Context& context, uint32_t next) {
    switch (p.kind) {
      case Kind::kStep: {
        const uint32_t node = Add(NodeKind::kStep, step_ids_[&p], {next});
        graph_.nodes[node].contiguity = context.entry;
        return node;
      }
      case Kind::kSequence:
        return SequenceBody(p, context, next);
      case Kind::kAlternation: {
        std::vector<uint32_t> branches;
        for (const CheckedPatternPtr& e : p.elements) branches.push_back(Build(*e, context, next));
        return Add(NodeKind::kSplit, 0, std::move(branches));
      }
      case Kind::kGroup: {
        const auto group = group_ids_.find(&p);
        if (group == group_ids_.end()) return Build(*p.elements[0], context, next);
        const uint32_t exit = Add(NodeKind::kExitGroup, group->second, {next});
        return Add(NodeKind::kEnterGroup, group->second, {Build(*p.elements[0], context, exit)});
      }
    }
    return next;
  }

  uint32_t SequenceBody(const CheckedPattern& p, const Context& context, uint32_t next) {
    uint32_t node = next;
    for (size_t i = p.elements.size(); i-- > 0;) {
      Context inner;
      inner.entry = i == 0 ? context.entry : p.operators[i - 1];
      inner.left = i == 0 ? context.left : std::optional<Contiguity>(p.operators[i - 1]);
      inner.right =
          i + 1 < p.elements.size() ? std::optional<Contiguity>(p.operators[i]) : context.right;
      node = Build(*p.elements[i], inner, node);
    }
    return node;
  }

  PatternGraph& graph_;
  uint32_t rounds_ = 0;
  absl::flat_hash_map<const CheckedPattern*, uint32_t> step_ids_;
  absl::flat_hash_map<const CheckedPattern*, uint32_t> group_ids_;
};

}  // namespace

std::optional<PatternGraph> BuildPatternGraph(const CheckedPattern& pattern, size_t max_steps) {
  if (UnrolledSize(pattern) > max_steps) return std::nullopt;
  PatternGraph graph;
  Builder builder(&graph);
  builder.NumberSteps(pattern);
  const uint32_t accept = builder.Add(NodeKind::kAccept, 0, {});
  graph.start = builder.Build(pattern, Context{}, accept);
  return graph;
}

}  // namespace spate
