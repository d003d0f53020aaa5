#include "runtime/match/one_run_per_match.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace spate {
namespace {

// Whether two steps could take the same event and bind it alike.
bool CanBindAlike(const StepPlan& a, const StepPlan& b) {
  if (a.var != b.var) return false;
  return std::any_of(a.inputs.begin(), a.inputs.end(), [&](const StepInput& x) {
    return std::any_of(b.inputs.begin(), b.inputs.end(),
                       [&](const StepInput& y) { return x.type == y.type; });
  });
}

// Pairs of states in which two different runs with the same bindings can stand.
class Pairs {
 public:
  explicit Pairs(const PatternPlan& pattern) : pattern_(pattern) {}

  bool ReachAcceptance() {
    for (const State& s : pattern_.states) {
      for (size_t i = 0; i < s.transitions.size(); ++i) {
        for (size_t j = i + 1; j < s.transitions.size(); ++j) {
          Step(s.transitions[i], s.transitions[j]);
        }
      }
    }
    while (!open_.empty() && !accepted_) {
      const auto [a, b] = open_.back();
      open_.pop_back();
      for (const Transition& t : pattern_.states[a].transitions) {
        for (const Transition& u : pattern_.states[b].transitions) Step(t, u);
      }
    }
    return accepted_;
  }

 private:
  void Step(const Transition& t, const Transition& u) {
    if (!CanBindAlike(pattern_.steps[t.step], pattern_.steps[u.step])) return;
    std::pair<size_t, size_t> to{t.target.index(), u.target.index()};
    if (to.first > to.second) std::swap(to.first, to.second);
    if (!seen_.insert(to).second) return;
    open_.push_back(to);
    accepted_ |= pattern_.states[to.first].accepting && pattern_.states[to.second].accepting;
  }

  const PatternPlan& pattern_;
  absl::flat_hash_set<std::pair<size_t, size_t>> seen_;
  std::vector<std::pair<size_t, size_t>> open_;
  bool accepted_ = false;
};

}  // namespace

bool OneRunPerMatch(const PatternPlan& pattern) { return !Pairs(pattern).ReachAcceptance(); }

}  // namespace spate
