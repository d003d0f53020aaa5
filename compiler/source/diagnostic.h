// Diagnostic: a fault in the user's text, as a value with a place.
//
// Wording: lower case start, no full stop, backticks around code; say what was found, then what to
// do. One fault, one message. Codes are API: one line each in diagnostic_codes.def
// (`SPATE_DIAGNOSTIC(kUndefinedName, "E0201", kError, "undefined name")`), grouped: E00xx files and
// limits, E01xx syntax, E02xx names, E03xx types, E04xx patterns and rules, E05xx emit and derived
// types, E06xx rule tests, W0xxx warnings. Thread-safety: values; Diagnostics is not
// thread-safe. Tested by tests/compiler/source and tests/errors.
#ifndef SPATE_COMPILER_SOURCE_DIAGNOSTIC_H_
#define SPATE_COMPILER_SOURCE_DIAGNOSTIC_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "compiler/source/source.h"

namespace spate {

enum class Severity { kError, kWarning, kNote };

enum class DiagnosticCode {
#define SPATE_DIAGNOSTIC(name, code, severity, title) name,
#include "compiler/source/diagnostic_codes.def"
#undef SPATE_DIAGNOSTIC
};

absl::string_view CodeText(DiagnosticCode code);  // "E0201"
Severity CodeSeverity(DiagnosticCode code);
absl::string_view CodeTitle(DiagnosticCode code);  // a short general title

struct Label {
  Span span;
  std::string text;
};

// Replace the text at `span` by `replacement`; `message` says so in words ("did you mean `user`?").
struct Fix {
  std::string message;
  std::optional<Span> span;  // none: advice in words only
  std::string replacement;
};

struct Diagnostic {
  DiagnosticCode code;
  Severity severity;
  std::string message;        // headline
  Span span;                  // primary place
  std::string label;          // text at the caret, may be empty
  std::vector<Label> labels;  // other places that matter
  std::optional<Fix> fix;
};

// Collects diagnostics. At most kMaxDiagnostics are kept, the rest is counted.
class Diagnostics {
 public:
  static constexpr size_t kMaxDiagnostics = 100;

  // Adds a diagnostic and returns it to add label, labels or fix. The reference is valid until the
  // next Report. Equal (code, span) pairs are reported once.
  Diagnostic& Report(DiagnosticCode code, Span span, std::string message);

  bool has_errors() const { return errors_ > 0; }
  size_t error_count() const { return errors_; }
  size_t suppressed() const { return suppressed_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  // Sorts by file and place (stable).
  void Sort();
  std::vector<Diagnostic> Take() { return std::move(all_); }

 private:
  std::vector<Diagnostic> all_;
  Diagnostic overflow_{};
  size_t errors_ = 0;
  size_t suppressed_ = 0;
};

// The candidate nearest to `name` by edit distance (at most a third of its length), or "".
std::string NearestName(absl::string_view name, const std::vector<std::string>& candidates);

}  // namespace spate

#endif  // SPATE_COMPILER_SOURCE_DIAGNOSTIC_H_
