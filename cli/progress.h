// Progress: one line on a terminal that says how far a run is, a few times a second.
//
// Never on anything but a terminal; cleared before anything else is written there. Not
// thread-safe. Tested by tests/cli only as its absence.
#ifndef SPATE_CLI_PROGRESS_H_
#define SPATE_CLI_PROGRESS_H_

#include <chrono>
#include <cstdint>

#include "runtime/channels/source.h"

namespace spate::cli {

class Progress {
 public:
  explicit Progress(bool enabled);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Update(uint64_t events, uint64_t derived, const EventSource& source) {
    if (enabled_ && ++calls_ % kCallsPerLook == 0) Look(events, derived, source);
  }
  void Clear();
  double seconds() const;  // since it was made

 private:
  static constexpr uint64_t kCallsPerLook = 8;  // the clock is not read for every block
  using Clock = std::chrono::steady_clock;
  void Look(uint64_t events, uint64_t derived, const EventSource& source);

  bool enabled_;
  bool shown_ = false;
  uint64_t calls_ = 0;
  Clock::time_point start_;
  Clock::time_point next_;
};

// `1.3 M`, `950`.
std::string ShortCount(double count);

}  // namespace spate::cli

#endif  // SPATE_CLI_PROGRESS_H_
