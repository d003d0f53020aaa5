// ParseRules: .spate text -> model, for the part of the language that the reference knows.
//
// Independent of the compiler. It is no checker: it takes correct files, and answers nullopt for
// what lies beyond the reference (views, nested records, most of the library ..). Pure function.
// Tested by tests/reference/parse_test.cc.
#ifndef SPATE_TESTS_REFERENCE_PARSE_H_
#define SPATE_TESTS_REFERENCE_PARSE_H_

#include <optional>
#include <string>

#include "tests/reference/model.h"

namespace spate::reference {

std::optional<RuleFile> ParseRules(const std::string& text);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_PARSE_H_
