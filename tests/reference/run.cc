#include "tests/reference/run.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tests/reference/calendar.h"
#include "tests/reference/rule_runner.h"

namespace spate::reference {
namespace {

constexpr Time kEndOfTime = std::numeric_limits<Time>::max();
constexpr Time kBeginning = std::numeric_limits<Time>::min();

class Driver {
 public:
  explicit Driver(const RuleFile& file) : clocks_(file.clocks) {
    for (const Rule& rule : file.rules)
      rules_.push_back({RuleRunner::Create(rule, file), 0, false});
    // A rule's layer is one above those that feed it: repeat until nothing moves.
    for (bool moved = true; moved;) {
      moved = false;
      for (Entry& e : rules_) {
        for (const Entry& feeder : rules_) {
          if (feeder.layer < e.layer || !Feeds(feeder, e)) continue;
          e.layer = feeder.layer + 1;
          moved = true;
        }
      }
    }
    for (Entry& e : rules_) order_.push_back(&e);
    std::stable_sort(order_.begin(), order_.end(),
                     [](const Entry* a, const Entry* b) { return a->layer < b->layer; });
  }

  std::vector<Derived> Run(const Stream& stream) {
    Feed(stream);
    if (stream.end == End::kClose) CloseAll();
    if (stream.end == End::kAdvance) AdvanceToTheEnd();
    return std::move(out_);
  }

 private:
  struct Entry {
    std::unique_ptr<RuleRunner> runner;
    int layer;
    bool closed;
  };

  static bool Feeds(const Entry& feeder, const Entry& rule) {
    const std::set<std::string>& emits = feeder.runner->emits();
    return std::any_of(emits.begin(), emits.end(), [&](const std::string& type) {
      return rule.runner->reads().contains(type);
    });
  }

  // Takes the input in order of arrival; events wait until the watermark has reached them.
  void Feed(const Stream& stream) {
    Time watermark = kBeginning;
    for (const Input& input : stream.inputs) {
      Time says = input.time;
      if (input.event != nullptr) {
        if (input.event->time < watermark) continue;  // late
        auto place = std::upper_bound(
            waiting_.begin(), waiting_.end(), input.event,
            [](const EventPtr& a, const EventPtr& b) { return a->time < b->time; });
        waiting_.insert(place, input.event);
        clock_ = std::max(clock_, input.event->time);
        says = input.event->time - stream.lateness;
      }
      watermark = std::max(watermark, says);
      Release(watermark);
      AdvanceTo(watermark);
    }
    Release(kEndOfTime);
    clock_ = std::max(clock_, watermark);
  }

  void Release(Time until) {
    while (!waiting_.empty() && waiting_.front()->time <= until) {
      EventPtr event = waiting_.front();
      waiting_.pop_front();
      if (ticks_.empty()) {  // clocks tick from the first event's time
        for (const Clock& c : clocks_) ticks_.push_back(NextTick(c, event->time));
      }
      AdvanceTo(event->time);
      Deliver({event});
    }
  }

  // Gives events to the rules that read them, and what these derive, breadth first.
  void Deliver(std::deque<EventPtr> events) {
    while (!events.empty()) {
      EventPtr event = events.front();
      events.pop_front();
      for (Entry* e : order_) {
        if (e->runner->reads().contains(event->decl->name)) {
          Report(e->runner->Take(event), &events);
        }
      }
    }
  }

  void Report(std::vector<Derived> derived, std::deque<EventPtr>* events) {
    for (Derived& d : derived) {
      events->push_back(d.event);
      out_.push_back(std::move(d));
    }
  }

  std::optional<Deadline> NextDue() const {
    std::optional<Deadline> due;
    for (const Entry& e : rules_) {
      auto d = e.runner->Due();
      if (d.has_value() && (!due.has_value() || *d < *due)) due = d;
    }
    return due;
  }

  // Fires what is due first: exclusive ends in all layers before any event of that time; inclusive
  // ends layer by layer, since what one derives still falls into the windows of the next.
  void Fire(Deadline due) {
    std::deque<EventPtr> events;
    std::optional<int> layer;
    for (Entry* e : order_) {
      if (e->runner->Due() != due) continue;
      if (due.after_events && layer.has_value() && e->layer != *layer) break;
      layer = e->layer;
      Report(e->runner->Expire(due), &events);
    }
    Deliver(std::move(events));
  }

  // The watermark reaches `time`: events at that time may still come. Clocks tick before these,
  // after what ends before the events of their time.
  void AdvanceTo(Time time) {
    while (true) {
      auto due = NextDue();
      auto tick = std::min_element(ticks_.begin(), ticks_.end());
      bool ticks = tick != ticks_.end() && *tick <= time;
      if (due.has_value() && *due <= Deadline{ticks ? *tick : time, false}) {
        Fire(*due);
      } else if (ticks) {
        const Clock& clock = clocks_[static_cast<size_t>(tick - ticks_.begin())];
        auto event = std::make_shared<Event>();
        event->decl = clock.type;
        event->time = *tick;
        *tick = NextTick(clock, *tick + 1);
        Deliver({event});
      } else {
        return;
      }
    }
  }

  void CloseAll() {
    for (size_t i = 0; i < order_.size();) {
      std::deque<EventPtr> events;
      int layer = order_[i]->layer;
      for (; i < order_.size() && order_[i]->layer == layer; ++i) {
        Report(order_[i]->runner->Close(true, clock_), &events);
      }
      Deliver(std::move(events));
    }
  }

  // All that feed the rule have said their last.
  bool FeedersAreDone(const Entry& rule) const {
    return std::all_of(rules_.begin(), rules_.end(), [&](const Entry& feeder) {
      return !Feeds(feeder, rule) ||
             (feeder.closed && !(feeder.runner->Due().has_value() && feeder.runner->Speaks()));
    });
  }

  // Closes the lowest layer in which a rule can be closed; false when there is none.
  bool CloseSome() {
    std::deque<EventPtr> events;
    std::optional<int> layer;
    for (Entry* e : order_) {
      if (e->closed || (layer.has_value() && e->layer != *layer) || !FeedersAreDone(*e)) continue;
      layer = e->layer;
      e->closed = true;
      Report(e->runner->Close(false, clock_), &events);
    }
    Deliver(std::move(events));
    return layer.has_value();
  }

  void AdvanceToTheEnd() {
    while (true) {
      if (CloseSome()) continue;
      auto due = NextDue();
      if (!due.has_value()) return;
      size_t reported = out_.size();
      Fire(*due);
      // A deadline at which nothing is said is nobody's time.
      if (out_.size() > reported) clock_ = std::max(clock_, due->time);
    }
  }

  std::vector<Entry> rules_;
  std::vector<Entry*> order_;  // by layer, then place in the file
  std::deque<EventPtr> waiting_;
  std::vector<Clock> clocks_;
  std::vector<Time> ticks_;  // the next one of each clock, once there was an event
  Time clock_ = kBeginning;
  std::vector<Derived> out_;
};

}  // namespace

std::vector<Derived> RunReference(const RuleFile& file, const Stream& stream) {
  return Driver(file).Run(stream);
}

}  // namespace spate::reference
