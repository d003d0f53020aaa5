// MixBits: spreads 64 bits, for hashes.
//
// Thread-safety: pure function. Tested through tests/runtime/model/event_id_test.cc.
#ifndef SPATE_RUNTIME_BASE_MIX_BITS_H_
#define SPATE_RUNTIME_BASE_MIX_BITS_H_

#include <cstdint>

namespace spate {

// A bijection in which each bit of the input moves about half of the bits of the output.
inline uint64_t MixBits(uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93;
  x ^= x >> 32;
  return x;
}

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_MIX_BITS_H_
