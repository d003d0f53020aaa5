// What users of other languages write: recognised where the parser stops. Part of FaultReporter;
// see fault.h. Tested by tests/compiler/syntax/faults_test.cc and tests/errors.
#include <algorithm>
#include <string>

#include "SpateParser.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/fault.h"
#include "compiler/syntax/antlr/lexical_faults.h"
#include "compiler/syntax/antlr/word_kinds.h"

namespace spate::syntax {
namespace {

using P = spate_grammar::SpateParser;

bool Contains(const std::vector<size_t>& types, size_t type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool IsReservedWord(absl::string_view word) {
  static constexpr absl::string_view kWords[] = {
      "and",    "or",   "not",  "in",    "is", "between", "like", "matches",
      "unless", "null", "true", "false", "if", "then",    "else", "where"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

// A language, by a word with which a text in it may begin, and where to read on.
struct Language {
  absl::string_view word;  // in small letters
  absl::string_view name;
  absl::string_view page;
};
constexpr Language kLanguages[] = {
    {"sequence", "EQL", "docs/coming_from_eql.md shows"},
    {"sample", "EQL", "docs/coming_from_eql.md shows"},
    {"any", "EQL", "docs/coming_from_eql.md shows"},
    {"select", "SQL or Esper",
     "docs/coming_from_match_recognize.md and docs/coming_from_esper.md show"},
    {"pattern", "MATCH_RECOGNIZE", "docs/coming_from_match_recognize.md shows"},
    {"match_recognize", "MATCH_RECOGNIZE", "docs/coming_from_match_recognize.md shows"},
    {"create", "Esper", "docs/coming_from_esper.md shows"},
    {"insert", "Esper", "docs/coming_from_esper.md shows"},
    {"every", "Esper", "docs/coming_from_esper.md shows"},
    {"define", "Siddhi", "docs/coming_from_esper.md shows"},
};

// A clause of another language, or a word between steps, and how it is written here.
struct ForeignWord {
  absl::string_view word;  // in small letters
  absl::string_view ours;
};
constexpr ForeignWord kForeignWords[] = {
    {"group", "write `by key`"},
    {"partition", "write `by key`"},
    {"select", "write `emit Type { attribute: value, .. }`"},
    {"measures", "write `emit Type { attribute: value, .. }`"},
    {"insert", "write `emit Type { attribute: value, .. }`"},
    {"order", "leave it out: events are taken in the order of their time"},
    {"join", "write `match a: A & b: B`, with `by` and `within`"},
    {"filter", "write `where condition`, or `Type[condition]`"},
    {"define", "a condition stands behind its type: `b: B[x > 1]`"},
    {"with", "write `within 5m`"},
    {"maxspan", "write `within 5m`"},
    {"times", "write `A{3}`"},
    {"consecutive", "write `strict`"},
    {"followedby", "write `->`"},
    {"followedbyany", "write `->>`"},
    {"notfollowedby", "write `-> not B for 5m`"},
    {"notnext", "write `, not B`"},
};

const ForeignWord* FindForeignWord(absl::string_view text) {
  const std::string word = absl::AsciiStrToLower(text);
  const auto* const found =
      std::find_if(std::begin(kForeignWords), std::end(kForeignWords),
                   [&](const ForeignWord& known) { return known.word == word; });
  return found == std::end(kForeignWords) ? nullptr : found;
}

bool IsListOperator(size_t type) {
  return type == P::R_IN || type == P::IN_FOLD || type == P::R_LIKE || type == P::LIKE_FOLD ||
         type == P::R_MATCHES || type == P::MATCHES_FOLD;
}

}  // namespace

// `AND`: reserved words have small letters. The parser has taken the word for a name, and may stop
// at the one behind it.
bool FaultReporter::CapitalWord(const Fault& fault) {
  for (const size_t word : {fault.word, fault.word - 1}) {
    if (word >= words_.size() || !IsNameType(TypeAt(word)) || TypeAt(word) == P::QUOTED_NAME) {
      continue;
    }
    const absl::string_view text = TextAt(word);
    const std::string small = absl::AsciiStrToLower(text);
    if (text != absl::AsciiStrToUpper(text) || !IsReservedWord(small)) continue;
    const bool joins_steps = AtUnitStart(fault) && word == fault.word &&
                             TypeAt(fault.unit_before) == P::K_MATCH &&
                             (small == "and" || small == "or");
    if (joins_steps) {
      const std::string ours = small == "and" ? "&" : "|";
      Say(DiagnosticCode::kSyntax, word, absl::StrCat("`", text, "` does not join steps")).fix =
          Fix{absl::StrCat("write `", ours, "`"), SpanAt(word), ours};
      return true;
    }
    Diagnostic& d = Say(DiagnosticCode::kSyntax, word,
                        absl::StrCat("`", text, "` is written in small letters"));
    d.fix = Fix{absl::StrCat("write `", small, "`"), SpanAt(word), small};
    return true;
  }
  return false;
}

// `5 min`: a duration is one word.
bool FaultReporter::SplitDuration(const Fault& fault) {
  const size_t word = fault.word;
  if (word == 0 || TypeAt(word - 1) != P::INT || TypeAt(word) == antlr4::Token::EOF) return false;
  const std::string plain =
      WithOurUnit(absl::StrCat(TextAt(word - 1), absl::AsciiStrToLower(TextAt(word))));
  if (plain.empty()) return false;
  const Span both = Join(SpanAt(word - 1), SpanAt(word));
  Diagnostic& d = diagnostics_->Report(
      DiagnosticCode::kBadNumber, both,
      absl::StrCat("`", TextAt(word - 1), " ", TextAt(word), "` is not a duration"));
  d.label = "durations have the units ns us ms s m h d w";
  d.fix = Fix{absl::StrCat("write `", plain, "`"), both, plain};
  return true;
}

// `name : "x*"`, as in EQL.
bool FaultReporter::ColonComparison(const Fault& fault) {
  const size_t word = fault.word;
  if (TypeAt(word) != P::COLON || word == 0 || !EndsOperand(TypeAt(word - 1))) return false;
  const size_t clause = TypeAt(fault.unit_before);
  const bool in_clause = AtUnitStart(fault) && (clause == P::R_WHERE || clause == P::K_HAVING);
  if (!in_clause && !InExpression(fault) && !Contains(fault.expected, P::RBRACK)) return false;
  const bool text = IsText(TypeAt(word + 1)) || TypeAt(word + 1) == P::LPAREN;
  const absl::string_view ours = text ? "like~" : "==";
  Diagnostic& d = Say(DiagnosticCode::kSyntax, word, "`:` does not compare");
  if (text) d.label = "`like~` takes `*` and `?`, and ignores case";
  d.fix = Fix{absl::StrCat("write `", ours, "`"), SpanAt(word), std::string(ours)};
  return true;
}

// `A => B`.
bool FaultReporter::FatArrow(const Fault& fault) {
  if (TypeAt(fault.word) != P::FAT_ARROW) return false;
  Diagnostic& d = Say(DiagnosticCode::kSyntax, fault.word, "`=>` does not join steps");
  d.fix = Fix{"write `->`", SpanAt(fault.word), "->"};
  return true;
}

// A query of another language in place of a declaration.
bool FaultReporter::ForeignQuery(const Fault& fault) {
  const std::string word = absl::AsciiStrToLower(TextAt(fault.word));
  const auto* const language = std::find_if(std::begin(kLanguages), std::end(kLanguages),
                                            [&](const Language& l) { return l.word == word; });
  if (language == std::end(kLanguages)) return false;
  Diagnostic& d = Say(DiagnosticCode::kSyntax, fault.word,
                      absl::StrCat("expected a declaration, found ", Quoted(fault.word)));
  d.label = absl::StrCat("as in ", language->name, "? Here patterns and windows stand in a `rule`");
  d.fix = Fix{absl::StrCat(language->page, " how it is written"), std::nullopt, ""};
  return true;
}

// `group by k`, `A notFollowedBy B`.
bool FaultReporter::ForeignClause(const Fault& fault) {
  if (!AtUnitStart(fault) || fault.rules.empty() || fault.rules.front() != P::RuleClause) {
    return false;
  }
  const ForeignWord* found = FindForeignWord(TextAt(fault.word));
  if (found == nullptr) return false;
  Say(DiagnosticCode::kSyntax, fault.word,
      absl::StrCat("expected a clause of the rule, found ", Quoted(fault.word)))
      .fix = Fix{std::string(found->ours), std::nullopt, ""};
  return true;
}

// `match A B`, `match A and B`.
bool FaultReporter::StepsNotJoined(const Fault& fault) {
  const size_t word = fault.word, type = TypeAt(word), next = TypeAt(word + 1);
  const bool behind_pattern = AtUnitStart(fault) && TypeAt(fault.unit_before) == P::K_MATCH &&
                              !fault.rules.empty() && fault.rules.front() == P::RuleClause;
  if (!behind_pattern) return false;
  if (type == P::R_AND || type == P::R_OR) {
    const std::string ours = type == P::R_AND ? "&" : "|";
    Say(DiagnosticCode::kSyntax, word, absl::StrCat(Quoted(word), " does not join steps")).fix =
        Fix{absl::StrCat("write `", ours, "`"), SpanAt(word), ours};
    return true;
  }
  static constexpr size_t kBehindStep[] = {P::PLUS,   P::STAR,         P::QUESTION, P::LBRACK,
                                           P::LBRACE, P::ARROW,        P::COMMA,    P::COLON,
                                           P::PIPE,   P::DOUBLE_ARROW, P::RBRACE,   P::AMPERSAND};
  const bool ends =
      std::find(std::begin(kBehindStep), std::end(kBehindStep), next) != std::end(kBehindStep) ||
      LooksLikeClause(words_, word + 1);
  if (!IsNameType(type) || IsClauseWord(type) || !ends ||
      FindForeignWord(TextAt(word)) != nullptr) {
    return false;
  }
  Diagnostic& d = Say(DiagnosticCode::kSyntax, word,
                      absl::StrCat("nothing joins ", Quoted(word), " to the step before it"));
  d.label = "steps are joined by `->`, `->>` or `,`";
  const uint32_t end = words_[word - 1].end;
  d.fix = Fix{"write `->`", Span{file_, end, end}, " ->"};
  return true;
}

// The word before the bracket that is open at `word`, or `word` when there is none.
size_t FaultReporter::OwnerOfBracket(size_t word) const {
  for (size_t i = word; i-- > 1;) {
    if (words_[i].depth < words_[word].depth) return TypeAt(i) == P::LPAREN ? i - 1 : word;
  }
  return word;
}

// `x in (1, 2)`, as in SQL and EQL.
bool FaultReporter::ListInParentheses(const Fault& fault) {
  const size_t owner = OwnerOfBracket(fault.word);
  if (TypeAt(fault.word) != P::COMMA || owner == fault.word || !IsListOperator(TypeAt(owner))) {
    return false;
  }
  const size_t open = owner + 1;
  size_t close = fault.word;
  while (close + 1 < words_.size() && words_[close].depth > words_[open].depth) ++close;
  const Span all = Join(SpanAt(open), SpanAt(close));
  Diagnostic& d = diagnostics_->Report(DiagnosticCode::kSyntax, all, "a list stands in brackets");
  const absl::string_view inside =
      absl::string_view(source_.text())
          .substr(words_[open].end, words_[close].begin - words_[open].end);
  d.fix = Fix{absl::StrCat("write `[", inside, "]`"), all, absl::StrCat("[", inside, "]")};
  return true;
}

// `count(*)`, `count(distinct x)`, `cast(x as int)`, `case when`.
bool FaultReporter::ForeignCall(const Fault& fault) {
  const size_t word = fault.word;
  if (word < 2) return false;
  const auto say = [&](size_t at, absl::string_view message, absl::string_view ours) {
    Say(DiagnosticCode::kSyntax, at, std::string(message)).fix =
        Fix{std::string(ours), std::nullopt, ""};
    return true;
  };
  if (TypeAt(word) == P::STAR && TypeAt(word - 1) == P::LPAREN && TextAt(word - 2) == "count") {
    Say(DiagnosticCode::kSyntax, word, "`count()` counts events").fix =
        Fix{"leave it out", SpanAt(word), ""};
    return true;
  }
  if (TypeAt(word - 2) == P::LPAREN && absl::AsciiStrToLower(TextAt(word - 1)) == "distinct") {
    return say(word - 1, "an aggregate takes no `distinct`", "write `count_distinct(..)`");
  }
  if (TypeAt(word - 1) == P::K_CASE && absl::AsciiStrToLower(TextAt(word)) == "when") {
    return say(word - 1, "an expression has no `case`", "write `(if .. then .. else ..)`");
  }
  const size_t owner = OwnerOfBracket(word);
  if (TypeAt(word) == P::K_AS && absl::AsciiStrToLower(TextAt(owner)) == "cast") {
    return say(owner, "there is no `cast`", "write `int(x)`, `float(x)`, `string(x)` ..");
  }
  return false;
}

// `match every a: A`, as in Esper.
bool FaultReporter::ReportEvery(size_t word) {
  const bool step = IsNameType(TypeAt(word + 1)) || TypeAt(word + 1) == P::LPAREN;
  if (TypeAt(word) != P::K_EVERY || !step || LooksLikeClause(words_, word + 1)) return false;
  Diagnostic& d = Say(DiagnosticCode::kSyntax, word, "a pattern has no `every`");
  d.label = "each event that the first step accepts may begin a match; see `after match`";
  d.fix = Fix{"leave it out", Span{file_, words_[word].begin, words_[word + 1].begin}, ""};
  return true;
}

}  // namespace spate::syntax
