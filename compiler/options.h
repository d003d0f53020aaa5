// CompileOptions: params, limits, how imports are read, and one switch per optimisation.
//
// Thread-safety: values. Tested by tests/compiler/compile_test.cc.
#ifndef SPATE_COMPILER_OPTIONS_H_
#define SPATE_COMPILER_OPTIONS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/model/functions.h"

namespace spate {

struct CompileOptions {
  // Values of `param`s by name, in the language's literal syntax (plain text for a string).
  std::map<std::string, std::string> params;
  // Functions of the embedding program that the rules may call, by names that no function of the
  // library has. The plan keeps them.
  std::vector<RegisteredFunction> functions;
  // Reads an imported file; the path is already relative to the importing file. Null: from disk.
  std::function<absl::StatusOr<std::string>(const std::string& path)> read_file;

  size_t max_bytes = 16 * 1024 * 1024;  // of one file
  size_t max_depth = 200;               // nested brackets
  size_t max_states = 10'000;           // of one rule's automaton
};

}  // namespace spate

#endif  // SPATE_COMPILER_OPTIONS_H_
