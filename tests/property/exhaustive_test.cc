// Every small pattern over every short stream: engine and reference agree.
//
// Patterns: all trees of up to three operators out of  ->  ->>  ,  |  ?  *  +  +?  `-> not B ->`
// `, not B ->`  over steps of the types A and B (up to exchanging A and B: the first step is an A);
// and those of up to two with a ban of each kind at the end or the start. Streams: all of one to
// five events of these two types, a second apart. Policies: each pattern under `no skip` and under
// one of the other four in turn, every ninth with `report each` as well. Many rules share a file
// and an engine, so that the whole takes a minute. SPATE_CASES below 20,000 (slow builds) takes a
// share.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/property/engine_runner.h"
#include "tests/reference/print.h"
#include "tests/reference/run.h"

namespace spate::property {
namespace {

using reference::BanLimit;
using reference::Expr;
using reference::Node;
using reference::NodeKind;
using reference::NodePtr;
using reference::Op;
using reference::Policy;
using reference::Rule;
using reference::RuleFile;
using reference::Stream;

constexpr int kOperators = 3;
constexpr int kEvents = 5;
constexpr size_t kRulesPerFile = 40;
constexpr int kMaxFailures = 10;

NodePtr Made(Node node) { return std::make_shared<const Node>(std::move(node)); }

NodePtr Step(const std::string& type) {
  Node node;
  node.type = type;
  return Made(std::move(node));
}

NodePtr Element(const NodePtr& inner, bool alternatives_too) {
  bool plain = inner->kind != NodeKind::kSequence &&
               (!alternatives_too || inner->kind != NodeKind::kAlternatives);
  if (plain) return inner;
  Node group;
  group.kind = NodeKind::kGroup;
  group.children = {inner};
  return Made(std::move(group));
}

NodePtr Loop(const NodePtr& inner, int min, int max, bool reluctant) {
  Node loop;
  loop.kind = NodeKind::kLoop;
  loop.min = min;
  loop.max = max;
  loop.reluctant = reluctant;
  NodePtr body = Element(inner, true);
  if (body->kind == NodeKind::kLoop) {
    Node group;
    group.kind = NodeKind::kGroup;
    group.children = {body};
    body = Made(std::move(group));
  }
  loop.children = {body};
  return Made(std::move(loop));
}

// `left op right`; a sequence on the left goes on, one on the right stands in parentheses.
NodePtr Join(const NodePtr& left, Op op, const NodePtr& right) {
  Node node;
  node.kind = NodeKind::kSequence;
  if (left->kind == NodeKind::kSequence) {
    node.children = left->children;
    node.ops = left->ops;
  } else {
    node.children = {left};
  }
  node.ops.push_back(op);
  node.children.push_back(Element(right, false));
  return Made(std::move(node));
}

NodePtr Ban(BanLimit limit) {
  Node ban;
  ban.kind = NodeKind::kBan;
  ban.children = {Step("B")};
  ban.limit = limit;
  if (limit == BanLimit::kFor) {
    ban.limit_value = Expr{};
    ban.limit_value->name = "duration";
    ban.limit_value->literal = reference::Val::Int(reference::kSecond);
  }
  return Made(std::move(ban));
}

// `left op not B -> right`.
NodePtr JoinUnderBan(const NodePtr& left, Op op, const NodePtr& right) {
  return Join(Join(left, op, Ban(BanLimit::kNone)), Op::kRelaxed, right);
}

NodePtr Either(const NodePtr& left, const NodePtr& right) {
  Node node;
  node.kind = NodeKind::kAlternatives;
  node.children = {Element(left, true), Element(right, true)};
  return Made(std::move(node));
}

// All patterns of exactly `n` operators.
std::vector<NodePtr> Patterns(int n) {
  if (n == 0) return {Step("A"), Step("B")};
  std::vector<NodePtr> out;
  for (const NodePtr& inner : Patterns(n - 1)) {
    out.push_back(Loop(inner, 0, 1, false));
    out.push_back(Loop(inner, 0, -1, false));
    out.push_back(Loop(inner, 1, -1, false));
    out.push_back(Loop(inner, 1, -1, true));
  }
  for (int left = 0; left < n; ++left) {
    for (const NodePtr& l : Patterns(left)) {
      for (const NodePtr& r : Patterns(n - 1 - left)) {
        for (Op op : {Op::kRelaxed, Op::kAny, Op::kStrict}) out.push_back(Join(l, op, r));
        for (Op op : {Op::kRelaxed, Op::kStrict}) out.push_back(JoinUnderBan(l, op, r));
        out.push_back(Either(l, r));
      }
    }
  }
  return out;
}

// Patterns of `n` operators, the last of which is a ban at the end or at the start.
std::vector<NodePtr> PatternsWithBanAtEdge(int n) {
  std::vector<NodePtr> out;
  for (const NodePtr& inner : Patterns(n - 1)) {
    for (BanLimit limit : {BanLimit::kNone, BanLimit::kFor}) {
      out.push_back(Join(inner, Op::kRelaxed, Ban(limit)));
    }
    for (BanLimit limit : {BanLimit::kFor, BanLimit::kEver}) {
      out.push_back(Join(Ban(limit), Op::kRelaxed, inner));
    }
  }
  return out;
}

bool BeginsWithA(const Node& node) {
  if (node.children.size() > 1 && node.children[0]->kind == NodeKind::kBan) {
    return BeginsWithA(*node.children[1]);
  }
  return node.kind == NodeKind::kStep ? node.type == "A" : BeginsWithA(*node.children[0]);
}

// The same with a variable for each step.
NodePtr WithVars(const NodePtr& node, char* next) {
  Node copy = *node;
  if (copy.kind == NodeKind::kBan) return node;
  if (copy.kind == NodeKind::kStep) copy.var = std::string(1, (*next)++);
  for (NodePtr& child : copy.children) child = WithVars(child, next);
  return Made(std::move(copy));
}

bool IsOpenBan(const Node& node) {
  return node.kind == NodeKind::kBan && node.limit == BanLimit::kNone;
}

Rule MakeRule(const NodePtr& pattern, Policy policy, size_t index) {
  Rule rule;
  char next = 'a';
  rule.name = "r" + std::to_string(index);
  rule.pattern = WithVars(pattern, &next);
  // A ban at the end may wait for the window's end.
  bool bounded = pattern->kind == NodeKind::kSequence && IsOpenBan(*pattern->children.back());
  rule.window = bounded ? reference::WindowKind::kWithin : reference::WindowKind::kUnbounded;
  rule.window_size = 2 * reference::kSecond;
  rule.policy = policy;
  rule.report_each = index % 9 == 8;
  // A policy that names the first variable could never advance.
  if (policy == Policy::kToFirst || policy == Policy::kToLast) {
    rule.policy_var = std::string(1, static_cast<char>(next - 1));
    if (next == 'b' || pattern->kind != NodeKind::kSequence) rule.policy = Policy::kPastLast;
  }
  rule.emits = {{reference::EmitKind::kReport, "M" + std::to_string(index), {}}};
  return rule;
}

std::vector<Stream> Streams(const RuleFile& file) {
  std::vector<Stream> out;
  for (int length = 1; length <= kEvents; ++length) {
    for (int bits = 0; bits < 1 << length; ++bits) {
      Stream stream;
      for (int i = 0; i < length; ++i) {
        auto event = std::make_shared<reference::Event>();
        event->decl = file.types[static_cast<size_t>(bits >> i & 1)];
        event->time = i * reference::kSecond;
        event->values = {reference::Val::Null(), reference::Val::Int(i + 1)};
        stream.inputs.push_back({event, 0});
      }
      out.push_back(std::move(stream));
    }
  }
  return out;
}

std::vector<reference::DeclPtr> Types() {
  std::vector<reference::DeclPtr> types;
  for (const char* name : {"A", "B"}) {
    types.push_back(std::make_shared<reference::EventDecl>(
        reference::EventDecl{.name = name, .attrs = {{"ts", "time"}, {"id", "int"}}, .at = "ts"}));
  }
  return types;
}

// The lines of each rule by themselves (the second word of a line is the rule).
std::map<std::string, std::string> ByRule(const std::vector<std::string>& lines) {
  std::map<std::string, std::string> out;
  for (const std::string& line : lines) {
    size_t begin = line.find(' ') + 1;
    out[line.substr(begin, line.find(' ', begin) - begin)] += "  " + line + "\n";
  }
  return out;
}

class Checker {
 public:
  void Check(const RuleFile& file) {
    Compiled compiled = CompileRules(reference::PrintRules(file));
    if (compiled.plan == nullptr) {
      ++failures_;
      ADD_FAILURE() << "refused:\n" << compiled.errors;
      return;
    }
    for (const Stream& stream : Streams(file)) {
      std::vector<std::string> expected;
      for (const auto& d : reference::RunReference(file, stream)) {
        expected.push_back(reference::FormatDerived(d));
      }
      reports_ += expected.size();
      std::vector<std::string> actual = RunEngine(compiled.plan, file, stream, Mode{});
      if (actual == expected) continue;
      Explain(file, stream, ByRule(expected), ByRule(actual));
      return;
    }
  }
  int failures() const { return failures_; }
  size_t reports() const { return reports_; }

 private:
  void Explain(const RuleFile& file, const Stream& stream,
               std::map<std::string, std::string> expected,
               std::map<std::string, std::string> actual) {
    ++failures_;
    for (const Rule& rule : file.rules) {
      if (expected[rule.name] == actual[rule.name]) continue;
      ADD_FAILURE() << reference::PrintRules({file.types, {}, {rule}})
                    << reference::PrintStream(stream) << "reference:\n"
                    << expected[rule.name] << "engine:\n"
                    << actual[rule.name];
      return;
    }
    ADD_FAILURE() << "the order of rules differs on\n" << reference::PrintStream(stream);
  }

  int failures_ = 0;
  size_t reports_ = 0;
};

TEST(Exhaustive, EngineAndReferenceAgreeOnAllSmallPatterns) {
  static const std::vector<Policy> kOthers = {Policy::kPastLast, Policy::kNextEvent,
                                              Policy::kToFirst, Policy::kToLast};
  RuleFile file{Types(), {}, {}};
  Checker checker;
  const char* cases = std::getenv("SPATE_CASES");
  const int stride = cases == nullptr ? 1 : std::max(1, 20'000 / std::max(1, std::atoi(cases)));
  size_t index = 0, patterns = 0, seen = 0;
  for (int n = 0; n <= kOperators && checker.failures() < kMaxFailures; ++n) {
    std::vector<NodePtr> all = Patterns(n);
    if (n > 0) {
      for (NodePtr& p : PatternsWithBanAtEdge(n)) all.push_back(std::move(p));
    }
    for (const NodePtr& pattern : all) {
      if (!BeginsWithA(*pattern) || seen++ % static_cast<size_t>(stride) != 0) continue;
      ++patterns;
      for (Policy policy : {Policy::kNoSkip, kOthers[patterns % kOthers.size()]}) {
        file.rules.push_back(MakeRule(pattern, policy, index++));
      }
      if (file.rules.size() < kRulesPerFile) continue;
      checker.Check(file);
      file.rules.clear();
      if (checker.failures() >= kMaxFailures) break;
    }
  }
  if (!file.rules.empty()) checker.Check(file);
  std::printf("[ exhaustive ] %zu patterns, %zu rules, %zu reports\n", patterns, index,
              checker.reports());
  EXPECT_GT(checker.reports(), 0u);
}

}  // namespace
}  // namespace spate::property
