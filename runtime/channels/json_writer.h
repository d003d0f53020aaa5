// JsonWriter: events as flat JSON, one line each (docs/cli.md).
//
//   {"type":"Intrusion","time":"2026-01-31T08:00:50Z","rule":"brute_force","user":"ann","tries":5}
//
// Envelope first, then the attributes in the order of the type; computed ones are not printed. What
// one run writes another can read. Not thread-safe. Tested by
// tests/runtime/channels/json_writer_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_JSON_WRITER_H_
#define SPATE_RUNTIME_CHANNELS_JSON_WRITER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "runtime/engine/consumer.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/value.h"

namespace spate {

struct JsonWriterOptions {
  bool id = false;       // add the field `event_id`, also to matched events (keep_ids)
  bool matched = false;  // add the field `matched`: variable -> list of its events
};

class JsonWriter {
 public:
  explicit JsonWriter(const JsonWriterOptions& options = {}) : options_(options) {}

  // Appends a derived event and a line end.
  void Append(const DerivedEvent& event, std::string* out);
  // Appends that it no longer holds, `{"type":"retract","event":{..}}` around its own line.
  void AppendRetraction(const DerivedEvent& event, std::string* out);
  // Appends the content of the field `matched` alone.
  void AppendMatchedObject(const DerivedEvent& event, std::string* out);
  // Appends a row of a batch and a line end: its type, time and attributes.
  void Append(const EventBatch& batch, size_t row, std::string* out);

 private:
  struct PrintedField {
    size_t index;  // into the event's values
    Type type;
    std::string prefix;  // `,"user":`
  };
  struct TypeShape {
    std::string begin;        // `{"type":"Login"`
    bool prints_time = true;  // false: an attribute has that name
    std::vector<PrintedField> fields;
  };
  const TypeShape& ShapeOf(const EventType& type);
  void AppendEnvelope(const TypeShape& shape, Time time, std::string* out);
  void AppendFields(const TypeShape& shape, absl::Span<const Value> values, std::string* out) const;
  void AppendVariable(absl::string_view name, const DerivedEvent& event, VarId var,
                      std::string* out);
  void AppendTimeField(Time time, std::string* out);

  JsonWriterOptions options_;
  absl::flat_hash_map<const EventType*, TypeShape> shapes_;
  absl::flat_hash_map<const RulePlan*, std::string> rules_;  // `,"rule":"name"`
  Time last_time_ = kMinTime;  // most events have the time of the one before
  std::string last_time_text_;
  std::vector<Value> row_;  // scratch
};

// Appends a value of `type`: times and durations as text, what is not finite as null, lists as
// arrays, records in them as flat objects.
void AppendJsonValue(const Value& v, const Type& type, std::string* out);
// The same for a value that has no records in it.
inline void AppendJsonValue(const Value& v, std::string* out) { AppendJsonValue(v, Type(), out); }
// Appends a text with its quotes. Bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(absl::string_view text, std::string* out);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_JSON_WRITER_H_
