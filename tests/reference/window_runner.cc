#include <algorithm>
#include <utility>

#include "tests/reference/calendar.h"
#include "tests/reference/eval.h"
#include "tests/reference/rule_runner.h"

namespace spate::reference {
namespace {

class FromRunner : public RuleRunner {
 public:
  FromRunner(const Rule& rule, const RuleFile& file) : RuleRunner(rule, file) {}

  std::vector<Derived> Take(const EventPtr& event) override {
    std::vector<Derived> out;
    auto keys = KeyOf(rule_, {rule_.from_var}, *event);
    if (!keys.has_value() || !Admits(*event) || !WhereHolds(event, *keys)) return out;
    Partition& p = PartitionOf(*keys);
    if (rule_.window == WindowKind::kNone) p.events.clear();
    if (rule_.window == WindowKind::kSliding) {
      std::erase_if(p.events, [&](const Binding& b) {
        return b.event->time < event->time - rule_.window_size;
      });
    }
    p.events.push_back({{rule_.from_var}, event});
    bool at_close = rule_.window == WindowKind::kTumbling && !rule_.report_each;
    if (!at_close) ReportWindow(p, event->time, &out);
    return out;
  }

  std::optional<Deadline> Due() const override {
    std::optional<Deadline> due;
    for (const Partition& p : partitions_) {
      auto end = EndOf(p);
      if (end.has_value() && (!due.has_value() || *end < due->time)) due = Deadline{*end, false};
    }
    return due;
  }

  std::vector<Derived> Expire(Deadline deadline) override {
    std::vector<Derived> out;
    for (Partition& p : partitions_) {
      auto end = EndOf(p);
      if (!end.has_value() || *end > deadline.time) continue;
      if (!rule_.report_each) ReportWindow(p, *end, &out);
      p.events.clear();
    }
    return out;
  }

  std::vector<Derived> Close(bool all, Time clock) override {
    std::vector<Derived> out;
    for (Partition& p : partitions_) {
      auto end = EndOf(p);
      if (!all || !end.has_value()) continue;
      if (!rule_.report_each) ReportWindow(p, std::min(*end, clock), &out);
      p.events.clear();
    }
    return out;
  }

 private:
  struct Partition {
    std::map<std::string, Val> keys;
    std::vector<Binding> events;  // in the window
  };

  Partition& PartitionOf(const std::map<std::string, Val>& keys) {
    for (Partition& p : partitions_) {
      if (p.keys == keys) return p;
    }
    partitions_.push_back({keys, {}});
    return partitions_.back();
  }

  bool WhereHolds(const EventPtr& event, const std::map<std::string, Val>& keys) const {
    std::vector<Binding> bound = {{{rule_.from_var}, event}};
    return std::all_of(rule_.where.begin(), rule_.where.end(), [&](const Expr& e) {
      return Evaluate(e, {.bound = &bound, .current = event.get(), .keys = keys}).is_true();
    });
  }

  // When the open tumbling window of the partition closes.
  std::optional<Time> EndOf(const Partition& p) const {
    if (rule_.window != WindowKind::kTumbling || p.events.empty()) return std::nullopt;
    return TumblingWindow(rule_, p.events.front().event->time).end;
  }

  void ReportWindow(const Partition& p, Time time, std::vector<Derived>* out) const {
    Scope scope{.bound = &p.events, .keys = p.keys};
    if (rule_.window == WindowKind::kTumbling) {
      TimeSpan span = TumblingWindow(rule_, p.events.front().event->time);
      scope.window_start = span.begin;
      scope.window_end = span.end;
    }
    if (rule_.having.has_value() && !Evaluate(*rule_.having, scope).is_true()) return;
    EmitAll(EmitKind::kReport, scope, time, out);
  }

  std::vector<Partition> partitions_;  // by first arrival
};

}  // namespace

std::unique_ptr<RuleRunner> MakeWindowRunner(const Rule& rule, const RuleFile& file) {
  return std::make_unique<FromRunner>(rule, file);
}

}  // namespace spate::reference
