#include "compiler/lower/automaton.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "compiler/lower/pattern_graph.h"
#include "runtime/base/check.h"

namespace spate {
namespace {

using NodeKind = PatternGraph::NodeKind;

// One way from a state to a step: what the silent nodes between said.
struct Item {
  uint32_t node;                  // the step's node
  std::vector<uint32_t> entered;  // bounded groups begun on the way, outermost first
  QuantifierEnd end;              // the first quantifier that went round on the way
};

// The steps that can be taken next, most preferred first, and where stopping stands among them.
struct Closure {
  std::vector<Item> items;
  bool accepting = false;
};

constexpr size_t kMaxClosureVisits = 100'000;

// Walks the silent nodes depth first in order of preference.
class ClosureWalk {
 public:
  explicit ClosureWalk(const PatternGraph& graph) : graph_(graph) {}

  // False when the walk grows beyond its limits.
  bool Run(const std::vector<uint32_t>& starts, Closure* out) {
    out_ = out;
    for (uint32_t start : starts) {
      if (!Visit(start, {}, {}, QuantifierEnd::kNone)) return false;
    }
    return out->items.size() <= kMaxTransitions;
  }

 private:
  using Marks = std::vector<uint32_t>;

  bool Visit(uint32_t id, const Marks& entered, const Marks& begun, QuantifierEnd end) {
    if (visited_.size() > kMaxClosureVisits) return false;
    if (!visited_.emplace(id, entered, begun, end).second) return true;
    const PatternGraph::Node& node = graph_.nodes[id];
    switch (node.kind) {
      case NodeKind::kStep:
        out_->items.push_back({id, entered, end});
        return out_->items.size() <= kMaxTransitions;
      case NodeKind::kAccept:
        out_->accepting = true;
        return true;
      case NodeKind::kSplit:
        return VisitSplit(node, entered, begun, end);
      case NodeKind::kEnterGroup:
        return Visit(node.next[0], With(entered, node.id), begun, end);
      case NodeKind::kExitGroup:
        return Visit(node.next[0], Without(entered, node.id), begun, end);
      case NodeKind::kBeginRound:
        return Visit(node.next[0], entered, With(begun, node.id), end);
      case NodeKind::kEndRound:
        if (std::find(begun.begin(), begun.end(), node.id) != begun.end()) return true;
        return Visit(node.next[0], entered, begun, end);
    }
    return true;
  }

  bool VisitSplit(const PatternGraph::Node& node, const Marks& entered, const Marks& begun,
                  QuantifierEnd end) {
    const size_t round = node.choice == QuantifierEnd::kReluctant ? 1 : 0;
    for (size_t i = 0; i < node.next.size(); ++i) {
      const bool goes_round = node.choice != QuantifierEnd::kNone && i == round;
      const QuantifierEnd now = goes_round && end == QuantifierEnd::kNone ? node.choice : end;
      if (!Visit(node.next[i], entered, begun, now)) return false;
    }
    return true;
  }

  static Marks With(Marks marks, uint32_t id) {
    marks.push_back(id);
    return marks;
  }
  static Marks Without(Marks marks, uint32_t id) {
    marks.erase(std::remove(marks.begin(), marks.end(), id), marks.end());
    return marks;
  }

  const PatternGraph& graph_;
  Closure* out_ = nullptr;
  std::set<std::tuple<uint32_t, Marks, Marks, QuantifierEnd>> visited_;
};

// The bounded groups that contain each step of the pattern.
void CollectGroups(const CheckedPattern& p, std::vector<uint32_t>* open, uint32_t* next_group,
                   std::vector<std::vector<uint32_t>>* by_step) {
  const bool bounded =
      p.kind == CheckedPattern::Kind::kGroup && p.bound.kind != WindowBound::Kind::kNone;
  if (bounded) open->push_back((*next_group)++);
  if (p.kind == CheckedPattern::Kind::kStep) by_step->push_back(*open);
  for (const CheckedPatternPtr& e : p.elements) CollectGroups(*e, open, next_group, by_step);
  if (bounded) open->pop_back();
}

class AutomatonBuilder {
 public:
  AutomatonBuilder(const CheckedPattern& pattern, PatternGraph graph, size_t max_states)
      : graph_(std::move(graph)), max_states_(max_states) {
    std::vector<uint32_t> open;
    uint32_t next_group = 0;
    CollectGroups(pattern, &open, &next_group, &groups_of_step_);
  }

  std::optional<Automaton> Build(std::string* too_large) {
    Automaton result;
    const std::optional<StateId> start = StateFor({graph_.start});
    if (!start.has_value()) return TooLarge(too_large);
    for (size_t i = 0; i < todo_.size(); ++i) {
      if (!Fill(StateId(i))) return TooLarge(too_large);
    }
    MergeEqualStates();
    result.start = Representative(*start);
    Renumber(&result);
    result.groups = graph_.groups;
    result.steps = graph_.steps;
    ComputeCloses(&result.states);
    return result;
  }

 private:
  std::nullopt_t TooLarge(std::string* too_large) const {
    *too_large = states_.size() > max_states_
                     ? absl::StrCat("more than ", max_states_, " states")
                     : absl::StrCat("more than ", kMaxTransitions, " ways to go on from one place");
    return std::nullopt;
  }

  // The state in which the silent walk begins at `starts` (the start, or behind a step).
  std::optional<StateId> StateFor(const std::vector<uint32_t>& starts) {
    const auto [it, added] = state_of_.emplace(starts, StateId(states_.size()));
    if (added) {
      states_.emplace_back();
      todo_.push_back(starts);
    }
    if (states_.size() > max_states_) return std::nullopt;
    return it->second;
  }

  bool Fill(StateId id) {
    Closure closure;
    if (!ClosureWalk(graph_).Run(std::vector<uint32_t>(todo_[id.index()]), &closure)) return false;
    State state;
    state.accepting = closure.accepting;
    for (const Item& item : closure.items) {
      const PatternGraph::Node& node = graph_.nodes[item.node];
      const std::optional<StateId> target = StateFor(node.next);
      if (!target.has_value()) return false;
      const uint64_t bit = uint64_t{1} << state.transitions.size();
      if (item.end == QuantifierEnd::kGreedy) state.greedy |= bit;
      if (item.end == QuantifierEnd::kReluctant) state.reluctant |= bit;
      Transition t;
      t.step = node.id;
      t.contiguity = node.contiguity;
      t.target = *target;
      for (uint32_t g : groups_of_step_[node.id]) {
        const bool entered =
            std::find(item.entered.begin(), item.entered.end(), g) != item.entered.end();
        (entered ? t.enters : t.inside).push_back(GroupId(g));
      }
      state.transitions.push_back(std::move(t));
    }
    states_[id.index()] = std::move(state);
    return true;
  }

  StateId Representative(StateId s) const {
    while (merged_into_[s.index()] != s) s = merged_into_[s.index()];
    return s;
  }

  // Text that is equal for states with equal futures, given what is merged so far.
  std::string Signature(StateId id) const {
    const State& s = states_[id.index()];
    std::string text = absl::StrCat(s.accepting);
    if (s.accepting) absl::StrAppend(&text, ",", s.greedy, ",", s.reluctant);
    for (const Transition& t : s.transitions) {
      const StateId target = Representative(t.target);
      absl::StrAppend(
          &text, ";", t.step, ",", static_cast<int>(t.contiguity), ",",
          target == Representative(id) ? std::string("self") : absl::StrCat(target.value));
      for (GroupId g : t.enters) absl::StrAppend(&text, ",e", g.value);
      for (GroupId g : t.inside) absl::StrAppend(&text, ",i", g.value);
    }
    return text;
  }

  // Merges from the back: a state's targets were mostly created after it. Repeats while it helps.
  void MergeEqualStates() {
    for (size_t i = 0; i < states_.size(); ++i) merged_into_.push_back(StateId(i));
    for (int pass = 0; pass < 4; ++pass) {
      bool merged = false;
      absl::flat_hash_map<std::string, StateId> seen;
      for (size_t i = states_.size(); i-- > 0;) {
        const StateId id(i);
        if (Representative(id) != id) continue;
        const auto [it, added] = seen.emplace(Signature(id), id);
        if (added) continue;
        merged_into_[i] = it->second;
        merged = true;
      }
      if (!merged) return;
    }
  }

  void Renumber(Automaton* result) {
    std::vector<StateId> new_id(states_.size());
    std::vector<StateId> order{result->start};
    new_id[result->start.index()] = StateId(size_t{0});
    for (size_t i = 0; i < order.size(); ++i) {
      for (const Transition& t : states_[order[i].index()].transitions) {
        const StateId target = Representative(t.target);
        if (new_id[target.index()].valid()) continue;
        new_id[target.index()] = StateId(order.size());
        order.push_back(target);
      }
    }
    for (StateId old : order) {
      State s = std::move(states_[old.index()]);
      for (Transition& t : s.transitions) t.target = new_id[Representative(t.target).index()];
      result->states.push_back(std::move(s));
    }
    result->start = StateId(size_t{0});
  }

  // A relaxed transition closes when another, relaxed or strict, leads to where its step is offered
  // again: so a loop gives its longest run.
  static void ComputeCloses(std::vector<State>* states) {
    for (State& s : *states) {
      for (Transition& t : s.transitions) {
        if (t.contiguity == Contiguity::kAny) continue;
        const State& target = (*states)[t.target.index()];
        for (size_t j = 0; j < s.transitions.size(); ++j) {
          const Transition& other = s.transitions[j];
          if (&other == &t || other.contiguity != Contiguity::kRelaxed) continue;
          const bool again = std::any_of(target.transitions.begin(), target.transitions.end(),
                                         [&](const Transition& u) { return u.step == other.step; });
          if (again) t.closes |= uint64_t{1} << j;
        }
      }
    }
  }

  PatternGraph graph_;
  size_t max_states_;
  std::vector<std::vector<uint32_t>> groups_of_step_;
  std::vector<State> states_;
  std::vector<std::vector<uint32_t>> todo_;  // by state: where its silent walk begins
  absl::flat_hash_map<std::vector<uint32_t>, StateId> state_of_;
  std::vector<StateId> merged_into_;
};

}  // namespace

std::optional<Automaton> BuildAutomaton(const CheckedPattern& pattern, size_t max_states,
                                        std::string* too_large) {
  std::optional<PatternGraph> graph = BuildPatternGraph(pattern, max_states);
  if (!graph.has_value()) {
    *too_large = absl::StrCat("more than ", max_states, " steps when its counts are written out");
    return std::nullopt;
  }
  return AutomatonBuilder(pattern, *std::move(graph), max_states).Build(too_large);
}

}  // namespace spate
