// The library: one table of functions that drives checking, documentation and completion.
//
// Names with several signatures are several rows. A null argument gives null unless the row says
// `null_aware`. What each row computes is in library_*.cc; CallFunction (scalar_ops.h) does it.
// Thread-safety: constant data. Tested by tests/runtime/model/library_cases.cc.
#ifndef SPATE_RUNTIME_MODEL_FUNCTIONS_H_
#define SPATE_RUNTIME_MODEL_FUNCTIONS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/model/types.h"
#include "runtime/model/value.h"

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

// A function of the embedding program, for rules to call by its name (CompileOptions::functions).
struct RegisteredFunction {
  std::string name;              // not one of the library
  std::vector<Type> parameters;  // all are needed
  Type result;                   // nullable: it may give null
  // Whether equal arguments always give an equal result and nothing else happens: only then may a
  // call with constants be made when the rules are compiled, and equal calls be made once.
  bool is_pure = true;
  // Gets one value for each parameter, of its kind; none is null (a null argument gives null
  // without a call) unless `takes_null`. Text and lists of the result must lie in `arena` or
  // outlive the engine. A result of another kind than declared is taken as null. Called on the
  // engine's thread.
  std::function<Value(absl::Span<const Value> arguments, Arena* arena)> call;
  bool takes_null = false;
  std::string doc;  // one sentence
};

// `geo_zone(ip) -> string?`.
std::string SignatureOf(const RegisteredFunction& function);

// Calls it with these arguments, as described above.
Value CallRegistered(const RegisteredFunction& function, absl::Span<const Value> arguments,
                     Arena* arena);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_FUNCTIONS_H_
