// Windows, bounds and deadlines: what closes transitions, completes waits and ends starts.
#include <algorithm>
#include <utility>

#include "tests/reference/calendar.h"
#include "tests/reference/machine.h"

namespace spate::reference {
namespace {

void AddEarlier(Deadline d, std::optional<Deadline>* due) {
  if (!due->has_value() || d < **due) *due = d;
}

const Guard& BanOf(const Transition& wait) {
  return *std::find_if(wait.guards.begin(), wait.guards.end(),
                       [&](const Guard& g) { return g.ban == wait.step; });
}

// The innermost group around a ban that has a `within`; null when it is the rule's window that
// the ban waits for.
const Frame* BoundedGroup(const Guard& guard) {
  for (auto f = guard.frames.rbegin(); f != guard.frames.rend(); ++f) {
    if (f->started && f->node->kind == NodeKind::kGroup && f->node->bound.kind != Bound::kNone) {
      return &*f;
    }
  }
  return nullptr;
}

}  // namespace

// A session goes on while the gaps between the partition's events are small enough.
void Machine::OpenWindow(const EventPtr& event) {
  if (rule_.window != WindowKind::kSession) return;
  if (history_.empty() || Deadline{event->time, false} > session_end_) session_start_ = event->time;
  session_end_ = {event->time + rule_.window_size, true};
  if (rule_.session_max >= 0) {
    session_end_ = std::min(session_end_, Deadline{session_start_ + rule_.session_max, true});
  }
}

// Whether the window of the whole partition ends with this event.
bool Machine::ClosesWindow(const EventPtr& event) const {
  if (rule_.window == WindowKind::kTumblingEvents) return index_ % rule_.window_size == 0;
  return rule_.window == WindowKind::kEnding && IsBanned(*rule_.ending, Thread{}, event, index_);
}

// When the window of the thread ends, if it does so by time.
std::optional<Deadline> Machine::WindowEnd(const Thread& thread) const {
  Time first = thread.match.bound.front().event->time;
  switch (rule_.window) {
    case WindowKind::kWithin:
      return Deadline{first + rule_.window_size, true};
    case WindowKind::kTumbling:
      return Deadline{TumblingWindow(rule_, first).end, false};
    case WindowKind::kSession:
      return session_end_;
    default:
      return std::nullopt;
  }
}

// When the ban at the end has been waited for.
std::optional<Deadline> Machine::WaitEnd(const Thread& thread, const Guard& guard) const {
  if (guard.ban->limit == BanLimit::kFor) return Deadline{*guard.limit, true};
  if (guard.ban->limit == BanLimit::kBefore) return Deadline{*guard.limit, false};
  const Frame* group = BoundedGroup(guard);
  if (group == nullptr) return WindowEnd(thread);
  if (group->node->bound.kind == Bound::kEvents) return std::nullopt;
  return Deadline{group->start_time + group->node->bound.amount, true};
}

std::optional<Deadline> Machine::DeadlineOf(const Thread& thread, const Transition& t) const {
  if (t.IsWait()) return WaitEnd(thread, BanOf(t));
  std::optional<Deadline> due = WindowEnd(thread);
  if (rule_.gap >= 0) {
    AddEarlier({thread.match.bound.back().event->time + rule_.gap, true}, &due);
  }
  for (const Frame& f : t.frames) {
    if (!f.started) continue;
    if (f.node->bound.kind == Bound::kTime) {
      AddEarlier({f.start_time + f.node->bound.amount, true}, &due);
    }
    if (f.node->gap >= 0) AddEarlier({f.last_time + f.node->gap, true}, &due);
  }
  return due;
}

// Whether the thread can take no later event by `t`, since windows of events are full.
bool Machine::CountedOut(const Thread& thread, const Transition& t, bool window_closes) const {
  if (t.IsWait()) return false;
  if (window_closes) return true;
  if (rule_.window == WindowKind::kEvents &&
      index_ - thread.match.first() + 1 >= rule_.window_size) {
    return true;
  }
  return std::any_of(t.frames.begin(), t.frames.end(), [&](const Frame& f) {
    return f.started && f.node->bound.kind == Bound::kEvents &&
           index_ - f.start_index + 1 >= f.node->bound.amount;
  });
}

// Whether a wait is over with the event at hand: its time is past, or its window of events full.
bool Machine::IsOverAtOnce(const Thread& thread, const Transition& t, const EventPtr& event,
                           bool window_closes) const {
  const Guard& guard = BanOf(t);
  if (guard.ban->limit == BanLimit::kBefore) return *guard.limit <= event->time;
  if (guard.ban->limit == BanLimit::kFor) return *guard.limit < event->time;
  if (const Frame* group = BoundedGroup(guard); group != nullptr) {
    return group->node->bound.kind == Bound::kEvents &&
           index_ - group->start_index + 1 >= group->node->bound.amount;
  }
  return window_closes || (rule_.window == WindowKind::kEvents &&
                           index_ - thread.match.first() + 1 >= rule_.window_size);
}

// Bans at the end that were waited for long enough complete their threads. A thread that fails
// `where` goes on without the wait.
void Machine::FinishWaits(const IsOver& is_over, std::vector<Finished>* finished) {
  std::vector<Match> complete;
  for (Thread& thread : threads_) {
    bool over = false;
    std::erase_if(thread.open, [&](const Transition& t) {
      bool now = t.IsWait() && is_over(thread, t);
      over |= now;
      return now;
    });
    if (!over || !WhereAtEnd(thread.match)) continue;
    complete.push_back(thread.match);
    thread.open.clear();
  }
  std::sort(complete.begin(), complete.end(), Before);
  for (Match& match : complete) {
    bool is_match = std::none_of(finished->begin(), finished->end(),
                                 [&](const Finished& f) { return SameBindings(f.match, match); });
    if (!is_match) continue;
    ReplacePrefixes(match);
    matched_.insert(match.first());
    finished->push_back({std::move(match), 0, false});
  }
}

void Machine::CloseSteps(const IsOver& is_over) {
  for (Thread& thread : threads_) {
    bool had = !thread.open.empty();
    std::erase_if(thread.open, [&](const Transition& t) { return is_over(thread, t); });
    if (!had || !thread.open.empty()) continue;
    int64_t start = thread.match.first();
    over_.insert(start);
    auto [furthest, added] = furthest_.try_emplace(start, thread.match);
    size_t most = furthest->second.bound.size();
    size_t now = thread.match.bound.size();
    if (now > most || (now == most && Before(thread.match, furthest->second))) {
      furthest->second = thread.match;
    }
  }
}

// Starts whose last thread was ended by time just now, without a match.
void Machine::AddTimeouts(std::vector<Match>* reported) {
  for (int64_t start : over_) {
    Match match = furthest_.at(start);
    bool alive = std::any_of(threads_.begin(), threads_.end(),
                             [&](const Thread& t) { return t.match.first() == start; });
    if (alive || matched_.contains(start) || IsBarred(match)) continue;
    match.timeout = true;
    reported->push_back(std::move(match));
  }
  over_.clear();
}

std::optional<Deadline> Machine::Due() const {
  std::optional<Deadline> due;
  for (const Thread& thread : threads_) {
    for (const Transition& t : thread.open) {
      auto d = DeadlineOf(thread, t);
      if (d.has_value()) AddEarlier(*d, &due);
    }
  }
  return due;
}

bool Machine::WaitsOrPends() const {
  return !pendings_.empty() || std::any_of(threads_.begin(), threads_.end(), [](const Thread& t) {
    return std::any_of(t.open.begin(), t.open.end(),
                       [](const Transition& o) { return o.IsWait(); });
  });
}

std::vector<Match> Machine::Expire(Deadline deadline) {
  auto is_over = [&](const Thread& thread, const Transition& t) {
    auto d = DeadlineOf(thread, t);
    return d.has_value() && *d <= deadline;
  };
  std::vector<Finished> finished;
  FinishWaits(is_over, &finished);
  CloseSteps(is_over);
  std::vector<Match> reported = Report(std::move(finished));
  AddTimeouts(&reported);
  return reported;
}

// Whether time alone never ends a thread. A wait whose time has passed ends it, whatever else is
// open.
bool Machine::LivesForEver(const Thread& thread) const {
  bool for_ever = false;
  for (const Transition& t : thread.open) {
    const bool ends = DeadlineOf(thread, t).has_value();
    if (ends && t.IsWait()) return false;
    for_ever |= !ends;
  }
  return for_ever;
}

std::vector<Match> Machine::Close(bool all) {
  for (const Pending& p : pendings_) {
    bool unbounded = all;
    for (const Thread& thread : threads_) {
      if (thread.pendings.contains(p.id)) unbounded |= LivesForEver(thread);
    }
    if (!unbounded) continue;
    for (Thread& thread : threads_) {
      if (thread.pendings.contains(p.id)) thread.open.clear();
    }
  }
  return Report({});
}

}  // namespace spate::reference
