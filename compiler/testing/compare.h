// Compare: the events that a test expects against those that were reported.
//
// Each expected event is one reported event of its type, at its time where one is given, with the
// attributes that are named; the order of events does not matter. What is left over on both sides
// is paired where it is alike, to show how it differs. Thread-safety: pure functions. Tested by
// tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_COMPARE_H_
#define SPATE_COMPILER_TESTING_COMPARE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "compiler/testing/test_clock.h"
#include "compiler/testing/test_result.h"
#include "runtime/model/plan.h"
#include "runtime/model/value.h"

namespace spate {

struct ExpectedEvent {
  TypeId type;
  std::optional<Time> time;
  std::vector<std::pair<FieldId, Value>> attributes;
  std::string file;
  uint32_t line = 0;
};

struct ReportedEvent {
  TypeId type;
  Time time = 0;
  const RulePlan* rule = nullptr;
  absl::Span<const Value> values;  // one per field
};

struct Comparison {
  std::vector<TestProblem> problems;
  std::vector<size_t> missing;  // by problem: the expected event of a kMissing, else ~0
  std::vector<bool> met;        // by reported event: it is what was expected
};

// Reported events of `allowed` types need not be expected.
Comparison Compare(const Plan& plan, absl::Span<const ExpectedEvent> expected,
                   absl::Span<const ReportedEvent> reported, const std::set<TypeId>& allowed,
                   const TestClock& clock);

// Equal as tests see it: floats up to 1e-9 of their size.
bool MeetsValue(const Value& expected, const Value& actual);

// `Intrusion { user: "ann", tries: 5 }`
std::string EventText(const Plan& plan, const ExpectedEvent& event);
std::string EventText(const Plan& plan, const ReportedEvent& event);

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_COMPARE_H_
