// ByteSource: bytes of a file, of standard input, of a gzip or a zstd stream.
//
// Read gives what is there now, so that a pipe is not waited for longer than needed. What is
// compressed is told by its magic bytes; several members after each other are one stream. Not
// thread-safe. Tested by tests/runtime/channels/byte_source_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_BYTE_SOURCE_H_
#define SPATE_RUNTIME_CHANNELS_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace spate {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads at most `size` (> 0) bytes to `to`; 0 is the end.
  virtual absl::StatusOr<size_t> Read(char* to, size_t size) = 0;
  virtual uint64_t bytes_read() const = 0;   // from the file, before decompression
  virtual uint64_t bytes_total() const = 0;  // of the file; 0: not known
};

// Opens a file, `-` is standard input, and decompresses it when it is gzip or zstd. NotFound or
// another status with the path and the system's words when it cannot be opened.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(const std::string& path);

// Bytes from memory, for tests; hands out at most `chunk` at a time. Decompresses too.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenMemory(std::string bytes, size_t chunk = 1 << 16);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_BYTE_SOURCE_H_
