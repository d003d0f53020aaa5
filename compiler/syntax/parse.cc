#include "compiler/syntax/parse.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/file_parser.h"

namespace spate {
namespace {

bool HasLegalBytes(const Source& source, uint32_t file, const ParseLimits& limits,
                   Diagnostics* diagnostics) {
  const std::string& text = source.text();
  if (text.size() > limits.max_bytes) {
    diagnostics
        ->Report(DiagnosticCode::kFileTooLarge, {file, 0, 0},
                 absl::StrCat("a rule file with more than ", limits.max_bytes, " bytes"))
        .fix = Fix{"split it and `import` the parts", std::nullopt, ""};
    return false;
  }
  if (const std::optional<size_t> bad = FindInvalidUtf8(text)) {
    const auto begin = static_cast<uint32_t>(*bad);
    diagnostics->Report(DiagnosticCode::kInvalidUtf8, {file, begin, begin + 1},
                        "this byte is not valid UTF-8");
    return false;
  }
  return true;
}

}  // namespace

ast::File Parse(const SourceMap& sources, uint32_t file, const ParseLimits& limits,
                Diagnostics* diagnostics) {
  const Source& source = sources.Get(file);
  if (!HasLegalBytes(source, file, limits, diagnostics)) {
    ast::File nothing;
    nothing.file = file;
    return nothing;
  }
  return syntax::ParseText(source, file, limits, diagnostics);
}

}  // namespace spate
