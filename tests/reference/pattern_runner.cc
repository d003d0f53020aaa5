// A pattern rule: a machine for each partition.
#include <algorithm>

#include "tests/reference/keys.h"
#include "tests/reference/machine.h"
#include "tests/reference/place.h"
#include "tests/reference/rule_runner.h"

namespace spate::reference {
namespace {

class PatternRunner : public RuleRunner {
 public:
  PatternRunner(const Rule& rule, const RuleFile& file)
      : RuleRunner(rule, file), places_(rule.pattern) {
    CollectSteps(*rule.pattern, {}, &steps_);
    if (rule.until != nullptr) CollectSteps(*rule.until, {}, &steps_);
    if (rule.ending != nullptr) CollectSteps(*rule.ending, {}, &steps_);
  }

  std::vector<Derived> Take(const EventPtr& event) override {
    std::vector<Derived> out;
    if (!Admits(*event)) return out;
    if (event->decl->ticks) {  // goes to every key that was seen
      if (rule_.by.empty()) AddMachine({});
      for (auto& m : machines_) EmitMatches(m.get(), m->machine.Take(event), event->time, &out);
      return out;
    }
    std::vector<KeyValues> keys = PartitionsOf(*event);
    for (const KeyValues& k : keys) AddMachine(k);
    for (auto& m : machines_) {
      if (std::find(keys.begin(), keys.end(), m->machine.keys()) == keys.end()) continue;
      EmitMatches(m.get(), m->machine.Take(event), event->time, &out);
    }
    return out;
  }

  std::optional<Deadline> Due() const override {
    std::optional<Deadline> due;
    for (const auto& m : machines_) {
      auto d = m->machine.Due();
      if (d.has_value() && (!due.has_value() || *d < *due)) due = d;
    }
    return due;
  }

  bool Speaks() const override {
    return std::any_of(machines_.begin(), machines_.end(), [&](const auto& m) {
      return m->machine.WaitsOrPends() ||
             (HasEmit(EmitKind::kOnTimeout) && m->machine.Due().has_value());
    });
  }

  std::vector<Derived> Expire(Deadline deadline) override {
    std::vector<Derived> out;
    for (auto& m : machines_) {
      EmitMatches(m.get(), m->machine.Expire(deadline), deadline.time, &out);
    }
    return out;
  }

  std::vector<Derived> Close(bool all, Time clock) override {
    std::vector<Derived> out;
    for (auto& m : machines_) EmitMatches(m.get(), m->machine.Close(all), clock, &out);
    return out;
  }

 private:
  struct Partition {
    Machine machine;
    LimitGate limit;
  };

  // An event that `from` admits but no step reads has the key of its type.
  std::vector<KeyValues> PartitionsOf(const Event& event) const {
    std::vector<KeyValues> keys = KeysOf(rule_, steps_, event);
    bool is_read = std::any_of(steps_.begin(), steps_.end(), [&](const PlacedStep& s) {
      return s.step->type == event.decl->name;
    });
    auto own = KeyOf(rule_, {}, event);
    if (!is_read && own.has_value()) keys.push_back(*own);
    return keys;
  }

  void AddMachine(const KeyValues& keys) {
    for (auto& m : machines_) {
      if (m->machine.keys() == keys) return;
    }
    machines_.push_back(std::make_unique<Partition>(Partition{Machine(rule_, places_, keys), {}}));
  }

  // The reports of one moment of a partition.
  void EmitMatches(Partition* partition, const std::vector<Match>& matches, Time time,
                   std::vector<Derived>* out) const {
    const Machine& machine = partition->machine;
    std::vector<Binding> all;
    int64_t count = 0;
    for (const Match& match : matches) {
      if (match.timeout || !partition->limit.Passes(rule_.limit, time)) continue;
      EmitAll(EmitKind::kReport, {.bound = &match.bound, .keys = machine.keys()}, time, out);
      all.insert(all.end(), match.bound.begin(), match.bound.end());
      ++count;
    }
    if (count > 0 && HasEmit(EmitKind::kSummary)) {
      Scope scope{.bound = &all, .keys = machine.keys()};
      scope.match_count = count;
      EmitAll(EmitKind::kSummary, scope, time, out);
    }
    for (const Match& match : matches) {
      if (!HasEmit(EmitKind::kOnTimeout)) break;
      if (!match.timeout || !partition->limit.Passes(rule_.limit, time)) continue;
      EmitAll(EmitKind::kOnTimeout, {.bound = &match.bound, .keys = machine.keys()}, time, out);
    }
  }

  Places places_;
  std::vector<PlacedStep> steps_;
  std::vector<std::unique_ptr<Partition>> machines_;  // partitions by first arrival
};

}  // namespace

std::unique_ptr<RuleRunner> MakePatternRunner(const Rule& rule, const RuleFile& file) {
  return std::make_unique<PatternRunner>(rule, file);
}

}  // namespace spate::reference
