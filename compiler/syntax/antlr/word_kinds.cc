#include "compiler/syntax/antlr/word_kinds.h"

#include <algorithm>

#include "SpateParser.h"

namespace spate::syntax {
namespace {

using P = spate_grammar::SpateParser;

}  // namespace

bool IsReservedType(size_t type) { return type >= P::R_AND && type <= P::R_WHERE; }

bool IsNameType(size_t type) {
  return type == P::NAME || type == P::QUOTED_NAME || (type >= P::K_ADVANCE && type <= P::K_ZONE);
}

bool IsLiteral(size_t type) {
  switch (type) {
    case P::INT:
    case P::FLOAT:
    case P::DURATION:
    case P::TIME:
    case P::TEXT:
    case P::RAW_TEXT:
    case P::R_TRUE:
    case P::R_FALSE:
    case P::R_NULL:
      return true;
    default:
      return false;
  }
}

bool IsText(size_t type) { return type == P::TEXT || type == P::RAW_TEXT; }

bool IsDeclarationWord(size_t type) {
  switch (type) {
    case P::K_IMPORT:
    case P::K_PARAM:
    case P::K_CONST:
    case P::K_FN:
    case P::K_TABLE:
    case P::K_EVENT:
    case P::K_SPARSE:
    case P::K_INTERNAL:
    case P::K_RULE:
    case P::K_TEST:
      return true;
    default:
      return false;
  }
}

bool IsClauseWord(size_t type) {
  switch (type) {
    case P::K_WINDOW:
    case P::K_REPORT:
    case P::K_AFTER:
    case P::K_KEEP:
    case P::K_ON:
    case P::K_EMIT:
    case P::R_ELSE:
      return true;
    default:
      return TakesOperand(type);
  }
}

bool TakesOperand(size_t type) {
  switch (type) {
    case P::K_FROM:
    case P::K_MATCH:
    case P::R_WHERE:
    case P::K_BY:
    case P::K_WITHIN:
    case P::K_GAP:
    case P::K_UNTIL:
    case P::K_HAVING:
    case P::K_LIMIT:
      return true;
    default:
      return false;
  }
}

bool ExpectsOperand(size_t type) {
  switch (type) {
    case P::R_AND:
    case P::R_OR:
    case P::R_NOT:
    case P::R_IN:
    case P::R_IS:
    case P::R_BETWEEN:
    case P::R_LIKE:
    case P::R_MATCHES:
    case P::R_UNLESS:
    case P::R_IF:
    case P::R_THEN:
    case P::IN_FOLD:
    case P::LIKE_FOLD:
    case P::MATCHES_FOLD:
    case P::ARROW:
    case P::DOUBLE_ARROW:
    case P::FAT_ARROW:
    case P::EQ:
    case P::NE:
    case P::EQ_FOLD:
    case P::NE_FOLD:
    case P::LE:
    case P::GE:
    case P::LT:
    case P::GT:
    case P::ASSIGN:
    case P::MINUS:
    case P::SLASH:
    case P::PERCENT:
    case P::AMPERSAND:
    case P::PIPE:
    case P::COMMA:
    case P::COLON:
    case P::DOT:
    case P::LPAREN:
    case P::LBRACK:
      return true;
    default:
      return false;
  }
}

bool BeginsOperand(size_t type) {
  return IsLiteral(type) || IsNameType(type) || type == P::LPAREN || type == P::LBRACK ||
         type == P::MINUS || type == P::R_NOT || type == P::R_IF;
}

bool EndsOperand(size_t type) {
  return IsLiteral(type) || IsNameType(type) || type == P::RPAREN || type == P::RBRACK ||
         type == P::RBRACE || type == P::QUESTION;
}

std::string TokenText(size_t type) {
  switch (type) {
    case P::INT:
      return "a whole number";
    case P::FLOAT:
      return "a number";
    case P::DURATION:
      return "a duration";
    case P::TIME:
      return "a time";
    case P::TEXT:
    case P::RAW_TEXT:
      return "a text";
    default:
      break;
  }
  static const antlr4::dfa::Vocabulary* const kVocabulary =
      new antlr4::dfa::Vocabulary(P(nullptr).getVocabulary());
  std::string text = kVocabulary->getDisplayName(type);
  std::replace(text.begin(), text.end(), '\'', '`');
  return text;
}

}  // namespace spate::syntax
