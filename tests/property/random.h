// A small seeded generator, the same everywhere (std distributions differ between libraries).
//
// A fuzzer's bytes can stand in front: they make the first choices, so that changing a byte changes
// one choice. Tested by use in tests/property/property_test.cc.
#ifndef SPATE_TESTS_PROPERTY_RANDOM_H_
#define SPATE_TESTS_PROPERTY_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spate::property {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  // The bytes must outlive the generator.
  Random(const uint8_t* bytes, size_t size) : state_(size), bytes_(bytes), left_(size) {}

  uint64_t Next() {
    if (left_ > 0) {
      --left_;
      return *bytes_++;
    }
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);  // splitmix64
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // From low to high, both included.
  int Int(int low, int high) {
    return low + static_cast<int>(Next() % static_cast<uint64_t>(high - low + 1));
  }
  // Whether conditions and attributes of the case may be over lists, records, tables and functions.
  bool rich() const { return rich_; }
  void set_rich(bool rich) { rich_ = rich; }

  bool Percent(int p) { return Int(1, 100) <= p; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(Int(0, static_cast<int>(from.size()) - 1))];
  }

 private:
  uint64_t state_;
  const uint8_t* bytes_ = nullptr;
  size_t left_ = 0;
  bool rich_ = false;
};

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_RANDOM_H_
