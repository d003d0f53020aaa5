// NoWindowMachine: a `from` rule without a window, where each event is reported by itself.
//
// Aggregates range over the one event. Nothing is kept. Not thread-safe.
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_NONE_H_
#define SPATE_RUNTIME_MATCH_WINDOW_NONE_H_

#include <memory>
#include <vector>

#include "runtime/match/window_machine.h"

namespace spate {

class NoWindowMachine : public WindowMachine {
 public:
  explicit NoWindowMachine(std::unique_ptr<WindowParts> window_parts);

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  void OnHeld(uint32_t, uint32_t, Time, ReportSink*) override {}  // has no state
  size_t live() const override { return 0; }

 private:
  std::vector<uint64_t> record_;
  std::vector<uint64_t> totals_;
  Binding binding_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_NONE_H_
