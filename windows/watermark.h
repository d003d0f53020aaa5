// Watermark: the clock of event time.
//
// No event before the watermark is still expected; one at the same time may come. It is the last
// time seen less the allowed lateness, or what a source said of itself (AdvanceTo), and never goes
// back. Before anything is seen it stands at kMinTime. Not thread-safe.
// Tested by tests/windows/watermark_test.cc.
#ifndef SPATE_WINDOWS_WATERMARK_H_
#define SPATE_WINDOWS_WATERMARK_H_

#include "windows/time.h"

namespace spate {

class Watermark {
 public:
  // `lateness` >= 0: how far an event may be behind the latest one.
  explicit Watermark(Duration lateness = 0) : lateness_(lateness) {}

  Time value() const { return value_; }
  Duration lateness() const { return lateness_; }
  bool IsLate(Time time) const { return time < value_; }

  // An event of that time was seen. True when the watermark moved.
  bool See(Time time) { return AdvanceTo(SaturatingSubtract(time, lateness_)); }

  // No event before `time` will come. True when the watermark moved.
  bool AdvanceTo(Time time) {
    if (time <= value_) return false;
    value_ = time;
    return true;
  }

 private:
  Duration lateness_;
  Time value_ = kMinTime;
};

}  // namespace spate

#endif  // SPATE_WINDOWS_WATERMARK_H_
