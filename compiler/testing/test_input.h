// TestInput: the events of a test in the order in which the engine gets them.
//
// Lines become events at their times; recorded files are read through runtime/channels. Without
// `lateness` the order is that of the times (of equal ones, of the lines), with it that of the
// lines. Not thread-safe. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_TEST_INPUT_H_
#define SPATE_COMPILER_TESTING_TEST_INPUT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "compiler/rule_test.h"
#include "compiler/testing/test_clock.h"
#include "runtime/base/arena.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/plan.h"

namespace spate {

struct RecordedEvent {
  TypeId type;                     // invalid: a watermark
  Time time = 0;                   // ns since the epoch
  absl::Span<const Value> values;  // one per field
  uint64_t line = 0;               // of the file
};

// All events of a file, copied into `arena`; watermark lines too. `prepare`: Engine::Prepare. What
// cannot be read is an error that says where; events of types that the plan has not are left out,
// or one too (`all_known`).
absl::StatusOr<std::vector<RecordedEvent>> ReadRecorded(
    const Plan& plan, const std::string& path, bool all_known,
    const std::function<void(EventBatch*)>& prepare, Arena* arena);

struct TestInput {
  std::vector<RecordedEvent> events;  // in order; `line` is not kept
  TestClock clock;
  std::vector<Time> line_times;  // by line of the test: of its last event; kMinTime: none
};

// `arena` must outlive the result.
absl::StatusOr<TestInput> MakeTestInput(const Plan& plan, const RuleTest& test,
                                        const std::function<void(EventBatch*)>& prepare,
                                        Arena* arena);

// The moment that a time of the test is.
Time ResolveTestTime(const TestTime& time, const TestInput& input);

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_TEST_INPUT_H_
