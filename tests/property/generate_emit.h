// Random emits of a rule. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_EMIT_H_
#define SPATE_TESTS_PROPERTY_GENERATE_EMIT_H_

#include <string>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// The type that rules of the layer read and those of the layer below emit.
std::string LayerType(int layer);

// Appends emits to a rule that has all its other clauses.
class EmitMaker {
 public:
  // `index`: of the rule, in the names of its types. `layer`, `feeds`: see GenerateRule.
  EmitMaker(int index, int layer, bool feeds, reference::Rule* rule, Random* random)
      : index_(index), layer_(layer), feeds_(feeds), rule_(*rule), random_(*random) {}

  // Of values of the variables, and of aggregates over the groups.
  void Reports(const std::vector<std::string>& vars, const std::vector<std::string>& groups);
  // `on timeout` and `summary`, where the rule may have them.
  void Timeout(const std::vector<std::string>& vars);
  void Summary(const std::vector<std::string>& vars);
  // `summary` alone, of aggregates that need no list of the matches.
  void CountedSummaries(const std::vector<std::string>& vars);
  // Of a window: when it began and ends, and `else`.
  void WindowEdges();
  void Else();
  // Of a window over clock events, which have no attributes.
  void ClockReport();

 private:
  reference::Emit Start(reference::EmitKind kind, const char* letter, bool second = false) const;
  void CountedSummary(const std::vector<std::string>& vars, bool second);
  void FeedNextLayer(const std::vector<std::string>& vars);

  int index_;
  int layer_;
  bool feeds_;
  reference::Rule& rule_;
  Random& random_;
};

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_EMIT_H_
