// EventRows: kept events made into rows again, with all that the engine computes of a row.
//
// What becomes null on the way is counted when an event is first made a row, and not when it is
// taken again. Not thread-safe.
// Tested by tests/runtime/engine/speculative_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_EVENT_ROWS_H_
#define SPATE_RUNTIME_ENGINE_EVENT_ROWS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/engine/speculative_event.h"
#include "runtime/engine/type_columns.h"
#include "runtime/match/machine.h"

namespace spate {

class EventRows {
 public:
  // `plan` and what `tables` refers to must outlive the result. `index_from`: see TypeColumns.
  static absl::StatusOr<std::unique_ptr<EventRows>> Create(
      const Plan& plan, size_t index_from, absl::Span<const std::shared_ptr<const Table>> tables);

  // Fills what is computed of a batch that comes from outside.
  void Prepare(EventBatch* batch) { types_[batch->type_id().index()].columns->Prepare(batch); }

  // The event as the newest one of all, whatever it was before: valid until another event of its
  // type is made a row.
  Arrival RowOf(const EventPtr& event);
  // What was evaluated of the row that RowOf made last of a type.
  BatchBits* BitsOf(TypeId type) { return &types_[type.index()].bits; }

  uint64_t sequence() const { return sequence_; }  // of the last row
  const EvalIssues& issues() const { return issues_; }

 private:
  struct OfType {
    std::unique_ptr<TypeColumns> columns;
    std::unique_ptr<TypeColumns> again;  // for events that have been rows before
    EventBatch batch;
    BatchBits bits;
    EventPtr event;  // which is the row now
  };

  std::vector<OfType> types_;
  EvalIssues issues_;
  EvalIssues uncounted_;
  uint64_t sequence_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_EVENT_ROWS_H_
