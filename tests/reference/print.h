// Texts of the reference's model: rule files, input lines, and derived events for comparison.
//
// PrintRules and PrintStream give what a user would write; FormatDerived gives one canonical line
// (variables by name, nulls left out) that another implementation's result is put into as well.
// Pure functions. Tested by tests/reference/parse_test.cc.
#ifndef SPATE_TESTS_REFERENCE_PRINT_H_
#define SPATE_TESTS_REFERENCE_PRINT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

std::string PrintDuration(int64_t ns);
std::string PrintExpr(const Expr& expr);
std::string PrintPattern(const Node& node);
std::string PrintRules(const RuleFile& file);

// JSON Lines; lateness and the end as a comment-free list of arguments for `spate run`.
std::string PrintStream(const Stream& stream);
std::string PrintArgs(const Stream& stream);

std::string FormatVal(const Val& v);
std::string FormatTime(Time time);  // RFC 3339

// What FormatDerived is made of, so that others can make the same line.
using Attributes = std::vector<std::pair<std::string, Val>>;
struct FlatEvent {
  std::string type;
  Time time = 0;
  Attributes attrs;
};
std::string FormatFlat(const FlatEvent& event, const std::string& rule,
                       const std::map<std::string, std::vector<FlatEvent>>& matched);
FlatEvent Flatten(const Event& event);
std::string FormatDerived(const Derived& derived);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_PRINT_H_
