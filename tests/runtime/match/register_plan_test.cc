#include "runtime/match/register_plan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/runtime/match/register_rule.h"

namespace spate {
namespace {

std::string NameOf(const RegisterRule& rule, const BoundRef& ref) {
  const std::string& var = rule.pattern().variables[ref.var.index()].name;
  if (ref.is_time) return var + ".time";
  const TypeField& f = ref.fields[0];
  return var + "." + rule.plan->types[f.type.index()].fields[f.field.index()].name;
}

std::string WayOf(const RegisterAsk& ask) {
  if (!ask.whole.has_value()) return "all";
  if (ask.index == RegisterAsk::kScan) return "test";
  std::string way = ask.equal.empty() ? "" : absl::StrCat("hash", ask.equal.size());
  if (ask.order.has_value()) absl::StrAppend(&way, way.empty() ? "" : "+", "order");
  return way + (ask.rest.has_value() ? "+test" : "");
}

// By state: its registers, and how its steps (`!`: bans) find threads.
std::string Describe(const RegisterRule& rule) {
  if (rule.registers == nullptr) return "not for it";
  std::vector<std::string> states;
  for (size_t s = 0; s < rule.pattern().states.size(); ++s) {
    const StateId state(s);
    std::vector<std::string> parts;
    for (const BoundRef& r : rule.registers->registers(state)) parts.push_back(NameOf(rule, r));
    std::vector<std::string> ways;
    for (const EventType& type : rule.plan->types) {
      for (const RegisterProbe& p : rule.registers->probes(state, type.id)) {
        ways.push_back((p.closes != 0 ? "!" : "") + WayOf(p.ask));
      }
    }
    states.push_back(absl::StrCat(absl::StrJoin(parts, " "), ":", absl::StrJoin(ways, ",")));
  }
  return absl::StrJoin(states, " | ");
}

struct Case {
  const char* match;
  const char* expected;
};

class RegisterPlanTest : public ::testing::TestWithParam<Case> {};

TEST_P(RegisterPlanTest, KnowsWhatIsNeededWhere) {
  EXPECT_EQ(Describe(RegisterRule(GetParam().match)), GetParam().expected) << GetParam().match;
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, RegisterPlanTest,
    ::testing::Values(
        Case{"a: A -> b: B", "not for it"}, Case{"a: A -> b: B[x > sum(a.x)]", "not for it"},
        Case{"a: A+ -> b: B[x > first(a.x)]", "not for it"},
        Case{"a: A -> b: B[x > prev(x)]", "not for it"},
        Case{"a: A -> b: B[x == a.x]", ":all | a.x:hash1 | :"},
        Case{"a: A -> b: B[a.k == k and n == a.n]", ":all | a.k a.n:hash2 | :"},
        Case{"a: A -> b: B -> c: A[x > a.x and k == b.k]",
             ":all | a.x:all | a.x b.k:hash1+order | :"},
        Case{"a: A -> b: B[x == a.x] -> c: A", ":all | a.x:hash1 | :all | :"},
        Case{"a: A -> b: B[x != a.x]", ":all | a.x:test | :"},
        Case{"a: A -> b: B[k ==~ a.k]", ":all | a.k:test | :"},
        // Text is not sorted, and what adds up both sides has none.
        Case{"a: A -> b: B[k > a.k]", ":all | a.k:test | :"},
        Case{"a: A -> b: B[x + a.x > 2.0]", ":all | a.x:test | :"},
        // One order is enough; a division is not done where another conjunct guards it.
        Case{"a: A -> b: B[x > a.x and x < 2 * a.x]", ":all | a.x:order+test | :"},
        Case{"a: A -> b: B[2 * a.x > x]", ":all | a.x:order | :"},
        Case{"a: A -> b: B[k == a.k and n == 1 / a.n]", ":all | a.k a.n:hash1+test | :"},
        // A step that compares within its own loop needs the last event's value.
        Case{"a: A -> b: B[x > a.x]{2} -> c: A[x == b.x]",
             ":all | a.x:order | a.x:order | b.x:hash1 | :"},
        Case{"a: A -> not B[k == a.k] -> b: B[x == a.x]", ":all | a.x a.k:hash1,!hash1 | :"},
        Case{"a: A -> b: B[b.time > a.time + 1s]", ":all | a.time:order | :"}));

}  // namespace
}  // namespace spate
