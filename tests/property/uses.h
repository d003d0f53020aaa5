// Which constructs of the language a case uses: a generator that never reaches one proves nothing.
//
// Found by walking the model, not by trusting the generator. Pure functions.
#ifndef SPATE_TESTS_PROPERTY_USES_H_
#define SPATE_TESTS_PROPERTY_USES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/model.h"

namespace spate::property {

std::set<std::string> UsesOfRule(const reference::Rule& rule);
std::set<std::string> UsesOfFile(const reference::RuleFile& file);
std::set<std::string> UsesOfStream(const reference::Stream& stream);

void AddUsesOfPattern(const reference::Node& pattern, std::set<std::string>* uses);
void AddUsesOfValues(const reference::Rule& rule, std::set<std::string>* uses);

// By the name of a rule.
using UsesByRule = std::map<std::string, std::set<std::string>>;

// How many cases used each construct, and how many of these had reports of a rule that uses it.
class UseCounts {
 public:
  // `more`: what the model of the rules does not show.
  void Add(const reference::RuleFile& file, const reference::Stream& stream,
           const std::vector<reference::Derived>& derived, const UsesByRule& more);
  std::string Table() const;
  // Constructs that no case used, or none that had a report.
  std::vector<std::string> Missing() const;

 private:
  struct Count {
    int cases = 0;
    int with_reports = 0;
  };
  std::map<std::string, Count> counts_;
};

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_USES_H_
