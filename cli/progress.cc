#include "cli/progress.h"

#include <cstdio>

#include "absl/strings/str_format.h"

namespace spate::cli {

std::string ShortCount(double count) {
  if (count >= 1e9) return absl::StrFormat("%.1f G", count / 1e9);
  if (count >= 1e6) return absl::StrFormat("%.1f M", count / 1e6);
  if (count >= 1e4) return absl::StrFormat("%.1f k", count / 1e3);
  return absl::StrFormat("%.0f", count);
}

Progress::Progress(bool enabled) : enabled_(enabled), start_(Clock::now()) {
  next_ = start_ + std::chrono::milliseconds(300);  // nothing for what is done at once
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Progress::Look(uint64_t events, uint64_t derived, const EventSource& source) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(200);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  std::string line = absl::StrFormat(
      "%s events, %s/s, %s derived", ShortCount(static_cast<double>(events)),
      ShortCount(static_cast<double>(events) / elapsed), ShortCount(static_cast<double>(derived)));
  if (source.bytes_total() > 0) {
    absl::StrAppendFormat(&line, ", %.0f %%",
                          100.0 * static_cast<double>(source.bytes_read()) /
                              static_cast<double>(source.bytes_total()));
  }
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  shown_ = true;
}

void Progress::Clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

}  // namespace spate::cli
