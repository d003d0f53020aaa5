// SummaryRuns: the automaton of a rule's `emit summary` made ready for counting its runs.
//
// Where no condition reads earlier events, a thread's future depends on its stance alone (its state
// and open transitions), and what an event does depends on its type and on which conditions hold:
// so all that can ever happen is worked out beforehand. The stances are the places of RunWindows,
// and for each type and each way its conditions can turn out there is a RunMatrix.
//
// Of says which rules this is for: those whose emits are all `emit summary` with aggregates that
// are counts, sums, means and extremes of numbers, whose pattern SetMatcher can do, whose matches
// are one run each, and that are small enough. Thread-safety: constant after construction.
// Tested by tests/runtime/engine/summary_test.cc and tests/property.
#ifndef SPATE_RUNTIME_MATCH_SUMMARY_RUNS_H_
#define SPATE_RUNTIME_MATCH_SUMMARY_RUNS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/match/machine.h"
#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"
#include "windows/run_algebra.h"
#include "windows/run_windows.h"

namespace spate {

class SummaryRuns {
 public:
  // The number of the matrix that changes nothing.
  static constexpr uint32_t kIdentity = 0;
  static constexpr size_t kMaxConditions = 10;  // of one type

  // For a rule with `emit summary`. Nullopt when its matches must be listed, for what `why` names.
  static std::optional<SummaryRuns> Of(const RulePlan& rule, std::string* why);

  size_t places() const { return places_; }
  absl::Span<const RunMatrix> matrices() const { return matrices_; }
  uint32_t MatrixOf(const Arrival& event) const;
  // Columns that get values of an event with that matrix.
  uint64_t Feeds(uint32_t matrix) const { return feeds_[matrix]; }

  // What is kept of one argument of aggregates.
  struct Column {
    size_t aggregate;  // one with this argument: index into RulePlan::aggregates
    Kind kind;         // of its values; kBool: events are counted
    RunAlgebra::Column kept;
  };
  const std::vector<Column>& columns() const { return columns_; }
  // By aggregate; of `match_count()` not a column.
  const std::vector<size_t>& column_of() const { return column_of_; }

 private:
  friend class SummaryRunsMaker;

  // How events of one type are told apart.
  struct OfType {
    std::vector<PredicateId> predicates;
    std::vector<uint32_t> views;     // a step of each choice of keys
    std::vector<uint32_t> matrices;  // by what holds: bit i of the index is number i of these
  };

  size_t places_ = 0;
  std::vector<RunMatrix> matrices_;
  std::vector<uint64_t> feeds_;  // by matrix
  TypeTable<OfType> by_type_;
  std::vector<Column> columns_;
  std::vector<size_t> column_of_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_SUMMARY_RUNS_H_
