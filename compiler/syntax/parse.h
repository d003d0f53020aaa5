// Parse: text -> Ast. Recovers after a fault and reports them all.
//
// Never throws and never fails as a whole: what could not be read is left out of the result and is
// in `diagnostics`. Limits (bytes of text, depth of nesting, tokens) are in ParseLimits; each has a
// diagnostic. Thread-safe (ANTLR's tables are shared and locked by ANTLR).
// Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_PARSE_H_
#define SPATE_COMPILER_SYNTAX_PARSE_H_

#include <cstddef>
#include <cstdint>

#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/ast.h"

namespace spate {

struct ParseLimits {
  size_t max_bytes = 16 * 1024 * 1024;
  size_t max_depth = 200;  // brackets open at one time
  size_t max_tokens = 2'000'000;
};

ast::File Parse(const SourceMap& sources, uint32_t file, const ParseLimits& limits,
                Diagnostics* diagnostics);

}  // namespace spate

#endif  // SPATE_COMPILER_SYNTAX_PARSE_H_
