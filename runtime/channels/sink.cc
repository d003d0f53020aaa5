#include "runtime/channels/sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"

namespace spate {

std::unique_ptr<OutputSink> OutputSink::Stdout() {
  return absl::WrapUnique(new OutputSink("standard output", STDOUT_FILENO));
}

absl::StatusOr<std::unique_ptr<OutputSink>> OutputSink::Open(const std::string& path) {
  if (path == "-") return Stdout();
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
  return absl::WrapUnique(new OutputSink(path, fd));
}

OutputSink::~OutputSink() {
  Flush().IgnoreError();
  if (fd_ != STDOUT_FILENO) close(fd_);
}

absl::Status OutputSink::Flush() {
  size_t done = 0;
  while (status_.ok() && done < buffer_.size()) {
    const ssize_t n = write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n >= 0) {
      done += static_cast<size_t>(n);
    } else if (errno == EPIPE) {
      status_ = absl::AbortedError(absl::StrCat(name_, ": nobody reads it any more"));
    } else if (errno != EINTR) {
      status_ = absl::UnavailableError(absl::StrCat(name_, ": ", std::strerror(errno)));
    }
  }
  buffer_.clear();
  return status_;
}

}  // namespace spate
