// The library: one table of functions that drives checking, documentation and completion.
//
// Names with several signatures are several rows. A null argument gives null unless the row says
// `null_aware`. What each row computes is in library_*.cc; CallFunction (scalar_ops.h) does it.
// Thread-safety: constant data. Tested by tests/runtime/model/library_test.cc.
#ifndef SPATE_RUNTIME_MODEL_FUNCTIONS_H_
#define SPATE_RUNTIME_MODEL_FUNCTIONS_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/model/types.h"

namespace spate {

// An index into FunctionTable().
enum class FunctionId : uint16_t {};

struct FunctionRow {
  absl::string_view name;
  // kError as kind: any type; a list of kError: any list. A variadic row repeats its last one.
  std::vector<Type> parameters;
  size_t required = 0;          // parameters after these may be left out
  bool variadic = false;        // the last parameter may repeat (also zero times past `required`)
  Type result;                  // nullable: may be null though no argument is
  bool null_aware = false;      // sees null arguments itself
  absl::string_view signature;  // `substr(text: string, from: int, to: int?) -> string`
  absl::string_view doc;        // one sentence and an example
};

absl::Span<const FunctionRow> FunctionTable();
const FunctionRow& GetFunction(FunctionId id);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_FUNCTIONS_H_
