// JsonShape: which keys of a JSON object belong to which attribute of one event type.
//
// Keys are found by their dotted path, in whatever mixture of nesting and dots they come. Rows of
// one type mostly have their keys in one order, so the n-th key of a row is first compared with the
// n-th key of the row before; the table is asked only when it is another. Not thread-safe.
// Tested by tests/runtime/channels/json_lines_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_JSON_SHAPE_H_
#define SPATE_RUNTIME_CHANNELS_JSON_SHAPE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "runtime/channels/input_schema.h"

namespace spate {

struct JsonTarget {
  enum class Kind : uint8_t {
    kUnknown,  // not declared: ignored
    kField,    // InputType::fields[index]
    kRecord,   // a prefix of attributes: record number `index`
    kTime,     // the event time, which is no attribute
  } kind = Kind::kUnknown;
  bool is_type_field = false;  // the key that says the type stands here (it may be a field too)
  uint32_t index = 0;
};

class JsonShape {
 public:
  static constexpr uint32_t kRoot = 0;  // the record that is the whole object

  JsonShape(const InputType& type, absl::string_view type_field);

  void StartRow() { next_ = 0; }
  // Whether the key at `raw` (behind its opening quote, before `end`) is the expected one.
  const JsonTarget* Expected(uint32_t record, const char* raw, const char* end) {
    if (next_ >= expected_.size()) return nullptr;
    const ExpectedKey& e = expected_[next_];
    const size_t n = e.key.size();
    if (e.record != record || static_cast<size_t>(end - raw) <= n || raw[n] != '"' ||
        std::memcmp(raw, e.key.data(), n) != 0) {
      return nullptr;
    }
    ++next_;
    return &e.target;
  }
  // What the key means in that record; `expect`: it is expected at this place from now on.
  JsonTarget Find(uint32_t record, absl::string_view key, bool expect);

 private:
  struct ExpectedKey {
    uint32_t record = 0;
    std::string key;
    JsonTarget target;
  };
  // Rows with more keys than this are looked up, so that memory stays bounded.
  static constexpr size_t kMaxExpected = 1000;
  static constexpr size_t kMaxKey = 200;

  uint32_t RecordOf(absl::string_view path);

  std::string type_field_;
  std::vector<std::string> prefixes_;                     // by record: `process.`
  absl::flat_hash_map<std::string, JsonTarget> targets_;  // by dotted path
  std::vector<ExpectedKey> expected_;
  size_t next_ = 0;
  std::string path_;  // scratch
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_JSON_SHAPE_H_
