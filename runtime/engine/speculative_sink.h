// SpeculativeRule::Sink: what becomes of a machine's reports. Private to the files of
// SpeculativeRule. Tested by tests/runtime/engine/speculative_test.cc.
#ifndef SPATE_RUNTIME_ENGINE_SPECULATIVE_SINK_H_
#define SPATE_RUNTIME_ENGINE_SPECULATIVE_SINK_H_

#include <vector>

#include "runtime/engine/speculative_rule.h"

namespace spate {

class SpeculativeRule::Sink : public ReportSink {
 public:
  // `slot`: whose reports they are; kAnySlot: those of the common machine. `out`: where new events
  // go in Mode::kLive.
  Sink(SpeculativeRule* rule, Mode mode, uint32_t slot, std::vector<Change>* out)
      : rule_(*rule), mode_(mode), slot_(slot), out_(out) {}

  // What is reported next is because of this event, or of this moment.
  void Begin(const Place& cause) {
    cause_ = cause;
    last_slot_ = kAnySlot;
  }
  bool OnReport(const Report& report) override;
  std::vector<Change>* out() const { return out_; }

 private:
  void Derive(const Report& report, Partition* p);

  SpeculativeRule& rule_;
  const Mode mode_;
  const uint32_t slot_;
  std::vector<Change>* const out_;
  Place cause_;
  uint32_t last_slot_ = kAnySlot;
  uint32_t reports_ = 0;  // of the partition because of the cause
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_SPECULATIVE_SINK_H_
