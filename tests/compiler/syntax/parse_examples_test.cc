// The worked examples of the language, where the environment variable SPATE_SHARED names the folder
// that has them: every rule file that is not marked as refused parses without a fault.
#include <cstdlib>
#include <fstream>

#include "gtest/gtest.h"
#include "tests/compiler/syntax/parse_support.h"

namespace spate {
namespace {

// The value of the first text field `name` of a JSON object on one line, or "".
std::string TextField(const std::string& line, const std::string& name) {
  const std::string key = "\"" + name + "\": \"";
  const size_t at = line.find(key);
  if (at == std::string::npos) return "";
  std::string result;
  for (size_t i = at + key.size(); i < line.size() && line[i] != '"'; ++i) {
    if (line[i] != '\\') {
      result += line[i];
      continue;
    }
    const char c = line[++i];
    result += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return result;
}

TEST(ParseExamplesTest, ParseWithoutFaults) {
  const char* shared = std::getenv("SPATE_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "SPATE_SHARED does not name the shared folder";
  std::ifstream in(std::string(shared) + "/data/examples/examples.jsonl");
  if (!in) GTEST_SKIP() << "no data/examples/examples.jsonl under " << shared;
  std::string line;
  size_t parsed_well = 0;
  while (std::getline(in, line)) {
    if (!TextField(line, "error").empty()) continue;
    const std::string rules = TextField(line, "rules");
    ASSERT_NE(rules, "") << line;
    const Parsed parsed = ParseText(rules);
    EXPECT_EQ(Faults(parsed), "") << rules;
    parsed_well += parsed.diagnostics.all().empty();
  }
  EXPECT_GT(parsed_well, 300u);
}

}  // namespace
}  // namespace spate
