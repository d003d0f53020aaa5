// LineSkipper: passes over the rest of a row that is longer than kMaxRowBytes.
//
// Keeps nothing of it, so that memory stays bounded. Not thread-safe.
// Tested by tests/runtime/channels/csv_test.cc and json_lines_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_LINE_SKIPPER_H_
#define SPATE_RUNTIME_CHANNELS_LINE_SKIPPER_H_

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "runtime/channels/row_buffer.h"

namespace spate {

class LineSkipper {
 public:
  static std::string Reason() {
    return absl::StrCat("the row is longer than ", kMaxRowBytes >> 20, " MiB");
  }
  bool active() const { return active_; }
  void Start() { active_ = true; }

  // When active: consumes up to and with the next line end, or all there is. True when a line end
  // was passed.
  bool Skip(RowBuffer* buffer) {
    if (!active_) return false;
    const void* hit = std::memchr(buffer->begin(), '\n', buffer->size());
    buffer->ConsumeTo(hit == nullptr ? buffer->end() : static_cast<const char*>(hit) + 1);
    active_ = hit == nullptr;
    return hit != nullptr;
  }

 private:
  bool active_ = false;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_LINE_SKIPPER_H_
