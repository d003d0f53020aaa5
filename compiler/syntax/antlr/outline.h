// Outline: cuts a file's tokens into declarations and finds brackets without partners, before
// anything is parsed. So a fault in one declaration leaves the others whole, and an unclosed
// bracket is reported where it stands and not where the file ends.
//
// A declaration begins at a word pair that can only be its head (`rule name {`, `event name at`),
// outside all brackets, or anywhere when it is the first on its line (a bracket is missing then).
// Reads and changes tokens (a closing bracket too many is hidden). Not thread-safe.
// Tested by tests/compiler/syntax/faults_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_OUTLINE_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_OUTLINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/antlr/lexer.h"

namespace spate::syntax {

// A token that the parser sees.
struct Word {
  size_t type = 0;
  uint32_t begin = 0;  // bytes
  uint32_t end = 0;
  size_t index = 0;    // in the token stream, hidden tokens counted
  uint32_t depth = 0;  // brackets open before it, within its declaration; a bracket is outside
  bool first_on_line = false;
};

struct Chunk {
  size_t begin = 0;  // words [begin, end) are one declaration
  size_t end = 0;
  bool has_head = false;  // it begins with a declaration's word
  // Messages of the parser from this byte on are consequences of a fault reported already.
  uint32_t trusted_until = UINT32_MAX;
};

struct Outline {
  std::vector<Word> words;  // the last one is the end of the file
  std::vector<Chunk> chunks;
  bool too_deep = false;  // reported; the file is not parsed
};

Outline MakeOutline(const Source& source, uint32_t file, size_t max_depth,
                    const std::vector<std::unique_ptr<antlr4::Token>>& tokens,
                    Diagnostics* diagnostics);

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_OUTLINE_H_
