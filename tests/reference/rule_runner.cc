#include "tests/reference/rule_runner.h"

#include <algorithm>
#include <utility>

#include "tests/reference/eval.h"

namespace spate::reference {
namespace {

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
  if (!rule.from.empty() && rule.pattern != nullptr) return;
  std::vector<PlacedStep> steps;
  if (rule.pattern != nullptr) CollectSteps(*rule.pattern, {}, &steps);
  if (rule.until != nullptr) CollectSteps(*rule.until, {}, &steps);
  if (rule.ending != nullptr) CollectSteps(*rule.ending, {}, &steps);
  for (const PlacedStep& s : steps) reads_.insert(s.step->type);
}

std::unique_ptr<RuleRunner> RuleRunner::Create(const Rule& rule, const RuleFile& file) {
  return rule.pattern == nullptr ? MakeWindowRunner(rule, file) : MakePatternRunner(rule, file);
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

void RuleRunner::EmitAll(EmitKind kind, Scope scope, Time time, std::vector<Derived>* out) const {
  for (size_t i = 0; i < emit_types_.size(); ++i) {
    EmitKind of = rule_.emits.empty() ? EmitKind::kReport : rule_.emits[i].kind;
    if (of != kind) continue;
    auto event = std::make_shared<Event>();
    event->decl = emit_types_[i];
    event->time = time;
    event->values.resize(event->decl->attrs.size());
    auto set = [&](const std::string& attr, Val value) {
      event->values[static_cast<size_t>(event->decl->Find(attr))] = std::move(value);
    };
    if (rule_.emits.empty()) {
      for (const auto& [name, value] : scope.keys) set(name, value);
    } else {
      for (const auto& [name, expr] : rule_.emits[i].attrs) set(name, Evaluate(expr, scope));
    }
    out->push_back({event, rule_.name, *scope.bound});
  }
}

bool RuleRunner::HasEmit(EmitKind kind) const {
  return std::any_of(rule_.emits.begin(), rule_.emits.end(),
                     [&](const Emit& e) { return e.kind == kind; });
}

}  // namespace spate::reference
