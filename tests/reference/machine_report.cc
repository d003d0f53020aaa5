// Steps 4 and 5: matches, pending ones, and their report under `after match`.
#include <algorithm>

#include "tests/reference/eval.h"
#include "tests/reference/machine.h"

namespace spate::reference {
namespace {

bool IsPrefix(const std::vector<Binding>& prefix, const std::vector<Binding>& whole) {
  return prefix.size() <= whole.size() && std::equal(prefix.begin(), prefix.end(), whole.begin(),
                                                     [](const Binding& a, const Binding& b) {
                                                       return a.event == b.event &&
                                                              a.vars == b.vars;
                                                     });
}

}  // namespace

bool SameBindings(const Match& a, const Match& b) {
  return a.bound.size() == b.bound.size() && IsPrefix(a.bound, b.bound);
}

bool Before(const Match& a, const Match& b) {
  size_t n = std::min(a.choices.size(), b.choices.size());
  for (size_t i = 0; i < n; ++i) {
    // Taking an event goes before skipping it: the one that took the earlier event.
    if (a.choices[i].index != b.choices[i].index) return a.choices[i].index < b.choices[i].index;
    if (a.choices[i].rank != b.choices[i].rank) return a.choices[i].rank < b.choices[i].rank;
  }
  return a.choices.size() > b.choices.size();
}

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
    if (is_match) {
      ReplacePrefixes(t.match);
      matched_.insert(t.match.first());
    }
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

// The matches of one moment, in order, under the policy.

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
  if (IsBarred(f.match) || !PendingFirst(f.match, reported)) return;
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

bool Machine::IsBarred(const Match& match) const {
  return std::any_of(bars_.begin(), bars_.end(), [&](const Bar& b) { return Bars(b, match); });
}

void Machine::Apply(const Bar& bar) {
  bars_.push_back(bar);
  for (Thread& t : threads_) {
    if (Bars(bar, t.match)) t.open.clear();
  }
  std::erase_if(pendings_, [&](const Pending& p) { return Bars(bar, p.match); });
}

}  // namespace spate::reference
