// The constructs of a pattern.

#include "tests/property/generate_pattern.h"
#include "tests/property/uses.h"
#include "tests/reference/eval.h"

namespace spate::property {
namespace {

using reference::BanLimit;
using reference::Bound;
using reference::Expr;
using reference::ExprKind;
using reference::Node;
using reference::NodeKind;
using reference::Op;
using Uses = std::set<std::string>;

std::string Counts(const Node& loop) {
  if (loop.max < 0) return loop.min == 0 ? "*" : loop.min == 1 ? "+" : "{n,}";
  if (loop.min == loop.max) return "{n}";
  if (loop.min == 0) return loop.max == 1 ? "?" : "{,m}";
  return "{n,m}";
}

void AddLoop(const Node& loop, Uses* uses) {
  uses->insert("quantifier " + Counts(loop));
  if (loop.reluctant) uses->insert("reluctant");
  if (loop.word == Op::kStrict) uses->insert("loop strict");
  if (loop.word == Op::kRelaxed) uses->insert("loop relaxed");
  if (loop.word == Op::kAny) uses->insert("loop any");
  if (loop.children[0]->kind == NodeKind::kGroup) uses->insert("loop of a group");
}

void AddGroup(const Node& group, Uses* uses) {
  NodeKind inner = group.children[0]->kind;
  if (!group.var.empty()) {
    uses->insert(inner == NodeKind::kAlternatives ? "v: (A | B)" : "named group");
  }
  if (group.gap >= 0) uses->insert("gap of a group");
  if (group.bound.kind == Bound::kTime) uses->insert("group within D");
  if (group.bound.kind == Bound::kEvents) uses->insert("group within N events");
}

// Aggregates, navigation and the past in a condition.
void AddStepExpr(const Expr& e, Uses* uses) {
  if (e.kind == ExprKind::kCall) uses->insert("aggregate in a condition");
  if (e.kind == ExprKind::kFirst || e.kind == ExprKind::kLast || e.kind == ExprKind::kIndex) {
    uses->insert("navigation in a condition");
  }
  if (e.kind == ExprKind::kPrev) uses->insert("prev");
  for (const Expr& arg : e.args) AddStepExpr(arg, uses);
}

void AddPermutation(const Node& permutation, Uses* uses) {
  uses->insert("permutation");
  if (permutation.word != Op::kNone) uses->insert("permutation with a word");
  for (const auto& child : permutation.children) {
    if (child->kind == NodeKind::kLoop) uses->insert("permutation with counts");
  }
}

void AddBan(const Node& ban, Op left, bool first, bool last, Uses* uses) {
  uses->insert("ban");
  if (left == Op::kStrict) uses->insert("ban after ,");
  const Node& banned = *ban.children[0];
  if (banned.type == kClockType) uses->insert("clock event in a ban");
  if (!banned.var.empty()) uses->insert("ban with a variable");
  if (banned.kind == NodeKind::kGroup) uses->insert("ban of alternatives");
  const char* place = last ? "at the end" : first ? "at the start" : "in the middle";
  switch (ban.limit) {
    case BanLimit::kNone:
      uses->insert(last ? "ban at the end, no limit" : "ban in the middle");
      break;
    case BanLimit::kEver:
      uses->insert("ban ever");
      break;
    case BanLimit::kFor:
      uses->insert(std::string("ban for D ") + place);
      if (ban.limit_value->kind == ExprKind::kIf) uses->insert("ban for a computed D");
      break;
    case BanLimit::kBefore:
      uses->insert(std::string("ban before t ") + place);
      break;
  }
  if (last) uses->insert("ban at the end");
  if (first) uses->insert("ban at the start");
}

void AddStep(const Node& step, Uses* vars, Uses* uses) {
  if (step.type == kClockType) uses->insert("clock event");
  if (step.var.empty())
    uses->insert("step without a variable");
  else if (!vars->insert(step.var).second)
    uses->insert("variable in two branches");
  if (!step.condition.has_value()) return;
  std::vector<std::string> names;
  CollectVars(*step.condition, &names);
  std::erase(names, step.var);
  uses->insert(names.empty() ? "condition on the event" : "condition on an earlier variable");
  AddStepExpr(*step.condition, uses);
}

// Where a node stands: nothing is written before it, after it; the operator on its left.
struct Place {
  bool first = true;
  bool last = true;
  Op left = Op::kNone;
};

// `vars`: of the steps so far; one met twice stands in two branches.
void AddPattern(const Node& node, const Place& place, Uses* vars, Uses* uses) {
  switch (node.kind) {
    case NodeKind::kStep:
      AddStep(node, vars, uses);
      break;
    case NodeKind::kSequence:
      for (size_t i = 0; i < node.children.size(); ++i) {
        if (i > 0) {
          Op op = node.ops[i - 1];
          uses->insert(op == Op::kStrict ? "," : op == Op::kAny ? "->>" : "->");
        }
        Place inner{place.first && i == 0, place.last && i + 1 == node.children.size(),
                    i > 0 ? node.ops[i - 1] : place.left};
        AddPattern(*node.children[i], inner, vars, uses);
      }
      return;
    case NodeKind::kAlternatives:
      uses->insert("alternatives");
      break;
    case NodeKind::kLoop:
      AddLoop(node, uses);
      break;
    case NodeKind::kGroup:
      AddGroup(node, uses);
      break;
    case NodeKind::kPermutation:
      AddPermutation(node, uses);
      break;
    case NodeKind::kBan:
      AddBan(node, place.left, place.first, place.last, uses);
      return;
  }
  for (const auto& child : node.children) AddPattern(*child, place, vars, uses);
}

}  // namespace

void AddUsesOfPattern(const Node& pattern, Uses* uses) {
  Uses vars;
  AddPattern(pattern, Place{}, &vars, uses);
}

}  // namespace spate::property
