// Any bytes as a rule file, through the whole compiler: a plan or errors, never both or neither.
//
// Imports read from nothing. A plan must make an engine (with empty tables), and both must be
// printable.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "compiler/compile.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/render.h"
#include "runtime/base/check.h"
#include "runtime/engine/engine.h"
#include "runtime/model/plan.h"
#include "runtime/model/table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  spate::CompileOptions options;
  options.max_bytes = 64 * 1024;
  options.max_states = 500;
  options.read_file = [](const std::string& path) -> absl::StatusOr<std::string> {
    return absl::NotFoundError(path);
  };
  const spate::CompileResult result = spate::Compile(
      {{"fuzz.spate", std::string(reinterpret_cast<const char*>(data), size)}}, options);

  bool errors = false;
  for (const spate::Diagnostic& d : result.diagnostics) {
    errors = errors || d.severity == spate::Severity::kError;
    spate::RenderDiagnostic(d, *result.sources);
  }
  SPATE_CHECK((result.plan == nullptr) == errors);
  if (result.plan != nullptr) {
    spate::DumpPlan(*result.plan);
    spate::EngineOptions engine_options;
    for (const spate::TablePlan& table : result.plan->tables) {
      engine_options.tables[table.name] = *spate::Table::Create(table, {});
    }
    SPATE_CHECK(spate::Engine::Create(result.plan, engine_options).ok());
  }
  return 0;
}
