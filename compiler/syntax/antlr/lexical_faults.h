// LexicalFaults: says what is wrong with a single token, and how to go on after it.
//
// Not thread-safe. Tested by tests/compiler/syntax/faults_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_LEXICAL_FAULTS_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_LEXICAL_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"

namespace spate::syntax {

struct Repaired {
  size_t type = 0;          // the token's type from now on; 0: it is hidden from the parser
  size_t resume = 0;        // byte where reading goes on, when behind the token's end
  bool loses_rest = false;  // parts of the declaration may be lost
};

// `5min` -> `5m`; empty when it is no whole number with a unit of time in words.
std::string WithOurUnit(absl::string_view text);

class LexicalFaults {
 public:
  LexicalFaults(const Source& source, uint32_t file, Diagnostics* diagnostics)
      : text_(source.text()), file_(file), diagnostics_(diagnostics) {}

  // Reports the token [begin, end) of `type` if it is wrong in itself.
  std::optional<Repaired> Look(size_t type, uint32_t begin, uint32_t end);

 private:
  Diagnostic& Report(DiagnosticCode code, Span span, std::string message);
  absl::string_view TextOf(Span span) const {
    return text_.substr(span.begin, span.end - span.begin);
  }
  size_t LineEnd(size_t byte) const;
  Repaired BadNumber(Span span);
  Repaired BadTime(Span span);
  Repaired Unterminated(Span span, bool raw);
  Repaired BlockComment(Span span);
  Repaired SingleQuoted(Span span);
  Repaired Character(Span span);

  absl::string_view text_;
  uint32_t file_;
  Diagnostics* diagnostics_;
  bool no_comment_end_ = false;
  uint32_t last_character_end_ = 0;  // a run of odd characters is one fault
};

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_LEXICAL_FAULTS_H_
