#include "tests/property/matchers.h"

#include "runtime/match/merged_threads.h"
#include "runtime/match/register_plan.h"
#include "runtime/match/set_matcher.h"

namespace spate::property {
namespace {

void AddAsk(const RegisterAsk& ask, std::set<std::string>* uses) {
  if (!ask.whole.has_value()) return;
  const bool scans = ask.index == RegisterAsk::kScan;
  if (scans) uses->insert("registers: others");
  if (!scans && !ask.equal.empty()) uses->insert("registers: equality");
  if (!scans && ask.order.has_value()) uses->insert("registers: order");
  if (ask.rest.has_value()) uses->insert("registers: index and more");
}

}  // namespace

UsesByRule MatcherUses(const Plan& plan) {
  UsesByRule result;
  for (const RulePlan& rule : plan.rules) {
    if (rule.pattern == nullptr) continue;
    if (SetMatcher::CanDo(*rule.pattern)) {
      result[rule.name].insert("matched by sets");
      if (!rule.pattern->bans.empty()) result[rule.name].insert("sets: ban");
    }
    if (!RegisterPlan::CanDo(*rule.pattern)) continue;
    auto registers = RegisterPlan::Create(*rule.pattern);
    if (!registers.ok()) continue;
    std::set<std::string>& uses = result[rule.name];
    uses.insert("matched with registers");
    if (KeepsStartsApart(*rule.pattern)) uses.insert("registers: skip to");
    for (size_t s = 0; s < rule.pattern->states.size(); ++s) {
      const StateId state(s);
      if ((*registers)->registers(state).size() > 1) uses.insert("registers: several");
      for (size_t i = 0; i < rule.pattern->states[s].transitions.size(); ++i) {
        if (rule.pattern->states[s].transitions[i].target == state) {
          uses.insert("registers: loop");
        }
      }
      for (const RuleInput& input : rule.inputs) {
        for (const RegisterProbe& probe : (*registers)->probes(state, input.type)) {
          AddAsk(probe.ask, &uses);
          if (probe.closes != 0) uses.insert("registers: ban");
          if (probe.closes != 0 && probe.ask.whole.has_value()) {
            uses.insert("registers: ban that compares");
          }
        }
      }
    }
  }
  return result;
}

}  // namespace spate::property
