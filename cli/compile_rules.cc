#include "cli/compile_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/source/render.h"
#include "runtime/channels/byte_source.h"

namespace spate::cli {
namespace {

absl::StatusOr<std::string> ReadUpTo(const std::string& path, size_t max_bytes) {
  absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenBytes(path);
  if (!bytes.ok()) return bytes.status();
  std::string text;
  while (text.size() <= max_bytes) {  // a longer one is refused by the compiler
    const size_t size = text.size();
    text.resize(size + 64 * 1024);
    absl::StatusOr<size_t> n = (*bytes)->Read(text.data() + size, text.size() - size);
    if (!n.ok()) return n.status();
    text.resize(size + *n);
    if (*n == 0) break;
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadRules(const std::string& path) {
  return ReadUpTo(path, CompileOptions().max_bytes);
}

absl::StatusOr<CompileResult> CompileFiles(const std::vector<std::string>& paths,
                                           const std::map<std::string, std::string>& params) {
  CompileOptions options;
  options.params = params;
  std::vector<SourceText> files;
  for (const std::string& path : paths) {
    absl::StatusOr<std::string> text = ReadUpTo(path, options.max_bytes);
    if (!text.ok()) return text.status();
    files.push_back({path, *std::move(text)});
  }
  return Compile(files, options);
}

std::string RenderAll(const CompileResult& result, bool color) {
  std::string out;
  RenderOptions options;
  options.color = color;
  for (const Diagnostic& d : result.diagnostics) {
    out += RenderDiagnostic(d, *result.sources, options);
    if (out.empty() || out.back() != '\n') out.push_back('\n');
    out.push_back('\n');
  }
  if (result.suppressed > 0) absl::StrAppend(&out, "and ", result.suppressed, " more\n\n");
  return out;
}

size_t CountSeverity(const CompileResult& result, Severity severity) {
  return static_cast<size_t>(
      std::count_if(result.diagnostics.begin(), result.diagnostics.end(),
                    [&](const Diagnostic& d) { return d.severity == severity; }));
}

std::string Counted(uint64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace spate::cli
