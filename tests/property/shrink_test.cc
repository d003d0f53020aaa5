#include "tests/property/shrink.h"

#include <gtest/gtest.h>

#include "tests/property/generate.h"
#include "tests/reference/print.h"

namespace spate::property {
namespace {

bool HasStrict(const reference::Node& node) {
  for (reference::Op op : node.ops) {
    if (op == reference::Op::kStrict) return true;
  }
  for (const auto& child : node.children) {
    if (HasStrict(*child)) return true;
  }
  return false;
}

// "Fails" when some pattern has `,` and the stream an event with x == 2.
bool Fails(const Case& c) {
  bool strict = false, two = false;
  for (const auto& rule : c.file.rules) {
    strict |= rule.pattern != nullptr && HasStrict(*rule.pattern);
  }
  for (const auto& input : c.stream.inputs) {
    two |= input.event != nullptr && input.event->Get("x") == reference::Val::Int(2);
  }
  return strict && two;
}

TEST(Shrink, LeavesOnlyWhatMatters) {
  int shrunk = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    Case c;
    c.file = GenerateRules(&random);
    c.stream = GenerateStream(c.file, &random);
    if (!Fails(c)) continue;
    ++shrunk;
    Case small = Shrink(c, Fails, 10'000);
    EXPECT_TRUE(Fails(small));
    EXPECT_EQ(small.stream.inputs.size(), 1u);
    ASSERT_EQ(small.file.rules.size(), 1u);
    EXPECT_TRUE(small.file.rules[0].where.empty());
    EXPECT_EQ(small.file.rules[0].pattern->ops.size(), 1u) << reference::PrintRules(small.file);
  }
  EXPECT_GT(shrunk, 3);
}

TEST(Shrink, GivesUpWhenTheBudgetIsSpent) {
  Random random(1);
  Case c;
  c.file = GenerateRules(&random);
  int asked = 0;
  Shrink(
      c, [&](const Case&) { return ++asked, false; }, 5);
  EXPECT_EQ(asked, 5);
}

}  // namespace
}  // namespace spate::property
