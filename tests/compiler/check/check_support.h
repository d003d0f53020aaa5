// What the tests of this folder share: a text checked, and its diagnostics as lines.
#ifndef SPATE_TESTS_COMPILER_CHECK_CHECK_SUPPORT_H_
#define SPATE_TESTS_COMPILER_CHECK_CHECK_SUPPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/parse.h"

namespace spate {

struct Checked {
  SourceMap sources;
  Diagnostics diagnostics;
  CheckedRules rules;
};

inline Checked CheckText(std::string text, const CheckOptions& options = {},
                         const std::string& name = "t.spate") {
  Checked result;
  const uint32_t file = result.sources.Add(name, std::move(text));
  std::vector<ast::File> files;
  files.push_back(Parse(result.sources, file, {}, &result.diagnostics));
  result.rules = Check(files, result.sources, options, &result.diagnostics);
  result.diagnostics.Sort();
  return result;
}

// One line a diagnostic: `E0201 'its text' message`.
inline std::string Lines(const Checked& checked) {
  std::string result;
  for (const Diagnostic& d : checked.diagnostics.all()) {
    result += std::string(CodeText(d.code)) + " '" + std::string(checked.sources.Text(d.span)) +
              "' " + d.message + "\n";
  }
  return result;
}

// Event types that many cases use.
inline constexpr char kTypes[] =
    "event A at ts { ts: time, x: int, k: string?, f: float, d: duration, ok: bool, i: ip,\n"
    "                tags: [string], nums: [int], n: int? }\n"
    "event B at ts { ts: time, x: int, k: string?, y: int }\n"
    "event C at ts { ts: time, x: int, z: float }\n"
    "sparse event S at ts { ts: time, p: { name: string, pid: int, args: [string] }, q: { r: int } "
    "}\n";

}  // namespace spate

#endif  // SPATE_TESTS_COMPILER_CHECK_CHECK_SUPPORT_H_
