// Which partitions an event belongs to.
//
// `by k`, `by A.x = B.y` (per type), `by a.x = b.y` (per variable), `by lower(k) as u`. A step, a
// ban or another place that reads events gives an event its key; the event is in the partition of
// each key that one of them gives. Pure functions. Tested by tests/reference/examples_test.cc.
#ifndef SPATE_TESTS_REFERENCE_KEYS_H_
#define SPATE_TESTS_REFERENCE_KEYS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

using KeyValues = std::map<std::string, Val>;

// A step in a pattern, a ban or a clause, with the variables that stand before it.
struct PlacedStep {
  const Node* step = nullptr;
  std::vector<std::string> vars;
};
void CollectSteps(const Node& node, std::vector<std::string> vars, std::vector<PlacedStep>* out);

// The key that a step with these variables gives the event; nullopt when a part of it is null.
std::optional<KeyValues> KeyOf(const Rule& rule, const std::vector<std::string>& vars,
                               const Event& event);

// The keys of all partitions of the event.
std::vector<KeyValues> KeysOf(const Rule& rule, const std::vector<PlacedStep>& steps,
                              const Event& event);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_KEYS_H_
