#include "runtime/match/summary_runs.h"

#include <algorithm>

#include "runtime/match/one_run_per_match.h"
#include "runtime/match/set_matcher.h"
#include "runtime/match/state_masks.h"
#include "runtime/match/window_arguments.h"

namespace spate {
namespace {

// Why the rule is not one that SummaryRuns is for, as far as its clauses tell; null: it may be.
const char* WhyNot(const RulePlan& rule) {
  if (!SetMatcher::CanDo(*rule.pattern))
    return "conditions on earlier events, or what else is looked at match by match";
  for (const EmitPlan& e : rule.emits) {
    if (e.kind != EmitKind::kSummary) return "another `emit` beside `emit summary`";
  }
  if (rule.limit.count != 0) return "`limit`, which holds single matches back";
  for (const Aggregate& a : rule.aggregates) {
    switch (a.kind) {
      case AggregateKind::kMatchCount:
      case AggregateKind::kCount:
        break;
      case AggregateKind::kSum:
      case AggregateKind::kAvg:
      case AggregateKind::kMin:
      case AggregateKind::kMax:
        if (!IsQuantity(a.inputs[0].value->type.kind))
          return "an aggregate that is not over numbers";
        break;
      default:
        return "an aggregate other than `count`, `sum`, `avg`, `min` and `max`";
    }
  }
  if (!OneRunPerMatch(*rule.pattern)) return "a pattern that can take the same events in two ways";
  return nullptr;
}

}  // namespace

class SummaryRunsMaker {
  // Where a thread stands, and which transitions are open to it.
  struct Stance {
    size_t state;
    uint64_t open;
    friend bool operator==(const Stance&, const Stance&) = default;
  };

 public:
  explicit SummaryRunsMaker(const RulePlan& rule)
      : rule_(rule),
        pattern_(*rule.pattern),
        masks_(MakeStateMasks(pattern_)),
        accepted_(pattern_.states.size()),
        banned_(pattern_.states.size()) {}

  // False, with the reason in `why`, when the rule is too large.
  bool Make(SummaryRuns* out, const char** why) {
    *why = "many conditions, or many columns";
    if (!MakeColumns(out) || !TellApart(out)) return false;
    *why = "many states";
    if (!FindPlaces(*out)) return false;
    out->places_ = stances_.size();
    AddMatrix({}, out);
    for (const RuleInput& input : rule_.inputs) {
      SummaryRuns::OfType& of_type = out->by_type_[input.type];
      ForEachCase(of_type, input,
                  [&] { of_type.matrices.push_back(AddMatrix(MakeMatrix(), out)); });
    }
    return true;
  }

 private:
  bool MakeColumns(SummaryRuns* out) {
    for (size_t i = 0; i < rule_.aggregates.size(); ++i) {
      const Aggregate& a = rule_.aggregates[i];
      out->column_of_.push_back(a.kind == AggregateKind::kMatchCount ? 0 : ColumnOf(i, out));
      if (a.kind == AggregateKind::kMatchCount || a.kind == AggregateKind::kCount) continue;
      SummaryRuns::Column& column = out->columns_[out->column_of_.back()];
      column.kind = a.inputs[0].value->type.kind;
      column.kept.floating = column.kind == Kind::kFloat;
      column.kept.sum |= a.kind == AggregateKind::kSum || a.kind == AggregateKind::kAvg;
      column.kept.min |= a.kind == AggregateKind::kMin;
      column.kept.max |= a.kind == AggregateKind::kMax;
    }
    for (const StepPlan& step : pattern_.steps) {
      uint64_t feeds = 0;
      for (size_t c = 0; c < out->columns_.size(); ++c) {
        const VarId var = rule_.aggregates[out->columns_[c].aggregate].var;
        if (!var.valid() || pattern_.Names(step.var, var)) feeds |= uint64_t{1} << c;
      }
      feeds_.push_back(feeds);
    }
    return out->columns_.size() <= RunAlgebra::kMaxColumns;
  }

  size_t ColumnOf(size_t aggregate, SummaryRuns* out) const {
    const Aggregate& a = rule_.aggregates[aggregate];
    for (size_t c = 0; c < out->columns_.size(); ++c) {
      const Aggregate& other = rule_.aggregates[out->columns_[c].aggregate];
      if (other.var == a.var && SameArgument(other, a)) return c;
    }
    out->columns_.push_back({aggregate, Kind::kBool, {}});
    return out->columns_.size() - 1;
  }

  bool TellApart(SummaryRuns* out) const {
    for (const RuleInput& input : rule_.inputs) {
      SummaryRuns::OfType& of_type = out->by_type_[input.type];
      std::vector<PredicateId>& predicates = of_type.predicates;
      for (const StepPlan& step : pattern_.steps) {
        for (const StepInput& in : step.inputs) {
          if (in.type != input.type || !in.predicate.valid()) continue;
          if (std::find(predicates.begin(), predicates.end(), in.predicate) == predicates.end()) {
            predicates.push_back(in.predicate);
          }
        }
      }
      for (const KeyView& view : input.views) {
        if (!view.steps.empty()) of_type.views.push_back(view.steps[0]);
      }
      if (predicates.size() + of_type.views.size() > SummaryRuns::kMaxConditions) return false;
    }
    return true;
  }

  // Calls `f()` for each way the conditions on events of a type can turn out, with accepted_
  // and banned_ set.
  template <typename F>
  void ForEachCase(const SummaryRuns::OfType& of_type, const RuleInput& input, const F& f) {
    const size_t cases = size_t{1} << (of_type.predicates.size() + of_type.views.size());
    for (size_t index = 0; index < cases; ++index) {
      SetAccepted(of_type, input, index);
      f();
    }
  }

  void SetAccepted(const SummaryRuns::OfType& of_type, const RuleInput& input, size_t index) {
    const auto fits = [&](uint32_t step) {
      const std::vector<StepInput>& inputs = pattern_.steps[step].inputs;
      return Seen(of_type, input, index, step) &&
             std::any_of(inputs.begin(), inputs.end(), [&](const StepInput& in) {
               return in.type == input.type && Holds(of_type, index, in.predicate);
             });
    };
    for (size_t s = 0; s < pattern_.states.size(); ++s) {
      accepted_[s] = banned_[s] = 0;
      uint64_t bit = 1;
      for (const Transition& t : pattern_.states[s].transitions) {
        if (fits(t.step)) accepted_[s] |= bit;
        const bool banned = std::any_of(t.guards.begin(), t.guards.end(), [&](const Guard& g) {
          return fits(pattern_.bans[g.ban].step);
        });
        if (banned) banned_[s] |= bit;
        bit <<= 1;
      }
    }
  }

  static bool Holds(const SummaryRuns::OfType& of_type, size_t index, PredicateId predicate) {
    if (!predicate.valid()) return true;
    const auto at = std::find(of_type.predicates.begin(), of_type.predicates.end(), predicate);
    return ((index >> (at - of_type.predicates.begin())) & 1) != 0;
  }

  // Whether the event is there for the step, in the partition where its keys took it.
  static bool Seen(const SummaryRuns::OfType& of_type, const RuleInput& input, size_t index,
                   uint32_t step) {
    if (input.views.empty()) return true;
    size_t bit = of_type.predicates.size();
    for (const KeyView& view : input.views) {
      if (view.steps.empty()) continue;
      if (((index >> bit) & 1) != 0 &&
          std::binary_search(view.steps.begin(), view.steps.end(), step)) {
        return true;
      }
      ++bit;
    }
    return false;
  }

  // All stances in which threads can be after an event.
  bool FindPlaces(const SummaryRuns& out) {
    for (size_t known = ~size_t{0}; known != stances_.size();) {
      known = stances_.size();
      for (const RuleInput& input : rule_.inputs) {
        ForEachCase(out.by_type_.At(input.type), input, [&] { MakeMatrix(); });
        if (stances_.size() > RunWindows::kMaxPlaces) return false;
      }
    }
    return true;
  }

  // What an event does that the transitions of accepted_ accept.
  RunMatrix MakeMatrix() {
    RunMatrix m;
    for (uint32_t place = 0; place < stances_.size(); ++place) {
      const Stance stance = stances_[place];
      const uint64_t accepted = accepted_[stance.state] & stance.open;
      Take(place, stance.state, accepted, &m);
      const uint64_t left =
          StayOpen(pattern_.states[stance.state], masks_[stance.state], stance.open, accepted) &
          ~banned_[stance.state];
      if (left == stance.open) continue;
      m.leaves |= uint64_t{1} << place;
      if (left != 0) m.moves.push_back({place, PlaceOf({stance.state, left}), 0});
    }
    Take(RunMatrix::kBegin, pattern_.start.index(), accepted_[pattern_.start.index()], &m);
    return m;
  }

  void Take(uint32_t from, size_t state, uint64_t accepted, RunMatrix* m) {
    for (uint64_t bits = accepted; bits != 0; bits &= bits - 1) {
      const Transition& t =
          pattern_.states[state].transitions[static_cast<size_t>(__builtin_ctzll(bits))];
      const StateMasks& target = masks_[t.target.index()];
      const uint64_t feeds = feeds_[t.step];
      if (target.accepting) m->completes.push_back({from, 0, feeds});
      const uint64_t open = target.accepting ? target.after_match : target.all;
      if (open == 0) continue;
      std::vector<RunMatrix::Move>& moves = from == RunMatrix::kBegin ? m->begins : m->moves;
      moves.push_back({from, PlaceOf({t.target.index(), open}), feeds});
    }
  }

  uint32_t PlaceOf(const Stance& stance) {
    const auto at = std::find(stances_.begin(), stances_.end(), stance);
    const auto place = static_cast<uint32_t>(at - stances_.begin());
    // One too many is enough to know.
    if (at == stances_.end() && place <= RunWindows::kMaxPlaces) stances_.push_back(stance);
    return place;
  }

  static uint32_t AddMatrix(const RunMatrix& m, SummaryRuns* out) {
    std::vector<RunMatrix>& all = out->matrices_;
    const auto at = std::find(all.begin(), all.end(), m);
    const auto number = static_cast<uint32_t>(at - all.begin());
    if (at != all.end()) return number;
    all.push_back(m);
    uint64_t feeds = 0;
    for (const auto* moves : {&m.moves, &m.begins, &m.completes}) {
      for (const RunMatrix::Move& move : *moves) feeds |= move.feeds;
    }
    out->feeds_.push_back(feeds);
    return number;
  }

  const RulePlan& rule_;
  const PatternPlan& pattern_;
  const std::vector<StateMasks> masks_;  // by state
  std::vector<uint64_t> feeds_;          // by step
  std::vector<Stance> stances_;          // by place
  // By state: transitions that accept the event at hand, and those that a ban on it closes.
  std::vector<uint64_t> accepted_;
  std::vector<uint64_t> banned_;
};

std::optional<SummaryRuns> SummaryRuns::Of(const RulePlan& rule, std::string* why) {
  SummaryRuns runs;
  const char* reason = WhyNot(rule);
  if (reason == nullptr && SummaryRunsMaker(rule).Make(&runs, &reason)) return runs;
  *why = reason;
  return std::nullopt;
}

uint32_t SummaryRuns::MatrixOf(const Arrival& event) const {
  const OfType& of_type = by_type_.At(event.type());
  size_t index = 0;
  size_t bit = 1;
  for (PredicateId predicate : of_type.predicates) {
    if (event.bits->Test(predicate, event.row)) index |= bit;
    bit <<= 1;
  }
  for (uint32_t step : of_type.views) {
    const std::vector<uint32_t>& seen = event.view->steps;
    if (std::binary_search(seen.begin(), seen.end(), step)) index |= bit;
    bit <<= 1;
  }
  return of_type.matrices[index];
}

}  // namespace spate
