// Word kinds: what part a token type can play, for those who look at tokens without parsing them.
//
// Pure functions of a token type of the grammar. Tested by tests/compiler/syntax/faults_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_WORD_KINDS_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_WORD_KINDS_H_

#include <cstddef>
#include <string>

namespace spate::syntax {

bool IsReservedType(size_t type);
// Any word that is not reserved, and names between back-quotes.
bool IsNameType(size_t type);
bool IsLiteral(size_t type);
bool IsText(size_t type);
// A declaration can begin with it: `import`, `rule`, `sparse`, ..
bool IsDeclarationWord(size_t type);
// A clause of a rule can begin with it.
bool IsClauseWord(size_t type);
// A clause's word that an operand, a pattern or a type must follow.
bool TakesOperand(size_t type);
// An operator, a comma, a colon or an opening bracket: an operand must follow. `+`, `*`, `?` and
// `??` are not among them, since they may be quantifiers.
bool ExpectsOperand(size_t type);
// An operand can begin with it.
bool BeginsOperand(size_t type);
// An operand, a type or a step can end with it.
bool EndsOperand(size_t type);
// In words: `within`, "a whole number".
std::string TokenText(size_t type);

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_WORD_KINDS_H_
