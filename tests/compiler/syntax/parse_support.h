// What the tests of this folder share: a text parsed, and its faults as lines.
#ifndef SPATE_TESTS_COMPILER_SYNTAX_PARSE_SUPPORT_H_
#define SPATE_TESTS_COMPILER_SYNTAX_PARSE_SUPPORT_H_

#include <string>
#include <utility>

#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"

namespace spate {

struct Parsed {
  SourceMap sources;
  ast::File file;
  Diagnostics diagnostics;
};

inline Parsed ParseText(std::string text, const ParseLimits& limits = {}) {
  Parsed result;
  const uint32_t file = result.sources.Add("t.spate", std::move(text));
  result.file = Parse(result.sources, file, limits, &result.diagnostics);
  result.diagnostics.Sort();
  return result;
}

// One line a fault: `E0101 2:5 'its text' message`.
inline std::string Faults(const Parsed& parsed) {
  std::string result;
  for (const Diagnostic& d : parsed.diagnostics.all()) {
    const LineColumn at = parsed.sources.Get(d.span.file).Locate(d.span.begin);
    result += std::string(CodeText(d.code)) + " " + std::to_string(at.line) + ":" +
              std::to_string(at.column) + " '" + std::string(parsed.sources.Text(d.span)) + "' " +
              d.message + "\n";
  }
  return result;
}

}  // namespace spate

#endif  // SPATE_TESTS_COMPILER_SYNTAX_PARSE_SUPPORT_H_
