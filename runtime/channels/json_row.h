// JsonRowReader: one line of JSON -> the attributes of one event.
//
// Walks the object once with simdjson, in the order in which its keys stand. The type of the row
// before is taken for this one until its `type` says another; then the walk begins again, which
// costs little where `type` stands first. A scalar is read into a list of one, and a list of one
// into a scalar; of two values for one attribute the last counts. Text is borrowed from the line
// where it has no escapes. Not thread-safe. Tested by tests/runtime/channels/json_lines_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_JSON_ROW_H_
#define SPATE_RUNTIME_CHANNELS_JSON_ROW_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "runtime/base/arena.h"
#include "runtime/channels/block_builder.h"
#include "runtime/channels/input_schema.h"
#include "runtime/model/value.h"

namespace spate {

struct JsonRow {
  enum class Kind {
    kEvent,
    kIgnored,    // of an undeclared type: `type_name`
    kRejected,   // `reason`, at `from`
    kWatermark,  // `time`
  } kind = Kind::kEvent;
  TypeId type;
  Time time = kTimeBefore;  // of a type without `at`
  std::string type_name;
  std::string reason;
  const char* from = nullptr;  // in the line; null: the line as a whole
};

class JsonRowReader {
 public:
  // What is asked of a builder is constant: schema, options, default type.
  explicit JsonRowReader(const BlockBuilder& builder);
  ~JsonRowReader();
  JsonRowReader(JsonRowReader&&) noexcept;

  // Reads `line`; `padding` bytes behind it may be read. Escaped text and lists go to `arena`.
  JsonRow Read(absl::string_view line, size_t padding, Arena* arena);

  // Of the last row: one value for each element of InputType::fields.
  const std::vector<Value>& values() const;
  uint64_t wrong_types() const;  // of all rows so far

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_JSON_ROW_H_
