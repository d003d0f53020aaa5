// Imports: which file an `import` names, and which files see which.
//
// Thread-safety: pure functions. Tested by tests/compiler/compile_test.cc.
#ifndef SPATE_COMPILER_CHECK_IMPORTS_H_
#define SPATE_COMPILER_CHECK_IMPORTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "compiler/check/check_context.h"

namespace spate {

// The name of the file that `importer` means by `path`: relative to the importing file, without
// `.` and needless `..`.
std::string ResolveImport(absl::string_view importer, absl::string_view path);

// `a/./b/../c` as `a/c`.
std::string NormalizePath(absl::string_view path);

// Stage: fills `visible` and `imported`. An import of a file that is not there is not reported
// here.
void CollectImports(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_IMPORTS_H_
