// Renders diagnostics: for people (rustc style, carets, second spans, colour) and as JSON lines.
//
//   error[E0201]: undefined name `usr`
//     --> rules/auth.spate:4:18
//      |
//    4 |   by usr
//      |      ^^^ not an attribute of `Login`
//      = help: did you mean `user`?
//
// Thread-safety: pure functions. Tested by tests/compiler/source/render_test.cc.
#ifndef SPATE_COMPILER_SOURCE_RENDER_H_
#define SPATE_COMPILER_SOURCE_RENDER_H_

#include <string>

#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"

namespace spate {

struct RenderOptions {
  bool color = false;
};

std::string RenderDiagnostic(const Diagnostic& d, const SourceMap& sources,
                             const RenderOptions& options = {});
// One JSON object on one line, without the line end:
// {"code","severity","message","file","line","column","end_line","end_column","label","labels":[..],"fix":{..}}
std::string DiagnosticToJson(const Diagnostic& d, const SourceMap& sources);

}  // namespace spate

#endif  // SPATE_COMPILER_SOURCE_RENDER_H_
