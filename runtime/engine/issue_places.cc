#include "runtime/engine/issue_places.h"

#include <algorithm>
#include <vector>

namespace spate {
namespace {

bool Contains(const Expr& root, const Origin& place) {
  return AnyNode(root, [&](const Expr& e) { return e.origin == place; });
}

class Finder {
 public:
  Finder(const Plan& plan, const Origin& place) {
    for (const Predicate& p : plan.predicates) {
      has_place_.push_back(p.condition != nullptr && Contains(*p.condition, place));
    }
  }

  bool IsIn(const RulePlan& rule) const {
    for (const RuleInput& in : rule.inputs) {
      if (Has(in.predicate)) return true;
    }
    if (rule.from != nullptr) return InAny(rule.from->ending) || InAny(rule.from->members);
    const PatternPlan& p = *rule.pattern;
    return std::any_of(p.steps.begin(), p.steps.end(),
                       [&](const StepPlan& s) { return InAny(s.inputs); }) ||
           InAny(p.ending) || InAny(p.until);
  }

 private:
  bool Has(PredicateId id) const { return id.valid() && has_place_[id.index()]; }
  bool InAny(const std::vector<StepInput>& inputs) const {
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const StepInput& in) { return Has(in.predicate); });
  }

  std::vector<bool> has_place_;  // by predicate
};

}  // namespace

RuleId RuleOfPlace(const Plan& plan, const Origin& place) {
  const Finder finder(plan, place);
  for (const RulePlan& rule : plan.rules) {
    if (finder.IsIn(rule)) return rule.id;
  }
  return RuleId();
}

void AddIssues(const Plan& plan, const EvalIssues& issues, RuleId rule, EngineStats* stats) {
  for (const EvalIssues::Entry& e : issues.entries()) {
    const RuleId of = rule.valid() ? rule : RuleOfPlace(plan, e.origin);
    const absl::string_view what = EvalFaultText(e.fault);
    const auto same =
        std::find_if(stats->issues.begin(), stats->issues.end(), [&](const EvalIssue& issue) {
          return issue.rule == of && issue.origin == e.origin && issue.what == what;
        });
    if (same != stats->issues.end()) {
      same->count += e.count;
    } else {
      stats->issues.push_back({of, e.origin, std::string(what), e.count});
    }
  }
}

}  // namespace spate
