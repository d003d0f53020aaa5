// OutputSink: lines to a file or to standard output, in large writes.
//
// Text is gathered in one buffer; it is written when that is large and at Flush, which the caller
// calls when the reader should see something. Errors (a full disk, a reader that went away) are
// kept and come back from every later call. Not thread-safe.
// Tested by tests/runtime/channels/byte_source_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_SINK_H_
#define SPATE_RUNTIME_CHANNELS_SINK_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace spate {

class OutputSink {
 public:
  // Standard output; `-` as a path means it too.
  static std::unique_ptr<OutputSink> Stdout();
  // Creates or empties the file.
  static absl::StatusOr<std::unique_ptr<OutputSink>> Open(const std::string& path);
  // Flushes; an error that shows only then is lost: call Flush and look.
  ~OutputSink();
  OutputSink(const OutputSink&) = delete;
  OutputSink& operator=(const OutputSink&) = delete;

  // Append whole lines here, then call Wrote.
  std::string* buffer() { return &buffer_; }
  absl::Status Wrote() { return buffer_.size() < kWriteSize ? status_ : Flush(); }
  // Aborted: the reader of a pipe went away. Unavailable: the system's words.
  absl::Status Flush();
  const std::string& name() const { return name_; }

 private:
  static constexpr size_t kWriteSize = 256 * 1024;
  OutputSink(std::string name, int fd) : name_(std::move(name)), fd_(fd) {}

  std::string name_;
  int fd_;
  std::string buffer_;
  absl::Status status_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_SINK_H_
