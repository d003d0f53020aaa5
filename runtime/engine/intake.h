// Intake: events in order of event time, late ones counted.
//
// Without lateness rows go to the rules where they lie, in their order. With lateness, rows are
// copied and wait in a reorder buffer until the watermark has reached them; so they do with several
// sources, each with a watermark of its own. Not thread-safe.
// Tested by tests/runtime/engine and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_INTAKE_H_
#define SPATE_RUNTIME_ENGINE_INTAKE_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/rules_runner.h"
#include "windows/reorder.h"
#include "windows/source_watermarks.h"

namespace spate {

class Intake {
 public:
  // All must outlive the intake.
  Intake(const EngineOptions& options, RulesRunner* runner)
      : options_(options),
        runner_(*runner),
        watermarks_(options.lateness),
        waiting_(options.lateness) {}

  // Adds a source; events are then held back until all sources that are not idle have reached them.
  // Without any, all is of source 0.
  uint32_t AddSource(Duration lateness) { return watermarks_.Add(lateness); }

  absl::Status Push(EventBatch* batch, uint32_t source);
  absl::Status Push(EventBlock* block, uint32_t source);
  absl::Status AdvanceTo(Time time);  // all sources
  absl::Status AdvanceTo(uint32_t source, Time time);
  absl::Status SetIdle(uint32_t source);
  // Takes what still waits, in order; the clock then stands at Clock().
  absl::Status Flush();

  Time Clock() const { return std::max(watermarks_.value(), last_seen_); }
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

  // Whether events wait before they are taken.
  bool holds() const { return options_.lateness != 0 || watermarks_.several(); }
  void Number(EventBatch* batch);
  void Number(EventBlock* block);
  // Counts what is not taken; false for such a row.
  bool Admit(const EventBatch& batch, size_t row);
  absl::Status TakeBlock(EventBlock* block);
  absl::Status HoldBlock(const EventBlock& block);
  void Hold(const EventBatch& batch, size_t row, Held** held);
  absl::Status Release(const std::vector<Held*>& added);
  absl::Status TakeWaiting(Time until);
  absl::Status TakeGroup(EventBlock* block, size_t begin, bool expects);
  Held* NewHeld(const EventType& type);

  const EngineOptions& options_;
  RulesRunner& runner_;
  uint64_t pushed_ = 0;  // rows numbered so far
  SourceWatermarks watermarks_;
  uint32_t source_ = 0;  // of what is being pushed
  ReorderBuffer<Row> waiting_;
  std::vector<std::unique_ptr<Held>> held_;
  std::vector<std::vector<Held*>> free_;  // by type
  std::vector<BatchBits> bits_;           // by batch of the block
  std::vector<Arrival> group_;            // the rows that come next
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
