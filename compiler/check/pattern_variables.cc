// Patterns, pass 1: which variables there are, of which types, and what may be unbound.
#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/patterns.h"
#include "compiler/check/quantifiers.h"
#include "compiler/check/views.h"

namespace spate {
namespace {

void AddType(std::vector<TypeId>& types, TypeId t) {
  if (std::find(types.begin(), types.end(), t) == types.end()) types.push_back(t);
}

void AddTypes(CheckContext& context, StepUse& step) {
  for (const ast::TypeUse* use : step.uses) {
    for (TypeId t : BaseTypes(context, use->type)) AddType(step.types, t);
  }
}

// The alternatives of `not (A | B)`, whatever parentheses are around them.
void CollectBanned(const ast::Pattern& p, std::vector<const ast::TypeUse*>& uses) {
  if (const auto* step = std::get_if<ast::Step>(&p.node)) uses.push_back(&step->use);
  if (const auto* group = std::get_if<ast::Group>(&p.node)) CollectBanned(*group->inner, uses);
  if (const auto* a = std::get_if<ast::Alternation>(&p.node)) {
    for (const ast::PatternPtr& e : a->elements) CollectBanned(*e, uses);
  }
}

// A variable inside these alternatives, or null.
const ast::Name* NameOfAlternative(const ast::Pattern& p) {
  if (const auto* g = std::get_if<ast::Group>(&p.node)) return NameOfAlternative(*g->inner);
  const auto* a = std::get_if<ast::Alternation>(&p.node);
  if (a == nullptr) return nullptr;
  for (const ast::PatternPtr& e : a->elements) {
    if (e->variable.has_value()) return &*e->variable;
    if (const ast::Name* inner = NameOfAlternative(*e)) return inner;
  }
  return nullptr;
}

class StepCollector {
 public:
  StepCollector(CheckContext& context, RuleNames& names) : context_(context), names_(names) {}

  struct Place {
    const ast::Name* name = nullptr;  // of the group around, when it names the steps in it
    bool optional = false;
    bool repeated = false;
    bool permuted = false;  // an element of a permutation: alternatives are one step
  };

  // Returns the variables that `p` binds.
  std::set<VarId> Visit(const ast::Pattern& p, Place place) {
    if (const auto* ban = std::get_if<ast::Ban>(&p.node)) return VisitBan(p, *ban);
    const Counts counts = CountsOf(context_, p.quantifier);
    place.optional = place.optional || counts.min == 0;
    place.repeated = place.repeated || counts.max != std::optional<uint64_t>(1);
    if (p.variable.has_value() && !NamesStepsOnly(p)) return VisitNamedGroup(p, place);
    if (p.variable.has_value()) place.name = &*p.variable;
    return VisitUnnamed(p, place);
  }

  std::vector<StepUse> Take() { return std::move(steps_); }

 private:
  std::set<VarId> VisitUnnamed(const ast::Pattern& p, const Place& place) {
    const bool one_step = std::holds_alternative<ast::Step>(p.node) ||
                          ((place.name != nullptr || place.permuted) && AsOneStep(p).has_value());
    if (one_step) return VisitStep(p, place);
    if (const auto* s = std::get_if<ast::Sequence>(&p.node)) {
      return VisitAll(s->elements, place);
    }
    if (const auto* s = std::get_if<ast::Permutation>(&p.node)) {
      Place inner = place;
      inner.permuted = true;
      return VisitAll(s->elements, inner);
    }
    if (const auto* a = std::get_if<ast::Alternation>(&p.node)) return VisitAlternation(*a, place);
    if (const auto* g = std::get_if<ast::Group>(&p.node)) return Visit(*g->inner, place);
    return {};
  }

  std::set<VarId> VisitStep(const ast::Pattern& p, const Place& place) {
    StepUse step;
    step.span = p.span;
    step.name = place.name;
    step.groups = groups_;
    step.uses = AsOneStep(p).value_or(std::vector<const ast::TypeUse*>());
    AddTypes(context_, step);
    for (VarId group : groups_) {
      for (TypeId t : step.types) AddType(names_.variables[group.index()].types, t);
    }
    if (place.name != nullptr) {
      step.var = Declare(*place.name, step.types, place.optional, place.repeated);
    }
    steps_.push_back(step);
    if (!step.var.valid()) return {};
    return {step.var};
  }

  std::set<VarId> VisitBan(const ast::Pattern& p, const ast::Ban& ban) {
    StepUse step;
    step.role = StepUse::Role::kBan;
    step.span = p.span;
    step.name = BanVariable(ban);
    step.groups = groups_;
    step.uses = BannedUses(ban);
    if (ban.banned != nullptr) {
      if (const ast::Name* inner = NameOfAlternative(*ban.banned)) ReportInnerName(*inner);
    }
    AddTypes(context_, step);
    if (step.name != nullptr) {
      if (std::optional<VarId> other = names_.FindVariable(step.name->text)) {
        ReportTwice(*step.name, *other);
      } else {
        step.var = Declare(*step.name, step.types, /*optional=*/true, /*repeated=*/false);
        names_.variables[step.var.index()].is_ban = true;
      }
    }
    steps_.push_back(step);
    return {};
  }

  // `m: ( pattern )`: a variable for all events bound inside, whose steps have names of their own.
  std::set<VarId> VisitNamedGroup(const ast::Pattern& p, Place place) {
    const VarId var = Declare(*p.variable, {}, place.optional, /*repeated=*/true);
    names_.variables[var.index()].is_group = true;
    const size_t first_step = steps_.size();
    place.name = nullptr;
    groups_.push_back(var);
    std::set<VarId> bound = VisitUnnamed(p, place);
    groups_.pop_back();
    for (size_t i = first_step; i < steps_.size(); ++i) {
      if (steps_[i].var == var) ReportTwice(*steps_[i].name, var);
    }
    bound.insert(var);
    return bound;
  }

  std::set<VarId> VisitAll(const std::vector<ast::PatternPtr>& elements, const Place& place) {
    std::set<VarId> bound;
    for (const ast::PatternPtr& element : elements) {
      for (VarId v : Visit(*element, place)) {
        if (bound.insert(v).second) continue;
        const ast::Name* second = NameIn(*element, v);
        if (second != nullptr) ReportTwice(*second, v);
      }
    }
    return bound;
  }

  // Where `p` gives an event the name of `v`.
  const ast::Name* NameIn(const ast::Pattern& p, VarId v) const {
    if (p.variable.has_value() && p.variable->text == names_.variables[v.index()].name) {
      return &*p.variable;
    }
    const ast::Name* found = nullptr;
    auto look = [&](const std::vector<ast::PatternPtr>& elements) {
      for (const ast::PatternPtr& e : elements) {
        if (found == nullptr) found = NameIn(*e, v);
      }
    };
    if (const auto* s = std::get_if<ast::Sequence>(&p.node)) look(s->elements);
    if (const auto* s = std::get_if<ast::Permutation>(&p.node)) look(s->elements);
    if (const auto* a = std::get_if<ast::Alternation>(&p.node)) look(a->elements);
    if (const auto* g = std::get_if<ast::Group>(&p.node)) found = NameIn(*g->inner, v);
    return found;
  }

  std::set<VarId> VisitAlternation(const ast::Alternation& a, const Place& place) {
    std::vector<std::set<VarId>> branches;
    std::set<VarId> all;
    for (const ast::PatternPtr& element : a.elements) {
      branches.push_back(Visit(*element, place));
      all.insert(branches.back().begin(), branches.back().end());
    }
    for (VarId v : all) {
      for (const std::set<VarId>& branch : branches) {
        if (branch.count(v) == 0) names_.variables[v.index()].optional = true;
      }
    }
    return all;
  }

  VarId Declare(const ast::Name& name, const std::vector<TypeId>& types, bool optional,
                bool repeated) {
    std::optional<VarId> var = names_.FindVariable(name.text);
    if (var.has_value() && names_.variables[var->index()].is_ban) {
      ReportTwice(name, *var);
      names_.variables[var->index()].is_ban = false;
    }
    if (!var.has_value()) {
      var = VarId(names_.variables.size());
      CheckedVariable variable;
      variable.name = name.text;
      names_.variables.push_back(std::move(variable));
      names_.variable_spans.push_back(name.span);
    }
    CheckedVariable& v = names_.variables[var->index()];
    for (TypeId t : types) AddType(v.types, t);
    v.optional = v.optional || optional;
    v.repeated = v.repeated || repeated;
    return *var;
  }

  // `not (n: N | m: M)`
  void ReportInnerName(const ast::Name& name) {
    Diagnostic& d = context_.Report(DiagnosticCode::kBadClause, name.span,
                                    "no variable can stand inside the alternatives of a ban");
    d.label = "one variable names all: `not n: (A | B)`";
  }

  void ReportTwice(const ast::Name& name, VarId first) {
    Diagnostic& d =
        context_.Report(DiagnosticCode::kVariableTwice, name.span,
                        absl::StrCat("the variable ", Quoted(name.text), " stands at two steps"));
    d.label = "a second time here; only branches of one `|` may share a variable";
    d.labels.push_back({names_.variable_spans[first.index()], "first here"});
  }

  CheckContext& context_;
  RuleNames& names_;
  std::vector<VarId> groups_;
  std::vector<StepUse> steps_;
};

}  // namespace

std::optional<std::vector<const ast::TypeUse*>> AsOneStep(const ast::Pattern& pattern) {
  if (const auto* step = std::get_if<ast::Step>(&pattern.node)) {
    return std::vector<const ast::TypeUse*>{&step->use};
  }
  const auto* group = std::get_if<ast::Group>(&pattern.node);
  const ast::Pattern* inner = group != nullptr ? group->inner.get() : &pattern;
  if (group != nullptr && (group->bounds.within.has_value() || group->bounds.gap.has_value())) {
    return std::nullopt;
  }
  std::vector<const ast::TypeUse*> uses;
  auto add = [&uses](const ast::Pattern& p) {
    if (p.variable.has_value() || !p.quantifier.is_default ||
        p.quantifier.contiguity != ast::ContiguityWord::kNone) {
      return false;
    }
    auto more = AsOneStep(p);
    if (more.has_value()) uses.insert(uses.end(), more->begin(), more->end());
    return more.has_value();
  };
  if (const auto* a = std::get_if<ast::Alternation>(&inner->node)) {
    for (const ast::PatternPtr& e : a->elements) {
      if (!add(*e)) return std::nullopt;
    }
    return uses;
  }
  if (group == nullptr || !add(*inner)) return std::nullopt;
  return uses;
}

bool NamesStepsOnly(const ast::Pattern& group) {
  if (std::holds_alternative<ast::Step>(group.node)) return true;
  auto fits = [](const ast::PatternPtr& p) {
    return !p->variable.has_value() && NamesStepsOnly(*p);
  };
  if (const auto* g = std::get_if<ast::Group>(&group.node)) return fits(g->inner);
  const auto* a = std::get_if<ast::Alternation>(&group.node);
  return a != nullptr && std::all_of(a->elements.begin(), a->elements.end(), fits);
}

std::vector<const ast::TypeUse*> BannedUses(const ast::Ban& ban) {
  std::vector<const ast::TypeUse*> uses;
  if (ban.banned != nullptr) CollectBanned(*ban.banned, uses);
  return uses;
}

const ast::Name* BanVariable(const ast::Ban& ban) {
  for (const ast::Pattern* p = ban.banned.get(); p != nullptr;) {
    if (p->variable.has_value()) return &*p->variable;
    const auto* group = std::get_if<ast::Group>(&p->node);
    p = group != nullptr ? group->inner.get() : nullptr;
  }
  return nullptr;
}

StepUse UntilStep(CheckContext& context, const ast::UntilClause& until) {
  StepUse step;
  step.role = StepUse::Role::kClause;
  step.span = until.span;
  for (const ast::TypeUse& use : until.alternatives) step.uses.push_back(&use);
  AddTypes(context, step);
  return step;
}

std::vector<StepUse> CollectSteps(CheckContext& context, const ast::Pattern& pattern,
                                  RuleNames& names) {
  StepCollector collector(context, names);
  collector.Visit(pattern, {});
  return collector.Take();
}

}  // namespace spate
