#include "tests/property/generate_pattern.h"

#include <memory>
#include <optional>
#include <utility>

#include "tests/property/generate_ban.h"
#include "tests/property/generate_expr.h"

namespace spate::property {
namespace {

using reference::Bound;
using reference::kSecond;
using reference::Node;
using reference::NodeKind;
using reference::NodePtr;
using reference::Op;

NodePtr Made(Node node) { return std::make_shared<const Node>(std::move(node)); }

NodePtr Grouped(NodePtr inner) {
  Node group;
  group.kind = NodeKind::kGroup;
  group.children = {std::move(inner)};
  return Made(std::move(group));
}

class PatternMaker {
 public:
  PatternMaker(PatternShape shape, const std::vector<std::string>& types, bool clock,
               Random* random)
      : shape_(shape),
        merged_(shape != PatternShape::kAny),
        types_(types),
        clock_(clock),
        random_(*random) {}

  GeneratedPattern Make() {
    static const std::vector<int> kSteps = {1, 2, 2, 2, 3, 3, 3, 4};
    out_.root = Sequence(random_.Pick(kSteps), /*top=*/true);
    std::vector<std::pair<const Node*, bool>> last;
    CollectLastBans(out_.root, false, &last);
    for (const auto& [ban, in_bounded_group] : last) {
      out_.needs_window |= ban->limit == reference::BanLimit::kNone && !in_bounded_group;
      ends_badly_ |= ban->limit == reference::BanLimit::kEver;
    }
    ends_badly_ |= last.size() > 1;
    return std::move(out_);
  }
  // The pattern must not be used: it has more than one ban at its end, or none that can stand
  // there.
  bool ends_badly() const { return ends_badly_; }

 private:
  bool plain() const { return shape_ == PatternShape::kPlain; }

  std::string NewVar() { return std::string(1, static_cast<char>('a' + next_var_++)); }

  Op AnyOp() {
    int p = random_.Int(1, 100);
    return p <= 55 ? Op::kRelaxed : p <= 80 ? Op::kStrict : Op::kAny;
  }

  NodePtr Sequence(int steps, bool top) {
    Node node;
    node.kind = NodeKind::kSequence;
    if (!merged_ && top && random_.Percent(7)) {
      node.children.push_back(Ban(BanPlace::kStart, false));
      node.ops.push_back(AnyOp());
    } else if (!merged_ && !top && preceded_ && random_.Percent(10)) {
      node.children.push_back(Ban(BanPlace::kMiddle, false));
      node.ops.push_back(AnyOp());
    }
    bool first = true;
    while (steps > 0) {
      int taken = random_.Int(1, random_.Percent(70) ? 1 : steps);
      steps -= taken;
      if (node.children.size() > node.ops.size()) AddOperator(&node);
      size_t before = out_.vars.size();
      node.children.push_back(Element(taken));
      preceded_ |= top;
      if (!top || std::exchange(first, false)) continue;
      for (size_t i = before; i < out_.vars.size(); ++i) out_.can_follow.push_back(out_.vars[i]);
    }
    AddLastBan(top, &node);
    return node.children.size() == 1 ? node.children[0] : Made(std::move(node));
  }

  // An operator, or two with a ban between.
  void AddOperator(Node* sequence) {
    sequence->ops.push_back(AnyOp());
    if (!random_.Percent(22)) return;
    if (merged_) sequence->ops.back() = random_.Percent(70) ? Op::kRelaxed : Op::kAny;
    bool strict = sequence->ops.back() == Op::kStrict;
    sequence->children.push_back(Ban(BanPlace::kMiddle, strict));
    sequence->ops.push_back(AnyOp());
  }

  // At the end of the pattern; at the end of a group it guards what follows.
  void AddLastBan(bool top, Node* sequence) {
    bool wanted = random_.Percent(top ? 16 : 8);
    std::vector<std::pair<const Node*, bool>> there;
    CollectLastBans(sequence->children.back(), false, &there);
    if (merged_ || !wanted || !there.empty()) return;
    sequence->ops.push_back(Op::kRelaxed);
    sequence->children.push_back(Ban(top ? BanPlace::kEnd : BanPlace::kMiddle, false));
  }

  NodePtr Ban(BanPlace place, bool strict) {
    if (clock_ && place != BanPlace::kStart && random_.Percent(20)) {
      out_.has_clock = true;
      Node step, ban;
      step.type = kClockType;
      ban.kind = NodeKind::kBan;
      ban.children = {Made(std::move(step))};
      return Made(std::move(ban));
    }
    std::string var = random_.Percent(25) ? NewVar() : "";
    if (merged_) {
      Node ban;
      ban.kind = NodeKind::kBan;
      ban.children = {
          GenerateBanned(types_, plain() ? std::vector<std::string>{} : earlier_, var, &random_)};
      return Made(std::move(ban));
    }
    return GenerateBan(place, types_, earlier_, strict, var, &random_);
  }

  NodePtr Element(int steps) {
    if (!merged_ && steps > 1 && random_.Percent(25)) return Permutation(steps);
    if (steps == 1) {
      int p = random_.Int(1, 100);
      if (p <= 78) return Quantified(Step(""));
      if (p <= 90) return Quantified(AlternativesUnderOneName());
      return Quantified(Group(1));
    }
    if (random_.Percent(40)) return Alternatives(steps);
    return Quantified(Group(steps));
  }

  // `A & B{2}`; an element does not see the variables of another.
  NodePtr Permutation(int steps) {
    Node node;
    node.kind = NodeKind::kPermutation;
    std::vector<std::string> before = earlier_, after = earlier_;
    for (int i = 0; i < steps; ++i) {
      earlier_ = before;
      NodePtr step = Step("");
      if (!step->var.empty()) after.push_back(step->var);
      if (random_.Percent(20)) {
        Node loop;
        loop.kind = NodeKind::kLoop;
        loop.min = loop.max = 2;
        loop.children = {step};
        step = Made(std::move(loop));
      }
      node.children.push_back(step);
    }
    earlier_ = after;
    if (!random_.Percent(35)) return Made(std::move(node));
    bool word = random_.Percent(60);
    if (word) node.word = random_.Percent(60) ? Op::kStrict : AnyOp();
    NodePtr group = Grouped(Made(std::move(node)));
    return word ? group : Quantified(group);
  }

  // `shared`: the name to use, of another branch.
  NodePtr Step(const std::string& shared) {
    Node node;
    if (clock_ && shared.empty() && random_.Percent(22)) {
      out_.has_clock = true;
      node.type = kClockType;
      return Made(std::move(node));
    }
    node.type = random_.Pick(types_);
    node.var = !shared.empty() ? shared : random_.Percent(88) ? NewVar() : "";
    node.condition = Condition(node.var);
    if (!node.var.empty() && shared.empty()) AddVar(node.var);
    return Made(std::move(node));
  }

  std::optional<reference::Expr> Condition(const std::string& own) {
    const bool join = shape_ == PatternShape::kJoin;
    if (!random_.Percent(join ? 70 : 40)) return std::nullopt;
    if (plain()) return GenerateCondition({}, own, &random_);
    return join ? GenerateJoin(earlier_, own, &random_)
                : GenerateStepCondition(earlier_, own, &random_);
  }

  void AddVar(const std::string& var) {
    out_.vars.push_back(var);
    earlier_.push_back(var);
  }

  // `v: (A | B[..])`.
  NodePtr AlternativesUnderOneName() {
    Node group;
    group.kind = NodeKind::kGroup;
    group.var = NewVar();
    Node alternatives;
    alternatives.kind = NodeKind::kAlternatives;
    for (int i = 0; i < 2; ++i) {
      Node step;
      step.type = random_.Pick(types_);
      step.condition = Condition(group.var);
      alternatives.children.push_back(Made(std::move(step)));
    }
    group.children = {Made(std::move(alternatives))};
    AddVar(group.var);
    return Made(std::move(group));
  }

  NodePtr Group(int steps) {
    Node group;
    group.kind = NodeKind::kGroup;
    if (random_.Percent(20)) group.var = NewVar();
    group.children = {Sequence(steps, /*top=*/false)};
    int p = merged_ ? 100 : random_.Int(1, 100);
    if (p <= 25) group.bound = {Bound::kTime, random_.Int(1, 6) * kSecond / 2};
    if (p > 25 && p <= 40) group.bound = {Bound::kEvents, random_.Int(2, 4)};
    if (!merged_ && random_.Percent(18)) {
      group.gap = random_.Int(1, 4) * kSecond / 2;
    }
    // A name over one step or over its alternatives is that step's.
    NodeKind inner = group.children[0]->kind;
    if (inner == NodeKind::kStep || inner == NodeKind::kAlternatives) group.var.clear();
    if (out_.has_clock) group.var.clear();  // its events have no common attributes
    if (!group.var.empty()) out_.groups.push_back(group.var);
    return Made(std::move(group));
  }

  // Of two branches, unless they stand in a loop: variables that no match binds both.
  void KeepApart(const std::vector<std::string>& left, const std::vector<std::string>& right) {
    for (const std::string& a : left) {
      for (const std::string& b : right) out_.apart.emplace_back(a, b);
    }
  }

  NodePtr Alternatives(int steps) {
    Node node;
    node.kind = NodeKind::kAlternatives;
    if (steps == 2 && random_.Percent(30)) {  // one variable in two branches
      std::string var = NewVar();
      node.children = {Step(var), Step(var)};
      AddVar(var);
    } else {
      // A branch does not see the variables of another.
      std::vector<std::string> before = earlier_, after = earlier_;
      int left = random_.Int(1, steps - 1);
      std::vector<std::string> of_left;
      for (int part : {left, steps - left}) {
        earlier_ = before;
        size_t named = out_.vars.size(), grouped = out_.groups.size();
        NodePtr child = Element(part);
        node.children.push_back(child->kind == NodeKind::kAlternatives ? Grouped(child) : child);
        after.insert(after.end(), earlier_.begin() + static_cast<long>(before.size()),
                     earlier_.end());
        std::vector<std::string> of_this(out_.vars.begin() + static_cast<long>(named),
                                         out_.vars.end());
        of_this.insert(of_this.end(), out_.groups.begin() + static_cast<long>(grouped),
                       out_.groups.end());
        KeepApart(of_left, of_this);
        of_left = of_this;
      }
      earlier_ = after;
    }
    // Alternatives of a sequence need no parentheses.
    if (random_.Percent(50)) return Made(std::move(node));
    return Quantified(Grouped(Made(std::move(node))));
  }

  NodePtr Quantified(NodePtr inner) {
    if (random_.Percent(62)) return inner;
    Node loop;
    loop.kind = NodeKind::kLoop;
    struct Counts {
      int min, max;
    };
    static const std::vector<Counts> kCounts = {{1, -1}, {1, -1}, {1, -1}, {0, -1},
                                                {0, -1}, {0, 1},  {0, 1},  {2, 2},
                                                {2, -1}, {1, 2},  {2, 3},  {0, 2}};
    const Counts& counts = random_.Pick(kCounts);
    loop.min = counts.min;
    loop.max = counts.max;
    loop.reluctant = counts.min != counts.max && random_.Percent(25);
    int p = random_.Int(1, 100);
    const int most_any = plain() ? 70 : 38;
    if (loop.max != 1) {
      loop.word = p <= 12         ? Op::kStrict
                  : p <= 24       ? Op::kRelaxed
                  : p <= most_any ? Op::kAny
                                  : Op::kNone;
      if (!inner->var.empty() && inner->kind == NodeKind::kStep) {
        out_.can_repeat.push_back(inner->var);
      }
    }
    if (inner->kind == NodeKind::kLoop) inner = Grouped(std::move(inner));
    loop.children = {std::move(inner)};
    return Made(std::move(loop));
  }

  const PatternShape shape_;
  const bool merged_;  // not PatternShape::kAny
  const std::vector<std::string>& types_;
  bool clock_;
  Random& random_;
  GeneratedPattern out_;
  std::vector<std::string> earlier_;  // bound before the place that is being made
  int next_var_ = 0;
  bool preceded_ = false;  // something is written before, whatever is matched
  bool ends_badly_ = false;
};

}  // namespace

GeneratedPattern GeneratePattern(PatternShape shape, const std::vector<std::string>& types,
                                 bool clock, Random* random) {
  while (true) {
    PatternMaker maker(shape, types, clock, random);
    GeneratedPattern made = maker.Make();
    if (!maker.ends_badly()) return made;
  }
}

// On ids, which no step looks at: what is the same as a step's condition would leave no match.
NodePtr GenerateOneOf(const std::vector<std::string>& types, Random* random) {
  std::vector<std::string> with_id;
  for (const std::string& type : types) {
    if (type[0] != 'L') with_id.push_back(type);
  }
  if (with_id.empty()) with_id = {"A"};
  auto step = [&] {
    Node node;
    node.type = random->Pick(with_id);
    node.condition = GenerateIdCondition(random);
    return Made(std::move(node));
  };
  if (random->Percent(80)) return step();
  Node alternatives;
  alternatives.kind = NodeKind::kAlternatives;
  alternatives.children = {step(), step()};
  return Grouped(Made(std::move(alternatives)));
}

}  // namespace spate::property
