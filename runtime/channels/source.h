// EventSource: where events come from, a block of rows at a time.
//
// A source turns bytes (CSV, TSV, JSON Lines; plain, gzip or zstd) into SourceBlocks: columns of
// events of several types, their order of arrival, and the line each row stands in. What cannot be
// read is never dropped in silence: a row is taken, rejected (handed to `on_reject` with its place
// and reason), or ignored because its type is not declared (counted by name). Errors of the world
// (a file that cannot be read, a damaged gzip stream) are absl::Status. Not thread-safe: one source
// belongs to one thread at a time. Tested by tests/runtime/channels.
#ifndef SPATE_RUNTIME_CHANNELS_SOURCE_H_
#define SPATE_RUNTIME_CHANNELS_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "runtime/base/ids.h"
#include "runtime/model/event_batch.h"
#include "windows/time.h"

namespace spate {

// The longest row that is read; a longer one is rejected and skipped.
inline constexpr size_t kMaxRowBytes = 16 * 1024 * 1024;

// The time of a row whose time cannot be told: the engine drops and counts such a row, and the
// source hands it to `on_reject`. The same value as the engine's kNullTime.
inline constexpr Time kNoTime = kMinTime;

// Where a row stands in the input.
struct RowOrigin {
  uint32_t input = 0;  // place in the list of inputs
  uint64_t line = 0;   // from 1
};

// What a source hands out. Text is borrowed from the source until its next Next().
struct SourceBlock {
  EventBlock events;               // at most kMaxBatchRows rows
  std::vector<RowOrigin> origins;  // one for each element of events.order
  // After these rows no event before this time will come (a watermark line); kMinTime: not said.
  Time watermark = kMinTime;

  size_t rows() const { return events.order.size(); }
  void Clear() {
    events.Clear();
    origins.clear();
    watermark = kMinTime;
  }
};

// A row that was not taken. Valid during the call of `on_reject` only.
struct Reject {
  absl::string_view file;  // as the caller named it; `-` is standard input
  uint64_t line = 0;       // from 1
  uint64_t column = 0;     // from 1, in characters of that line
  std::string reason;      // lower case, no full stop
  absl::string_view row;   // the raw row (its begin when it is longer than kMaxRowBytes)
};

struct ReadOptions {
  std::string type_field = "type";  // where the type of an event stands
  TypeId type;                      // valid: all events are of this type, `type_field` is not read
  Duration epoch_unit = 0;          // a number as a time counts these since 1970; 0: it is refused
  bool all_fields = false;          // decode also attributes that no rule reads
  std::function<void(const Reject&)> on_reject;  // may be null
  // Fills computed attributes and the times of types whose time is computed (Engine::Prepare);
  // needed only for these, may be null otherwise.
  std::function<void(EventBatch*)> prepare;
};

// What a source has seen so far.
struct ReadStats {
  uint64_t rows = 0;                              // taken
  uint64_t rejected = 0;                          // handed to on_reject
  uint64_t ignored = 0;                           // of undeclared types
  std::map<std::string, uint64_t> ignored_types;  // by name; at most kMaxIgnoredNames names
  uint64_t wrong_types = 0;  // values of sparse types that became null for their type

  static constexpr size_t kMaxIgnoredNames = 100;
  void Add(const ReadStats& other);
};

// An `on_reject` that keeps the first reject as a fault, for who takes no file with a bad row.
std::function<void(const Reject&)> KeepFirstReject(absl::Status* fault);

class EventSource {
 public:
  virtual ~EventSource() = default;
  // Replaces the content of `block` by the next rows, in their order. Returns false, with no rows,
  // when the input is at its end. A block without rows may still say a watermark.
  virtual absl::StatusOr<bool> Next(SourceBlock* block) = 0;
  virtual ReadStats Stats() const = 0;
  // Bytes taken from the file so far (compressed ones of a compressed file) and its size, 0 when
  // that is not known.
  virtual uint64_t bytes_read() const = 0;
  virtual uint64_t bytes_total() const = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_SOURCE_H_
