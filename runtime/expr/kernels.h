// Kernels: loops over columns that fill bit masks, 64 rows a word.
//
// A loop over numbers first writes 64 bytes of 0 or 1, which compilers turn into vector code, and
// packs them afterwards; a loop over text asks only rows that are still open. Masks have
// MaskWords(rows) words; bits past the last row are 0 in `active`, so they stay 0 in results.
// Thread-safety: pure functions. Tested by tests/runtime/expr/predicate_test.cc.
#ifndef SPATE_RUNTIME_EXPR_KERNELS_H_
#define SPATE_RUNTIME_EXPR_KERNELS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace spate {

constexpr size_t MaskWords(size_t rows) { return (rows + 63) / 64; }

// Sets the first `rows` bits of a mask and clears those behind.
inline void FillMask(size_t rows, uint64_t* mask) {
  for (size_t w = 0; w < MaskWords(rows); ++w) mask[w] = ~uint64_t{0};
  if (rows % 64 != 0) mask[rows / 64] = (uint64_t{1} << (rows % 64)) - 1;
}

// 64 bytes of 0 or 1 as the bits of a word, first byte lowest.
inline uint64_t PackBytes(const uint8_t* bytes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < 8; ++i) {
    uint64_t eight = 0;
    std::memcpy(&eight, bytes + 8 * i, 8);
    // The product brings bit 8 * k to bit 56 + k; no two of its terms meet.
    bits |= ((eight * 0x0102040810204080) >> 56) << (8 * i);
  }
  return bits;
}

// truth = active rows with test(row). `test` must be cheap and without effects: it is also asked
// for rows that are not active.
template <typename RowTest>
void TestBlocks(size_t rows, const uint64_t* active, RowTest test, uint64_t* truth) {
  for (size_t w = 0; w < MaskWords(rows); ++w) {
    if (active[w] == 0) {
      truth[w] = 0;
      continue;
    }
    const size_t first = 64 * w;
    const size_t n = std::min<size_t>(64, rows - first);
    if (n == 64) {
      uint8_t bytes[64];
      for (size_t i = 0; i < 64; ++i) bytes[i] = test(first + i) ? 1 : 0;
      truth[w] = PackBytes(bytes) & active[w];
    } else {
      uint64_t bits = 0;
      for (size_t i = 0; i < n; ++i) bits |= static_cast<uint64_t>(test(first + i)) << i;
      truth[w] = bits & active[w];
    }
  }
}

// truth = active rows with test(row), asked for active rows only, in order.
template <typename RowTest>
void TestActive(size_t rows, const uint64_t* active, RowTest test, uint64_t* truth) {
  for (size_t w = 0; w < MaskWords(rows); ++w) {
    uint64_t bits = 0;
    for (uint64_t open = active[w]; open != 0; open &= open - 1) {
      const int bit = __builtin_ctzll(open);
      bits |= static_cast<uint64_t>(test(64 * w + static_cast<size_t>(bit))) << bit;
    }
    truth[w] = bits;
  }
}

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_KERNELS_H_
