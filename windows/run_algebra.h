// RunAlgebra: all runs through an automaton as one element: how many they are, and counts, sums and
// extremes over what they took.
//
// A semiring. The sum of two elements is of the runs of both; the product is of each run of the one
// followed by each run of the other. Numbers of runs double with every event, so they stop at
// kMany, which is exact since nothing is ever subtracted; sums of integers are kept modulo 2^128,
// which is exact whenever the number of their summands did not stop (2^64 summands of 64 bits).
//
// An element is `words()` words: the runs, then for each column the number of its values (over all
// runs, each as often as it was taken) and what the column asks for. All zero: no run.
// Source: counting semirings as in GRETA and COGRA, with the pairs (count, sum) of dual numbers.
// Thread-safety: constant after construction. Tested by tests/windows/run_algebra_test.cc.
#ifndef SPATE_WINDOWS_RUN_ALGEBRA_H_
#define SPATE_WINDOWS_RUN_ALGEBRA_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "absl/numeric/int128.h"
#include "windows/aggregates.h"

namespace spate {

// What one event gives to the columns: bit c of `present` when it has a value for column c, and
// that value (the bits of an int64_t or of a double) in values[c].
struct RunValues {
  uint64_t present = 0;
  const uint64_t* values = nullptr;
};

class RunAlgebra {
 public:
  static constexpr uint64_t kMany = std::numeric_limits<uint64_t>::max();  // or more
  static constexpr size_t kMaxColumns = 32;

  // What is kept of one argument beside the number of its values.
  struct Column {
    bool floating = false;  // doubles, not integers
    bool sum = false;
    bool min = false;
    bool max = false;
  };

  explicit RunAlgebra(const std::vector<Column>& columns) {
    for (size_t c = 0; c < columns.size(); ++c) AddColumn(columns[c], static_cast<uint32_t>(c));
  }

  size_t words() const { return words_; }

  // One run that took nothing yet.
  const uint64_t* one() const { return one_.data(); }

  // *to += a. The two lie apart, here and below.
  void Add(uint64_t* to, const uint64_t* a) const { AddTimes(to, a, {}, 0); }

  // *to += a, each run of which takes an event; the event gives its values to the columns `feeds`.
  void AddTimes(uint64_t* to, const uint64_t* a, const RunValues& event, uint64_t feeds) const {
    const uint64_t runs = a[0];
    if (runs == 0) return;
    to[0] = SaturatingSum(to[0], runs);
    const uint64_t fed = event.present & feeds;
    for (const Part& p : parts_) {
      const bool takes = ((fed >> p.column) & 1) != 0;
      const uint64_t value = takes ? event.values[p.column] : 0;
      switch (p.kind) {
        case Kind::kCount:
          to[p.at] = SaturatingSum(to[p.at], SaturatingSum(a[p.at], takes ? runs : 0));
          break;
        case Kind::kSum:
          Store(to + p.at, Load(to + p.at) + Load(a + p.at) + Times(runs, value));
          break;
        case Kind::kFloatSum:
          StoreDouble(to + p.at, Double(to[p.at]) + Double(a[p.at]) + TimesDouble(runs, value));
          break;
        default:
          Improve(p, to, a[p.count] != 0, a[p.at], takes, value);
      }
    }
  }

  // *to += a * b: each run of `a` followed by each of `b`.
  void AddProduct(uint64_t* to, const uint64_t* a, const uint64_t* b) const {
    if (a[0] == 0 || b[0] == 0) return;
    to[0] = SaturatingSum(to[0], SaturatingProduct(a[0], b[0]));
    for (const Part& p : parts_) {
      switch (p.kind) {
        case Kind::kCount:
          to[p.at] = SaturatingSum(to[p.at], SaturatingSum(SaturatingProduct(a[0], b[p.at]),
                                                           SaturatingProduct(b[0], a[p.at])));
          break;
        case Kind::kSum:
          Store(to + p.at, Load(to + p.at) + absl::uint128(a[0]) * Load(b + p.at) +
                               absl::uint128(b[0]) * Load(a + p.at));
          break;
        case Kind::kFloatSum:
          StoreDouble(to + p.at,
                      Double(to[p.at]) + TimesDouble(a[0], b[p.at]) + TimesDouble(b[0], a[p.at]));
          break;
        default:
          Improve(p, to, a[p.count] != 0, a[p.at], b[p.count] != 0, b[p.at]);
      }
    }
  }

  static uint64_t Runs(const uint64_t* e) { return e[0]; }
  // Values of column `c`, kMany included.
  uint64_t Count(const uint64_t* e, size_t c) const { return e[places_[c].count]; }
  // Their sum, where the column has one and Count is not kMany.
  absl::int128 Sum(const uint64_t* e, size_t c) const {
    return static_cast<absl::int128>(Load(e + places_[c].sum));
  }
  double FloatSum(const uint64_t* e, size_t c) const { return Double(e[places_[c].sum]); }
  // Bits of the extreme, where the column has it and Count is not 0.
  uint64_t Min(const uint64_t* e, size_t c) const { return e[places_[c].min]; }
  uint64_t Max(const uint64_t* e, size_t c) const { return e[places_[c].max]; }

 private:
  enum class Kind : uint8_t { kMin, kMax, kFloatMin, kFloatMax, kSum, kFloatSum, kCount };
  struct Part {
    Kind kind;
    uint32_t column;
    uint32_t at;     // first word
    uint32_t count;  // word of the column's count
  };
  struct Places {
    uint32_t count = 0, sum = 0, min = 0, max = 0;
  };

  // A column's count comes last: its extremes look at what it was before.
  void AddColumn(const Column& column, uint32_t c) {
    Places places;
    const auto add = [&](Kind kind, size_t size, uint32_t* at) {
      *at = static_cast<uint32_t>(words_);
      parts_.push_back({kind, c, *at, places.count});
      words_ += size;
    };
    places.count = static_cast<uint32_t>(words_++);
    if (column.min) add(column.floating ? Kind::kFloatMin : Kind::kMin, 1, &places.min);
    if (column.max) add(column.floating ? Kind::kFloatMax : Kind::kMax, 1, &places.max);
    if (column.sum && column.floating) add(Kind::kFloatSum, 1, &places.sum);
    if (column.sum && !column.floating) add(Kind::kSum, 2, &places.sum);
    parts_.push_back({Kind::kCount, c, places.count, places.count});
    places_.push_back(places);
    one_.assign(words_, 0);
    one_[0] = 1;
  }

  // The extreme of what `to` has, of `a` if there is one, and of `b` if there is one.
  static void Improve(const Part& p, uint64_t* to, bool has_a, uint64_t a, bool has_b, uint64_t b) {
    bool has = to[p.count] != 0;
    if (has_a) to[p.at] = has ? Better(p.kind, to[p.at], a) : a;
    has |= has_a;
    if (has_b) to[p.at] = has ? Better(p.kind, to[p.at], b) : b;
  }
  static uint64_t Better(Kind kind, uint64_t a, uint64_t b) {
    switch (kind) {
      case Kind::kMin:
        return static_cast<uint64_t>(std::min(static_cast<int64_t>(a), static_cast<int64_t>(b)));
      case Kind::kMax:
        return static_cast<uint64_t>(std::max(static_cast<int64_t>(a), static_cast<int64_t>(b)));
      case Kind::kFloatMin:
        return Bits(MinOf(Double(a), Double(b)));
      default:
        return Bits(MaxOf(Double(a), Double(b)));
    }
  }

  static uint64_t SaturatingSum(uint64_t a, uint64_t b) {
    const uint64_t sum = a + b;
    return sum < a ? kMany : sum;
  }
  static uint64_t SaturatingProduct(uint64_t a, uint64_t b) {
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? kMany : product;
  }
  // runs times the int64_t that `value` is, modulo 2^128.
  static absl::uint128 Times(uint64_t runs, uint64_t value) {
    return absl::uint128(runs) *
           static_cast<absl::uint128>(absl::int128(static_cast<int64_t>(value)));
  }
  static double TimesDouble(uint64_t runs, uint64_t value) {
    return static_cast<double>(runs) * Double(value);
  }
  static absl::uint128 Load(const uint64_t* words) { return absl::MakeUint128(words[1], words[0]); }
  static void Store(uint64_t* words, absl::uint128 v) {
    words[0] = absl::Uint128Low64(v);
    words[1] = absl::Uint128High64(v);
  }
  static double Double(uint64_t bits) {
    double v;
    std::memcpy(&v, &bits, sizeof(v));
    return v;
  }
  static uint64_t Bits(double v) {
    uint64_t bits;
    std::memcpy(&bits, &v, sizeof(bits));
    return bits;
  }
  static void StoreDouble(uint64_t* word, double v) { *word = Bits(v); }

  size_t words_ = 1;
  std::vector<Part> parts_;
  std::vector<Places> places_;  // by column
  std::vector<uint64_t> one_ = {1};
};

}  // namespace spate

#endif  // SPATE_WINDOWS_RUN_ALGEBRA_H_
