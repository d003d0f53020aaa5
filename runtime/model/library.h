// The rows of the library with what they compute, in groups; functions.cc joins them.
//
// Only functions.cc and the library_*.cc files need this; everybody else uses functions.h and
// CallFunction. Tested by tests/runtime/model/library_cases.cc.
#ifndef SPATE_RUNTIME_MODEL_LIBRARY_H_
#define SPATE_RUNTIME_MODEL_LIBRARY_H_

#include <vector>

#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/model/functions.h"
#include "runtime/model/scalar_ops.h"
#include "runtime/model/value.h"

namespace spate {

// `args` holds no null unless the row is null_aware.
using LibraryFunction = Value (*)(absl::Span<const Value> args, Arena* arena, EvalFault* fault);

struct LibraryRow {
  FunctionRow row;
  LibraryFunction function;
};

std::vector<LibraryRow> TextLibrary();     // contains .. text_between
std::vector<LibraryRow> ConvertLibrary();  // concat string int float ip time duration hash
std::vector<LibraryRow> NumberLibrary();   // abs .. pow, div, mod, geo_km
std::vector<LibraryRow> TimeLibrary();     // hour .. seconds, and cidr

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_LIBRARY_H_
