#include "runtime/match/register_plan.h"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/match/merged_threads.h"

namespace spate {
namespace {

// All registers of a pattern, and by state which of them are needed there.
class Liveness {
 public:
  explicit Liveness(const PatternPlan& pattern) : pattern_(pattern) {
    for (const StepPlan& step : pattern.steps) {
      for (const StepInput& in : step.inputs) {
        if (in.residual != nullptr) AddRegisters(*in.residual, &registers_);
      }
    }
    live_.assign(pattern.states.size(), std::vector<bool>(registers_.size(), false));
    bool changed = true;
    while (changed) {
      changed = false;
      for (size_t s = pattern.states.size(); s-- > 0;) changed |= Update(s);
    }
  }

  std::vector<BoundRef> At(size_t state) const {
    std::vector<BoundRef> result;
    for (size_t r = 0; r < registers_.size(); ++r) {
      if (live_[state][r]) result.push_back(registers_[r]);
    }
    return result;
  }

 private:
  bool Update(size_t state) {
    std::vector<bool> live = live_[state];
    for (const Transition& t : pattern_.states[state].transitions) {
      MarkRead(t.step, &live);
      for (const Guard& g : t.guards) MarkRead(pattern_.bans[g.ban].step, &live);
      const VarId var = pattern_.steps[t.step].var;
      for (size_t r = 0; r < registers_.size(); ++r) {
        if (live_[t.target.index()][r] && !pattern_.Names(var, registers_[r].var)) live[r] = true;
      }
    }
    if (live == live_[state]) return false;
    live_[state] = std::move(live);
    return true;
  }

  void MarkRead(uint32_t step, std::vector<bool>* live) const {
    std::vector<BoundRef> read;
    for (const StepInput& in : pattern_.steps[step].inputs) {
      if (in.residual != nullptr) AddRegisters(*in.residual, &read);
    }
    for (const BoundRef& ref : read) {
      for (size_t r = 0; r < registers_.size(); ++r) {
        if (SameRegister(registers_[r], ref)) (*live)[r] = true;
      }
    }
  }

  const PatternPlan& pattern_;
  std::vector<BoundRef> registers_;
  std::vector<std::vector<bool>> live_;  // by state, by register
};

// Which transitions of a state ask for each step, and which ones its ban closes.
struct Asked {
  uint64_t takes = 0;
  uint64_t closes = 0;
};

std::map<uint32_t, Asked> StepsOf(const PatternPlan& pattern, const State& state) {
  std::map<uint32_t, Asked> steps;
  for (size_t i = 0; i < state.transitions.size(); ++i) {
    const uint64_t bit = uint64_t{1} << i;
    steps[state.transitions[i].step].takes |= bit;
    for (const Guard& g : state.transitions[i].guards) {
      steps[pattern.bans[g.ban].step].closes |= bit;
    }
  }
  return steps;
}

}  // namespace

bool RegisterPlan::CanDo(const PatternPlan& pattern) {
  return (pattern.has_residuals || KeepsStartsApart(pattern)) && CanMergeThreads(pattern) &&
         ConditionsReadRegistersOnly(pattern);
}

absl::StatusOr<std::unique_ptr<RegisterPlan>> RegisterPlan::Create(const PatternPlan& pattern) {
  const Liveness liveness(pattern);
  auto result = std::make_unique<RegisterPlan>();
  for (size_t s = 0; s < pattern.states.size(); ++s) {
    result->states_.push_back({RegisterAsks(liveness.At(s)), -1, {}, {}});
    if (KeepsStartsApart(pattern)) result->states_.back().asks.AddStart();
    absl::Status status = AddProbes(pattern, pattern.states[s], &result->states_.back());
    if (!status.ok()) return status;
  }
  for (size_t s = 0; s < pattern.states.size(); ++s) {
    OfState& from = result->states_[s];
    for (const Transition& t : pattern.states[s].transitions) {
      std::vector<uint32_t>& sources = from.sources.emplace_back();
      for (const BoundRef& r : result->registers(t.target)) {
        const bool binds = r.var.valid() && pattern.Names(pattern.steps[t.step].var, r.var);
        sources.push_back(binds ? kFromEvent : from.asks.SlotOf(r));
      }
    }
  }
  return result;
}

absl::Status RegisterPlan::AddProbes(const PatternPlan& pattern, const State& state, OfState* out) {
  for (const auto& [step, asked] : StepsOf(pattern, state)) {
    for (const StepInput& in : pattern.steps[step].inputs) {
      absl::StatusOr<RegisterAsk> ask = out->asks.Add(in.residual);
      if (!ask.ok()) return ask.status();
      out->probes[in.type].push_back(
          {step, in.predicate, asked.takes, asked.closes, *std::move(ask)});
    }
  }
  out->identity = out->asks.Identity();
  return absl::OkStatus();
}

size_t RegisterPlan::max_width() const {
  size_t width = 0;
  for (const OfState& s : states_) width = std::max(width, s.asks.width());
  return width;
}

size_t RegisterPlan::max_indexes() const {
  size_t indexes = 0;
  for (const OfState& s : states_) indexes = std::max(indexes, s.asks.indexes().size());
  return indexes;
}

}  // namespace spate
