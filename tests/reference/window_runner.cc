// A `from` rule: windows over the partition's input, as docs/language.md tells it.
//
// A window is the list of its events; every report looks through the whole list.
#include <algorithm>
#include <utility>

#include "tests/reference/calendar.h"
#include "tests/reference/eval.h"
#include "tests/reference/keys.h"
#include "tests/reference/rule_runner.h"

namespace spate::reference {
namespace {

struct Window {
  TimeSpan span;  // tumbling, hopping; a session's: its first event to its end, included
  std::vector<Binding> events;
};

// What `on change` and `having .. for` remember.
struct Having {
  bool holds = false;
  Time since = 0;
  bool waits = false;     // it has not held for long enough yet
  bool reported = false;  // the `emit` was reported when it turned true
  Window last;            // over which it was looked at last
};

struct Partition {
  KeyValues keys;
  std::vector<Window> windows;  // open ones, by start; a sliding one is a single window
  std::vector<Having> each;     // `report each`: one a window
  Having having;
  LimitGate limit;
};

class WindowRunner : public RuleRunner {
 public:
  WindowRunner(const Rule& rule, const RuleFile& file) : RuleRunner(rule, file) {
    if (rule.ending != nullptr) CollectSteps(*rule.ending, {}, &ends_);
  }

  std::vector<Derived> Take(const EventPtr& event) override {
    std::vector<Derived> out;
    if (event->decl->ticks) {  // goes to every key that was seen
      if (rule_.by.empty()) PartitionOf({});
      for (Partition& p : partitions_) TakeInto(event, &p, &out);
      return out;
    }
    auto keys = KeyOf(rule_, {rule_.from_var}, *event);
    if (!keys.has_value()) return out;
    bool is_input = IsInput(event, *keys);
    if (is_input || EndsWindow(event, *keys)) TakeInto(event, &PartitionOf(*keys), &out);
    return out;
  }

  std::optional<Deadline> Due() const override {
    std::optional<Deadline> due;
    auto add = [&](Deadline d) {
      if (!due.has_value() || d < *due) due = d;
    };
    for (const Partition& p : partitions_) {
      for (const Window& w : p.windows) {
        if (auto end = EndOf(w)) add(*end);
      }
      if (auto held = HeldLongEnough(p.having)) add(*held);
      for (const Having& h : p.each) {
        if (auto held = HeldLongEnough(h)) add(*held);
      }
    }
    return due;
  }

  bool Speaks() const override { return Due().has_value(); }

  std::vector<Derived> Expire(Deadline deadline) override {
    std::vector<Derived> out;
    for (Partition& p : partitions_) {
      // What has held up to this moment, it included, has held; then events leave and windows end.
      for (Having& h : p.each) ReportHeld(deadline, &h, &p, &out);
      ReportHeld(deadline, &p.having, &p, &out);
      for (size_t i = 0; i < p.windows.size();) {
        auto end = EndOf(p.windows[i]);
        if (!end.has_value() || *end > deadline) {
          ++i;
        } else if (rule_.window == WindowKind::kSliding) {
          LetLeave(deadline.time, &p, &out);
          ++i;
        } else {
          CloseWindow(i, deadline.time, &p, &out);
        }
      }
    }
    return out;
  }

  std::vector<Derived> Close(bool all, Time clock) override {
    std::vector<Derived> out;
    bool no_close = rule_.window == WindowKind::kSliding || rule_.window == WindowKind::kEvents ||
                    rule_.window == WindowKind::kUnbounded || rule_.window == WindowKind::kNone;
    if (no_close) return out;
    for (Partition& p : partitions_) {
      for (size_t i = 0; i < p.windows.size();) {
        auto end = EndOf(p.windows[i]);
        if (end.has_value() && !all) {
          ++i;
        } else {
          CloseWindow(i, end.has_value() ? std::min(end->time, clock) : clock, &p, &out);
        }
      }
    }
    return out;
  }

 private:
  bool LooksForChange() const { return rule_.on_change || rule_.having_for != 0; }

  Partition& PartitionOf(const KeyValues& keys) {
    for (Partition& p : partitions_) {
      if (p.keys == keys) return p;
    }
    Partition added;
    added.keys = keys;
    partitions_.push_back(std::move(added));
    return partitions_.back();
  }

  // `from` admits it and `where` holds.
  bool IsInput(const EventPtr& event, const KeyValues& keys) const {
    if (!Admits(*event)) return false;
    std::vector<Binding> bound = {{{rule_.from_var}, event}};
    return std::all_of(rule_.where.begin(), rule_.where.end(), [&](const Expr& e) {
      return Evaluate(e, {.bound = &bound, .current = event.get(), .keys = keys}).is_true();
    });
  }

  bool EndsWindow(const EventPtr& event, const KeyValues& keys) const {
    return std::any_of(ends_.begin(), ends_.end(), [&](const PlacedStep& s) {
      if (s.step->type != event->decl->name) return false;
      std::vector<Binding> bound = {{s.vars, event}};
      Scope scope{.bound = &bound, .current = event.get(), .keys = keys};
      return !s.step->condition.has_value() || Evaluate(*s.step->condition, scope).is_true();
    });
  }

  void TakeInto(const EventPtr& event, Partition* p, std::vector<Derived>* out) {
    if (IsInput(event, p->keys)) Add(event, p, out);
    bool ends = EndsWindow(event, p->keys) ||
                (rule_.window == WindowKind::kTumblingEvents && !p->windows.empty() &&
                 static_cast<int64_t>(p->windows[0].events.size()) == rule_.window_size);
    if (ends && !p->windows.empty()) CloseWindow(0, event->time, p, out);
  }

  void Add(const EventPtr& event, Partition* p, std::vector<Derived>* out) {
    for (size_t i : WindowsOf(event->time, p)) {
      Window& w = p->windows[i];
      w.events.push_back({{rule_.from_var}, event});
      if (rule_.window == WindowKind::kSession) {
        w.span.end = event->time + rule_.window_size;
        if (rule_.session_max >= 0) {
          w.span.end = std::min(w.span.end, w.span.begin + rule_.session_max);
        }
      }
      if (ReportsAtEvents()) Look(w, event->time, HavingOf(i, p), p, out);
    }
  }

  bool ReportsAtEvents() const {
    switch (rule_.window) {
      case WindowKind::kTumbling:
      case WindowKind::kTumblingEvents:
      case WindowKind::kHopping:
      case WindowKind::kSession:
      case WindowKind::kEnding:
        return rule_.report_each;
      default:
        return true;
    }
  }

  // `report each` of windows that close: each begins and ends with `having` false.
  bool HavingPerWindow() const { return rule_.report_each && EndsByClosing(); }
  bool EndsByClosing() const {
    return rule_.window != WindowKind::kSliding && rule_.window != WindowKind::kEvents &&
           rule_.window != WindowKind::kUnbounded && rule_.window != WindowKind::kNone;
  }
  Having* HavingOf(size_t window, Partition* p) const {
    return HavingPerWindow() ? &p->each[window] : &p->having;
  }

  // The open windows (by index) that hold an event of now; what left sliding ones is taken out.
  std::vector<size_t> WindowsOf(Time now, Partition* p) const {
    if (rule_.window == WindowKind::kHopping || rule_.window == WindowKind::kTumbling) {
      std::vector<TimeSpan> spans = {};
      if (rule_.window == WindowKind::kHopping) spans = HoppingWindows(rule_, now);
      if (rule_.window == WindowKind::kTumbling) spans = {TumblingWindow(rule_, now)};
      std::vector<size_t> found;
      for (const TimeSpan& span : spans) found.push_back(Find(span, p));
      return found;
    }
    if (p->windows.empty()) Find({now, now}, p);
    std::vector<Binding>& events = p->windows[0].events;
    if (rule_.window == WindowKind::kNone) events.clear();
    if (rule_.window == WindowKind::kSliding) {
      std::erase_if(events,
                    [&](const Binding& b) { return b.event->time < now - rule_.window_size; });
    }
    bool full = static_cast<int64_t>(events.size()) == rule_.window_size;
    if (rule_.window == WindowKind::kEvents && full) events.erase(events.begin());
    return {0};
  }

  static size_t Find(const TimeSpan& span, Partition* p) {
    size_t i = 0;
    while (i < p->windows.size() && !(p->windows[i].span == span)) ++i;
    if (i == p->windows.size()) {
      p->windows.push_back({span, {}});
      p->each.push_back({});
    }
    return i;
  }

  // When a window closes, or, where change matters, the first event leaves a sliding one.
  std::optional<Deadline> EndOf(const Window& w) const {
    switch (rule_.window) {
      case WindowKind::kTumbling:
      case WindowKind::kHopping:
        return Deadline{w.span.end, false};
      case WindowKind::kSession:
        return Deadline{w.span.end, true};
      case WindowKind::kSliding:
        if (w.events.empty() || !LooksForChange()) return std::nullopt;
        return Deadline{w.events.front().event->time + rule_.window_size, true};
      default:
        return std::nullopt;
    }
  }

  void LetLeave(Time time, Partition* p, std::vector<Derived>* out) {
    Window& w = p->windows[0];
    std::erase_if(w.events,
                  [&](const Binding& b) { return b.event->time + rule_.window_size <= time; });
    Look(w, time, &p->having, p, out);
  }

  void CloseWindow(size_t i, Time time, Partition* p, std::vector<Derived>* out) {
    Window w = p->windows[i];
    if (!rule_.report_each) {
      Look(w, time, &p->having, p, out);
    } else if (LooksForChange()) {
      Turn(w, false, time, &p->each[i], p, out);
    }
    p->windows.erase(p->windows.begin() + static_cast<long>(i));
    p->each.erase(p->each.begin() + static_cast<long>(i));
  }

  Scope ScopeOf(const Window& w, const Partition& p) const {
    Scope scope{.bound = &w.events, .keys = p.keys};
    scope.window_start = w.span.begin;
    scope.window_end = w.span.end;
    return scope;
  }

  // Looks at `having` over the window as it is.
  void Look(const Window& w, Time time, Having* having, Partition* p, std::vector<Derived>* out) {
    bool holds = !rule_.having.has_value() || Evaluate(*rule_.having, ScopeOf(w, *p)).is_true();
    if (LooksForChange()) {
      Turn(w, holds, time, having, p, out);
    } else if (holds) {
      Report(w, time, p, out);
    }
  }

  void Turn(const Window& w, bool holds, Time time, Having* having, Partition* p,
            std::vector<Derived>* out) {
    having->last = w;
    if (holds == having->holds) return;
    having->holds = holds;
    if (holds) {
      having->since = time;
      having->waits = rule_.having_for != 0;
      having->reported = !having->waits && Report(w, time, p, out);
      return;
    }
    having->waits = false;
    if (having->reported) EmitAll(EmitKind::kElse, ScopeOf(w, *p), time, out);
    having->reported = false;
  }

  std::optional<Deadline> HeldLongEnough(const Having& h) const {
    if (!h.waits) return std::nullopt;
    return Deadline{h.since + rule_.having_for, true};
  }

  void ReportHeld(Deadline deadline, Having* h, Partition* p, std::vector<Derived>* out) {
    auto held = HeldLongEnough(*h);
    if (!held.has_value() || *held > deadline) return;
    h->waits = false;
    h->reported = Report(h->last, deadline.time, p, out);
  }

  // False when `limit` holds it back.
  bool Report(const Window& w, Time time, Partition* p, std::vector<Derived>* out) {
    if (!p->limit.Passes(rule_.limit, time)) return false;
    EmitAll(EmitKind::kReport, ScopeOf(w, *p), time, out);
    return true;
  }

  std::vector<PlacedStep> ends_;
  std::vector<Partition> partitions_;  // by first arrival
};

}  // namespace

std::unique_ptr<RuleRunner> MakeWindowRunner(const Rule& rule, const RuleFile& file) {
  return std::make_unique<WindowRunner>(rule, file);
}

}  // namespace spate::reference
