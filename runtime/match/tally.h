// Tally: what `median`, `percentile`, `count_distinct` and `top` keep of the values of a window.
//
// Values come and go one by one, and the result is read from what is kept, never by a pass over the
// values. A handle that Add returns takes the same value out again.
//
//   kOrder     an OrderStatistics: O(log n) for each value and each percentile
//   kDistinct  a count for each different value: O(1)
//   kTop       the same, and the different values in the order of their counts: O(log distinct) for
//              each value, O(k) for the k most frequent ones
//
// Text is owned by the tally. Not thread-safe. Tested by tests/runtime/match/tally_test.cc.
#ifndef SPATE_RUNTIME_MATCH_TALLY_H_
#define SPATE_RUNTIME_MATCH_TALLY_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/model/expr.h"
#include "runtime/model/value.h"

namespace spate {

enum class TallyKind : uint8_t { kOrder, kDistinct, kTop };

// The tally that an aggregate is read from; nullopt for one that needs none.
std::optional<TallyKind> TallyKindOf(AggregateKind kind);

class Tally {
 public:
  // `values_leave`: Remove will be called.
  static std::unique_ptr<Tally> Create(TallyKind kind, bool values_leave);
  virtual ~Tally() = default;

  // Adds a value that is not null. All values have one kind.
  virtual uint64_t Add(const Value& value) = 0;
  // Takes back the oldest value that is still there, whose Add gave this handle.
  virtual void Remove(uint64_t handle) = 0;
  virtual void Clear() = 0;

  // The aggregate over what is there, with its parameter (percentile's p, top's k). A list lies in
  // `scratch`; its text lives until the tally changes.
  virtual Value Result(AggregateKind kind, double parameter, Arena* scratch) const = 0;
};

// One of these aggregates over values at hand, of which nulls are left out.
Value TallyOf(AggregateKind kind, double parameter, absl::Span<const Value> values, Arena* scratch);

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_TALLY_H_
