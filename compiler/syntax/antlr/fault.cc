#include "compiler/syntax/antlr/fault.h"

#include <algorithm>
#include <string>
#include <utility>

#include "SpateParser.h"
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/word_kinds.h"

namespace spate::syntax {
namespace {

using P = spate_grammar::SpateParser;

bool Contains(const std::vector<size_t>& types, size_t type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

const std::vector<std::string>& ClauseWords() {
  static const auto* const kWords = new std::vector<std::string>{
      "from",   "match",     "where",  "by",        "within",         "gap",
      "window", "until",     "having", "report",    "after match",    "keep",
      "limit",  "on change", "emit",   "else emit", "on timeout emit"};
  return *kWords;
}

const std::vector<std::string>& DeclarationWords() {
  static const auto* const kWords = new std::vector<std::string>{
      "import", "param", "const", "fn", "table", "event", "sparse", "internal", "rule", "test"};
  return *kWords;
}

}  // namespace

bool LooksLikeClause(const std::vector<Word>& words, size_t i) {
  const auto type_at = [&](size_t k) {
    return k < words.size() ? words[k].type : antlr4::Token::EOF;
  };
  if (i > 0 && type_at(i - 1) == P::DOT) return false;
  const size_t type = type_at(i), next = type_at(i + 1);
  if (TakesOperand(type)) return BeginsOperand(next);
  switch (type) {
    case P::K_WINDOW:
      return IsNameType(next);
    case P::K_REPORT:
      return next == P::K_EACH || next == P::K_LONGEST;
    case P::K_AFTER:
      return next == P::K_MATCH;
    case P::K_KEEP:
      return next == P::K_ALL || next == P::K_LATEST || next == P::K_FIRST;
    case P::K_ON:
      return next == P::K_CHANGE || next == P::K_TIMEOUT;
    case P::K_EMIT:
      return IsNameType(next);
    case P::R_ELSE:
      return next == P::K_EMIT;
    default:
      return false;
  }
}

absl::string_view FaultReporter::TextAt(size_t word) const {
  const Word& w = words_[word];
  return absl::string_view(source_.text()).substr(w.begin, w.end - w.begin);
}

size_t FaultReporter::TypeAt(size_t word) const {
  return word < words_.size() ? words_[word].type : antlr4::Token::EOF;
}

std::string FaultReporter::Quoted(size_t word) const {
  if (TypeAt(word) == antlr4::Token::EOF) return "the end of the file";
  constexpr size_t kLongest = 40;
  absl::string_view text = TextAt(word);
  if (text.size() <= kLongest) return absl::StrCat("`", text, "`");
  return TypeAt(word) == P::NAME ? absl::StrCat("`", text.substr(0, kLongest), "..`") : "a text";
}

Diagnostic& FaultReporter::Say(DiagnosticCode code, size_t word, std::string message) {
  return diagnostics_->Report(code, SpanAt(word), std::move(message));
}

bool FaultReporter::InExpression(const Fault& fault) const {
  if (fault.rules.empty()) return false;
  switch (fault.rules.front()) {
    case P::RuleExpr:
    case P::RuleCondition:
    case P::RuleComparison:
    case P::RuleValue:
    case P::RuleLiteral:
    case P::RuleArgument:
    case P::RuleText:
      return true;
    default:
      return false;
  }
}

size_t FaultReporter::Report(const Fault& fault) {
  const size_t word = fault.word;
  const bool swallowed = word > fault.unit_before + 1 && LooksLikeClause(words_, word - 1) &&
                         !LooksLikeClause(words_, word) &&
                         (ExpectsOperand(TypeAt(word - 2)) ||
                          (TakesOperand(TypeAt(word - 2)) &&
                           (word - 2 == fault.unit_begin || word - 2 == fault.unit_before)));
  if (swallowed) {
    ReportMissingBefore(word - 1);
    return word - 1;
  }
  const bool said = CalendarUnit(fault) || SplitDuration(fault) || CapitalWord(fault) ||
                    ColonComparison(fault) || ForeignCall(fault) || ListInParentheses(fault) ||
                    StepsNotJoined(fault) || ForeignClause(fault) || ClauseLevel(fault) ||
                    EmitWithoutBraces(fault) || MissingDefault(fault) || MissingOperand(fault) ||
                    ReservedWord(fault) || ForeignOperator(fault) || MissingType(fault) ||
                    MissingComma(fault) || TestTime(fault);
  if (!said) Expected(fault);
  return word;
}

void FaultReporter::ReportMissingBefore(size_t word) {
  Diagnostic& d = Say(DiagnosticCode::kMissingOperand, word,
                      absl::StrCat("something is missing before `", TextAt(word), "`"));
  d.labels.push_back({SpanAt(word - 1), "an operand must follow this"});
}

// The word cannot begin an operand, and the one before it needs one.
bool FaultReporter::MissingOperand(const Fault& fault) {
  const size_t word = fault.word;
  if (word == 0) return false;
  const size_t before = TypeAt(word - 1), type = TypeAt(word);
  if (before == P::LT && type == P::GT) {
    Diagnostic& d = Say(DiagnosticCode::kSyntax, word, "`<>` is not an operator");
    d.fix = Fix{"write `!=`", Join(SpanAt(word - 1), SpanAt(word)), "!="};
    return true;
  }
  if (type == P::R_IF && InExpression(fault) && !EndsOperand(before)) {
    Diagnostic& d = Say(DiagnosticCode::kNeedsParentheses, word,
                        "`if` inside an expression stands in parentheses");
    d.label = "write `(if .. then .. else ..)`";
    return true;
  }
  // `+` and `*` are quantifiers in a pattern.
  const bool is_sum = before == P::PLUS || before == P::STAR || before == P::COALESCE;
  const bool needs = (is_sum && InExpression(fault)) ||
                     (ExpectsOperand(before) && before != P::COMMA && before != P::LPAREN &&
                      before != P::LBRACK && before != P::DOT);
  const bool begins = BeginsOperand(type) || type == P::LBRACE || IsReservedType(type);
  const bool is_clause = type == P::R_WHERE || type == P::R_ELSE;
  if (!needs || (begins && !is_clause)) return false;
  Diagnostic& d = Say(DiagnosticCode::kMissingOperand, word,
                      absl::StrCat("something is missing before ", Quoted(word)));
  d.labels.push_back({SpanAt(word - 1), "an operand must follow this"});
  return true;
}

bool FaultReporter::ReservedWord(const Fault& fault) {
  const size_t word = fault.word, type = TypeAt(word);
  if (!IsReservedType(type) || (!fault.expected.empty() && !Contains(fault.expected, P::NAME))) {
    return false;
  }
  if (AtUnitStart(fault) || type == P::R_NOT) return false;
  const bool operand_before = word > 0 && !ExpectsOperand(TypeAt(word - 1)) &&
                              InExpression(fault) && fault.expected.empty();
  if (operand_before) return false;
  const absl::string_view text = TextAt(word);
  Diagnostic& d =
      Say(DiagnosticCode::kReservedWord, word, absl::StrCat("`", text, "` is a reserved word"));
  if (type == P::R_MATCHES && TypeAt(word + 1) == P::LPAREN) {
    d.label = "the number of matches is `match_count()`";
  } else {
    d.label = "between back-quotes it can be a name";
    d.fix =
        Fix{absl::StrCat("write `` `", text, "` ``"), SpanAt(word), absl::StrCat("`", text, "`")};
  }
  return true;
}

// Operators of other languages, where an expression could go on.
bool FaultReporter::ForeignOperator(const Fault& fault) {
  const size_t word = fault.word, type = TypeAt(word);
  const bool doubled = word + 1 < words_.size() && TypeAt(word + 1) == type &&
                       words_[word].end == words_[word + 1].begin;
  const Span both{file_, words_[word].begin, doubled ? words_[word + 1].end : words_[word].end};
  absl::string_view ours;
  if (type == P::ASSIGN && !Contains(fault.rules, P::RuleField)) {
    ours = "==";
  } else if (type == P::AMPERSAND) {
    ours = "and";
  } else if (type == P::PIPE && (InExpression(fault) || Contains(fault.expected, P::RBRACK) ||
                                 !Contains(fault.rules, P::RuleSequence))) {
    ours = "or";  // in a pattern `|` is ours
  } else {
    return false;
  }
  if (!InExpression(fault) && type == P::ASSIGN && word > 0 && ExpectsOperand(TypeAt(word - 1))) {
    return false;
  }
  const std::string theirs(
      absl::string_view(source_.text()).substr(both.begin, both.end - both.begin));
  Diagnostic& d = diagnostics_->Report(DiagnosticCode::kSyntax, both,
                                       type == P::ASSIGN
                                           ? "`=` is not a comparison"
                                           : absl::StrCat("`", theirs, "` cannot join conditions"));
  d.fix = Fix{absl::StrCat("write `", ours, "`"), both, std::string(ours)};
  return true;
}

// `1 day` where the grammar has no place for it.
bool FaultReporter::CalendarUnit(const Fault& fault) {
  const size_t word = fault.word;
  if (word == 0 || TypeAt(word - 1) != P::INT) return false;
  char unit = '\0';
  switch (TypeAt(word)) {
    case P::K_DAY:
    case P::K_DAYS:
      unit = 'd';
      break;
    case P::K_WEEK:
    case P::K_WEEKS:
      unit = 'w';
      break;
    case P::K_MONTH:
    case P::K_MONTHS:
    case P::K_YEAR:
    case P::K_YEARS:
      break;
    default:
      return false;
  }
  Diagnostic& d = Say(DiagnosticCode::kCalendarUnit, word,
                      "calendar units are for tumbling windows and clocks");
  if (unit != '\0') {
    const std::string plain = absl::StrCat(TextAt(word - 1), std::string(1, unit));
    d.fix = Fix{absl::StrCat("write `", plain, "`"), Join(SpanAt(word - 1), SpanAt(word)), plain};
  }
  return true;
}

// Where a clause of a rule, a statement of a test or a declaration should begin.
bool FaultReporter::ClauseLevel(const Fault& fault) {
  const size_t word = fault.word, type = TypeAt(word);
  if (fault.rules.empty()) return false;
  const size_t rule = fault.rules.front();
  if (rule == P::RuleFile || rule == P::RuleDeclaration) {
    if (rule == P::RuleFile && ForeignOperator(fault)) return true;
    if (words_[word].first_on_line && ForeignQuery(fault)) return true;
    Diagnostic& d = Say(DiagnosticCode::kSyntax, word,
                        absl::StrCat("expected a declaration, found ", Quoted(word)));
    const std::string near = NearestName(TextAt(word), DeclarationWords());
    if (!near.empty()) {
      d.fix = Fix{absl::StrCat("did you mean `", near, "`?"), SpanAt(word), near};
    } else {
      d.label = "import, param, const, fn, table, event, rule or test";
    }
    return true;
  }
  if (rule != P::RuleClause || !AtUnitStart(fault)) return false;
  if (TypeAt(word) == P::ASSIGN || TypeAt(word) == P::AMPERSAND || TypeAt(word) == P::PIPE) {
    const size_t clause = TypeAt(fault.unit_before);
    if (clause != P::K_MATCH && clause != P::K_FROM && ForeignOperator(fault)) return true;
  }
  if (TypeAt(fault.unit_before) == P::K_MATCH && FatArrow(fault)) return true;
  if ((type == P::K_NO || type == P::K_SKIP) && TypeAt(word + 1) != P::COLON) {
    Diagnostic& d = Say(DiagnosticCode::kSyntax, word,
                        absl::StrCat("the clause is `after match ", TextAt(word), " ..`"));
    d.fix = Fix{"write `after match` before it",
                Span{file_, words_[word].begin, words_[word].begin}, "after match "};
    return true;
  }
  Diagnostic& d = Say(DiagnosticCode::kSyntax, word,
                      absl::StrCat("expected a clause of the rule, found ", Quoted(word)));
  if (type == P::ARROW || type == P::DOUBLE_ARROW || type == P::COMMA) {
    d.label = "a pattern ends where its clauses begin";
    d.fix = Fix{"what is bounded and goes on stands in parentheses: `(A -> B within 3s) -> C`",
                std::nullopt, ""};
    return true;
  }
  const std::string near = NearestName(TextAt(word), ClauseWords());
  if (IsNameType(type) && !near.empty()) {
    d.fix = Fix{absl::StrCat("did you mean `", near, "`?"), SpanAt(word), near};
  } else if (word > 0 && !AtUnitStart({word, 0, 0, {}, {}})) {
    d.label = "an operator, a clause or `}` can follow";
  }
  return true;
}

bool FaultReporter::EmitWithoutBraces(const Fault& fault) {
  const bool in_block = !fault.rules.empty() && fault.rules.front() == P::RuleEmitBlock;
  if (!in_block || !Contains(fault.expected, P::LBRACE) || fault.word == 0) return false;
  const Span name = SpanAt(fault.word - 1);
  Diagnostic& d =
      diagnostics_->Report(DiagnosticCode::kSyntax, name,
                           absl::StrCat("`", TextAt(fault.word - 1), "` needs its braces here"));
  d.label = "they hold the attributes, and are not optional";
  if (TypeAt(fault.word) != P::LPAREN) {
    d.fix = Fix{"write ` {}` after it", Span{file_, name.end, name.end}, " {}"};
  }
  return true;
}

// Two operands beside each other, inside brackets that hold a list.
bool FaultReporter::MissingComma(const Fault& fault) {
  const size_t word = fault.word;
  if (word == 0 || !Contains(fault.expected, P::COMMA)) return false;
  const size_t before = TypeAt(word - 1), type = TypeAt(word);
  const bool operand = IsLiteral(type) || IsNameType(type) || type == P::LBRACE;
  if (!EndsOperand(before) || !operand) return false;
  Diagnostic& d =
      Say(DiagnosticCode::kSyntax, word, absl::StrCat("a comma is missing before ", Quoted(word)));
  const uint32_t end = words_[word - 1].end;
  d.fix = Fix{"write a comma", Span{file_, end, end}, ","};
  return true;
}

// `x int`, `fn f(a)`: attributes and parameters have a type after a colon.
bool FaultReporter::MissingType(const Fault& fault) {
  if (fault.rules.empty() || fault.word == 0 || !Contains(fault.expected, P::COLON)) return false;
  const bool is_field = fault.rules.front() == P::RuleField;
  if (!is_field && fault.rules.front() != P::RuleFnParam) return false;
  Diagnostic& d = Say(DiagnosticCode::kSyntax, fault.word - 1,
                      absl::StrCat("`", TextAt(fault.word - 1), "` needs a type"));
  d.label = absl::StrCat(is_field ? "an attribute" : "a parameter", " is written `name: type`");
  return true;
}

// `param p: int`.
bool FaultReporter::MissingDefault(const Fault& fault) {
  const size_t name = fault.unit_begin + 1;
  if (TypeAt(fault.unit_begin) != P::K_PARAM || !Contains(fault.expected, P::ASSIGN)) return false;
  Say(DiagnosticCode::kSyntax, name, absl::StrCat("the param ", Quoted(name), " needs a value"))
      .label = "it holds where none is given: `param n: int = 5`";
  return true;
}

bool FaultReporter::TestTime(const Fault& fault) {
  const size_t type = TypeAt(fault.word);
  const bool in_test = Contains(fault.rules, P::RuleTestStatement);
  const bool after_at =
      fault.word > 0 && (TypeAt(fault.word - 1) == P::K_AT || TypeAt(fault.word - 1) == P::PLUS);
  if (!in_test || !after_at || type == P::DURATION || type == P::TIME) return false;
  Say(DiagnosticCode::kSyntax, fault.word, absl::StrCat(Quoted(fault.word), " is not a time"))
      .label =
      "write a duration from the test's start, `5s`, from the line before, `+5s`, or a time";
  return true;
}

void FaultReporter::Expected(const Fault& fault) {
  const std::string expected = DescribeExpected(fault.expected);
  const std::string found = Quoted(fault.word);
  if (expected.empty()) {
    Diagnostic& d = Say(DiagnosticCode::kSyntax, fault.word, absl::StrCat("unexpected ", found));
    if (InExpression(fault)) d.label = "this expression cannot go on like this";
    return;
  }
  Say(DiagnosticCode::kSyntax, fault.word, absl::StrCat("expected ", expected, ", found ", found));
}

std::string DescribeExpected(const std::vector<size_t>& types) {
  std::vector<std::string> parts;
  const bool name = Contains(types, P::NAME), literal = Contains(types, P::INT);
  const bool operators = Contains(types, P::STAR) && Contains(types, P::MINUS);
  const bool expression = name && literal && Contains(types, P::LPAREN);
  if (expression) {
    parts.emplace_back("an expression");
  } else if (name) {
    parts.emplace_back("a name");
  }
  for (size_t type : types) {
    if (expression && BeginsOperand(type)) continue;
    if (name && (IsNameType(type) || IsReservedType(type))) continue;
    // After an operand any operator could follow; what closes it is the news.
    if (operators &&
        (ExpectsOperand(type) || type == P::STAR || type == P::PLUS || type == P::COALESCE) &&
        type != P::COMMA) {
      continue;
    }
    if (type == antlr4::Token::EOF) continue;
    parts.push_back(TokenText(type));
  }
  if (operators) parts.insert(parts.begin(), "an operator");
  if (parts.empty() || parts.size() > 7) return "";
  std::string result = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::StrAppend(&result, i + 1 == parts.size() ? " or " : ", ", parts[i]);
  }
  return result;
}

}  // namespace spate::syntax
