// Text width: a source line as cells of a terminal, so that carets stand under what they mean.
//
// Tabs are shown as spaces up to the next multiple of 4, control characters as `?`, East Asian wide
// characters and emoji take two columns, combining marks none. Pure functions.
// Tested by tests/compiler/source/render_test.cc.
#ifndef SPATE_COMPILER_SOURCE_TEXT_WIDTH_H_
#define SPATE_COMPILER_SOURCE_TEXT_WIDTH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace spate {

struct ShownLine {
  std::string text;             // what is printed
  std::vector<size_t> columns;  // by byte of the line, and one past its end: column from 0
};

// `line` is without its line end; bytes that are not UTF-8 are shown as `?`.
ShownLine ShowLine(absl::string_view line);

}  // namespace spate

#endif  // SPATE_COMPILER_SOURCE_TEXT_WIDTH_H_
