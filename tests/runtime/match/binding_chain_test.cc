#include "runtime/match/binding_chain.h"

#include <gtest/gtest.h>

namespace spate {
namespace {

const VarId kA(0u);
const VarId kB(1u);

// Events stand for themselves: event 3 has sequence 3.
ChainId Take(BindingChain* chain, ChainId before, EventRef event, size_t rank, VarId var) {
  return chain->Extend(before, event, event, rank, var);
}

TEST(BindingChainTest, TakingAnEventComesBeforeSkippingIt) {
  BindingChain chain;
  const ChainId start = Take(&chain, kNoChain, 1, 0, kA);
  const ChainId early = Take(&chain, Take(&chain, start, 2, 0, kB), 4, 0, kB);
  const ChainId late = Take(&chain, Take(&chain, start, 3, 0, kB), 4, 0, kB);
  EXPECT_LT(chain.Compare(early, late), 0);
  EXPECT_GT(chain.Compare(late, early), 0);
}

TEST(BindingChainTest, OfOneEventThePreferredTransitionComesFirst) {
  BindingChain chain;
  const ChainId left = Take(&chain, Take(&chain, kNoChain, 1, 0, kA), 2, 0, kB);
  const ChainId right = Take(&chain, Take(&chain, kNoChain, 1, 1, kA), 2, 0, kB);
  EXPECT_LT(chain.Compare(left, right), 0);
  EXPECT_TRUE(chain.SameBindings(left, right)) << "the transitions do not count";
}

TEST(BindingChainTest, ALongerChainComesBeforeItsBeginning) {
  BindingChain chain;
  const ChainId start = Take(&chain, kNoChain, 1, 0, kA);
  const ChainId longer = Take(&chain, start, 2, 0, kB);
  EXPECT_LT(chain.Compare(longer, start), 0);
  EXPECT_FALSE(chain.SameBindings(longer, start));
  EXPECT_EQ(chain.Compare(start, start), 0);
}

TEST(BindingChainTest, VariablesTellBindingsApart) {
  BindingChain chain;
  const ChainId a = Take(&chain, kNoChain, 1, 0, kA);
  const ChainId b = Take(&chain, kNoChain, 1, 1, kB);
  EXPECT_FALSE(chain.SameBindings(a, b));
}

TEST(BindingChainTest, CompactionKeepsSharedBeginningsOnce) {
  BindingChain chain;
  ChainId start = Take(&chain, kNoChain, 1, 0, kA);
  for (int i = 0; i < 10; ++i) start = Take(&chain, start, 2, 0, kA);
  ChainId one = Take(&chain, start, 3, 0, kB);
  ChainId two = Take(&chain, start, 4, 0, kB);
  for (int i = 0; i < 100; ++i) Take(&chain, two, 5, 0, kB);
  chain.BeginCompaction();
  one = chain.Keep(one);
  two = chain.Keep(two);
  chain.EndCompaction();
  EXPECT_EQ(chain.size(), 14u) << "the empty chain, 11 shared, 2 of their own";
  EXPECT_EQ(chain.Length(one), 12u);
  EXPECT_LT(chain.Compare(one, two), 0);
}

}  // namespace
}  // namespace spate
