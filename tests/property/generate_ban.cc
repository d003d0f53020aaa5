#include "tests/property/generate_ban.h"

#include <memory>
#include <utility>

#include "tests/property/generate_expr.h"

namespace spate::property {
namespace {

using reference::BanLimit;
using reference::Bound;
using reference::Expr;
using reference::ExprKind;
using reference::kSecond;
using reference::Node;
using reference::NodeKind;
using reference::NodePtr;

NodePtr Made(Node node) { return std::make_shared<const Node>(std::move(node)); }

NodePtr BannedStep(const std::vector<std::string>& types, const std::vector<std::string>& earlier,
                   const std::string& own, const std::string& var, Random* random) {
  Node step;
  step.type = random->Pick(types);
  step.var = var;
  if (random->Percent(60)) step.condition = GenerateCondition(earlier, own, random);
  return Made(std::move(step));
}

// `2s`, or `if a.x > 1 then 2s else 1s`.
Expr RandomDuration(const std::vector<std::string>& earlier, Random* random) {
  auto some = [&] { return Duration(random->Int(1, 5) * kSecond / 2); };
  if (earlier.empty() || random->Percent(70)) return some();
  Expr e;
  e.kind = ExprKind::kIf;
  e.name = "if";
  e.args = {GenerateConjunct({random->Pick(earlier)}, random), some(), some()};
  return e;
}

Expr RandomTime(const std::vector<std::string>& earlier, Random* random) {
  Expr time = VarAttr(random->Pick(earlier), "time");
  return random->Percent(12) ? Minus(std::move(time), Duration(kSecond / 2))
                             : Plus(std::move(time), Duration(random->Int(0, 6) * kSecond / 2));
}

}  // namespace

NodePtr GenerateBanned(const std::vector<std::string>& types,
                       const std::vector<std::string>& earlier, const std::string& var,
                       Random* random) {
  if (random->Percent(82)) {
    return BannedStep(types, earlier, var, var, random);
  }
  Node alternatives;
  alternatives.kind = NodeKind::kAlternatives;
  for (int i = 0; i < 2; ++i) {
    alternatives.children.push_back(BannedStep(types, earlier, var, "", random));
  }
  Node group;
  group.kind = NodeKind::kGroup;
  group.var = var;
  group.children = {Made(std::move(alternatives))};
  return Made(std::move(group));
}

NodePtr GenerateBan(BanPlace place, const std::vector<std::string>& types,
                    const std::vector<std::string>& earlier, bool strict, const std::string& var,
                    Random* random) {
  Node ban;
  ban.kind = NodeKind::kBan;
  bool at_start = place == BanPlace::kStart;
  ban.children = {
      GenerateBanned(types, at_start ? std::vector<std::string>{} : earlier, var, random)};
  if (at_start && random->Percent(25)) {
    ban.limit = BanLimit::kEver;
    return Made(std::move(ban));
  }
  int p = random->Int(1, 100);
  bool made_for = place != BanPlace::kMiddle || !strict;
  bool made_before = place == BanPlace::kEnd || (place == BanPlace::kMiddle && !strict);
  int some_for = at_start ? 100 : place == BanPlace::kEnd ? 45 : 22;
  int some_before = place == BanPlace::kEnd ? 70 : 34;
  if (made_for && p <= some_for) {
    ban.limit = BanLimit::kFor;
    ban.limit_value = RandomDuration(at_start ? std::vector<std::string>{} : earlier, random);
  } else if (made_before && p > some_for && p <= some_before && !earlier.empty()) {
    ban.limit = BanLimit::kBefore;
    ban.limit_value = RandomTime(earlier, random);
  }
  return Made(std::move(ban));
}

void CollectLastBans(const NodePtr& node, bool in_bounded_group,
                     std::vector<std::pair<const Node*, bool>>* bans) {
  switch (node->kind) {
    case NodeKind::kBan:
      bans->emplace_back(node.get(), in_bounded_group);
      return;
    case NodeKind::kSequence:
      CollectLastBans(node->children.back(), in_bounded_group, bans);
      return;
    case NodeKind::kStep:
    case NodeKind::kPermutation:
      return;
    default:
      in_bounded_group |= node->bound.kind != Bound::kNone;
      for (const NodePtr& child : node->children) CollectLastBans(child, in_bounded_group, bans);
  }
}

}  // namespace spate::property
