#include "runtime/engine/replay_memory.h"

#include <algorithm>
#include <optional>

namespace spate {
namespace {

using Kind = ReplayMemory::Kind;

// Not shorter than any period of this length, whatever the calendar and the clocks do.
Duration LongestOf(const Period& period) {
  constexpr Duration kDayOfChange = 25 * kHour;
  const auto times = [&](int64_t days) {
    const bool fits = period.count < kMaxTime / (days * kDayOfChange);
    return fits ? period.count * days * kDayOfChange : kMaxTime;
  };
  switch (period.unit) {
    case Period::Unit::kFixed:
      return period.duration;
    case Period::Unit::kDays:
      return times(1);
    case Period::Unit::kWeeks:
      return times(7);
    case Period::Unit::kMonths:
      return times(31);
    case Period::Unit::kYears:
      return times(366);
  }
  return kMaxTime;
}

bool ReadsClock(const Plan& plan, const RulePlan& rule) {
  return std::any_of(rule.inputs.begin(), rule.inputs.end(),
                     [&](const RuleInput& input) { return plan.types[input.type.index()].clock; });
}

// How many events back `prev` looks at most.
uint64_t PrevEvents(const PatternPlan& pattern) {
  uint64_t most = 0;
  for (const StepPlan& step : pattern.steps) {
    for (const StepInput& input : step.inputs) {
      if (input.residual == nullptr) continue;
      EachNode(*input.residual, [&](const Expr& e) {
        if (e.op == Op::kPrev) most = std::max<uint64_t>(most, e.offset);
      });
    }
  }
  return most;
}

// The constant that a ban's `for` is, or nothing.
std::optional<Duration> ConstantLimit(const BanPlan& ban) {
  if (ban.limit != BanPlan::Limit::kFor || ban.limit_value == nullptr) return std::nullopt;
  if (ban.limit_value->op != Op::kConst) return std::nullopt;
  const auto* duration = std::get_if<int64_t>(&ban.limit_value->constant.data);
  if (duration == nullptr) return std::nullopt;
  return *duration;
}

// How long a thread can live after its first event, waits for bans at the end apart.
std::optional<Duration> LongestMatch(const PatternPlan& pattern) {
  switch (pattern.window.kind) {
    case WindowSpec::Kind::kNone:
      break;
    case WindowSpec::Kind::kTumbling:
      if (pattern.window.events > 0) return std::nullopt;
      return LongestOf(pattern.window.size);
    default:
      return std::nullopt;
  }
  if (pattern.within.kind == WindowBound::Kind::kTime) return pattern.within.duration;
  if (pattern.within.kind == WindowBound::Kind::kEvents) return std::nullopt;
  // Without a window: one event, and then a wait.
  for (const State& state : pattern.states) {
    for (const Transition& t : state.transitions) {
      if (t.permutation != kNoPermutation) return std::nullopt;
      if (!pattern.states[t.target.index()].transitions.empty()) return std::nullopt;
    }
  }
  return 0;
}

// How long it can wait for a ban at the end after its last event or the end of its window; nothing
// when no time is known.
std::optional<Duration> LongestWait(const PatternPlan& pattern) {
  Duration wait = 0;
  for (const State& state : pattern.states) {
    for (const Wait& w : state.waits) {
      const BanPlan& ban = pattern.bans[w.ban];
      if (ban.limit == BanPlan::Limit::kNone) {  // until the window ends
        if (!ban.group.valid()) continue;
        const WindowBound& bound = pattern.groups[ban.group.index()].bound;
        if (bound.kind != WindowBound::Kind::kTime) return std::nullopt;
        wait = std::max(wait, bound.duration);
        continue;
      }
      const std::optional<Duration> limit = ConstantLimit(ban);
      if (!limit.has_value()) return std::nullopt;
      wait = std::max(wait, *limit);
    }
  }
  return wait;
}

std::optional<Duration> Sum(std::optional<Duration> a, std::optional<Duration> b) {
  if (!a.has_value() || !b.has_value()) return std::nullopt;
  return SaturatingAdd(a.value(), b.value());
}

ReplayMemory OfPattern(const Plan& plan, const RulePlan& rule) {
  const PatternPlan& pattern = *rule.pattern;
  const WindowSpec& window = pattern.window;
  ReplayMemory memory;
  if (window.kind == WindowSpec::Kind::kTumbling && window.events > 0) return memory;
  Duration look_back = 0;  // of bans at the start
  for (const BanPlan& ban : pattern.bans) {
    if (!ban.at_start) continue;
    const std::optional<Duration> limit = ConstantLimit(ban);
    if (!limit.has_value()) return memory;
    look_back = std::max(look_back, *limit);
  }
  const bool clock = ReadsClock(plan, rule);
  const uint64_t prev = PrevEvents(pattern);
  const std::optional<Duration> wait = LongestWait(pattern);
  const std::optional<Duration> longest = Sum(LongestMatch(pattern), wait);
  const SkipPolicy::Kind policy = pattern.policy.kind;
  const bool starts_are_apart =
      pattern.keep == KeepPolicy::kAll &&
      (policy == SkipPolicy::Kind::kNoSkip || policy == SkipPolicy::Kind::kToNextEvent);
  if (longest.has_value() && starts_are_apart && (prev == 0 || !clock)) {
    memory.kind = Kind::kRecent;
    memory.span = SaturatingAdd(*longest, look_back);
    memory.events = prev;
    return memory;
  }
  if (prev > 0) return memory;
  const bool session = window.kind == WindowSpec::Kind::kSession;
  memory.kind = Kind::kQuiet;
  memory.at_rest = look_back == 0 && !session;
  const std::optional<Duration> silence =
      Sum(session ? Sum(window.size.duration, wait) : longest, look_back);
  memory.span = silence.value_or(ReplayMemory::kNoSpan);
  memory.silent = memory.span != ReplayMemory::kNoSpan && !clock;
  memory.unreported = longest.has_value() && pattern.keep == KeepPolicy::kAll && look_back == 0;
  if (!memory.at_rest && !memory.silent && !memory.unreported) memory.kind = Kind::kAll;
  return memory;
}

// Whether what an aggregate says of a window depends on the order in which events were added up,
// and so on which have left before.
bool IsRounded(const Aggregate& aggregate) {
  switch (aggregate.kind) {
    case AggregateKind::kStddev:
    case AggregateKind::kVariance:
      return true;
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
      return std::any_of(aggregate.inputs.begin(), aggregate.inputs.end(), [](const auto& input) {
        return input.value != nullptr && input.value->type.kind == spate::Kind::kFloat;
      });
    default:
      return false;
  }
}

// Windows that events leave one by one.
ReplayMemory OfSliding(const RulePlan& rule, bool clock) {
  const FromPlan& from = *rule.from;
  const bool by_time = from.window.kind == WindowSpec::Kind::kHopping ||
                       (from.window.kind == WindowSpec::Kind::kSliding && from.window.events == 0);
  const bool has_state = from.on_change || from.having_for > 0;
  const bool rounded = std::any_of(rule.aggregates.begin(), rule.aggregates.end(), IsRounded);
  ReplayMemory memory;
  if (by_time) memory.span = LongestOf(from.window.size);
  if (rounded && from.window.kind != WindowSpec::Kind::kNone) {
    if (by_time && !has_state && !clock) {
      memory.kind = Kind::kQuiet;
      memory.silent = true;
    }
    return memory;
  }
  if (!by_time && (clock || from.having_for > 0)) return memory;
  memory.kind = Kind::kRecent;
  if (!by_time) {
    memory.span = 0;
    memory.events = from.window.events;
  }
  // What `having` said last is known when one more event is.
  if (has_state) {
    if (clock) return ReplayMemory();
    memory.span = SaturatingAdd(memory.span, SaturatingAdd(from.having_for, 1));
    ++memory.events;
  }
  return memory;
}

ReplayMemory OfFrom(const Plan& plan, const RulePlan& rule) {
  const FromPlan& from = *rule.from;
  const bool clock = ReadsClock(plan, rule);
  const bool state_outlives_window = (from.on_change || from.having_for > 0) && !from.report_each;
  ReplayMemory memory;
  switch (from.window.kind) {
    case WindowSpec::Kind::kNone:
    case WindowSpec::Kind::kSliding:
      return OfSliding(rule, clock);
    case WindowSpec::Kind::kHopping:
      return state_outlives_window ? memory : OfSliding(rule, clock);
    case WindowSpec::Kind::kTumbling:
      if (state_outlives_window) return memory;
      if (from.window.events > 0) {
        memory.kind = Kind::kQuiet;
        memory.at_rest = true;
      } else {
        memory.kind = Kind::kRecent;
        memory.span = LongestOf(from.window.size);
      }
      return memory;
    case WindowSpec::Kind::kSession:
      if (state_outlives_window || clock) return memory;
      memory.kind = Kind::kQuiet;
      memory.silent = true;
      memory.span = from.window.size.duration;
      return memory;
    case WindowSpec::Kind::kEnding:
      if (state_outlives_window) return memory;
      memory.kind = Kind::kQuiet;
      memory.at_rest = true;
      return memory;
    case WindowSpec::Kind::kUnbounded:
      return memory;
  }
  return memory;
}

}  // namespace

ReplayMemory ReplayMemoryOf(const Plan& plan, const RulePlan& rule) {
  ReplayMemory memory = rule.pattern != nullptr ? OfPattern(plan, rule) : OfFrom(plan, rule);
  if (rule.limit.count > 0 && rule.from != nullptr &&
      (rule.from->on_change || rule.from->having_for > 0)) {
    memory = ReplayMemory();
    memory.settles = false;
  }
  return memory;
}

}  // namespace spate
