#include "tests/reference/keys.h"

#include <algorithm>

#include "tests/reference/eval.h"

namespace spate::reference {

void CollectSteps(const Node& node, std::vector<std::string> vars, std::vector<PlacedStep>* out) {
  if (node.kind == NodeKind::kBan) vars.clear();  // what is banned is not bound in the group around
  if (!node.var.empty()) vars.push_back(node.var);
  if (node.kind == NodeKind::kStep) out->push_back({&node, vars});
  for (const NodePtr& child : node.children) CollectSteps(*child, vars, out);
}

std::optional<KeyValues> KeyOf(const Rule& rule, const std::vector<std::string>& vars,
                               const Event& event) {
  KeyValues keys;
  for (const Key& key : rule.by) {
    Val value;
    for (const Key::Part& part : key.parts) {
      bool applies = part.of.empty() || part.of == event.decl->name ||
                     std::find(vars.begin(), vars.end(), part.of) != vars.end();
      if (applies) value = Evaluate(part.value, {.bound = nullptr, .current = &event});
    }
    if (value.null()) return std::nullopt;
    keys[key.name] = value;
  }
  return keys;
}

std::vector<KeyValues> KeysOf(const Rule& rule, const std::vector<PlacedStep>& steps,
                              const Event& event) {
  std::vector<KeyValues> all;
  for (const PlacedStep& s : steps) {
    if (s.step->type != event.decl->name) continue;
    auto keys = KeyOf(rule, s.vars, event);
    if (keys.has_value() && std::find(all.begin(), all.end(), *keys) == all.end()) {
      all.push_back(*keys);
    }
  }
  return all;
}

}  // namespace spate::reference
