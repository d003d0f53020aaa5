// SourceWatermarks: one clock for several sources, each of which is late in its own way.
//
// No event before a source's watermark is still expected from it (watermark.h). The common one is
// the earliest of those of all sources that are not idle, and never goes back: a source that was
// idle and wakes up behind it holds it where it is until it has caught up. Source 0 is there from
// the beginning and idle until it is used, if there are others. Not thread-safe. Tested by
// tests/windows/source_watermarks_test.cc.
#ifndef SPATE_WINDOWS_SOURCE_WATERMARKS_H_
#define SPATE_WINDOWS_SOURCE_WATERMARKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "windows/time.h"
#include "windows/watermark.h"

namespace spate {

class SourceWatermarks {
 public:
  // `lateness` of source 0.
  explicit SourceWatermarks(Duration lateness) { sources_.push_back({Watermark(lateness), true}); }

  // A source that is awake, and so holds the common watermark until something is seen of it.
  uint32_t Add(Duration lateness) {
    sources_.push_back({Watermark(lateness), false});
    several_ = true;
    return static_cast<uint32_t>(sources_.size() - 1);
  }
  bool several() const { return several_; }
  size_t size() const { return sources_.size(); }

  // The common watermark.
  Time value() const { return value_; }
  bool IsLate(Time time) const { return time < value_; }

  // An event of that time was seen, which wakes the source. True when the common watermark moved.
  bool See(uint32_t source, Time time) {
    Source& s = sources_[source];
    if (!several_) {
      s.idle = false;
      return s.watermark.See(time) && Raise(s.watermark.value());
    }
    const bool holds = s.idle || s.watermark.value() <= value_;
    s.idle = false;
    return s.watermark.See(time) && holds && Update();
  }
  // No event before `time` will come from the source, or from any.
  bool AdvanceTo(uint32_t source, Time time) {
    sources_[source].idle = false;
    return sources_[source].watermark.AdvanceTo(time) && Update();
  }
  bool AdvanceAllTo(Time time) {
    for (Source& s : sources_) s.watermark.AdvanceTo(time);
    return Raise(time);
  }
  // Nothing is expected of the source until it sends an event.
  bool SetIdle(uint32_t source) {
    sources_[source].idle = true;
    return Update();
  }

 private:
  struct Source {
    Watermark watermark;
    bool idle;
  };

  bool Update() {
    Time earliest = kMaxTime;
    bool any = false;
    for (const Source& s : sources_) {
      if (s.idle) continue;
      any = true;
      earliest = std::min(earliest, s.watermark.value());
    }
    return any && Raise(earliest);
  }
  bool Raise(Time time) {
    if (time <= value_) return false;
    value_ = time;
    return true;
  }

  std::vector<Source> sources_;
  bool several_ = false;
  Time value_ = kMinTime;
};

}  // namespace spate

#endif  // SPATE_WINDOWS_SOURCE_WATERMARKS_H_
