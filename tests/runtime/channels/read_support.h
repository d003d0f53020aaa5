// Support for the tests of channels: event types without a compiler, and rows as text.
#ifndef SPATE_TESTS_RUNTIME_CHANNELS_READ_SUPPORT_H_
#define SPATE_TESTS_RUNTIME_CHANNELS_READ_SUPPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "runtime/channels/byte_source.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/open.h"
#include "runtime/channels/source.h"
#include "runtime/model/plan.h"

namespace spate::test {

// An event type; the kinds are written as in a rule file: `int`, `string?`, `[ip]`.
struct TypeSpec {
  std::string name;
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string at{};  // name of the time attribute
  bool sparse = false;
  bool declared = true;
  bool derived = false;
};

// A plan with these types, all attributes of which are read.
Plan MakePlan(const std::vector<TypeSpec>& types);

struct ReadOutcome {
  absl::Status status;
  std::vector<std::string> rows;     // `Login@2026-01-31T08:00:00Z user="ann" n=null :2` (line)
  std::vector<std::string> rejects;  // `2:5 reason | row`
  ReadStats stats;
};

// Reads `text` as the file `name`, handed out `chunk` bytes at a time.
ReadOutcome ReadText(const Plan& plan, const std::string& text, ReadOptions options = {},
                     size_t chunk = 1 << 16, const std::string& name = "input");

// One row as text.
std::string RowText(const EventBatch& batch, size_t row);
std::string ValueText(const Value& v);

// All rows of a source as text, with `input:line` behind each when `places`; watermark lines are
// `watermark ..`.
std::vector<std::string> Drain(EventSource* source, absl::Status* status, bool places);

}  // namespace spate::test

#endif  // SPATE_TESTS_RUNTIME_CHANNELS_READ_SUPPORT_H_
