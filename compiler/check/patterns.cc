// Patterns: two walks over the written pattern.
#include "compiler/check/patterns.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/constants.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/views.h"
#include "compiler/check/windows.h"

namespace spate {
namespace {

struct Counts {
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;  // none: open
};

// `{min_tries,}`: the value of a param or const.
uint64_t NamedCount(CheckContext& context, const ast::Name& name) {
  ConstantInfo* constant = context.FindConstant(name.text, name.span.file);
  if (constant == nullptr) {
    Diagnostic& d = context.Report(DiagnosticCode::kUndefinedName, name.span,
                                   absl::StrCat("undefined name ", Quoted(name.text)));
    d.label = "a count is a number, a `param` or a `const`";
    return 1;
  }
  ExprPtr value = ConstantValue(context, *constant);
  if (IsError(value)) return 1;
  const int64_t* count = std::get_if<int64_t>(&value->constant.data);
  if (value->type.kind == Kind::kInt && count != nullptr && *count >= 0) {
    return static_cast<uint64_t>(*count);
  }
  Diagnostic& d = context.Report(
      DiagnosticCode::kTypeMismatch, name.span,
      absl::StrCat("a count is an `int` that is not negative, and ", Quoted(name.text), " is not"));
  d.label = absl::StrCat("of type ", Quoted(TypeName(value->type)));
  return 1;
}

Counts CountsOf(CheckContext& context, const ast::Quantifier& q) {
  if (q.is_default) return {};
  Counts counts{q.min, q.max};
  if (q.min_name.has_value()) counts.min = NamedCount(context, *q.min_name);
  if (q.max_name.has_value()) counts.max = NamedCount(context, *q.max_name);
  if (counts.max.has_value() && (*counts.max == 0 || *counts.max < counts.min)) {
    if (q.min_name.has_value() || q.max_name.has_value()) {  // else the parser has said so
      Diagnostic& d =
          context.Report(DiagnosticCode::kBadQuantifier, q.span, "a quantifier that cannot hold");
      d.label = absl::StrCat("at least ", counts.min, " and at most ", *counts.max);
    }
    return {};
  }
  return counts;
}

Contiguity ToContiguity(ast::SequenceOp op) {
  switch (op) {
    case ast::SequenceOp::kFollowedBy:
      return Contiguity::kRelaxed;
    case ast::SequenceOp::kFollowedByAny:
      return Contiguity::kAny;
    case ast::SequenceOp::kNext:
      return Contiguity::kStrict;
  }
  return Contiguity::kRelaxed;
}

std::optional<Contiguity> ToContiguity(ast::ContiguityWord word) {
  switch (word) {
    case ast::ContiguityWord::kNone:
      return std::nullopt;
    case ast::ContiguityWord::kStrict:
      return Contiguity::kStrict;
    case ast::ContiguityWord::kRelaxed:
      return Contiguity::kRelaxed;
    case ast::ContiguityWord::kAny:
      return Contiguity::kAny;
  }
  return std::nullopt;
}

bool IsOneStep(const ast::Pattern& p, const ast::Name* name) {
  return std::holds_alternative<ast::Step>(p.node) || (name != nullptr && AsOneStep(p).has_value());
}

class StepCollector {
 public:
  StepCollector(CheckContext& context, RuleNames& names) : context_(context), names_(names) {}

  // Returns the variables that `p` binds. `name`: of the group around it, or null.
  std::set<VarId> Visit(const ast::Pattern& p, const ast::Name* name, bool optional,
                        bool repeated) {
    if (p.variable.has_value()) name = &*p.variable;
    const Counts counts = CountsOf(context_, p.quantifier);
    optional = optional || counts.min == 0;
    repeated = repeated || counts.max != std::optional<uint64_t>(1);
    if (IsOneStep(p, name)) return VisitStep(p, name, optional, repeated);
    if (const auto* s = std::get_if<ast::Sequence>(&p.node)) {
      return VisitSequence(*s, name, optional, repeated);
    }
    if (const auto* a = std::get_if<ast::Alternation>(&p.node)) {
      return VisitAlternation(*a, name, optional, repeated);
    }
    if (const auto* g = std::get_if<ast::Group>(&p.node)) {
      return Visit(*g->inner, name, optional, repeated);
    }
    return {};
  }

  std::vector<StepUse> Take() { return std::move(steps_); }

 private:
  std::set<VarId> VisitStep(const ast::Pattern& p, const ast::Name* name, bool optional,
                            bool repeated) {
    StepUse step;
    step.pattern = &p;
    step.name = name;
    step.uses = AsOneStep(p).value_or(std::vector<const ast::TypeUse*>());
    for (const ast::TypeUse* use : step.uses) {
      for (TypeId t : BaseTypes(context_, use->type)) AddType(step.types, t);
    }
    if (name != nullptr) step.var = Declare(*name, step.types, optional, repeated);
    steps_.push_back(step);
    if (!step.var.valid()) return {};
    return {step.var};
  }

  std::set<VarId> VisitSequence(const ast::Sequence& s, const ast::Name* name, bool optional,
                                bool repeated) {
    std::set<VarId> bound;
    for (const ast::PatternPtr& element : s.elements) {
      size_t first_step = steps_.size();
      std::set<VarId> more = Visit(*element, name, optional, repeated);
      for (size_t i = first_step; i < steps_.size(); ++i) {
        if (bound.count(steps_[i].var) != 0) ReportTwice(steps_[i]);
      }
      bound.insert(more.begin(), more.end());
    }
    return bound;
  }

  std::set<VarId> VisitAlternation(const ast::Alternation& a, const ast::Name* name, bool optional,
                                   bool repeated) {
    std::vector<std::set<VarId>> branches;
    std::set<VarId> all;
    for (const ast::PatternPtr& element : a.elements) {
      branches.push_back(Visit(*element, name, optional, repeated));
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
    if (!var.has_value()) {
      var = VarId(names_.variables.size());
      names_.variables.push_back({name.text, {}, false, false});
      names_.variable_spans.push_back(name.span);
    }
    CheckedVariable& v = names_.variables[var->index()];
    for (TypeId t : types) AddType(v.types, t);
    v.optional = v.optional || optional;
    v.repeated = v.repeated || repeated;
    return *var;
  }

  void ReportTwice(const StepUse& step) {
    const ast::Name& name = *step.name;
    Diagnostic& d =
        context_.Report(DiagnosticCode::kVariableTwice, name.span,
                        absl::StrCat("the variable ", Quoted(name.text), " stands at two steps"));
    d.label = "a second time here; only branches of one `|` may share a variable";
    d.labels.push_back({names_.variable_spans[step.var.index()], "first here"});
  }

  static void AddType(std::vector<TypeId>& types, TypeId t) {
    if (std::find(types.begin(), types.end(), t) == types.end()) types.push_back(t);
  }

  CheckContext& context_;
  RuleNames& names_;
  std::vector<StepUse> steps_;
};

class PatternChecker {
 public:
  PatternChecker(CheckContext& context, RuleNames& names, uint32_t file)
      : context_(context), names_(names), file_(file) {}

  // `bound`: by VarId, what is bound before; what `p` binds is added. `name`: of the group around.
  CheckedPatternPtr Visit(const ast::Pattern& p, const ast::Name* name, std::vector<bool>& bound) {
    if (p.variable.has_value()) name = &*p.variable;
    auto out = std::make_unique<CheckedPattern>();
    out->span = p.span;
    SetQuantifier(p.quantifier, *out);
    if (IsOneStep(p, name)) {
      VisitStep(p, name, bound, *out);
    } else if (const auto* s = std::get_if<ast::Sequence>(&p.node)) {
      out->kind = CheckedPattern::Kind::kSequence;
      for (const ast::PatternPtr& e : s->elements) out->elements.push_back(Visit(*e, name, bound));
      for (ast::SequenceOp op : s->ops) out->operators.push_back(ToContiguity(op));
    } else if (const auto* a = std::get_if<ast::Alternation>(&p.node)) {
      VisitAlternation(*a, name, bound, *out);
    } else if (const auto* g = std::get_if<ast::Group>(&p.node)) {
      out->kind = CheckedPattern::Kind::kGroup;
      out->elements.push_back(Visit(*g->inner, name, bound));
      if (g->bounds.within.has_value()) {
        out->bound = CheckWithin(context_, *g->bounds.within, file_);
      }
    }
    return out;
  }

 private:
  void VisitStep(const ast::Pattern& p, const ast::Name* name, std::vector<bool>& bound,
                 CheckedPattern& out) {
    out.kind = CheckedPattern::Kind::kStep;
    Scope scope;
    scope.file = file_;
    scope.place = Place::kStep;
    scope.rule = &names_;
    scope.bound = bound;
    if (name != nullptr) {
      out.var = *names_.FindVariable(name->text);
      scope.own = out.var;
    }
    // `e: (A | B)` is `(e: A | e: B)`.
    const auto uses = AsOneStep(p).value_or(std::vector<const ast::TypeUse*>());
    for (const ast::TypeUse* use : uses) {
      CheckedPattern* step = &out;
      if (uses.size() > 1) {
        out.kind = CheckedPattern::Kind::kAlternation;
        out.elements.push_back(std::make_unique<CheckedPattern>());
        step = out.elements.back().get();
        step->span = use->span;
        step->var = out.var;
      }
      MergeInputs(step->types, ExpandUse(context_, *use, scope));
    }
    if (out.var.valid()) bound[out.var.index()] = true;
  }

  void VisitAlternation(const ast::Alternation& a, const ast::Name* name, std::vector<bool>& bound,
                        CheckedPattern& out) {
    out.kind = CheckedPattern::Kind::kAlternation;
    std::vector<bool> after = bound;
    for (const ast::PatternPtr& e : a.elements) {
      std::vector<bool> branch = bound;
      out.elements.push_back(Visit(*e, name, branch));
      for (size_t i = 0; i < branch.size(); ++i) after[i] = after[i] || branch[i];
    }
    bound = after;
  }

  void SetQuantifier(const ast::Quantifier& q, CheckedPattern& out) {
    const Counts counts = CountsOf(context_, q);
    out.min = counts.min;
    out.max = counts.max;
    out.reluctant = q.reluctant;
    out.rounds = ToContiguity(q.contiguity);
  }

  CheckContext& context_;
  RuleNames& names_;
  uint32_t file_;
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

std::vector<StepUse> CollectSteps(CheckContext& context, const ast::Pattern& pattern,
                                  RuleNames& names) {
  StepCollector collector(context, names);
  collector.Visit(pattern, nullptr, /*optional=*/false, /*repeated=*/false);
  return collector.Take();
}

CheckedPatternPtr CheckPattern(CheckContext& context, const ast::Pattern& pattern, RuleNames& names,
                               uint32_t file) {
  std::vector<bool> bound(names.variables.size(), false);
  return PatternChecker(context, names, file).Visit(pattern, nullptr, bound);
}

namespace {

using Side = std::optional<Contiguity>;  // the operator on one side of an element

bool IsBoundedBetween(const CheckedPattern& p, Side left, Side right) {
  Contiguity rounds = p.rounds.value_or(left.value_or(right.value_or(Contiguity::kRelaxed)));
  if (!p.max.has_value()) return false;
  if (*p.max > 1 && rounds != Contiguity::kStrict) return false;
  if (p.bound.kind != WindowBound::Kind::kNone) return true;
  for (Contiguity op : p.operators) {
    if (op != Contiguity::kStrict) return false;
  }
  for (size_t i = 0; i < p.elements.size(); ++i) {
    bool sequence = p.kind == CheckedPattern::Kind::kSequence;
    Side l = sequence && i > 0 ? Side(p.operators[i - 1]) : left;
    Side r = sequence && i + 1 < p.elements.size() ? Side(p.operators[i]) : right;
    if (!IsBoundedBetween(*p.elements[i], l, r)) return false;
  }
  return true;
}

}  // namespace

bool IsBounded(const CheckedPattern& pattern) {
  return IsBoundedBetween(pattern, std::nullopt, std::nullopt);
}

bool BeginsWith(const CheckedPattern& p, VarId var) {
  if (p.min == 0) return false;
  switch (p.kind) {
    case CheckedPattern::Kind::kStep:
      return p.var == var;
    case CheckedPattern::Kind::kAlternation:
      return std::all_of(p.elements.begin(), p.elements.end(),
                         [&](const CheckedPatternPtr& e) { return BeginsWith(*e, var); });
    default:
      return !p.elements.empty() && BeginsWith(*p.elements[0], var);
  }
}

}  // namespace spate
