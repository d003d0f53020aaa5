// Intake: events in order of event time, late ones counted.
//
// Without lateness rows go to the rules where they lie, in their order. With lateness, rows are
// copied and wait in a reorder buffer until the watermark has reached them. Not thread-safe.
// Tested by tests/runtime/engine and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_INTAKE_H_
#define SPATE_RUNTIME_ENGINE_INTAKE_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/rules_runner.h"
#include "windows/reorder.h"
#include "windows/watermark.h"

namespace spate {

class Intake {
 public:
  // All must outlive the intake.
  Intake(const EngineOptions& options, RulesRunner* runner)
      : options_(options),
        runner_(*runner),
        watermark_(options.lateness),
        waiting_(options.lateness) {}

  absl::Status Push(EventBatch* batch);
  absl::Status Push(EventBlock* block);
  absl::Status AdvanceTo(Time time);
  // Takes what still waits, in order; the clock then stands at Clock().
  absl::Status Flush();

  Time Clock() const { return std::max(watermark_.value(), last_seen_); }
  void AddStats(EngineStats* stats) const;

 private:
  // Copied rows that wait; given back when all have been taken.
  struct Held {
    EventBatch batch;
    BatchBits bits;
    size_t left = 0;
  };
  struct Row {
    Held* held;
    size_t row;
  };

  void Number(EventBatch* batch);
  void Number(EventBlock* block);
  // Counts what is not taken; false for such a row.
  bool Admit(const EventBatch& batch, size_t row);
  absl::Status TakeBlock(EventBlock* block);
  absl::Status HoldBlock(const EventBlock& block);
  void Hold(const EventBatch& batch, size_t row, Held** held);
  absl::Status Release(const std::vector<Held*>& added);
  absl::Status TakeWaiting(Time until);
  void Expect(const EventBlock& block, size_t position);
  Held* NewHeld(const EventType& type);

  const EngineOptions& options_;
  RulesRunner& runner_;
  uint64_t pushed_ = 0;  // rows numbered so far
  Watermark watermark_;
  ReorderBuffer<Row> waiting_;
  std::vector<std::unique_ptr<Held>> held_;
  std::vector<std::vector<Held*>> free_;  // by type
  std::vector<BatchBits> bits_;           // by batch of the block
  std::vector<Row> due_;
  std::vector<Value> values_;
  Time last_seen_ = kMinTime;
  uint64_t events_ = 0;
  uint64_t late_ = 0;
  uint64_t ignored_ = 0;
  uint64_t null_times_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_INTAKE_H_
