// TreeReader: spans, names, texts and doc lines.
#include "compiler/syntax/antlr/tree_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "compiler/syntax/antlr/lexer.h"
#include "compiler/syntax/literals.h"

namespace spate::syntax {

Span TreeReader::SpanOf(const antlr4::Token* token) const {
  // The lexer's driver has turned ANTLR's code points into bytes (lexer.h).
  return {file_, static_cast<uint32_t>(token->getStartIndex()),
          static_cast<uint32_t>(token->getStopIndex() + 1)};
}

Span TreeReader::SpanOf(antlr4::ParserRuleContext* tree) const {
  const Span first = SpanOf(tree->getStart());
  // An empty tree has no last token, or one that stands before its first.
  if (tree->getStop() == nullptr) return {file_, first.begin, first.begin};
  const Span last = SpanOf(tree->getStop());
  return last.end < first.begin ? Span{file_, first.begin, first.begin} : Join(first, last);
}

absl::string_view TreeReader::TextOf(Span span) const {
  return absl::string_view(source_.text()).substr(span.begin, span.end - span.begin);
}

ast::Name TreeReader::Name(Tree::NameContext* tree) {
  const Span span = SpanOf(tree);
  absl::string_view text = TextOf(span);
  if (tree->QUOTED_NAME() != nullptr) text = text.substr(1, text.size() - 2);
  return {std::string(text), span};
}

ast::Name TreeReader::Name(Tree::LabelContext* tree) {
  if (tree->name() != nullptr) return Name(tree->name());
  const Span span = SpanOf(tree);
  return {std::string(TextOf(span)), span};
}

std::string TreeReader::Text(Tree::TextContext* tree) {
  const Span span = SpanOf(tree);
  absl::string_view token = TextOf(span);
  if (IsRefused(tree->getStart())) return "";
  if (tree->RAW_TEXT() != nullptr) return std::string(RawTextBody(token));
  UnescapedText text = Unescape(token.substr(1, token.size() - 2));
  if (text.bad_length > 0) {
    const auto begin = static_cast<uint32_t>(span.begin + 1 + text.bad_begin);
    const Span bad{file_, begin, static_cast<uint32_t>(begin + text.bad_length)};
    Diagnostic& d = Report(DiagnosticCode::kBadEscape, bad,
                           absl::StrCat("`", TextOf(bad), "` is no escape in a text"));
    d.label = "texts have JSON's escapes: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041";
    if (token.find("\\\"") == absl::string_view::npos) {
      d.fix = Fix{"in a raw text a backslash is ordinary", span, absl::StrCat("r", token)};
    }
  }
  return std::move(text.value);
}

std::string TreeReader::DocBefore(const antlr4::Token* token) {
  std::vector<std::string> lines;
  for (size_t i = token->getTokenIndex(); i-- > 0;) {
    const antlr4::Token* before = tokens_->get(i);
    if (before->getChannel() == antlr4::Token::DEFAULT_CHANNEL) break;
    if (before->getType() != Tree::DOC) continue;
    const Span span = SpanOf(before);
    absl::string_view line = TextOf(span);
    const uint32_t line_start = source_.LineStart(source_.Locate(span.begin).line);
    const absl::string_view indent = TextOf({file_, line_start, span.begin});
    if (indent.find_first_not_of(" \t") != absl::string_view::npos) continue;  // after other text
    line.remove_prefix(3);
    lines.emplace_back(absl::StripPrefix(line, " "));
  }
  std::reverse(lines.begin(), lines.end());
  return absl::StrJoin(lines, "\n");
}

}  // namespace spate::syntax
