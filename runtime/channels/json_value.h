// JsonValueReader: one JSON value -> a typed Value.
//
// A scalar is read into a list of one, and a list of one into a scalar; records and lists in lists
// are read by their types. Text is borrowed from the
// line where it has no escapes; else it goes to the arena, as lists and addresses do.
// Not thread-safe. Only json_row.cc includes this. Tested by
// tests/runtime/channels/json_lines_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_JSON_VALUE_H_
#define SPATE_RUNTIME_CHANNELS_JSON_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/channels/read_value.h"
#include "runtime/model/types.h"
#include "runtime/model/value.h"
#include "simdjson.h"

namespace spate {

// The value as it stands in the line; of objects and lists the opening bracket. Consumes nothing.
absl::string_view JsonToken(simdjson::ondemand::value* value);

class JsonValueReader {
 public:
  enum class Outcome {
    kValue,
    kNull,
    kWrong,    // a value of another type
    kDamaged,  // no JSON: error()
  };

  explicit JsonValueReader(Duration epoch_unit) : times_(epoch_unit) {}

  // Before each row; `arena` must outlive the values.
  void Start(Arena* arena) { arena_ = arena; }
  // Elements of another type become null where elements may be null.
  void set_sparse(bool sparse) { sparse_ = sparse; }

  // A scalar, or the element of a list of one.
  Outcome ReadOne(simdjson::ondemand::value* value, Kind kind, Value* out);
  // A list, or a scalar or record as a list of one.
  Outcome ReadList(simdjson::ondemand::value* value, const Type& type, Value* out);

  TimeReader* times() { return &times_; }
  simdjson::error_code error() const { return error_; }
  // Elements that became null; since the last call.
  uint64_t TakeWrongElements() { return std::exchange(wrong_elements_, 0); }

 private:
  Outcome ReadElements(simdjson::ondemand::value* value, const Type& type);
  Outcome ReadElement(simdjson::ondemand::value* value, const Type& type, Value* out);
  Outcome ReadRecord(simdjson::ondemand::value* value, const Type& type, Value* out);
  Outcome ReadAttributes(simdjson::ondemand::object* object, absl::Span<const NamedType> attributes,
                         const std::string& prefix, absl::Span<Value> values);
  Outcome ReadAttribute(simdjson::ondemand::value* value, const Type& type, Value* out);
  Outcome ReadScalarOnce(simdjson::ondemand::value* value, Kind kind, Value* out);
  Outcome ReadNumber(simdjson::ondemand::value* value, absl::string_view token, Kind kind,
                     Value* out);
  Outcome ReadString(simdjson::ondemand::value* value, absl::string_view token, Kind kind,
                     Value* out);
  Outcome Fail(simdjson::error_code error);

  TimeReader times_;
  Arena* arena_ = nullptr;
  bool sparse_ = false;
  std::vector<Value> list_;  // scratch: the elements of the lists that are being read
  simdjson::error_code error_ = simdjson::SUCCESS;
  uint64_t wrong_elements_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_JSON_VALUE_H_
