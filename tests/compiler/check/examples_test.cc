// The worked examples of the language: those that are refused are refused for the right reason, and
// in all others the checker finds nothing.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "gtest/gtest.h"
#include "tests/compiler/check/check_support.h"
#include "tests/examples/worked_examples.h"

namespace spate {
namespace {

using Json = nlohmann::json;

// By name of the example: the code that refuses it.
const std::map<std::string, std::string>& Codes() {
  static const auto* const codes = new std::map<std::string, std::string>{
      {"cycle", "E0411"},
      {"undefined name", "E0201"},
      {"unlike types", "E0302"},
      {"envelope", "E0502"},
      {"var-twice", "E0207"},
      {"gap is no window for a ban", "E0412"},
      {"{0}", "E0117"},
      {"one ban at the end", "E0413"},
      {"a ban at the end stands after ->", "E0413"},
      {"a ban at the end, no window", "E0412"},
      {"a ban at the start is bounded", "E0412"},
      {"ever, not at the start", "E0413"},
      {"a ban is an element of a sequence", "E0116"},
      {"a ban in a permutation", "E0116"},
      {"the window of a rule after a ban", "E0101"},
      {"a sibling", "E0208"},
      {"bound later", "E0208"},
      {"bound in another branch", "E0208"},
      {"a name of an attribute", "E0206"},
      {"a variable in two branches, its attributes", "E0203"},
      {"permutation, larger", "E0120"},
      {"permutation, a group", "E0120"},
      {"after the parentheses", "E0101"},
      {"from does not admit a step", "E0407"},
      {"a step without a key", "E0404"},
      {"a view is not emitted", "E0501"},
      {"a policy that can never advance", "E0408"},
      {"keep latest, loops", "E0409"},
      {"a rule needs a window", "E0401"},
      {"window unbounded is for from", "E0409"},
      {"hopping is for from", "E0409"},
      {"summary needs no skip", "E0409"},
      {"emits agree", "E0504"},
      {"at ts is not emitted", "E0503"},
      {"event_id is of the envelope", "E0502"},
      {"null", "E0303"},
      {"a list and an element", "E0304"},
      {"no block comments", "E0109"},
      {"text on one line", "E0107"},
      {"raw text on one line", "E0107"},
      {"unless, not twice", "E0114"},
      {"if at the top only", "E0113"},
      {"an exact count is not reluctant", "E0117"},
      {"5min", "E0104"},
      {"no time", "E0106"},
      {"calendar units elsewhere", "E0115"},
      {"calendar units, within", "E0115"},
      {"from needs parentheses", "E0113"},
      {"until needs parentheses", "E0113"},
      {"emit needs braces", "E0101"},
      {"a comparison is no key", "E0118"},
      {"a comparison is no key, parentheses", "E0118"},
      {"where is reserved", "E0111"},
      {"unbounded", "E0111"},
      {"window sliding is for from", "E0409"},
      {"within is for match", "E0409"},
      {"the policy is the clause after match", "E0401"},
      {"window until is gone", "E0101"},
      {"each clause once", "E0112"},
      {"matches() is match_count()", "E0111"},
      {"a window needed: an open loop", "E0401"},
      {"a window needed: before a bounded group", "E0401"},
      {"a window needed: a loop of bounded groups", "E0401"},
      {"a ban at the start, no loop", "E0412"},
  };
  return *codes;
}

TEST(CheckExamples, AreRefusedForTheRightReasonOrNotAtAll) {
  std::ifstream in(test::WorkedExamplesPath());
  if (!in) GTEST_SKIP() << "no worked examples at " << test::WorkedExamplesPath();
  for (std::string line; std::getline(in, line);) {
    const Json example = Json::parse(line);
    const std::string name = example["name"];
    const Checked c = CheckText(example["rules"]);
    std::string codes;
    for (const Diagnostic& d : c.diagnostics.all()) {
      if (d.severity == Severity::kError) codes += std::string(CodeText(d.code));
    }
    if (!example.contains("error")) {
      EXPECT_EQ(codes, "") << name << "\n" << Lines(c);
      continue;
    }
    auto expected = Codes().find(name);
    ASSERT_NE(expected, Codes().end()) << name << " has no code: " << codes;
    EXPECT_EQ(codes, expected->second) << name << ": " << example["error"] << "\n" << Lines(c);
  }
}

}  // namespace
}  // namespace spate
