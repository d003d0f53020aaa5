// Fault: where the parser could not go on, and the words that teach how to.
//
// ANTLR's own message lists every word that could stand ("expecting {'event', 'rule', .. 85 more"};
// here the likely mistake is recognised first, and what was expected is said in a few words
// otherwise. Pure but for the diagnostics. Tested by tests/compiler/syntax/faults_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_FAULT_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_FAULT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/antlr/outline.h"

namespace spate::syntax {

struct Fault {
  size_t word = 0;               // the word that does not fit, index into Outline::words
  size_t unit_begin = 0;         // first word of the clause, statement or declaration
  size_t unit_before = 0;        // first word of the unit before it, or the same
  std::vector<size_t> expected;  // token types that could stand there; empty: not known
  std::vector<size_t> rules;     // the grammar's rules under way, innermost first
};

// A clause of a rule seems to begin at word `i`.
bool LooksLikeClause(const std::vector<Word>& words, size_t i);

class FaultReporter {
 public:
  FaultReporter(const Source& source, uint32_t file, const std::vector<Word>& words,
                Diagnostics* diagnostics)
      : source_(source), file_(file), words_(words), diagnostics_(diagnostics) {}

  // Reports the fault; returns the word from which reading should go on at the earliest.
  size_t Report(const Fault& fault);
  // A clause word at `word` was read as an operand: something is missing before it.
  void ReportMissingBefore(size_t word);
  // Reports `every` before the pattern that begins at `word`; false when there is none.
  bool ReportEvery(size_t word);

 private:
  absl::string_view TextAt(size_t word) const;
  Span SpanAt(size_t word) const { return {file_, words_[word].begin, words_[word].end}; }
  size_t TypeAt(size_t word) const;
  std::string Quoted(size_t word) const;
  size_t OwnerOfBracket(size_t word) const;
  Diagnostic& Say(DiagnosticCode code, size_t word, std::string message);
  bool InExpression(const Fault& fault) const;
  bool AtUnitStart(const Fault& fault) const { return fault.word == fault.unit_begin; }

  // Each recognises one kind of mistake and reports it, or returns false.
  bool MissingOperand(const Fault& fault);
  bool ReservedWord(const Fault& fault);
  bool ForeignOperator(const Fault& fault);
  bool CalendarUnit(const Fault& fault);
  bool ClauseLevel(const Fault& fault);
  bool EmitWithoutBraces(const Fault& fault);
  bool MissingComma(const Fault& fault);
  bool MissingType(const Fault& fault);
  bool TestTime(const Fault& fault);
  bool CapitalWord(const Fault& fault);
  bool SplitDuration(const Fault& fault);
  bool ColonComparison(const Fault& fault);
  bool FatArrow(const Fault& fault);
  bool ForeignQuery(const Fault& fault);
  bool ForeignClause(const Fault& fault);
  bool ForeignCall(const Fault& fault);
  bool ListInParentheses(const Fault& fault);
  bool StepsNotJoined(const Fault& fault);
  bool MissingDefault(const Fault& fault);
  void Expected(const Fault& fault);

  const Source& source_;
  uint32_t file_;
  const std::vector<Word>& words_;
  Diagnostics* diagnostics_;
};

// "a name", "an expression", "`)` or `,`": token types in a few words; empty when that is no help.
std::string DescribeExpected(const std::vector<size_t>& types);

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_FAULT_H_
