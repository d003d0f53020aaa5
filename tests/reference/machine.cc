#include "tests/reference/machine.h"

#include <algorithm>
#include <utility>

#include "tests/reference/eval.h"

namespace spate::reference {
namespace {

bool SameBinding(const Binding& a, const Binding& b) {
  return a.event == b.event && a.vars == b.vars;
}

bool IsPrefix(const std::vector<Binding>& prefix, const std::vector<Binding>& whole) {
  return prefix.size() <= whole.size() &&
         std::equal(prefix.begin(), prefix.end(), whole.begin(), SameBinding);
}

bool SameBindings(const Match& a, const Match& b) {
  return a.bound.size() == b.bound.size() && IsPrefix(a.bound, b.bound);
}

bool OffersStep(const std::vector<Transition>& transitions, const Node* step) {
  return std::any_of(transitions.begin(), transitions.end(),
                     [&](const Transition& t) { return t.step == step; });
}

Time FloorDiv(Time a, Time b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

bool Before(const Match& a, const Match& b) {
  size_t n = std::min(a.choices.size(), b.choices.size());
  for (size_t i = 0; i < n; ++i) {
    // Taking an event goes before skipping it: the one that took the earlier event.
    if (a.choices[i].index != b.choices[i].index) return a.choices[i].index < b.choices[i].index;
    if (a.choices[i].rank != b.choices[i].rank) return a.choices[i].rank < b.choices[i].rank;
  }
  return a.choices.size() > b.choices.size();
}

// --- Step 3: threads take the event, or go on without it.

bool Machine::Accepts(const Thread& thread, const Transition& t, const EventPtr& event,
                      Thread* taken) {
  if (event->decl->name != t.step->type) return false;
  *taken = thread;
  taken->step = t.step;
  taken->frames = t.frames;
  for (Frame& f : taken->frames) {
    if (f.node->kind == NodeKind::kGroup && !f.started) {
      f.started = true;
      f.start_time = event->time;
      f.start_index = index_;
    }
  }
  std::vector<std::string> vars = places_.VarsOf(t.step);
  taken->match.bound.push_back({vars, event});
  taken->match.choices.push_back({index_, t.rank});
  if (t.step->condition.has_value()) {
    Scope scope{.bound = &taken->match.bound, .current = event.get(), .keys = keys_};
    if (!Evaluate(*t.step->condition, scope).is_true()) return false;
  }
  if (!WhereAtStep(taken->match, vars)) return false;
  Offer offer = places_.After(taken->step, taken->frames);
  taken->open = offer.transitions;
  taken->complete = offer.complete && WhereAtEnd(taken->match);
  // An event after which the thread is no match and could not go on is not taken.
  return taken->complete || !taken->open.empty();
}

// A conjunct without aggregate or navigation is part of the condition of each event bound to one of
// its variables, once all of them are bound.
bool Machine::WhereAtStep(const Match& match, const std::vector<std::string>& step_vars) const {
  for (const Expr& conjunct : rule_.where) {
    if (Navigates(conjunct)) continue;
    std::vector<std::string> vars;
    CollectVars(conjunct, &vars);
    bool concerns = std::any_of(vars.begin(), vars.end(), [&](const std::string& v) {
      return std::find(step_vars.begin(), step_vars.end(), v) != step_vars.end();
    });
    bool all_bound = std::all_of(vars.begin(), vars.end(), [&](const std::string& v) {
      return std::any_of(match.bound.begin(), match.bound.end(),
                         [&](const Binding& b) { return Names(b, v); });
    });
    if (!concerns || !all_bound) continue;
    if (!Evaluate(conjunct, {.bound = &match.bound, .keys = keys_}).is_true()) return false;
  }
  return true;
}

bool Machine::WhereAtEnd(const Match& match) const {
  return std::all_of(rule_.where.begin(), rule_.where.end(), [&](const Expr& conjunct) {
    return Evaluate(conjunct, {.bound = &match.bound, .keys = keys_}).is_true();
  });
}

void Machine::Step(const Thread& thread, const EventPtr& event, std::vector<Thread>* next) {
  std::vector<Thread> taken;
  std::vector<bool> accepted;
  std::vector<const Thread*> closing;  // taken by a strict or relaxed transition
  taken.reserve(thread.open.size());
  for (const Transition& t : thread.open) {
    Thread child;
    accepted.push_back(Accepts(thread, t, event, &child));
    if (!accepted.back()) continue;
    taken.push_back(std::move(child));
    if (t.op != Op::kAny) closing.push_back(&taken.back());
  }
  Thread rest = thread;
  rest.open.clear();
  rest.complete = false;
  for (size_t i = 0; i < thread.open.size(); ++i) {
    const Transition& t = thread.open[i];
    bool stays = t.op == Op::kAny;
    if (t.op == Op::kRelaxed && !accepted[i]) {
      stays = std::none_of(closing.begin(), closing.end(),
                           [&](const Thread* c) { return OffersStep(c->open, t.step); });
    }
    if (stays) rest.open.push_back(t);
  }
  for (Thread& child : taken) next->push_back(std::move(child));
  if (!rest.open.empty() && rest.step != nullptr) next->push_back(std::move(rest));
}

// Two threads equal in state and bindings are one, the preferred one.
void Machine::Merge(std::vector<Thread>* threads) const {
  std::vector<Thread> kept;
  for (Thread& t : *threads) {
    auto same = std::find_if(kept.begin(), kept.end(), [&](const Thread& k) {
      return k.match.last() == t.match.last() && k.step == t.step && k.frames == t.frames &&
             k.open == t.open && SameBindings(k.match, t.match);
    });
    if (same == kept.end()) {
      kept.push_back(std::move(t));
      continue;
    }
    if (Before(t.match, same->match)) same->match.choices = t.match.choices;
    same->pendings.insert(t.pendings.begin(), t.pendings.end());
    same->match.grown_from.insert(t.match.grown_from.begin(), t.match.grown_from.end());
  }
  *threads = std::move(kept);
}

std::vector<Match> Machine::Take(const EventPtr& event) {
  ++index_;
  std::vector<Thread> next;
  for (const Thread& t : threads_) Step(t, event, &next);
  Thread fresh;
  fresh.open = places_.FromStart().transitions;
  Step(fresh, event, &next);
  if (next.size() > TooManyThreads::kMost) throw TooManyThreads();
  Merge(&next);
  threads_ = std::move(next);
  std::vector<Finished> finished = Complete();
  for (Thread& t : threads_) {
    std::erase_if(t.open, [&](const Transition& o) { return CountedOut(t, o); });
  }
  return Report(std::move(finished));
}

// --- Step 4: threads that have all they need.

std::vector<Machine::Finished> Machine::Complete() {
  std::vector<size_t> complete;
  for (size_t i = 0; i < threads_.size(); ++i) {
    if (threads_[i].complete && threads_[i].match.last() == index_) complete.push_back(i);
  }
  std::sort(complete.begin(), complete.end(),
            [&](size_t a, size_t b) { return Before(threads_[a].match, threads_[b].match); });
  std::vector<Finished> finished;
  for (size_t n = 0; n < complete.size(); ++n) {
    Thread& t = threads_[complete[n]];
    bool is_match =
        std::none_of(complete.begin(), complete.begin() + static_cast<long>(n),
                     [&](size_t m) { return SameBindings(threads_[m].match, t.match); });
    if (is_match) ReplacePrefixes(t.match);
    // A reluctant quantifier at the end takes no more than it must.
    if (!rule_.report_each) {
      std::erase_if(t.open, [](const Transition& o) { return o.tail == Tail::kReluctant; });
    }
    switch (EndOf(t)) {
      case Ending::kPending:
        if (!is_match) break;
        pendings_.push_back({next_id_, t.match});
        t.pendings.insert(next_id_++);
        break;
      case Ending::kReportAndGoOn:
        if (is_match) finished.push_back({t.match, complete[n], true});
        break;
      case Ending::kReport:
        if (is_match) finished.push_back({t.match, complete[n], false});
        t.open.clear();
        break;
    }
  }
  return finished;
}

Machine::Ending Machine::EndOf(const Thread& t) const {
  if (t.open.empty()) return Ending::kReport;
  if (rule_.report_each) return Ending::kReportAndGoOn;
  bool any = false;
  for (const Transition& o : t.open) {
    if (o.tail == Tail::kGreedy && o.op != Op::kAny) return Ending::kPending;
    any |= o.tail == Tail::kGreedy && o.op == Op::kAny;
  }
  return any ? Ending::kReportAndGoOn : Ending::kReport;
}

void Machine::ReplacePrefixes(const Match& match) {
  std::erase_if(pendings_, [&](const Pending& p) {
    return p.match.bound.size() < match.bound.size() && IsPrefix(p.match.bound, match.bound);
  });
}

// Moves pending matches out that nothing can extend any more.
void Machine::CollectEnded(std::vector<Finished>* finished) {
  std::erase_if(pendings_, [&](const Pending& p) {
    bool alive = std::any_of(threads_.begin(), threads_.end(), [&](const Thread& t) {
      return !t.open.empty() && t.pendings.contains(p.id);
    });
    if (!alive) finished->push_back({p.match, 0, false});
    return !alive;
  });
}

// --- Step 5 and `after match`: the matches of one moment, in order, under the policy.

std::vector<Match> Machine::Report(std::vector<Finished> finished) {
  std::vector<Match> reported;
  CollectEnded(&finished);
  std::sort(finished.begin(), finished.end(),
            [](const Finished& a, const Finished& b) { return Before(a.match, b.match); });
  for (const Finished& f : finished) ReportOne(f, &reported);
  std::erase_if(threads_, [](const Thread& t) { return t.open.empty(); });
  return reported;
}

void Machine::ReportOne(const Finished& f, std::vector<Match>* reported) {
  bool barred =
      std::any_of(bars_.begin(), bars_.end(), [&](const Bar& b) { return Bars(b, f.match); });
  if (barred || !PendingFirst(f.match, reported)) return;
  int64_t id = next_id_++;
  reported->push_back(f.match);
  if (f.goes_on) threads_[f.thread].match.grown_from.insert(id);
  if (auto bar = BarOf(f.match, id)) Apply(*bar);
}

bool Machine::SetsBound() const {
  return rule_.policy != Policy::kNextEvent && rule_.policy != Policy::kNoSkip;
}

// False when a pending match that starts earlier bars this one; else those are reported first, as
// they stand, and grow no further. Of several, one that another of them would bar has no say.
bool Machine::PendingFirst(const Match& match, std::vector<Match>* reported) {
  if (!SetsBound()) return true;
  std::vector<Pending> earlier;
  for (const Pending& p : pendings_) {
    if (p.match.first() < match.first()) earlier.push_back(p);
  }
  std::sort(earlier.begin(), earlier.end(),
            [](const Pending& a, const Pending& b) { return Before(a.match, b.match); });
  std::vector<Pending> first;
  std::vector<Bar> bars;
  for (const Pending& p : earlier) {
    bool barred =
        std::any_of(bars.begin(), bars.end(), [&](const Bar& b) { return Bars(b, p.match); });
    if (barred) continue;
    bars.push_back(*BarOf(p.match, -1));
    if (Bars(bars.back(), match)) return false;
    first.push_back(p);
  }
  for (const Pending& p : first) {
    std::erase_if(pendings_, [&](const Pending& q) { return q.id == p.id; });
    for (Thread& t : threads_) {
      if (t.pendings.contains(p.id)) t.open.clear();
    }
    reported->push_back(p.match);
    Apply(*BarOf(p.match, next_id_++));
  }
  return true;
}

std::optional<Machine::Bar> Machine::BarOf(const Match& match, int64_t report) const {
  switch (rule_.policy) {
    case Policy::kNoSkip:
      return std::nullopt;
    case Policy::kNextEvent:
      return Bar{report, match.first(), true};
    case Policy::kPastLast:
      return Bar{report, match.last() + 1, false};
    default:
      break;
  }
  std::optional<int64_t> at;  // the first or last event of the variable
  for (size_t i = 0; i < match.bound.size(); ++i) {
    if (!Names(match.bound[i], rule_.policy_var)) continue;
    if (!at.has_value() || rule_.policy == Policy::kToLast) at = match.choices[i].index;
  }
  if (!at.has_value() || *at == match.first()) return Bar{report, match.first(), true};
  return Bar{report, *at, false};
}

bool Machine::Bars(const Bar& bar, const Match& match) {
  if (match.grown_from.contains(bar.report)) return false;
  return bar.only_start ? match.first() == bar.bound : match.first() < bar.bound;
}

void Machine::Apply(const Bar& bar) {
  bars_.push_back(bar);
  for (Thread& t : threads_) {
    if (Bars(bar, t.match)) t.open.clear();
  }
  std::erase_if(pendings_, [&](const Pending& p) { return Bars(bar, p.match); });
}

// --- Windows and bounds of groups.

std::optional<Deadline> Machine::DeadlineOf(const Thread& thread, const Transition& t) const {
  std::optional<Deadline> due;
  auto add = [&](Deadline d) { due = due.has_value() ? std::min(*due, d) : d; };
  Time first = thread.match.bound.front().event->time;
  if (rule_.window == WindowKind::kWithin) add({first + rule_.window_size, true});
  if (rule_.window == WindowKind::kTumbling) {
    add({(FloorDiv(first, rule_.window_size) + 1) * rule_.window_size, false});
  }
  for (const Frame& f : t.frames) {
    if (f.started && f.node->bound.kind == Bound::kTime) {
      add({f.start_time + f.node->bound.amount, true});
    }
  }
  return due;
}

bool Machine::CountedOut(const Thread& thread, const Transition& t) const {
  if (rule_.window == WindowKind::kEvents &&
      index_ - thread.match.first() + 1 >= rule_.window_size) {
    return true;
  }
  return std::any_of(t.frames.begin(), t.frames.end(), [&](const Frame& f) {
    return f.started && f.node->bound.kind == Bound::kEvents &&
           index_ - f.start_index + 1 >= f.node->bound.amount;
  });
}

std::optional<Deadline> Machine::Due() const {
  std::optional<Deadline> due;
  for (const Thread& thread : threads_) {
    for (const Transition& t : thread.open) {
      auto d = DeadlineOf(thread, t);
      if (d.has_value() && (!due.has_value() || *d < *due)) due = d;
    }
  }
  return due;
}

std::vector<Match> Machine::Expire(Deadline deadline) {
  for (Thread& thread : threads_) {
    std::erase_if(thread.open, [&](const Transition& t) {
      auto d = DeadlineOf(thread, t);
      return d.has_value() && *d <= deadline;
    });
  }
  return Report({});
}

std::vector<Match> Machine::Close(bool all) {
  for (const Pending& p : pendings_) {
    bool unbounded = all;
    for (const Thread& thread : threads_) {
      if (!thread.pendings.contains(p.id)) continue;
      for (const Transition& t : thread.open) {
        unbounded |= !DeadlineOf(thread, t).has_value();
      }
    }
    if (!unbounded) continue;
    for (Thread& thread : threads_) {
      if (thread.pendings.contains(p.id)) thread.open.clear();
    }
  }
  return Report({});
}

}  // namespace spate::reference
