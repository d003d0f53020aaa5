// RowBuffer: a window over a ByteSource in which whole rows are found and borrowed.
//
// [begin, end) is what was read and not yet consumed, followed by kPadding readable bytes, so that
// scanners may load whole SIMD words and simdjson may overrun. Refill moves what is left to the
// front and reads more: everything borrowed before becomes invalid then, and only then.
// Grows up to kMaxRowBytes and a chunk. Not thread-safe.
// Tested by tests/runtime/channels/csv_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_ROW_BUFFER_H_
#define SPATE_RUNTIME_CHANNELS_ROW_BUFFER_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "runtime/channels/byte_source.h"
#include "runtime/channels/source.h"

namespace spate {

class RowBuffer {
 public:
  static constexpr size_t kPadding = 128;
  static constexpr size_t kChunk = 256 * 1024;

  explicit RowBuffer(std::unique_ptr<ByteSource> bytes)
      : bytes_(std::move(bytes)), buffer_(kChunk + kPadding) {}

  const char* begin() const { return buffer_.data() + begin_; }
  const char* end() const { return buffer_.data() + end_; }
  size_t size() const { return end_ - begin_; }
  bool at_end() const { return at_end_; }  // the source has no more bytes
  bool full() const { return size() > kMaxRowBytes; }
  void ConsumeTo(const char* p) { begin_ = static_cast<size_t>(p - buffer_.data()); }
  const ByteSource& bytes() const { return *bytes_; }

  // Reads more bytes behind what is left; does nothing at the end of the source.
  absl::Status Refill() {
    if (at_end_) return absl::OkStatus();
    std::memmove(buffer_.data(), begin(), size());
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() - kPadding - end_ < kChunk / 2) buffer_.resize(2 * buffer_.size());
    absl::StatusOr<size_t> n =
        bytes_->Read(buffer_.data() + end_, buffer_.size() - kPadding - end_);
    if (!n.ok()) return n.status();
    at_end_ = *n == 0;
    end_ += *n;
    buffer_[end_] = '\n';  // so that nothing depends on what was there before
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<ByteSource> bytes_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_ROW_BUFFER_H_
