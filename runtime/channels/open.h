// OpenSource: a path -> the source that reads what stands there.
//
// What it is is told by content, never by the name: gzip and zstd by their magic bytes, JSON Lines
// by a `{` as first character, else CSV, or TSV where the header row has more tabs than commas.
// Thread-safety: pure functions. Tested by csv_test.cc and json_lines_test.cc in
// tests/runtime/channels.
#ifndef SPATE_RUNTIME_CHANNELS_OPEN_H_
#define SPATE_RUNTIME_CHANNELS_OPEN_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/channels/byte_source.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/source.h"

namespace spate {

// Opens `path` (`-` is standard input) as input number `input`, its place in RowOrigin.
absl::StatusOr<std::unique_ptr<EventSource>> OpenSource(const std::string& path,
                                                        std::shared_ptr<const InputSchema> schema,
                                                        const ReadOptions& options,
                                                        uint32_t input = 0);

// The same for bytes that are already open; `name` stands for the path.
absl::StatusOr<std::unique_ptr<EventSource>> OpenSource(std::unique_ptr<ByteSource> bytes,
                                                        const std::string& name,
                                                        std::shared_ptr<const InputSchema> schema,
                                                        const ReadOptions& options,
                                                        uint32_t input = 0);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_OPEN_H_
