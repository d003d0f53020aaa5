// Check: names, types, nullability and rules' clauses -> CheckedRules.
//
// Reports every fault it finds and goes on; the result may be used only when `diagnostics` has no
// errors. Thread-safety: pure function.
// Tested by tests/compiler/check and tests/errors.
#ifndef SPATE_COMPILER_CHECK_CHECK_H_
#define SPATE_COMPILER_CHECK_CHECK_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/check/checked_rules.h"
#include "compiler/source/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace spate {

struct CheckOptions {
  // `param` values by name, as text in the language's literal syntax (or plain text for a string).
  std::map<std::string, std::string> params;
  // Functions of the embedding program.
  std::vector<std::shared_ptr<const RegisteredFunction>> functions;
};

// `files` in the order of import: what a file imports stands before it.
CheckedRules Check(const std::vector<ast::File>& files, const SourceMap& sources,
                   const CheckOptions& options, Diagnostics* diagnostics);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_CHECK_H_
