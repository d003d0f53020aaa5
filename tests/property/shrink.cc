#include "tests/property/shrink.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace spate::property {
namespace {

using reference::BanLimit;
using reference::Bound;
using reference::Emit;
using reference::End;
using reference::Event;
using reference::Keep;
using reference::kSecond;
using reference::Node;
using reference::NodeKind;
using reference::NodePtr;
using reference::Op;
using reference::Policy;
using reference::Rule;
using reference::Val;
using reference::WindowKind;

NodePtr Made(Node node) { return std::make_shared<const Node>(std::move(node)); }

void AddSimplerLoop(const Node& node, std::vector<NodePtr>* out) {
  auto add = [&](auto change) {
    Node simpler = node;
    change(&simpler);
    if (simpler.min == simpler.max && simpler.max != 1) simpler.reluctant = false;
    out->push_back(Made(std::move(simpler)));
  };
  if (node.word != Op::kNone) add([](Node* n) { n->word = Op::kNone; });
  if (node.reluctant) add([](Node* n) { n->reluctant = false; });
  if (node.min != 1 || node.max != -1) add([](Node* n) { n->min = 1, n->max = -1; });
  if (node.max > 2) add([](Node* n) { n->max = n->max - 1, n->min = std::min(n->min, n->max); });
}

// Patterns with one thing less.
std::vector<NodePtr> SimplerPatterns(const NodePtr& node) {
  std::vector<NodePtr> out;
  for (const NodePtr& child : node->children) {
    if (node->kind == NodeKind::kBan) break;
    bool bare_sequence = child->kind == NodeKind::kSequence && node->kind != NodeKind::kGroup;
    if (!bare_sequence) out.push_back(child);
  }
  bool list = node->kind == NodeKind::kSequence || node->kind == NodeKind::kAlternatives ||
              node->kind == NodeKind::kPermutation;
  for (size_t i = 0; list && node->children.size() > 2 && i < node->children.size(); ++i) {
    Node simpler = *node;
    simpler.children.erase(simpler.children.begin() + static_cast<long>(i));
    if (!simpler.ops.empty()) {
      simpler.ops.erase(simpler.ops.begin() + static_cast<long>(i == 0 ? 0 : i - 1));
    }
    out.push_back(Made(std::move(simpler)));
  }
  if (node->kind == NodeKind::kLoop) AddSimplerLoop(*node, &out);
  auto add = [&](auto change) {
    Node simpler = *node;
    change(&simpler);
    out.push_back(Made(std::move(simpler)));
  };
  if (node->condition.has_value()) {
    add([](Node* n) { n->condition.reset(); });
    for (const reference::Expr& part : node->condition->args) {
      add([&](Node* n) { n->condition = part; });
    }
  }
  if (node->limit != BanLimit::kNone) {
    add([](Node* n) { n->limit = BanLimit::kNone, n->limit_value.reset(); });
  }
  if (node->limit_value.has_value()) {
    for (const reference::Expr& part : node->limit_value->args) {
      add([&](Node* n) { n->limit_value = part; });
    }
  }
  if (node->kind == NodeKind::kPermutation && node->word != Op::kNone) {
    add([](Node* n) { n->word = Op::kNone; });
  }
  if (node->kind == NodeKind::kStep && !node->var.empty()) add([](Node* n) { n->var.clear(); });
  if (node->gap >= 0) add([](Node* n) { n->gap = -1; });
  if (node->bound.kind != Bound::kNone) add([](Node* n) { n->bound = {}; });
  if (node->kind == NodeKind::kGroup && !node->var.empty()) add([](Node* n) { n->var.clear(); });
  for (size_t i = 0; i < node->ops.size(); ++i) {
    if (node->ops[i] != Op::kRelaxed) add([&](Node* n) { n->ops[i] = Op::kRelaxed; });
  }
  for (size_t i = 0; i < node->children.size(); ++i) {
    for (const NodePtr& child : SimplerPatterns(node->children[i])) {
      // What stands in a sequence, alternatives or a loop must print as one element.
      bool nested = child->kind == NodeKind::kSequence && node->kind != NodeKind::kGroup;
      bool loop_of_loop = node->kind == NodeKind::kLoop && child->kind != NodeKind::kStep &&
                          child->kind != NodeKind::kGroup;
      bool same = node->kind == NodeKind::kAlternatives && child->kind == node->kind;
      bool element = node->kind == NodeKind::kPermutation && child->kind != NodeKind::kStep &&
                     child->kind != NodeKind::kLoop;
      bool banned = node->kind == NodeKind::kBan && child->kind != NodeKind::kStep &&
                    child->kind != NodeKind::kGroup;
      if (nested || loop_of_loop || same || element || banned) continue;
      add([&](Node* n) { n->children[i] = child; });
    }
  }
  return out;
}

void AddSimplerWindows(const Rule& rule, std::vector<Rule>* out) {
  auto add = [&](auto change) {
    Rule simpler = rule;
    change(&simpler);
    out->push_back(std::move(simpler));
  };
  bool aligned = rule.window == WindowKind::kTumbling || rule.window == WindowKind::kHopping;
  if (!rule.zone.empty()) add([](Rule* r) { r->zone.clear(); });
  if (rule.window == WindowKind::kHopping && rule.every.unit.empty()) {
    add([](Rule* r) { r->window = WindowKind::kTumbling; });
  }
  if (!aligned && rule.window != WindowKind::kSliding) {
    add([](Rule* r) { r->window = WindowKind::kSliding, r->window_size = 2 * kSecond; });
  }
  if (rule.session_max >= 0) add([](Rule* r) { r->session_max = -1; });
  if (rule.having_for != 0) {
    add([](Rule* r) { r->having_for = 0; });
    add([](Rule* r) { r->having_for = 0, r->on_change = true; });
  }
  if (rule.on_change) add([](Rule* r) { r->on_change = false; });
}

void AddSimplerRules(const Rule& rule, std::vector<Rule>* out) {
  auto add = [&](auto change) {
    Rule simpler = rule;
    change(&simpler);
    out->push_back(std::move(simpler));
  };
  if (rule.pattern != nullptr) {
    for (const NodePtr& p : SimplerPatterns(rule.pattern)) add([&](Rule* r) { r->pattern = p; });
    if (!rule.from.empty()) add([](Rule* r) { r->from.clear(); });
    if (rule.window != WindowKind::kUnbounded) {
      add([](Rule* r) { r->window = WindowKind::kUnbounded; });
    }
    if (rule.window != WindowKind::kUnbounded && rule.window != WindowKind::kWithin) {
      add([](Rule* r) { r->window = WindowKind::kWithin, r->window_size = 10 * kSecond; });
    }
    if (rule.gap >= 0) add([](Rule* r) { r->gap = -1; });
    if (rule.until != nullptr) {
      add([](Rule* r) { r->until = nullptr; });
      for (const NodePtr& p : SimplerPatterns(rule.until)) {
        if (p->kind == NodeKind::kStep) add([&](Rule* r) { r->until = p; });
      }
    }
    if (rule.ending != nullptr) {
      for (const NodePtr& p : SimplerPatterns(rule.ending)) {
        if (p->kind == NodeKind::kStep) add([&](Rule* r) { r->ending = p; });
      }
    }
    if (rule.keep != Keep::kAll) add([](Rule* r) { r->keep = Keep::kAll; });
    if (rule.session_max >= 0) add([](Rule* r) { r->session_max = -1; });
  } else {
    for (size_t i = 0; rule.from.size() > 1 && i < rule.from.size(); ++i) {
      add([&](Rule* r) { r->from.erase(r->from.begin() + static_cast<long>(i)); });
    }
    if (rule.window != WindowKind::kNone) add([](Rule* r) { r->window = WindowKind::kNone; });
    AddSimplerWindows(rule, out);
  }
  if (rule.limit.count != 0) add([](Rule* r) { r->limit = {}; });
  if (rule.offset.amount != 0) add([](Rule* r) { r->offset = {}; });
  for (size_t i = 0; i < rule.from.size(); ++i) {
    if (rule.from[i].condition.has_value()) {
      add([&](Rule* r) { r->from[i].condition.reset(); });
    }
  }
  for (size_t i = 0; i < rule.where.size(); ++i) {
    add([&](Rule* r) { r->where.erase(r->where.begin() + static_cast<long>(i)); });
  }
  if (!rule.by.empty()) add([](Rule* r) { r->by.pop_back(); });
  if (rule.by.size() > 1) add([](Rule* r) { r->by.erase(r->by.begin()); });
  if (rule.having.has_value()) add([](Rule* r) { r->having.reset(); });
  if (rule.report_each) add([](Rule* r) { r->report_each = false; });
  if (rule.policy != Policy::kNoSkip) {
    add([](Rule* r) { r->policy = Policy::kNoSkip; });
    if (rule.policy != Policy::kPastLast) add([](Rule* r) { r->policy = Policy::kPastLast; });
  }
  for (size_t i = 0; i < rule.emits.size(); ++i) {
    if (rule.emits.size() > 1) {
      add([&](Rule* r) { r->emits.erase(r->emits.begin() + static_cast<long>(i)); });
    }
    for (size_t j = 0; j < rule.emits[i].attrs.size(); ++j) {
      add([&](Rule* r) {
        auto& attrs = r->emits[i].attrs;
        attrs.erase(attrs.begin() + static_cast<long>(j));
      });
    }
  }
}

void AddSimplerEvents(const Case& c, std::vector<Case>* out) {
  size_t n = c.stream.inputs.size();
  for (size_t part = n / 2; part > 0; part /= 2) {
    for (size_t i = 0; i + part <= n; i += part) {
      Case simpler = c;
      auto begin = simpler.stream.inputs.begin() + static_cast<long>(i);
      simpler.stream.inputs.erase(begin, begin + static_cast<long>(part));
      out->push_back(std::move(simpler));
    }
  }
}

void AddSimplerValues(const Case& c, std::vector<Case>* out) {
  for (size_t i = 0; i < c.stream.inputs.size(); ++i) {
    const auto& event = c.stream.inputs[i].event;
    if (event == nullptr) continue;
    auto add = [&](size_t attr, Val value) {
      if (attr >= event->values.size() || event->values[attr] == value) return;
      auto changed = std::make_shared<Event>(*event);
      changed->values[attr] = std::move(value);
      Case simpler = c;
      simpler.stream.inputs[i].event = std::move(changed);
      out->push_back(std::move(simpler));
    };
    if (event->values.size() < 5) continue;
    bool zero = event->values[2] == Val::Int(0);
    if (!zero) add(2, Val::Int(0));
    add(3, Val::Text("u"));
    add(4, Val::Null());
    add(5, Val::Int(0));
    add(6, Val::Null());
    add(7, Val::List({}));
    add(8, Val::List({}));
  }
}

// Whole seconds, one event a second.
void AddPlainTimes(const Case& c, std::vector<Case>* out) {
  if (c.stream.lateness != 0) return;
  Case simpler = c;
  reference::Time now = 0;
  bool changed = false;
  for (reference::Input& input : simpler.stream.inputs) {
    if (input.event == nullptr) return;
    auto event = std::make_shared<Event>(*input.event);
    changed |= event->time != now;
    event->time = now;
    now += kSecond;
    input.event = std::move(event);
  }
  if (changed) out->push_back(std::move(simpler));
}

}  // namespace

std::vector<Case> SimplerCases(const Case& c) {
  std::vector<Case> out;
  for (size_t i = 0; c.file.rules.size() > 1 && i < c.file.rules.size(); ++i) {
    Case simpler = c;
    simpler.file.rules.erase(simpler.file.rules.begin() + static_cast<long>(i));
    out.push_back(std::move(simpler));
  }
  AddSimplerEvents(c, &out);
  if (c.stream.lateness != 0) {
    Case simpler = c;
    simpler.stream.lateness = 0;
    out.push_back(std::move(simpler));
  }
  if (c.stream.end != End::kClose) {
    Case simpler = c;
    simpler.stream.end = End::kClose;
    out.push_back(std::move(simpler));
  }
  for (size_t i = 0; i < c.file.rules.size(); ++i) {
    std::vector<Rule> rules;
    AddSimplerRules(c.file.rules[i], &rules);
    for (Rule& rule : rules) {
      Case simpler = c;
      simpler.file.rules[i] = std::move(rule);
      out.push_back(std::move(simpler));
    }
  }
  AddPlainTimes(c, &out);
  AddSimplerValues(c, &out);
  return out;
}

Case Shrink(Case c, const std::function<bool(const Case&)>& fails, int budget) {
  for (bool progress = true; progress && budget > 0;) {
    progress = false;
    for (Case& simpler : SimplerCases(c)) {
      if (budget-- <= 0) break;
      if (!fails(simpler)) continue;
      c = std::move(simpler);
      progress = true;
      break;
    }
  }
  return c;
}

}  // namespace spate::property
