// Clocks: when the plan's clock events (`event Beat every 10s`) are due.
//
// A clock that no rule mentions is left out. Events begin at the first event's time and are made
// when the watermark reaches their time, before the events of that time; of one time in the order
// of the files. Not thread-safe. Tested by tests/runtime/engine/clocks_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_CLOCKS_H_
#define SPATE_RUNTIME_ENGINE_CLOCKS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/plan.h"
#include "windows/alignment.h"
#include "windows/time.h"

namespace spate {

class Clocks {
 public:
  // `plan` must outlive the clocks. InvalidArgument or NotFound for a period or zone that cannot
  // be.
  static absl::StatusOr<Clocks> Create(const Plan& plan);

  // Whether some rule reads the type.
  static bool IsRead(const Plan& plan, TypeId type);

  // Says that an event of `time` was seen: nothing is due before the earliest of them, until the
  // first clock event has been made.
  void See(Time time) {
    if (time < first_) Begin(time);
  }

  // The time of the next clock event; kMaxTime when there is none.
  Time Next() const { return next_; }
  bool DueAt(Time watermark) const { return next_ <= watermark && next_ < kMaxTime; }
  // Makes it: a batch with the one event, valid until the next call.
  EventBatch* Make();

 private:
  struct Clock {
    Alignment alignment;
    EventBatch batch;
    Time next = kMaxTime;
  };
  void Begin(Time time);
  void FindNext();

  std::vector<Clock> clocks_;
  Time first_ = kMinTime;  // of the events seen; kMinTime: it does not matter (any more)
  Time next_ = kMaxTime;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_CLOCKS_H_
