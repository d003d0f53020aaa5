#include "compiler/lower/automaton.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "compiler/lower/pattern_graph.h"

namespace spate {
namespace {

using NodeKind = PatternGraph::NodeKind;

// What the silent nodes between a state and a step (or the end) said.
struct Way {
  std::vector<uint32_t> entered;             // bounded groups begun, outermost first
  std::vector<uint32_t> begun;               // rounds that still must take an event
  std::vector<Guard> guards;                 // bans passed, in order
  QuantifierEnd end = QuantifierEnd::kNone;  // the first quantifier that went round
  bool ends_with_ban = false;                // the last guard is the ban at the pattern's end
};

struct Item {
  uint32_t node;  // the step's node
  Way way;
};

// The steps that can be taken next, most preferred first, and where stopping stands among them.
struct Closure {
  std::vector<Item> items;
  std::vector<Wait> waits;
  bool accepting = false;
};

constexpr size_t kMaxClosureVisits = 100'000;

// Walks the silent nodes depth first in order of preference.
class ClosureWalk {
 public:
  // `at_start`: no event is bound before. A ban there guards only what begins the pattern.
  ClosureWalk(const PatternGraph& graph, bool at_start) : graph_(graph), at_start_(at_start) {}

  // False when the walk grows beyond its limits.
  bool Run(const std::vector<uint32_t>& starts, Closure* out) {
    out_ = out;
    for (uint32_t start : starts) {
      if (!Visit(start, Way{})) return false;
    }
    return out->items.size() + out->waits.size() <= kMaxTransitions;
  }

 private:
  bool Visit(uint32_t id, const Way& way) {
    if (visited_.size() > kMaxClosureVisits) return false;
    if (!visited_.emplace(id, way.entered, way.begun, GuardKey(way), way.end).second) return true;
    const PatternGraph::Node& node = graph_.nodes[id];
    Way next = way;
    switch (node.kind) {
      case NodeKind::kStep:
        out_->items.push_back({id, way});
        return out_->items.size() <= kMaxTransitions;
      case NodeKind::kAccept:
        Accept(way);
        return out_->waits.size() <= kMaxTransitions;
      case NodeKind::kSplit:
        return VisitSplit(node, way);
      case NodeKind::kEnterGroup:
        next.entered.push_back(node.id);
        break;
      case NodeKind::kExitGroup:
        std::erase(next.entered, node.id);
        break;
      case NodeKind::kBeginRound:
        next.begun.push_back(node.id);
        break;
      case NodeKind::kEndRound:
        if (std::find(way.begun.begin(), way.begun.end(), node.id) != way.begun.end()) return true;
        break;
      case NodeKind::kBan:
        PassBan(node, &next);
        break;
    }
    return Visit(node.next[0], next);
  }

  // A ban guards what comes behind it, and where all before it was skipped, nothing.
  void PassBan(const PatternGraph::Node& node, Way* way) const {
    if (at_start_ && (!node.leftmost || !LooksBack(graph_.bans[node.id]))) return;
    const Guard guard{node.id, !at_start_ && node.contiguity == Contiguity::kStrict};
    const bool known =
        std::find(way->guards.begin(), way->guards.end(), guard) != way->guards.end();
    if (!known) way->guards.push_back(guard);
    way->ends_with_ban = node.rightmost;
  }

  static bool LooksBack(const BanPlan& ban) {
    return ban.limit == BanPlan::Limit::kFor || ban.limit == BanPlan::Limit::kEver;
  }

  void Accept(const Way& way) {
    if (at_start_ || !way.ends_with_ban) {
      out_->accepting = true;
      return;
    }
    Wait wait;
    wait.ban = way.guards.back().ban;
    wait.guards.assign(way.guards.begin(), way.guards.end() - 1);
    out_->waits.push_back(std::move(wait));
  }

  bool VisitSplit(const PatternGraph::Node& node, const Way& way) {
    const size_t round = node.choice == QuantifierEnd::kReluctant ? 1 : 0;
    for (size_t i = 0; i < node.next.size(); ++i) {
      Way next = way;
      const bool goes_round = node.choice != QuantifierEnd::kNone && i == round;
      if (goes_round && way.end == QuantifierEnd::kNone) next.end = node.choice;
      if (!Visit(node.next[i], next)) return false;
    }
    return true;
  }

  static std::vector<uint64_t> GuardKey(const Way& way) {
    std::vector<uint64_t> key{way.ends_with_ban ? uint64_t{1} : 0};
    for (const Guard& g : way.guards) key.push_back(uint64_t{g.ban} * 2 + (g.next_only ? 1 : 0));
    return key;
  }

  const PatternGraph& graph_;
  const bool at_start_;
  Closure* out_ = nullptr;
  std::set<std::tuple<uint32_t, std::vector<uint32_t>, std::vector<uint32_t>, std::vector<uint64_t>,
                      QuantifierEnd>>
      visited_;
};

class AutomatonBuilder {
 public:
  AutomatonBuilder(PatternGraph graph, size_t max_states)
      : graph_(std::move(graph)), max_states_(max_states) {}

  std::optional<Automaton> Build(std::string* too_large) {
    Automaton result;
    const std::optional<StateId> start = StateFor({graph_.start});
    if (!start.has_value()) return TooLarge(too_large);
    // A loop in front may lead back to this place with events bound: another state for its bans.
    if (!graph_.bans.empty()) state_of_.clear();
    for (size_t i = 0; i < todo_.size(); ++i) {
      if (!Fill(StateId(i))) return TooLarge(too_large);
    }
    MergeEqualStates();
    result.start = Representative(*start);
    Renumber(&result);
    ComputeCloses(&result.states);
    result.groups = std::move(graph_.groups);
    result.permutations = std::move(graph_.permutations);
    result.bans = std::move(graph_.bans);
    result.steps = std::move(graph_.steps);
    result.names_of_step = std::move(graph_.names_of_step);
    MarkStartBans(&result);
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
    const bool at_start = id == StateId(size_t{0});
    const std::vector<uint32_t> starts = todo_[id.index()];
    if (!ClosureWalk(graph_, at_start).Run(starts, &closure)) return false;
    State state;
    state.accepting = closure.accepting;
    state.waits = std::move(closure.waits);
    for (const Item& item : closure.items) {
      const uint64_t bit = uint64_t{1} << state.transitions.size();
      if (item.way.end == QuantifierEnd::kGreedy) state.greedy |= bit;
      if (item.way.end == QuantifierEnd::kReluctant) state.reluctant |= bit;
      std::optional<Transition> t = TransitionFor(item);
      if (!t.has_value()) return false;
      state.transitions.push_back(*std::move(t));
    }
    states_[id.index()] = std::move(state);
    return true;
  }

  // nullopt: too many states.
  std::optional<Transition> TransitionFor(const Item& item) {
    const PatternGraph::Node& node = graph_.nodes[item.node];
    Transition t;
    t.step = node.id;
    t.contiguity = node.contiguity;
    t.guards = item.way.guards;
    const std::optional<StateId> target = StateFor(node.next);
    if (!target.has_value()) return std::nullopt;
    t.target = *target;
    if (node.permutation != kNoPermutation) {
      t.permutation = node.permutation;
      t.element = node.element;
      t.begins = node.begins;
      const std::optional<StateId> exit = StateFor({node.exit});
      if (!exit.has_value()) return std::nullopt;
      t.exit = *exit;
    }
    for (GroupId g : graph_.groups_of_step[node.id]) {
      const std::vector<uint32_t>& entered = item.way.entered;
      const bool enters = std::find(entered.begin(), entered.end(), g.value) != entered.end();
      (enters ? t.enters : t.inside).push_back(g);
    }
    return t;
  }

  StateId Representative(StateId s) const {
    while (merged_into_[s.index()] != s) s = merged_into_[s.index()];
    return s;
  }

  // Text that is equal for states with equal futures, given what is merged so far.
  std::string Signature(StateId id) const {
    const State& s = states_[id.index()];
    std::string text = absl::StrCat(s.accepting);
    // Bans mean something else at the pattern's start: they look back.
    const bool guarded = std::any_of(s.transitions.begin(), s.transitions.end(),
                                     [](const Transition& t) { return !t.guards.empty(); });
    if (guarded && id == StateId(size_t{0})) absl::StrAppend(&text, "start");
    if (s.accepting) absl::StrAppend(&text, ",", s.greedy, ",", s.reluctant);
    for (const Transition& t : s.transitions) {
      const StateId target = Representative(t.target);
      absl::StrAppend(
          &text, ";", t.step, ",", static_cast<int>(t.contiguity), ",",
          target == Representative(id) ? std::string("self") : absl::StrCat(target.value));
      for (GroupId g : t.enters) absl::StrAppend(&text, ",e", g.value);
      for (GroupId g : t.inside) absl::StrAppend(&text, ",i", g.value);
      AppendGuards(t.guards, &text);
      if (t.permutation == kNoPermutation) continue;
      absl::StrAppend(&text, ",p", t.permutation, ".", t.element, t.begins ? "b" : "", ">",
                      Representative(t.exit).value);
    }
    for (const Wait& w : s.waits) {
      absl::StrAppend(&text, ";w", w.ban);
      AppendGuards(w.guards, &text);
    }
    return text;
  }

  static void AppendGuards(const std::vector<Guard>& guards, std::string* text) {
    for (const Guard& g : guards) absl::StrAppend(text, ",n", g.ban, g.next_only ? "!" : "");
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
        for (const StateId to : {t.target, t.exit}) {
          if (!to.valid()) continue;
          const StateId target = Representative(to);
          if (new_id[target.index()].valid()) continue;
          new_id[target.index()] = StateId(order.size());
          order.push_back(target);
        }
      }
    }
    for (StateId old : order) {
      State s = std::move(states_[old.index()]);
      for (Transition& t : s.transitions) {
        t.target = new_id[Representative(t.target).index()];
        if (t.exit.valid()) t.exit = new_id[Representative(t.exit).index()];
      }
      result->states.push_back(std::move(s));
    }
    result->start = StateId(size_t{0});
  }

  // A relaxed transition (or a wait) closes when another, relaxed or strict, leads to where it is
  // offered again, under no further ban: so a loop gives its longest run.
  void ComputeCloses(std::vector<State>* states) const {
    for (State& s : *states) {
      for (Transition& t : s.transitions) {
        if (t.contiguity == Contiguity::kAny) continue;
        const State& target = (*states)[t.target.index()];
        for (size_t j = 0; j < s.transitions.size(); ++j) {
          const Transition& other = s.transitions[j];
          if (&other == &t || other.contiguity != Contiguity::kRelaxed) continue;
          if (OffersAgain(t, target, other)) t.closes |= uint64_t{1} << j;
        }
        for (size_t j = 0; j < s.waits.size(); ++j) {
          const bool again =
              std::any_of(target.waits.begin(), target.waits.end(), [&](const Wait& w) {
                return w.ban == s.waits[j].ban && NoFurtherBan(w.guards, s.waits[j].guards);
              });
          if (again) t.closes |= uint64_t{1} << (s.transitions.size() + j);
        }
      }
    }
  }

  bool OffersAgain(const Transition& t, const State& target, const Transition& other) const {
    return std::any_of(
        target.transitions.begin(), target.transitions.end(), [&](const Transition& u) {
          return u.step == other.step && !IsUsedUp(t, u) && NoFurtherBan(u.guards, other.guards);
        });
  }

  // An element of a permutation that takes one event is not offered behind it.
  bool IsUsedUp(const Transition& t, const Transition& u) const {
    return t.begins && u.permutation == t.permutation && u.element == t.element &&
           graph_.permutations[t.permutation].elements[t.element].count == 1;
  }

  static bool NoFurtherBan(const std::vector<Guard>& now, const std::vector<Guard>& before) {
    return std::all_of(now.begin(), now.end(), [&](const Guard& g) {
      return std::any_of(before.begin(), before.end(),
                         [&](const Guard& b) { return b.ban == g.ban; });
    });
  }

  // Bans that look back: the machine must remember what they forbid.
  static void MarkStartBans(Automaton* automaton) {
    for (BanPlan& b : automaton->bans) b.at_start = b.limit == BanPlan::Limit::kEver;
    for (const Transition& t : automaton->states[automaton->start.index()].transitions) {
      for (const Guard& g : t.guards) automaton->bans[g.ban].at_start = true;
    }
  }

  PatternGraph graph_;
  size_t max_states_;
  std::vector<State> states_;
  std::vector<std::vector<uint32_t>> todo_;  // by state: where its silent walk begins
  absl::flat_hash_map<std::vector<uint32_t>, StateId> state_of_;
  std::vector<StateId> merged_into_;
};

}  // namespace

std::optional<Automaton> BuildAutomaton(const CheckedPattern& pattern, size_t max_states,
                                        std::string* too_large) {
  std::optional<PatternGraph> graph = BuildPatternGraph(pattern, max_states, too_large);
  if (!graph.has_value()) return std::nullopt;
  return AutomatonBuilder(*std::move(graph), max_states).Build(too_large);
}

}  // namespace spate
