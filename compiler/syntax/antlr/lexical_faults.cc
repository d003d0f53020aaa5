#include "compiler/syntax/antlr/lexical_faults.h"

#include <algorithm>
#include <utility>

#include "SpateLexer.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace spate::syntax {
namespace {

using Lexer = spate_grammar::SpateLexer;

struct UnitWord {
  absl::string_view word;
  absl::string_view unit;
};
constexpr UnitWord kUnitWords[] = {
    {"nanos", "ns"}, {"micros", "us"}, {"millis", "ms"}, {"msec", "ms"}, {"sec", "s"},
    {"secs", "s"},   {"second", "s"},  {"seconds", "s"}, {"S", "s"},     {"min", "m"},
    {"mins", "m"},   {"minute", "m"},  {"minutes", "m"}, {"M", "m"},     {"hr", "h"},
    {"hrs", "h"},    {"hour", "h"},    {"hours", "h"},   {"H", "h"},     {"day", "d"},
    {"days", "d"},   {"D", "d"},       {"week", "w"},    {"weeks", "w"}, {"W", "w"},
};

bool IsAddress(absl::string_view text) {
  return std::count(text.begin(), text.end(), '.') == 3 &&
         text.find_first_not_of("0123456789.") == absl::string_view::npos;
}

}  // namespace

std::string WithOurUnit(absl::string_view text) {
  const size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == absl::string_view::npos) return "";
  for (const UnitWord& entry : kUnitWords) {
    if (text.substr(digits) == entry.word) return absl::StrCat(text.substr(0, digits), entry.unit);
  }
  return "";
}

Diagnostic& LexicalFaults::Report(DiagnosticCode code, Span span, std::string message) {
  return diagnostics_->Report(code, span, std::move(message));
}

size_t LexicalFaults::LineEnd(size_t byte) const {
  return std::min(text_.find_first_of("\r\n", byte), text_.size());
}

std::optional<Repaired> LexicalFaults::Look(size_t type, uint32_t begin, uint32_t end) {
  const Span span{file_, begin, end};
  switch (type) {
    case Lexer::BAD_NUMBER:
      return BadNumber(span);
    case Lexer::BAD_TIME:
      return BadTime(span);
    case Lexer::UNTERMINATED_TEXT:
      return Unterminated(span, /*raw=*/false);
    case Lexer::UNTERMINATED_RAW:
      return Unterminated(span, /*raw=*/true);
    case Lexer::BLOCK_COMMENT:
      return BlockComment(span);
    case Lexer::SINGLE_QUOTED:
      return SingleQuoted(span);
    case Lexer::ERROR_CHAR:
      return Character(span);
    default:
      return std::nullopt;
  }
}

Repaired LexicalFaults::BadNumber(Span span) {
  const absl::string_view text = TextOf(span);
  if (IsAddress(text)) {
    Report(DiagnosticCode::kBadNumber, span, absl::StrCat("`", text, "` is not a number")).fix =
        Fix{"an address is written as a text", span, absl::StrCat("\"", text, "\"")};
    return {Lexer::INT, 0, false};
  }
  Diagnostic& d = Report(DiagnosticCode::kBadNumber, span,
                         absl::StrCat("`", text, "` is neither a number nor a duration"));
  const std::string unit = WithOurUnit(text);
  if (!unit.empty()) {
    d.label = "durations have the units ns us ms s m h d w";
    d.fix = Fix{absl::StrCat("write `", unit, "`"), span, unit};
  } else if (text.front() == '.' || text.back() == '.') {
    const std::string whole =
        text.front() == '.' ? absl::StrCat("0", text) : absl::StrCat(text, "0");
    d.label = "digits stand on both sides of the point";
    d.fix = Fix{absl::StrCat("write `", whole, "`"), span, whole};
    return {Lexer::FLOAT, 0, false};
  } else if (text.find("__") != absl::string_view::npos || absl::EndsWith(text, "_")) {
    d.label = "one `_` stands between two digits";
  } else if (text.size() > 1 && (text[1] == 'x' || text[1] == 'X')) {
    d.label = absl::StrCat("write `int(\"", text.substr(2), "\", 16)` for a hexadecimal number");
  } else {
    d.label = "a name begins with a letter; durations have the units ns us ms s m h d w";
  }
  return {unit.empty() ? size_t{Lexer::INT} : size_t{Lexer::DURATION}, 0, false};
}

Repaired LexicalFaults::BadTime(Span span) {
  Report(DiagnosticCode::kBadTime, span, absl::StrCat("`", TextOf(span), "` is not a time")).label =
      "write `@2026-01-31`, `@2026-01-31T08:00` or `@2026-01-31T08:00:00.5+01:00`";
  return {Lexer::TIME, 0, false};
}

Repaired LexicalFaults::Unterminated(Span span, bool raw) {
  const size_t line_end = LineEnd(span.begin);
  const Span shown{file_, span.begin, static_cast<uint32_t>(line_end)};
  Diagnostic& d =
      Report(DiagnosticCode::kUnterminatedText, shown, "the text does not end on its line");
  if (raw) {
    d.label = "the end of a raw text has as many `#` as its begin, three at most";
  } else {
    d.label = "close it with `\"`; a line end inside a text is written `\\n`";
  }
  // Where the next line has a quote too many, the text probably goes on to there.
  const size_t next = std::min(text_.find_first_not_of("\r\n", line_end), text_.size());
  const absl::string_view line = text_.substr(next, LineEnd(next) - next);
  const bool odd = std::count(line.begin(), line.end(), '"') % 2 == 1;
  const size_t resume = odd ? next + line.find('"') + 1 : line_end;
  return {raw ? size_t{Lexer::RAW_TEXT} : size_t{Lexer::TEXT}, resume, true};
}

Repaired LexicalFaults::BlockComment(Span span) {
  // Once there is no end, there is none further on: the rest is not searched again.
  const size_t close = no_comment_end_ ? absl::string_view::npos : text_.find("*/", span.end);
  no_comment_end_ = close == absl::string_view::npos;
  const size_t end = close == absl::string_view::npos ? LineEnd(span.end) : close + 2;
  Diagnostic& d =
      Report(DiagnosticCode::kBlockComment, {file_, span.begin, static_cast<uint32_t>(end)},
             "there are no block comments");
  d.label = "begin each line with `//`";
  return {0, end, close == absl::string_view::npos};
}

Repaired LexicalFaults::SingleQuoted(Span span) {
  const absl::string_view body = TextOf(span).substr(1, span.end - span.begin - 2);
  Diagnostic& d = Report(DiagnosticCode::kBadCharacter, span, "a text stands in double quotes");
  if (body.find_first_of("\"\\") == absl::string_view::npos) {
    d.fix = Fix{"write double quotes", span, absl::StrCat("\"", body, "\"")};
  }
  return {Lexer::TEXT, 0, false};
}

Repaired LexicalFaults::Character(Span span) {
  const absl::string_view text = TextOf(span);
  const bool goes_on = span.begin == last_character_end_ && span.begin > 0;
  last_character_end_ = span.end;
  if (goes_on) return {0, 0, true};
  if (text == ";") {
    Report(DiagnosticCode::kBadCharacter, span, "there are no semicolons").fix =
        Fix{"leave it out", span, ""};
    return {0, 0, false};
  }
  if (text == "!") {
    Report(DiagnosticCode::kBadCharacter, span, "`!` is not an operator").fix =
        Fix{"write `not`", span, "not "};
    return {Lexer::R_NOT, 0, false};
  }
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x20 || byte == 0x7F) {
    Report(DiagnosticCode::kBadCharacter, span, "a control character cannot stand here");
    return {0, 0, true};
  }
  const absl::string_view quote = text == "`" ? "'" : "`";
  Diagnostic& d = Report(DiagnosticCode::kBadCharacter, span,
                         absl::StrCat("the character ", quote, text, quote, " cannot stand here"));
  if (text == "'" || text == "`") {
    d.label = "its partner is missing on this line";
  } else if (byte >= 0x80) {
    d.label = "a name with such characters stands between back-quotes";
  }
  return {0, 0, true};
}

}  // namespace spate::syntax
