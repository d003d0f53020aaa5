#include "tests/reference/rule_runner.h"

#include <algorithm>
#include <utility>

#include "tests/reference/eval.h"
#include "tests/reference/place.h"

namespace spate::reference {
namespace {

void CollectTypes(const Node& node, std::set<std::string>* types) {
  if (node.kind == NodeKind::kStep) types->insert(node.type);
  for (const NodePtr& child : node.children) CollectTypes(*child, types);
}

// The declared type of that name, else one with the attributes that are emitted.
DeclPtr TypeOfEmit(const std::string& name, const std::vector<std::string>& attrs,
                   const RuleFile& file) {
  for (const DeclPtr& type : file.types) {
    if (type->name == name) return type;
  }
  EventDecl decl{.name = name, .attrs = {}, .at = "", .declared = false};
  for (const std::string& attr : attrs) decl.attrs.push_back({attr, ""});
  return std::make_shared<EventDecl>(std::move(decl));
}

class PatternRunner : public RuleRunner {
 public:
  PatternRunner(const Rule& rule, const RuleFile& file)
      : RuleRunner(rule, file), places_(rule.pattern) {}

  std::vector<Derived> Take(const EventPtr& event) override {
    std::vector<Derived> out;
    auto keys = KeysOf(*event);
    if (!keys.has_value() || !Admits(*event)) return out;
    Machine& machine = MachineOf(*keys);
    EmitMatches(machine, machine.Take(event), event->time, &out);
    return out;
  }

  std::optional<Deadline> Due() const override {
    std::optional<Deadline> due;
    for (const auto& machine : machines_) {
      auto d = machine->Due();
      if (d.has_value() && (!due.has_value() || *d < *due)) due = d;
    }
    return due;
  }

  std::vector<Derived> Expire(Deadline deadline) override {
    std::vector<Derived> out;
    for (auto& m : machines_) EmitMatches(*m, m->Expire(deadline), deadline.time, &out);
    return out;
  }

  std::vector<Derived> Close(bool all, Time clock) override {
    std::vector<Derived> out;
    for (auto& m : machines_) EmitMatches(*m, m->Close(all), clock, &out);
    return out;
  }

 private:
  Machine& MachineOf(const std::map<std::string, Val>& keys) {
    for (auto& m : machines_) {
      if (m->keys() == keys) return *m;
    }
    machines_.push_back(std::make_unique<Machine>(rule_, places_, keys));
    return *machines_.back();
  }
  void EmitMatches(const Machine& machine, const std::vector<Match>& matches, Time time,
                   std::vector<Derived>* out) const {
    for (const Match& match : matches) EmitAll(match.bound, machine.keys(), time, out);
  }

  Places places_;
  std::vector<std::unique_ptr<Machine>> machines_;  // partitions by first arrival
};

class FromRunner : public RuleRunner {
 public:
  FromRunner(const Rule& rule, const RuleFile& file) : RuleRunner(rule, file) {}

  std::vector<Derived> Take(const EventPtr& event) override {
    std::vector<Derived> out;
    auto keys = KeysOf(*event);
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
    Time start = p.events.front().event->time;
    Time offset = ((start % rule_.window_size) + rule_.window_size) % rule_.window_size;
    return start - offset + rule_.window_size;
  }

  void ReportWindow(const Partition& p, Time time, std::vector<Derived>* out) const {
    Scope scope{.bound = &p.events, .keys = p.keys};
    if (rule_.having.has_value() && !Evaluate(*rule_.having, scope).is_true()) return;
    EmitAll(p.events, p.keys, time, out);
  }

  std::vector<Partition> partitions_;  // by first arrival
};

}  // namespace

RuleRunner::RuleRunner(const Rule& rule, const RuleFile& file) : rule_(rule) {
  for (const Emit& emit : rule.emits) {
    std::vector<std::string> attrs;
    for (const auto& [name, expr] : emit.attrs) attrs.push_back(name);
    emit_types_.push_back(TypeOfEmit(emit.type, attrs, file));
  }
  if (rule.emits.empty()) {
    std::vector<std::string> attrs;
    for (const Key& key : rule.by) attrs.push_back(key.name);
    emit_types_.push_back(TypeOfEmit(rule.name, attrs, file));
  }
  for (const DeclPtr& type : emit_types_) emits_.insert(type->name);
  for (const Admitted& a : rule.from) reads_.insert(a.type);
  if (rule.from.empty()) CollectTypes(*rule.pattern, &reads_);
}

std::unique_ptr<RuleRunner> RuleRunner::Create(const Rule& rule, const RuleFile& file) {
  if (rule.pattern == nullptr) return std::make_unique<FromRunner>(rule, file);
  return std::make_unique<PatternRunner>(rule, file);
}

std::optional<std::map<std::string, Val>> RuleRunner::KeysOf(const Event& event) const {
  std::map<std::string, Val> keys;
  for (const Key& key : rule_.by) {
    Val value;
    for (const auto& [type, attr] : key.per_type) {
      if (type.empty() || type == event.decl->name) value = event.Get(attr);
    }
    if (value.null()) return std::nullopt;
    keys[key.name] = value;
  }
  return keys;
}

bool RuleRunner::Admits(const Event& event) const {
  if (rule_.from.empty()) return true;
  return std::any_of(rule_.from.begin(), rule_.from.end(), [&](const Admitted& a) {
    if (a.type != event.decl->name) return false;
    std::vector<Binding> bound = {{{rule_.from_var}, std::make_shared<Event>(event)}};
    Scope scope{.bound = &bound, .current = &event};
    return !a.condition.has_value() || Evaluate(*a.condition, scope).is_true();
  });
}

void RuleRunner::EmitAll(const std::vector<Binding>& bound, const std::map<std::string, Val>& keys,
                         Time time, std::vector<Derived>* out) const {
  for (size_t i = 0; i < emit_types_.size(); ++i) {
    auto event = std::make_shared<Event>();
    event->decl = emit_types_[i];
    event->time = time;
    event->values.resize(event->decl->attrs.size());
    auto set = [&](const std::string& attr, Val value) {
      event->values[static_cast<size_t>(event->decl->Find(attr))] = std::move(value);
    };
    if (rule_.emits.empty()) {
      for (const auto& [name, value] : keys) set(name, value);
    } else {
      for (const auto& [name, expr] : rule_.emits[i].attrs) {
        set(name, Evaluate(expr, {.bound = &bound, .keys = keys}));
      }
    }
    out->push_back({event, rule_.name, bound});
  }
}

}  // namespace spate::reference
