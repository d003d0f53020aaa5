// What no event can change any more. Part of SpeculativeRule; see speculative_rule.h.
#include <algorithm>

#include "runtime/engine/speculative_rule.h"

namespace spate {

// Lets a partition be looked at again when what it has now may be forgotten.
void SpeculativeRule::PlanSettling(uint32_t slot) {
  Partition& p = At(slot);
  if (!memory_.settles) return;
  if (p.log.size() >= p.forget_at) Settle(slot);
  if (p.due || p.last == nullptr) return;
  const Duration span = std::max<Duration>(memory_.span, 0);
  p.due = true;
  shared_.due.push({SaturatingAdd(SaturatingAdd(p.last->place.time, span), 1), rank_, slot});
}

void SpeculativeRule::OnDue(uint32_t slot) {
  Partition& p = At(slot);
  p.due = false;
  Settle(slot);
  if (p.last == nullptr) return;
  const Duration span = std::max<Duration>(memory_.span, 0);
  // Something has come since it was planned.
  if (SaturatingAdd(p.last->place.time, span) >= shared_.watermark) PlanSettling(slot);
}

void SpeculativeRule::Settle(uint32_t slot) {
  Partition& p = At(slot);
  const Time horizon = shared_.watermark;
  if (horizon <= p.settled) return;
  SettleDerived(&p, horizon);
  Forget(&p, horizon);
  p.forget_at = 2 * p.log.size() + 16;
}

// What was reported before the horizon is final.
void SpeculativeRule::SettleDerived(Partition* p, Time horizon) const {
  p->settled = horizon;
  const auto kept = std::find_if(p->derived.begin(), p->derived.end(),
                                 [&](const EventPtr& e) { return e->place.time >= horizon; });
  p->derived.erase(p->derived.begin(), kept);
  if (p->derived.empty()) std::vector<EventPtr>().swap(p->derived);
  const Time matters = SaturatingSubtract(horizon, std::max<Duration>(memory_.span, 0));
  p->reports.erase(p->reports.begin(),
                   std::lower_bound(p->reports.begin(), p->reports.end(), matters));
  if (limiter_ == nullptr) return;
  const auto open = std::find_if(p->passes.begin(), p->passes.end(),
                                 [&](const auto& pass) { return pass.first >= horizon; });
  if (open == p->passes.begin()) return;
  if (p->past == nullptr) p->past = std::make_unique<Limiter::Partition>();
  for (auto pass = p->passes.begin(); pass != open; ++pass) {
    limiter_->Count(pass->first, pass->second, p->past.get());
  }
  p->passes.erase(p->passes.begin(), open);
}

void SpeculativeRule::Forget(Partition* p, Time horizon) {
  Place cut;
  const size_t count = Forgettable(p, horizon, &cut);
  if (count == 0) {  // of clock events nothing is kept but where they begin
    const bool recent = memory_.kind == ReplayMemory::Kind::kRecent && memory_.events == 0;
    if (recent && reads_clock_ && p->cut < cut) p->cut = cut;
    return;
  }
  // A little is left for later: it costs a move of the rest.
  if (4 * count < p->log.size()) return;
  p->log.erase(p->log.begin(), p->log.begin() + static_cast<ptrdiff_t>(count));
  if (p->log.empty()) std::vector<Logged>().swap(p->log);
  kept_ -= count;
  p->looked_through = 0;
  p->forgotten = true;
  p->cut = cut;
}

size_t SpeculativeRule::CountBefore(const Partition& p, Time time) {
  const auto at = std::lower_bound(p.log.begin(), p.log.end(), time,
                                   [](const Logged& l, Time t) { return l.event->place.time < t; });
  return static_cast<size_t>(at - p.log.begin());
}

// How many events of the log are not needed to work out the state of the horizon. Clock events
// behind `*cut` are.
size_t SpeculativeRule::Forgettable(Partition* p, Time horizon, Place* cut) const {
  switch (memory_.kind) {
    case ReplayMemory::Kind::kAll:
      return 0;
    case ReplayMemory::Kind::kRecent: {
      *cut = Place::Of(SaturatingSubtract(horizon, memory_.span), Place::kExclusive, 0);
      const size_t old = CountBefore(*p, cut->time);
      return old - std::min<size_t>(old, memory_.events);
    }
    case ReplayMemory::Kind::kQuiet:
      return ForgettableQuiet(p, horizon, cut);
  }
  return 0;
}

size_t SpeculativeRule::ForgettableQuiet(Partition* p, Time horizon, Place* cut) const {
  const auto time_of = [&](size_t i) { return p->log[i].event->place.time; };
  const auto is_silence = [&](Time from, Time to) {
    return memory_.silent && SaturatingAdd(from, memory_.span) < to;
  };
  const size_t open = CountBefore(*p, horizon);  // what is behind may still change
  size_t count = 0;
  for (size_t i = open; i > p->looked_through && count == 0; --i) {
    const Time next = i < open ? time_of(i) : horizon;
    if (!(memory_.at_rest && p->log[i - 1].at_rest) && !is_silence(time_of(i - 1), next)) continue;
    count = i;
    *cut = p->log[i - 1].event->place;
  }
  if (count == 0) p->looked_through = open;
  if (!memory_.unreported) return count;
  const Time start = SaturatingSubtract(horizon, memory_.span);
  const auto report = std::lower_bound(p->reports.begin(), p->reports.end(), start);
  if (report != p->reports.end() && *report <= horizon) return count;
  const size_t old = CountBefore(*p, start);
  if (old <= count) return count;
  *cut = Place::Of(start, Place::kExclusive, 0);
  return old;
}

}  // namespace spate
