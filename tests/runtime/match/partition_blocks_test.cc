#include "runtime/match/partition_blocks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace spate {
namespace {

struct Entry {
  uint64_t a;
  uint64_t b;
  friend bool operator==(const Entry&, const Entry&) = default;
};
using Blocks = PartitionBlocks<Entry>;

std::vector<Entry> EntriesOf(Blocks* blocks, uint32_t slot) {
  const absl::Span<Entry> entries = blocks->Entries(slot);
  return std::vector<Entry>(entries.begin(), entries.end());
}

TEST(PartitionBlocksTest, ANewPartitionIsEmpty) {
  Blocks blocks(1);
  blocks.Reach(7);
  EXPECT_EQ(blocks.size(), 8u);
  EXPECT_EQ(blocks.Count(7), 0u);
  EXPECT_TRUE(blocks.Entries(7).empty());
}

// Entries come and go, within their blocks and beyond; against plain vectors.
TEST(PartitionBlocksTest, KeepsEntriesAsPlainVectorsDo) {
  for (const size_t usual : {size_t{1}, size_t{3}, size_t{7}}) {
    std::mt19937_64 random(usual);
    Blocks blocks(usual);
    std::vector<std::vector<Entry>> expected;
    for (int i = 0; i < 20'000; ++i) {
      const auto slot = static_cast<uint32_t>(random() % 50);
      if (slot >= expected.size()) expected.resize(slot + 1);
      blocks.Reach(slot);
      ++blocks.Count(slot);
      std::vector<Entry>& plain = expected[slot];
      if (!plain.empty() && random() % 4 == 0) {  // keep the first ones, in place
        const size_t kept = random() % plain.size();
        plain.resize(kept);
        blocks.Assign(slot, blocks.Entries(slot).first(kept));
      } else {
        plain.resize(random() % 12);
        for (Entry& e : plain) e = {random(), random()};
        blocks.Assign(slot, plain);
      }
      ASSERT_EQ(EntriesOf(&blocks, slot), plain) << usual << " " << i;
    }
    uint64_t events = 0;
    for (uint32_t slot = 0; slot < expected.size(); ++slot) {
      EXPECT_EQ(EntriesOf(&blocks, slot), expected[slot]);
      events += blocks.Count(slot);
    }
    EXPECT_EQ(events, 20'000u);
  }
}

}  // namespace
}  // namespace spate
