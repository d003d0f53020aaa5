#include "runtime/match/merged_threads.h"

#include <algorithm>
#include <vector>

#include "runtime/match/register_asks.h"
#include "runtime/match/state_masks.h"

namespace spate {

bool BansNextEvent(const PatternPlan& pattern) {
  const auto bans_next = [](const auto& move) {
    return std::any_of(move.guards.begin(), move.guards.end(),
                       [](const Guard& g) { return g.next_only; });
  };
  return std::any_of(pattern.states.begin(), pattern.states.end(), [&](const State& s) {
    return std::any_of(s.transitions.begin(), s.transitions.end(), bans_next) ||
           std::any_of(s.waits.begin(), s.waits.end(), bans_next);
  });
}

bool BansOnlyClose(const PatternPlan& pattern) {
  const auto plain = [](const BanPlan& ban) {
    return ban.limit == BanPlan::Limit::kNone && !ban.at_start;
  };
  return std::all_of(pattern.bans.begin(), pattern.bans.end(), plain) &&
         std::all_of(pattern.states.begin(), pattern.states.end(),
                     [](const State& s) { return s.waits.empty(); }) &&
         !BansNextEvent(pattern);
}

bool ConditionsReadRegistersOnly(const PatternPlan& pattern) {
  return std::all_of(pattern.steps.begin(), pattern.steps.end(), [](const StepPlan& step) {
    return std::all_of(step.inputs.begin(), step.inputs.end(), [](const StepInput& in) {
      return in.residual == nullptr || ReadsRegistersOnly(*in.residual);
    });
  });
}

bool EndsWithItsMatch(const PatternPlan& pattern) {
  const std::vector<StateMasks> masks = MakeStateMasks(pattern);
  return std::all_of(masks.begin(), masks.end(),
                     [](const StateMasks& m) { return !m.accepting || m.after_match == 0; });
}

bool KeepsStartsApart(const PatternPlan& pattern) {
  return pattern.policy.kind != SkipPolicy::Kind::kNoSkip &&
         pattern.policy.kind != SkipPolicy::Kind::kPastLastEvent;
}

bool CanMergeThreads(const PatternPlan& pattern) {
  if (pattern.accept_condition != nullptr) return false;
  if (pattern.can_pend || !pattern.groups.empty()) return false;
  if (!BansOnlyClose(pattern) || !pattern.permutations.empty() || pattern.has_timeout) return false;
  if (pattern.gap >= 0 || pattern.keep != KeepPolicy::kAll || !pattern.until.empty()) return false;
  if (pattern.window.kind != WindowSpec::Kind::kNone) return false;
  // What grows out of a reported match would have to be told from what it bars.
  return pattern.policy.kind == SkipPolicy::Kind::kNoSkip || EndsWithItsMatch(pattern);
}

}  // namespace spate
