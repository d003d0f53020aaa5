// InputSchema: what rows of each event type look like to a reader.
//
// From a Plan: which attributes a row may have (computed ones are not read), which of them are
// decoded (those that some rule, a computed attribute or the event time needs) or only checked, and
// where the event time stands. Constant after construction; thread-safe.
// Tested by tests/runtime/channels/input_schema_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_INPUT_SCHEMA_H_
#define SPATE_RUNTIME_CHANNELS_INPUT_SCHEMA_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "runtime/base/ids.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/plan.h"
#include "runtime/model/schema.h"

namespace spate {

// Where an event's time comes from.
enum class TimeFrom {
  kAttribute,  // the attribute `time_field`, which must not be null
  kComputed,   // a computed attribute: the engine fills it
  kOptional,   // no `at`: the attribute `time_field` (called `time`), else the event before
  kEnvelope,   // no `at`: the field `time`, which is no attribute, else the event before
  kBefore,     // no `at`, and an attribute called `time` that is no time: the event before
};

struct InputField {
  FieldId id;
  std::string name;  // dotted
  Type type;
  bool nullable = false;
  bool read = false;  // decoded; else only checked
};

struct InputType {
  const EventType* type = nullptr;
  std::vector<InputField> fields;  // those a row may have, in order of declaration
  TimeFrom time_from = TimeFrom::kEnvelope;
  FieldId time_field;

  // A batch for rows of this type: columns that are not decoded are not present.
  void InitBatch(EventBatch* batch) const;
  std::vector<bool> present;  // by FieldId, computed ones too
};

class InputSchema {
 public:
  // `plan` must outlive the schema. `all_fields`: decode every attribute.
  InputSchema(const Plan& plan, bool all_fields);

  const InputType& Get(TypeId type) const { return types_[type.index()]; }
  size_t size() const { return types_.size(); }

  // The declared type of that name, or an invalid id.
  TypeId Find(absl::string_view name) const;
  // The type of events that say none: the type with the file's name (its stem, in any case), else
  // the only one that is declared (that no rule emits, where there are others), else invalid.
  TypeId ForFile(absl::string_view path) const;
  // The names of the declared types, for messages.
  std::vector<std::string> Names() const;

 private:
  std::vector<InputType> types_;
  absl::flat_hash_map<std::string, TypeId> by_name_;
  TypeId only_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_INPUT_SCHEMA_H_
