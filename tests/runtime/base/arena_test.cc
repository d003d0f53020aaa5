// The bump allocator: alignment, stability, growth, and reuse after Reset.
#include "runtime/base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace spate {
namespace {

TEST(Arena, AlignsAndKeepsWhatItGave) {
  Arena arena(64);
  std::vector<absl::string_view> copies;
  for (int i = 0; i < 200; ++i) copies.push_back(arena.Copy(std::string(i % 37, 'a' + i % 26)));
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(copies[i], std::string(i % 37, 'a' + i % 26));
    if (copies[i].empty()) continue;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(copies[i].data()) % 8, 0u);
  }
}

TEST(Arena, GivesMoreThanABlock) {
  Arena arena(64);
  char* big = arena.Allocate(10'000);
  big[9'999] = 'x';
  EXPECT_GE(arena.bytes_reserved(), 10'000u);
}

TEST(Arena, ReservesNothingNewInSteadyState) {
  Arena arena(64);
  for (int i = 0; i < 100; ++i) arena.Allocate(48);
  arena.Reset();
  for (int i = 0; i < 100; ++i) arena.Allocate(48);
  arena.Reset();
  const size_t reserved = arena.bytes_reserved();
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 40; ++i) arena.Allocate(48);
    arena.Reset();
  }
  EXPECT_EQ(arena.bytes_reserved(), reserved);
}

TEST(Arena, CopyOfNothingIsNotNull) {
  Arena arena;
  EXPECT_NE(arena.Copy("").data(), nullptr);
}

}  // namespace
}  // namespace spate
