// Steps 1 to 3: an event comes, threads take it or go on without it.
#include "tests/reference/machine.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "tests/reference/eval.h"

namespace spate::reference {
namespace {

bool HasBan(const std::vector<Guard>& guards, const Node* ban) {
  return std::any_of(guards.begin(), guards.end(), [&](const Guard& g) { return g.ban == ban; });
}

// Whether the same step is offered, under no ban that `t` is not under already.
bool OffersAgain(const std::vector<Transition>& transitions, const Transition& t) {
  return std::any_of(transitions.begin(), transitions.end(), [&](const Transition& o) {
    return o.step == t.step && std::all_of(o.guards.begin(), o.guards.end(),
                                           [&](const Guard& g) { return HasBan(t.guards, g.ban); });
  });
}

// Frames without the times at which groups began.
Frames PlaceOf(Frames frames) {
  for (Frame& f : frames) {
    f.started = false;
    f.start_time = f.last_time = 0;
    f.start_index = 0;
  }
  return frames;
}

// Whether the same is offered after both steps, with the same counts.
bool SamePlace(const std::vector<Transition>& a, const std::vector<Transition>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const Transition& x, const Transition& y) {
        return x.step == y.step && x.op == y.op && PlaceOf(x.frames) == PlaceOf(y.frames);
      });
}

}  // namespace

std::vector<Match> Machine::Take(const EventPtr& event) {
  OpenWindow(event);
  history_.push_back(event);
  ++index_;
  std::vector<Match> reported = Until(event);
  bool fresh_allowed = rule_.keep != Keep::kFirst || (threads_.empty() && pendings_.empty());
  std::vector<Thread> next;
  for (const Thread& t : threads_) Step(t, event, &next);
  if (fresh_allowed) {
    Thread fresh;
    fresh.open = places_.FromStart().transitions;
    Step(fresh, event, &next);
  }
  if (next.size() > TooManyThreads::kMost) throw TooManyThreads();
  Merge(&next);
  if (rule_.keep == Keep::kLatest) KeepLatest(&next);
  threads_ = std::move(next);
  std::vector<Finished> finished = Complete();
  bool closes = ClosesWindow(event);
  FinishWaits([&](const Thread& thread,
                  const Transition& t) { return IsOverAtOnce(thread, t, event, closes); },
              &finished);
  CloseSteps(
      [&](const Thread& thread, const Transition& t) { return CountedOut(thread, t, closes); });
  for (Match& m : Report(std::move(finished))) reported.push_back(std::move(m));
  AddTimeouts(&reported);
  return reported;
}

// `until`: partial matches are discarded, pending ones reported.
std::vector<Match> Machine::Until(const EventPtr& event) {
  if (rule_.until == nullptr) return {};
  Thread none;
  if (!IsBanned(*rule_.until, none, event, index_)) return {};
  for (Thread& t : threads_) t.open.clear();
  return Report({});
}

// Whether a step of these variables takes the event (bound as the last of `bound`).
bool Machine::Fits(const Node& step, const std::vector<std::string>& vars, const Event& event,
                   std::vector<Binding> bound, int64_t index) const {
  if (event.decl->name != step.type) return false;
  if (!event.decl->ticks && KeyOf(rule_, vars, event) != keys_) return false;
  if (!step.condition.has_value()) return true;
  Scope scope{.bound = &bound, .current = &event, .keys = keys_};
  scope.history = &history_;
  scope.position = index;
  return Evaluate(*step.condition, scope).is_true();
}

// Whether the event is what `ban` forbids: a step or alternatives. It binds only for itself.
bool Machine::IsBanned(const Node& ban, const Thread& thread, const EventPtr& event,
                       int64_t index) const {
  std::vector<PlacedStep> steps;
  CollectSteps(ban, {}, &steps);
  return std::any_of(steps.begin(), steps.end(), [&](const PlacedStep& s) {
    std::vector<Binding> bound = thread.match.bound;
    bound.push_back({s.vars, event});
    return Fits(*s.step, s.vars, *event, std::move(bound), index);
  });
}

// A ban at the start: whether what it forbids is among the events before this one.
bool Machine::CameBefore(const Guard& guard, const EventPtr& event) const {
  Time since = std::numeric_limits<Time>::min();
  if (guard.ban->limit == BanLimit::kFor) {
    std::vector<Binding> none;
    Val duration = Evaluate(*guard.ban->limit_value, {.bound = &none});
    since = event->time - std::get<int64_t>(duration.v);
  }
  for (size_t i = 0; i + 1 < history_.size(); ++i) {
    if (history_[i]->time < since) continue;
    if (IsBanned(*guard.ban, Thread{}, history_[i], static_cast<int64_t>(i) + 1)) return true;
  }
  return false;
}

// Whether the bans on the way let the transition be taken now.
bool Machine::LetIn(const Thread& thread, const Transition& t, const EventPtr& event) const {
  return std::all_of(t.guards.begin(), t.guards.end(), [&](const Guard& g) {
    if (g.at_start || g.ban->limit == BanLimit::kEver) return !CameBefore(g, event);
    return thread.step == nullptr || !g.limit.has_value() || event->time >= *g.limit;
  });
}

bool Machine::Accepts(const Thread& thread, const Transition& t, const EventPtr& event,
                      Thread* taken) const {
  if (t.IsWait() || event->decl->name != t.step->type || !LetIn(thread, t, event)) return false;
  *taken = thread;
  taken->step = t.step;
  taken->frames = t.frames;
  for (Frame& f : taken->frames) {
    if (f.node->kind != NodeKind::kGroup) continue;
    if (!f.started) {
      f.started = true;
      f.start_time = event->time;
      f.start_index = index_;
    }
    f.last_time = event->time;
  }
  std::vector<std::string> vars = places_.VarsOf(t.step);
  taken->match.bound.push_back({vars, event});
  taken->match.choices.push_back({index_, t.rank});
  if (!Fits(*t.step, vars, *event, taken->match.bound, index_)) return false;
  if (!WhereAtStep(taken->match, vars)) return false;
  Offer offer = places_.After(taken->step, taken->frames);
  taken->open = offer.transitions;
  taken->complete = offer.complete && WhereAtEnd(taken->match);
  // An event after which the thread is no match and could not go on is not taken.
  return taken->complete || !taken->open.empty();
}

// Works out from when on what the bans guard may come. False: one is null, the thread ends.
bool Machine::Arm(Thread* thread, const EventPtr& event) const {
  for (Transition& t : thread->open) {
    for (Guard& g : t.guards) {
      if (!g.ban->limit_value.has_value()) continue;
      Scope scope{.bound = &thread->match.bound, .keys = keys_};
      Val value = Evaluate(*g.ban->limit_value, scope);
      if (value.null()) return false;
      g.limit = std::get<int64_t>(value.v);
      if (g.ban->limit == BanLimit::kFor) *g.limit += event->time;
    }
  }
  return true;
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

void Machine::Step(const Thread& thread, const EventPtr& event, std::vector<Thread>* next) const {
  std::vector<Thread> taken;
  std::vector<bool> accepted;
  std::vector<std::vector<Transition>> closing;  // offered behind a strict or relaxed transition
  taken.reserve(thread.open.size());
  for (const Transition& t : thread.open) {
    Thread child;
    accepted.push_back(Accepts(thread, t, event, &child));
    if (!accepted.back()) continue;
    if (t.op != Op::kAny) closing.push_back(child.open);
    if (!Arm(&child, event)) child.open.clear();  // it may be a match as it stands
    taken.push_back(std::move(child));
  }
  Thread rest = thread;
  rest.open.clear();
  rest.complete = false;
  for (size_t i = 0; i < thread.open.size(); ++i) {
    Transition t = thread.open[i];
    bool stays = t.op == Op::kAny;
    if (t.op == Op::kRelaxed && !accepted[i]) {
      stays = std::none_of(closing.begin(), closing.end(),
                           [&](const auto& offered) { return OffersAgain(offered, t); });
    }
    for (const Guard& g : t.guards) {
      // N at the time of `before t`, or later, breaks nothing.
      bool past =
          g.ban->limit == BanLimit::kBefore && g.limit.has_value() && event->time >= *g.limit;
      if (stays && !past && !g.spent && IsBanned(*g.ban, thread, event, index_)) stays = false;
    }
    if (!stays) continue;
    for (Guard& g : t.guards) g.spent |= g.next_only;
    rest.open.push_back(t);
  }
  for (Thread& child : taken) {
    if (child.complete || !child.open.empty()) next->push_back(std::move(child));
  }
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

// `keep latest`: one thread a state, the newest, but for those that wait for a ban at the end. The
// state is the place here, as in EQL: the one after `(A | B)` whichever was taken, whichever
// of its transitions are open, and whenever groups began.
void Machine::KeepLatest(std::vector<Thread>* threads) const {
  auto waits = [](const Thread& t) {
    return std::any_of(t.open.begin(), t.open.end(),
                       [](const Transition& o) { return o.IsWait(); });
  };
  auto is_newer = [](const Thread& a, const Thread& b) {
    if (a.match.last() != b.match.last()) return a.match.last() > b.match.last();
    if (a.match.first() != b.match.first()) return a.match.first() > b.match.first();
    return Before(a.match, b.match);
  };
  std::vector<std::vector<Transition>> places;
  for (const Thread& t : *threads) places.push_back(places_.After(t.step, t.frames).transitions);
  std::vector<Thread> kept;
  for (size_t i = 0; i < threads->size(); ++i) {
    const Thread& t = (*threads)[i];
    bool replaced = false;
    for (size_t j = 0; j < threads->size() && !t.open.empty() && !waits(t); ++j) {
      const Thread& o = (*threads)[j];
      replaced |= j != i && !o.open.empty() && SamePlace(places[i], places[j]) && is_newer(o, t);
    }
    if (!replaced) kept.push_back(t);
  }
  *threads = std::move(kept);
}

}  // namespace spate::reference
