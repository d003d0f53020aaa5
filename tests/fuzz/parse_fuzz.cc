// Any bytes as a rule file, through the parser and the renderer of its diagnostics.
//
// Nothing may crash or hang; small limits keep each run short, so that the limits are met often.
#include <cstddef>
#include <cstdint>
#include <string>

#include "compiler/source/diagnostic.h"
#include "compiler/source/render.h"
#include "compiler/source/source.h"
#include "compiler/syntax/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  spate::SourceMap sources;
  const uint32_t file =
      sources.Add("fuzz.spate", std::string(reinterpret_cast<const char*>(data), size));
  spate::Diagnostics diagnostics;
  spate::ParseLimits limits;
  limits.max_bytes = 64 * 1024;
  spate::Parse(sources, file, limits, &diagnostics);
  for (const spate::Diagnostic& d : diagnostics.all()) {
    spate::RenderDiagnostic(d, sources);
    spate::DiagnosticToJson(d, sources);
  }
  return 0;
}
