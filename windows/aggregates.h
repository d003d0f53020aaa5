// Aggregates as monoids: what a window needs to combine the values of its events.
//
// WideSum can be taken back (Subtract), so that a sliding window subtracts what leaves. MinOf and
// MaxOf cannot; they are associative, which is what two stacks need (sliding.h). Sums of floats
// also go by two stacks: subtracting would leave the rounding errors of all that ever was in the
// window. Thread-safety: values. Tested by tests/windows/aggregates_test.cc.
#ifndef SPATE_WINDOWS_AGGREGATES_H_
#define SPATE_WINDOWS_AGGREGATES_H_

#include <cstdint>
#include <limits>
#include <optional>

#include "absl/numeric/int128.h"

namespace spate {

// A sum of 64-bit integers in 128 bits, which cannot overflow: whether it fits into 64 bits is
// judged when it is read, so the order of adding does not matter.
class WideSum {
 public:
  void Add(int64_t v) { sum_ += v; }
  void Subtract(int64_t v) { sum_ -= v; }
  bool Fits() const {
    return sum_ >= std::numeric_limits<int64_t>::min() &&
           sum_ <= std::numeric_limits<int64_t>::max();
  }
  // The sum, or nullopt when 64 bits do not hold it.
  std::optional<int64_t> Narrow() const {
    if (!Fits()) return std::nullopt;
    return static_cast<int64_t>(sum_);
  }
  double ToDouble() const { return static_cast<double>(sum_); }

 private:
  absl::int128 sum_ = 0;
};

// The smaller (larger) of two values, the earlier one of equal ones. Of floats, one that is not a
// number gives way to any other, so that the result does not depend on the order.
template <typename T>
T MinOf(const T& earlier, const T& later) {
  if (earlier != earlier) return later;
  return later < earlier ? later : earlier;
}
template <typename T>
T MaxOf(const T& earlier, const T& later) {
  if (earlier != earlier) return later;
  return earlier < later ? later : earlier;
}

}  // namespace spate

#endif  // SPATE_WINDOWS_AGGREGATES_H_
