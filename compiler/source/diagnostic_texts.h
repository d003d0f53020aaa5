// DiagnosticText: what a code means and what to do, at length, for `spate explain CODE`.
//
// Thread-safety: pure functions. Tested by tests/compiler/source/diagnostic_test.cc: no code is
// without a text.
#ifndef SPATE_COMPILER_SOURCE_DIAGNOSTIC_TEXTS_H_
#define SPATE_COMPILER_SOURCE_DIAGNOSTIC_TEXTS_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "compiler/source/diagnostic.h"

namespace spate {

// Some sentences, with an example in lines that begin with four blanks where one helps.
absl::string_view DiagnosticText(DiagnosticCode code);

// Every code, in the order of diagnostic_codes.def.
std::vector<DiagnosticCode> AllDiagnosticCodes();

// `E0401`, in any case; nullopt: there is no such code.
std::optional<DiagnosticCode> FindDiagnosticCode(absl::string_view text);

}  // namespace spate

#endif  // SPATE_COMPILER_SOURCE_DIAGNOSTIC_TEXTS_H_
