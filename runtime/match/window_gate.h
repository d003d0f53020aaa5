// WindowGate: when a window's `having` leads to a report: `on change`, `else emit`, `having ..
// for`.
//
// Without these every judgement that holds is a report, and there is no state. With them a state is
// kept for each partition, or for each window where windows report at each event: whether `having`
// held when it was last judged. It is reported when it turns true, or when it has then held for
// `hold` long; when it turns false, `else emit` speaks if that report was made and not held back.
// Not thread-safe. Tested by tests/runtime/match/window_gate_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_GATE_H_
#define SPATE_RUNTIME_MATCH_WINDOW_GATE_H_

#include "runtime/match/machine.h"
#include "runtime/match/window_report.h"
#include "runtime/model/plan.h"
#include "windows/time.h"

namespace spate {

struct GateState {
  Time since = 0;         // when `having` turned true
  bool on = false;        // it holds
  bool spoken = false;    // the report for this was due
  bool reported = false;  // and was made
};

class WindowGate {
 public:
  // The reporter must outlive the gate.
  WindowGate(const FromPlan& plan, WindowReporter* reporter)
      : reporter_(*reporter), hold_(plan.having_for), on_change_(plan.on_change || hold_ > 0) {}

  // Whether there is a state; without, `state` may be null in the calls below.
  bool has_state() const { return on_change_; }
  bool holds() const { return hold_ > 0; }

  // Whether the state waits for `hold` to be over, and when that is (an inclusive deadline).
  bool Waits(const GateState& state) const { return holds() && state.on && !state.spoken; }
  Time HeldAt(const GateState& state) const { return SaturatingAdd(state.since, hold_); }

  // Judges `having` over the window and reports what follows.
  void Judge(GateState* state, const WindowView& window, ReportSink* sink) {
    const bool having = reporter_.Judge(window);
    if (!on_change_) {
      if (having) reporter_.Report(window, EmitKind::kReport, sink);
    } else if (having) {
      TurnOn(state, window, sink);
    } else {
      TurnOff(state, window, sink);
    }
  }

  // `having` has held long enough, for a state that waits.
  void Held(GateState* state, const WindowView& window, ReportSink* sink) {
    reporter_.Judge(window);
    state->spoken = true;
    state->reported = reporter_.Report(window, EmitKind::kReport, sink);
  }

  // The window ends, and with it what held.
  void End(GateState* state, const WindowView& window, ReportSink* sink) {
    if (!on_change_ || !state->on) return;
    reporter_.Judge(window);
    TurnOff(state, window, sink);
  }

 private:
  void TurnOn(GateState* state, const WindowView& window, ReportSink* sink) {
    if (state->on) return;
    *state = {window.time, /*on=*/true, /*spoken=*/false, /*reported=*/false};
    if (holds()) return;
    state->spoken = true;
    state->reported = reporter_.Report(window, EmitKind::kReport, sink);
  }
  void TurnOff(GateState* state, const WindowView& window, ReportSink* sink) {
    if (state->reported) reporter_.Report(window, EmitKind::kElse, sink);
    *state = GateState();
  }

  WindowReporter& reporter_;
  Duration hold_;
  bool on_change_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_GATE_H_
