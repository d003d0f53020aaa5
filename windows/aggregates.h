// Aggregates as monoids: what a window needs to combine the values of its events.
//
// WideSum can be taken back (Subtract), so that a sliding window subtracts what leaves. MinOf and
// MaxOf cannot; they are associative, which is what two stacks need (sliding.h). Sums of floats
// also go by two stacks: subtracting would leave the rounding errors of all that ever was in the
// window. Thread-safety: values. Tested by tests/windows/aggregates_test.cc.
#ifndef SPATE_WINDOWS_AGGREGATES_H_
#define SPATE_WINDOWS_AGGREGATES_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/numeric/int128.h"

namespace spate {

// A sum of 64-bit integers in 128 bits, which cannot overflow: whether it fits into 64 bits is
// judged when it is read, so the order of adding does not matter.
class WideSum {
 public:
  WideSum() = default;
  explicit WideSum(absl::int128 sum) : sum_(sum) {}
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

// Count, mean and the sum of squared differences from it (Welford; Chan's rule for two parts). Kept
// in long double, so that the variance of integers and of values far from zero keeps all digits.
struct Moments {
  int64_t count = 0;
  long double mean = 0;
  long double squares = 0;

  static Moments Of(long double v) { return {1, v, 0}; }
  static Moments Combine(const Moments& a, const Moments& b) {
    if (a.count == 0) return b;
    if (b.count == 0) return a;
    const auto n = static_cast<long double>(a.count + b.count);
    const long double apart = b.mean - a.mean;
    const auto of_b = static_cast<long double>(b.count) / n;
    return {a.count + b.count, a.mean + apart * of_b,
            a.squares + b.squares + apart * apart * static_cast<long double>(a.count) * of_b};
  }
  // The sample's variance; nullopt for fewer than two values.
  std::optional<double> Variance() const {
    if (count < 2) return std::nullopt;
    return static_cast<double>(squares / static_cast<long double>(count - 1));
  }
  std::optional<double> Deviation() const {
    if (count < 2) return std::nullopt;
    return static_cast<double>(std::sqrt(squares / static_cast<long double>(count - 1)));
  }
};

}  // namespace spate

#endif  // SPATE_WINDOWS_AGGREGATES_H_
