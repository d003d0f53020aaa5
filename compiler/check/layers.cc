// Layers: a depth-first walk from each rule to the rules that feed it.
#include "compiler/check/layers.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/views.h"

namespace spate {
namespace {

void CollectNames(const ast::Pattern& p, std::vector<const ast::Name*>& names) {
  auto all = [&](const std::vector<ast::PatternPtr>& elements) {
    for (const ast::PatternPtr& e : elements) CollectNames(*e, names);
  };
  if (const auto* s = std::get_if<ast::Step>(&p.node)) names.push_back(&s->use.type);
  if (const auto* s = std::get_if<ast::Sequence>(&p.node)) all(s->elements);
  if (const auto* s = std::get_if<ast::Permutation>(&p.node)) all(s->elements);
  if (const auto* s = std::get_if<ast::Alternation>(&p.node)) all(s->elements);
  if (const auto* g = std::get_if<ast::Group>(&p.node)) CollectNames(*g->inner, names);
  if (const auto* b = std::get_if<ast::Ban>(&p.node)) {
    if (b->banned != nullptr) CollectNames(*b->banned, names);
  }
}

std::vector<TypeId> ReadTypes(CheckContext& context, const ast::RuleDecl& rule) {
  std::vector<const ast::Name*> names;
  if (rule.match != nullptr) CollectNames(*rule.match, names);
  auto add = [&](const std::vector<ast::TypeUse>& uses) {
    for (const ast::TypeUse& use : uses) names.push_back(&use.type);
  };
  if (rule.from.has_value()) add(rule.from->alternatives);
  if (rule.until.has_value()) add(rule.until->alternatives);
  if (rule.window.has_value()) add(rule.window->ending);
  std::vector<TypeId> types;
  for (const ast::Name* name : names) {
    for (TypeId t : BaseTypes(context, *name)) {
      if (std::find(types.begin(), types.end(), t) == types.end()) types.push_back(t);
    }
  }
  return types;
}

class Walker {
 public:
  Walker(CheckContext& context, const std::vector<std::vector<TypeId>>& emitted, Layers& out)
      : context_(context),
        emitted_(emitted),
        out_(out),
        progress_(emitted.size(), Progress::kNotBegun) {
    for (size_t rule = 0; rule < emitted.size(); ++rule) {
      for (TypeId t : emitted[rule]) emitters_[t].push_back(rule);
    }
    out_.layer.assign(emitted.size(), 0);
  }

  // Its own stack, since a chain of rules may be as long as the file.
  void Visit(size_t root) {
    if (progress_[root] != Progress::kNotBegun) return;
    Push(root);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      if (frame.next == frame.feeders.size()) {
        progress_[frame.rule] = Progress::kDone;
        out_.order.push_back(frame.rule);
        path_.pop_back();
        continue;
      }
      size_t feeder = frame.feeders[frame.next++];
      if (progress_[feeder] == Progress::kNotBegun) {
        Push(feeder);
      } else if (progress_[feeder] == Progress::kBusy) {
        ReportCycle(feeder);
      }
    }
  }

  void NumberLayers() {
    for (size_t rule : out_.order) {
      for (TypeId t : out_.reads[rule]) {
        for (size_t feeder : emitters_[t]) {
          out_.layer[rule] = std::max(out_.layer[rule], out_.layer[feeder] + 1);
        }
      }
    }
  }

 private:
  struct Frame {
    size_t rule;
    std::vector<size_t> feeders;
    size_t next = 0;
  };

  void Push(size_t rule) {
    progress_[rule] = Progress::kBusy;
    Frame frame{rule, {}, 0};
    for (TypeId t : out_.reads[rule]) {
      const std::vector<size_t>& feeders = emitters_[t];
      frame.feeders.insert(frame.feeders.end(), feeders.begin(), feeders.end());
    }
    path_.push_back(std::move(frame));
  }

  // The path from `first` to the top feeds `first` again; shown in the direction of the events.
  void ReportCycle(size_t first) {
    std::vector<const ast::RuleDecl*> cycle;
    for (size_t i = path_.size(); i-- > 0;) {
      cycle.push_back(context_.rules[path_[i].rule].decl);
      if (path_[i].rule == first) break;
    }
    // What the rules of a cycle derive is not known.
    for (size_t i = path_.size(); i-- > 0;) {
      for (TypeId t : emitted_[path_[i].rule]) {
        if (t.valid() && !context_.type(t).declared) {
          context_.type_infos[t.index()].poisoned = true;
        }
      }
      if (path_[i].rule == first) break;
    }
    std::rotate(cycle.begin(), cycle.end() - 1, cycle.end());
    std::string text;
    for (const ast::RuleDecl* r : cycle) absl::StrAppend(&text, Quoted(r->name.text), " -> ");
    absl::StrAppend(&text, Quoted(cycle[0]->name.text));
    Diagnostic& d = context_.Report(DiagnosticCode::kRuleCycle, cycle[0]->name.span,
                                    absl::StrCat("rules in a cycle: ", text));
    d.label = "reads what it has caused itself";
    for (size_t i = 1; i < cycle.size(); ++i) {
      d.labels.push_back({cycle[i]->name.span, "is in the cycle"});
    }
  }

  CheckContext& context_;
  const std::vector<std::vector<TypeId>>& emitted_;
  Layers& out_;
  std::vector<Progress> progress_;
  std::map<TypeId, std::vector<size_t>> emitters_;
  std::vector<Frame> path_;
};

}  // namespace

Layers OrderRules(CheckContext& context, const std::vector<std::vector<TypeId>>& emitted) {
  Layers layers;
  for (const RuleInfo& rule : context.rules) {
    layers.reads.push_back(ReadTypes(context, *rule.decl));
  }
  Walker walker(context, emitted, layers);
  for (size_t i = 0; i < context.rules.size(); ++i) walker.Visit(i);
  walker.NumberLayers();
  return layers;
}

}  // namespace spate
