// FileParser: drives the generated parser over the outline of a file, one declaration at a time and
// inside rules and tests one clause or statement at a time. A unit that does not parse is reported,
// left out, and reading goes on at the next.
//
// Nothing thrown by ANTLR leaves it. Not thread-safe. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_FILE_PARSER_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_FILE_PARSER_H_

#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/parse.h"

namespace spate::syntax {

// `source` is valid UTF-8 and within `limits.max_bytes`.
ast::File ParseText(const Source& source, uint32_t file, const ParseLimits& limits,
                    Diagnostics* diagnostics);

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_FILE_PARSER_H_
