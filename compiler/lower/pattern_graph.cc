#include "compiler/lower/pattern_graph.h"

#include <algorithm>
#include <limits>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

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
  uint64_t body = p.kind == Kind::kStep || p.kind == Kind::kBan ? 1 : 0;
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
    case Kind::kPermutation:
      return false;
    case Kind::kBan:
      return true;
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
  std::optional<Contiguity> permuted;  // `( A & B ) strict`: how the permutation inside is joined
};

class Builder {
 public:
  explicit Builder(PatternGraph* graph) : graph_(*graph) {}

  // Gives steps, groups, bans and permutations their numbers, in order of writing; the steps of
  // bans come last. False: a permutation is too large.
  bool Number(const CheckedPattern& p) {
    std::vector<const CheckedPattern*> bans;
    Around around;
    if (!NumberIn(p, &around, &bans)) return false;
    for (const CheckedPattern* ban : bans) {
      graph_.bans[ban_ids_[ban]].step = static_cast<uint32_t>(graph_.steps.size());
      graph_.steps.push_back(ban);
      graph_.groups_of_step.emplace_back();
      graph_.names_of_step.emplace_back();
    }
    return true;
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
  struct Around {
    std::vector<GroupId> groups;
    std::vector<VarId> names;
  };

  bool NumberIn(const CheckedPattern& p, Around* around, std::vector<const CheckedPattern*>* bans) {
    if (p.kind == Kind::kStep) {
      step_ids_[&p] = static_cast<uint32_t>(graph_.steps.size());
      graph_.steps.push_back(&p);
      graph_.groups_of_step.push_back(around->groups);
      graph_.names_of_step.push_back(around->names);
    }
    if (p.kind == Kind::kBan) {
      ban_ids_[&p] = static_cast<uint32_t>(graph_.bans.size());
      graph_.bans.emplace_back();
      graph_.bans.back().group = WindowAround(around->groups);
      graph_.bans.back().limit = p.limit;
      bans->push_back(&p);
    }
    if (p.kind == Kind::kPermutation && !NumberPermutation(p)) return false;
    const Around outside = *around;
    if (p.kind == Kind::kGroup && (p.bound.kind != WindowBound::Kind::kNone || p.gap)) {
      const auto id = static_cast<uint32_t>(graph_.groups.size());
      group_ids_[&p] = id;
      graph_.groups.push_back({p.bound, p.gap.value_or(-1)});
      around->groups.push_back(GroupId(id));
    }
    if (p.kind == Kind::kGroup && p.var.valid()) around->names.push_back(p.var);
    for (const CheckedPatternPtr& e : p.elements) {
      if (!NumberIn(*e, around, bans)) return false;
    }
    *around = outside;
    return true;
  }

  // The innermost group with a window; `gap` is none.
  GroupId WindowAround(const std::vector<GroupId>& groups) const {
    for (size_t i = groups.size(); i-- > 0;) {
      if (graph_.groups[groups[i].index()].bound.kind != WindowBound::Kind::kNone) return groups[i];
    }
    return GroupId();
  }

  bool NumberPermutation(const CheckedPattern& p) {
    PermutationPlan plan;
    uint32_t shift = 0;
    for (const CheckedPatternPtr& e : p.elements) {
      uint32_t bits = 1;
      while (e->min >> bits != 0) ++bits;
      if (shift + bits > 64) return false;
      plan.elements.push_back({shift, (uint64_t{1} << bits) - 1, e->min});
      plan.full |= e->min << shift;
      shift += bits;
    }
    permutation_ids_[&p] = static_cast<uint32_t>(graph_.permutations.size());
    graph_.permutations.push_back(std::move(plan));
    return true;
  }

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
      case Kind::kBan: {
        const uint32_t node = Add(NodeKind::kBan, ban_ids_[&p], {next});
        graph_.nodes[node].contiguity = context.entry;
        graph_.nodes[node].leftmost = !context.left.has_value();
        graph_.nodes[node].rightmost = !context.right.has_value();
        return node;
      }
      case Kind::kPermutation:
        return PermutationBody(p, context, next);
      case Kind::kSequence:
        return SequenceBody(p, context, next);
      case Kind::kAlternation: {
        std::vector<uint32_t> branches;
        for (const CheckedPatternPtr& e : p.elements) branches.push_back(Build(*e, context, next));
        return Add(NodeKind::kSplit, 0, std::move(branches));
      }
      case Kind::kGroup: {
        const auto group = group_ids_.find(&p);
        Context inside = context;
        if (p.rounds.has_value() && !IsLoop(p)) inside.permuted = p.rounds;
        if (group == group_ids_.end()) return Build(*p.elements[0], inside, next);
        const uint32_t id = group->second;
        const uint32_t exit = Add(NodeKind::kExitGroup, id, {next});
        return Add(NodeKind::kEnterGroup, id, {Build(*p.elements[0], inside, exit)});
      }
    }
    return next;
  }

  // Elements in any order: each leads to the hub, where those that remain are offered.
  uint32_t PermutationBody(const CheckedPattern& p, const Context& context, uint32_t next) {
    const uint32_t hub = Add(NodeKind::kSplit, 0, {});
    const Contiguity joined = p.rounds.value_or(context.permuted.value_or(
        context.left.value_or(context.right.value_or(Contiguity::kRelaxed))));
    graph_.nodes[hub].next = PermutationSteps(p, joined, hub, next, /*begins=*/false);
    return Add(NodeKind::kSplit, 0, PermutationSteps(p, context.entry, hub, next, /*begins=*/true));
  }

  std::vector<uint32_t> PermutationSteps(const CheckedPattern& p, Contiguity contiguity,
                                         uint32_t hub, uint32_t next, bool begins) {
    std::vector<uint32_t> steps;
    for (uint32_t i = 0; i < p.elements.size(); ++i) {
      const uint32_t node = Add(NodeKind::kStep, step_ids_[p.elements[i].get()], {hub});
      PatternGraph::Node& n = graph_.nodes[node];
      n.contiguity = contiguity;
      n.permutation = permutation_ids_[&p];
      n.element = i;
      n.begins = begins;
      n.exit = next;
      steps.push_back(node);
    }
    return steps;
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
  absl::flat_hash_map<const CheckedPattern*, uint32_t> ban_ids_;
  absl::flat_hash_map<const CheckedPattern*, uint32_t> permutation_ids_;
};

}  // namespace

std::optional<PatternGraph> BuildPatternGraph(const CheckedPattern& pattern, size_t max_steps,
                                              std::string* too_large) {
  if (UnrolledSize(pattern) > max_steps) {
    *too_large = absl::StrCat("more than ", max_steps, " steps when its counts are written out");
    return std::nullopt;
  }
  PatternGraph graph;
  Builder builder(&graph);
  if (!builder.Number(pattern)) {
    *too_large = "more counts in a permutation than fit into 64 bits";
    return std::nullopt;
  }
  const uint32_t accept = builder.Add(NodeKind::kAccept, 0, {});
  graph.start = builder.Build(pattern, Context{}, accept);
  return graph;
}

}  // namespace spate
