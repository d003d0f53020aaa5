// The worked examples of the language: every rule file that is not marked as refused parses without
// a fault.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "gtest/gtest.h"
#include "tests/compiler/syntax/parse_support.h"
#include "tests/examples/worked_examples.h"

namespace spate {
namespace {

TEST(ParseExamplesTest, ParseWithoutFaults) {
  std::ifstream in(test::WorkedExamplesPath());
  if (!in) GTEST_SKIP() << "no worked examples at " << test::WorkedExamplesPath();
  std::string line;
  size_t parsed_well = 0;
  while (std::getline(in, line)) {
    const auto example = nlohmann::json::parse(line);
    if (example.contains("error")) continue;
    const std::string rules = example["rules"];
    const Parsed parsed = ParseText(rules);
    EXPECT_EQ(Faults(parsed), "") << rules;
    parsed_well += parsed.diagnostics.all().empty();
  }
  EXPECT_GT(parsed_well, 300u);
}

}  // namespace
}  // namespace spate
