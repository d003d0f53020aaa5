// TestColumns: where the formatter puts what follows `at 50s` in the lines of a rule test.
//
// Lines that begin with `at` and stand together, in one block and without an empty line or a case
// between them, have what is fed in one column. Thread-safety: a pure function.
// Tested by tests/compiler/syntax/print_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_TEST_COLUMNS_H_
#define SPATE_COMPILER_SYNTAX_TEST_COLUMNS_H_

#include <cstddef>
#include <map>
#include <vector>

#include "compiler/syntax/layout_tokens.h"

namespace spate {

// By index of a token in the test [begin, end): how many blanks stand before it, where that is not
// one.
std::map<size_t, size_t> TestColumns(const std::vector<LayoutToken>& tokens, size_t begin,
                                     size_t end);

}  // namespace spate

#endif  // SPATE_COMPILER_SYNTAX_TEST_COLUMNS_H_
