#include "compiler/syntax/antlr/outline.h"

#include <algorithm>
#include <string>

#include "SpateParser.h"
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/word_kinds.h"

namespace spate::syntax {
namespace {

using P = spate_grammar::SpateParser;

struct Open {
  size_t word;
  uint32_t indent;  // of its line
};

size_t CloserOf(size_t opener) {
  switch (opener) {
    case P::LPAREN:
      return P::RPAREN;
    case P::LBRACK:
      return P::RBRACK;
    case P::LBRACE:
      return P::RBRACE;
    default:
      return 0;
  }
}

bool IsCloser(size_t type) { return type == P::RPAREN || type == P::RBRACK || type == P::RBRACE; }

absl::string_view BracketText(size_t type) {
  switch (type) {
    case P::LPAREN:
      return "(";
    case P::RPAREN:
      return ")";
    case P::LBRACK:
      return "[";
    case P::RBRACK:
      return "]";
    case P::LBRACE:
      return "{";
    default:
      return "}";
  }
}

class Outliner {
 public:
  Outliner(const Source& source, uint32_t file, size_t max_depth,
           const std::vector<std::unique_ptr<antlr4::Token>>& tokens, Diagnostics* diagnostics)
      : source_(source),
        file_(file),
        max_depth_(max_depth),
        tokens_(tokens),
        diagnostics_(diagnostics) {}

  Outline Run() {
    ReadWords();
    std::vector<Word>& words = outline_.words;
    for (at_ = 0; at_ + 1 < words.size() && !outline_.too_deep; ++at_) {
      if (StartsDeclaration(at_)) BeginChunk(at_);
      if (outline_.chunks.empty()) BeginChunk(at_);
      words[at_].depth = static_cast<uint32_t>(open_.size());
      if (CloserOf(words[at_].type) != 0) {
        OpenBracket();
      } else if (IsCloser(words[at_].type)) {
        CloseBracket();
      }
      if (LosesRest(tokens_[words[at_].index].get())) Distrust(words[at_].begin);
    }
    EndChunk(words.size() - 1);
    RemoveHidden();
    return std::move(outline_);
  }

 private:
  void ReadWords() {
    const std::string& text = source_.text();
    uint32_t line = 0, last_line = 0;
    uint32_t position = 0;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      const antlr4::Token& token = *tokens_[i];
      const auto begin = static_cast<uint32_t>(token.getStartIndex());
      line +=
          static_cast<uint32_t>(std::count(text.begin() + position, text.begin() + begin, '\n'));
      position = begin;
      if (token.getChannel() != antlr4::Token::DEFAULT_CHANNEL) {
        if (LosesRest(&token)) lost_.push_back(begin);
        continue;
      }
      const bool first = outline_.words.empty() || line != last_line;
      last_line = line;
      outline_.words.push_back(
          {token.getType(), begin, static_cast<uint32_t>(token.getStopIndex() + 1), i, 0, first});
    }
    const auto end = static_cast<uint32_t>(text.size());
    outline_.words.push_back({antlr4::Token::EOF, end, end, tokens_.size(), 0, true});
  }

  size_t TypeAt(size_t i) const {
    return i < outline_.words.size() ? outline_.words[i].type : antlr4::Token::EOF;
  }

  // Whether word `i` and those after it can only be the head of a declaration.
  bool IsHead(size_t i) const {
    const size_t name = TypeAt(i + 1), after = TypeAt(i + 2);
    const bool named = IsNameType(name);
    switch (TypeAt(i)) {
      case P::K_IMPORT:
        return IsText(name);
      case P::K_TEST:
        return IsText(name) && (after == P::LBRACE || after == P::K_FOR);
      case P::K_PARAM:
      case P::K_CONST:
        return named && (after == P::ASSIGN || after == P::COLON);
      case P::K_FN:
        return named && after == P::LPAREN;
      case P::K_TABLE:
      case P::K_RULE:
        return named && after == P::LBRACE;
      case P::K_EVENT:
        return named && (after == P::LBRACE || after == P::ASSIGN || after == P::K_EVERY ||
                         (after == P::K_AT && IsNameType(TypeAt(i + 3))));
      case P::K_SPARSE:
      case P::K_INTERNAL:
        return name == P::K_EVENT ||
               ((name == P::K_SPARSE || name == P::K_INTERNAL) && after == P::K_EVENT);
      default:
        return false;
    }
  }

  bool StartsDeclaration(size_t i) const {
    const Word& word = outline_.words[i];
    if (i > 0 && IsModifier(i - 1)) return false;  // `event` of `sparse event`
    if (i > 0 && outline_.words[i - 1].type == P::DOT) return false;
    if (open_.empty()) {
      if (IsHead(i)) return true;
      const bool after_operator = i > 0 && ExpectsOperand(outline_.words[i - 1].type);
      return word.first_on_line && !after_operator && IsDeclarationWord(word.type) &&
             !ExpectsOperand(TypeAt(i + 1));
    }
    // Inside brackets: one is missing, unless a test sets up a param or table.
    const bool in_test = TypeAt(outline_.chunks.back().begin) == P::K_TEST;
    const bool of_tests = word.type == P::K_PARAM || word.type == P::K_TABLE;
    return word.first_on_line && !(in_test && of_tests) && IsHead(i);
  }

  bool IsModifier(size_t i) const {
    const size_t type = outline_.words[i].type, next = TypeAt(i + 1);
    return (type == P::K_SPARSE || type == P::K_INTERNAL) && IsHead(i) &&
           (next == P::K_EVENT || next == P::K_SPARSE || next == P::K_INTERNAL);
  }

  // The first word of the annotations that stand before word `i`.
  size_t BeforeAnnotations(size_t i) const {
    const std::vector<Word>& words = outline_.words;
    for (;;) {
      size_t k = i;
      if (k > 0 && words[k - 1].type == P::RPAREN) {
        size_t depth = 1;
        for (--k; k > 0 && depth > 0; --k) {
          if (words[k - 1].type == P::RPAREN) ++depth;
          if (words[k - 1].type == P::LPAREN) --depth;
        }
      }
      if (k < 2 || words[k - 2].type != P::AT_SIGN || !IsNameType(words[k - 1].type)) return i;
      i = k - 2;
    }
  }

  void BeginChunk(size_t head) {
    const size_t begin = BeforeAnnotations(head);
    const bool has_head = IsDeclarationWord(TypeAt(head));
    if (!outline_.chunks.empty()) {
      if (outline_.chunks.back().begin >= begin) {  // there were only its annotations yet
        outline_.chunks.back().has_head = has_head;
        return;
      }
      EndChunk(begin);
    }
    outline_.chunks.push_back({begin, begin, has_head});
  }

  void EndChunk(size_t end) {
    if (outline_.chunks.empty()) return;
    Chunk& chunk = outline_.chunks.back();
    chunk.end = end;
    if (!open_.empty()) ReportUnclosed(end);
    open_.clear();
    suspect_.reset();
    const auto lost =
        std::lower_bound(lost_.begin(), lost_.end(), outline_.words[chunk.begin].begin);
    if (lost != lost_.end() && *lost < outline_.words[end].begin) Distrust(*lost);
  }

  void Distrust(uint32_t from) {
    Chunk& chunk = outline_.chunks.back();
    chunk.trusted_until = std::min(chunk.trusted_until, from);
  }

  uint32_t Indent(uint32_t byte) const {
    const uint32_t start = source_.LineStart(source_.Locate(byte).line);
    const size_t text = source_.text().find_first_not_of(" \t", start);
    return static_cast<uint32_t>(text) - start;
  }

  Span SpanOf(size_t word) const {
    return {file_, outline_.words[word].begin, outline_.words[word].end};
  }

  void OpenBracket() {
    if (open_.size() >= max_depth_) {
      diagnostics_
          ->Report(DiagnosticCode::kTooDeep, SpanOf(at_),
                   absl::StrCat("more than ", max_depth_, " brackets are open here"))
          .fix = Fix{"give parts of it names, with `fn` or `const`", std::nullopt, ""};
      outline_.too_deep = true;
    }
    open_.push_back({at_, Indent(outline_.words[at_].begin)});
  }

  void CloseBracket() {
    const size_t type = outline_.words[at_].type;
    const auto partner = std::find_if(open_.rbegin(), open_.rend(), [&](const Open& open) {
      return CloserOf(outline_.words[open.word].type) == type;
    });
    if (open_.empty()) {
      ReportTooMany();
    } else if (partner == open_.rend() || (type != P::RBRACE && partner != open_.rbegin())) {
      ReportMismatch();
    } else {
      if (partner != open_.rbegin()) ReportUnclosedBefore();
      while (CloserOf(outline_.words[open_.back().word].type) != type) open_.pop_back();
      SuspectByIndent();
      open_.pop_back();
      outline_.words[at_].depth = static_cast<uint32_t>(open_.size());
    }
  }

  // A `}` that stands first on its line, not under the line of its partner but under that of an
  // outer one: if a bracket turns out to be missing, it is probably that partner's.
  void SuspectByIndent() {
    const Word& word = outline_.words[at_];
    if (!word.first_on_line || word.type != P::RBRACE || suspect_.has_value()) return;
    const uint32_t indent = Indent(word.begin);
    if (open_.back().indent == indent) return;
    for (size_t i = 0; i + 1 < open_.size(); ++i) {
      if (open_[i].indent == indent) suspect_ = open_.back().word;
    }
  }

  void ReportTooMany() {
    const absl::string_view bracket = BracketText(outline_.words[at_].type);
    Diagnostic& d = diagnostics_->Report(DiagnosticCode::kUnclosedBracket, SpanOf(at_),
                                         absl::StrCat("`", bracket, "` closes nothing"));
    d.label = "no bracket is open here";
    hidden_.push_back(at_);
  }

  void ReportMismatch() {
    const size_t opener = open_.back().word;
    const size_t closer = CloserOf(outline_.words[opener].type);
    Diagnostic& d = diagnostics_->Report(
        DiagnosticCode::kUnclosedBracket, SpanOf(at_),
        absl::StrCat("`", BracketText(outline_.words[opener].type), "` is closed by `",
                     BracketText(outline_.words[at_].type), "`"));
    d.labels.push_back({SpanOf(opener), "opened here"});
    d.fix = Fix{absl::StrCat("write `", BracketText(closer), "`"), SpanOf(at_),
                std::string(BracketText(closer))};
    Distrust(outline_.words[opener].begin);  // the other one may be the wrong one
    outline_.words[at_].type = closer;
    static_cast<antlr4::CommonToken*>(tokens_[outline_.words[at_].index].get())->setType(closer);
    open_.pop_back();
    outline_.words[at_].depth = static_cast<uint32_t>(open_.size());
  }

  void ReportUnclosedBefore() {
    const size_t opener = open_.back().word;
    Diagnostic& d = diagnostics_->Report(
        DiagnosticCode::kUnclosedBracket, SpanOf(opener),
        absl::StrCat("`", BracketText(outline_.words[opener].type), "` is not closed"));
    d.labels.push_back({SpanOf(at_), "this comes first"});
    Distrust(outline_.words[opener].begin);
  }

  void ReportUnclosed(size_t end) {
    const size_t opener = suspect_.value_or(open_.back().word);
    Diagnostic& d = diagnostics_->Report(
        DiagnosticCode::kUnclosedBracket, SpanOf(opener),
        absl::StrCat("`", BracketText(outline_.words[opener].type), "` is not closed"));
    if (TypeAt(end) != antlr4::Token::EOF) {
      d.labels.push_back({SpanOf(end), "before this declaration"});
    }
    Distrust(outline_.words[opener].begin);
  }

  // Closing brackets that close nothing are not shown to the parser.
  void RemoveHidden() {
    if (hidden_.empty()) return;
    for (size_t word : hidden_) {
      const size_t index = outline_.words[word].index;
      static_cast<antlr4::CommonToken*>(tokens_[index].get())
          ->setChannel(antlr4::Token::HIDDEN_CHANNEL);
    }
    std::vector<Word> kept;
    std::vector<size_t> new_place;
    size_t next_hidden = 0;
    for (size_t i = 0; i < outline_.words.size(); ++i) {
      new_place.push_back(kept.size());
      if (next_hidden < hidden_.size() && hidden_[next_hidden] == i) {
        ++next_hidden;
      } else {
        kept.push_back(outline_.words[i]);
      }
    }
    for (Chunk& chunk : outline_.chunks) {
      chunk.begin = new_place[chunk.begin];
      chunk.end = new_place[chunk.end];
    }
    outline_.words = std::move(kept);
  }

  const Source& source_;
  uint32_t file_;
  size_t max_depth_;
  const std::vector<std::unique_ptr<antlr4::Token>>& tokens_;
  Diagnostics* diagnostics_;
  Outline outline_;
  size_t at_ = 0;
  std::vector<Open> open_;
  std::optional<size_t> suspect_;
  std::vector<size_t> hidden_;  // words, ascending
  std::vector<uint32_t> lost_;  // bytes of hidden tokens after which parts may be lost
};

}  // namespace

Outline MakeOutline(const Source& source, uint32_t file, size_t max_depth,
                    const std::vector<std::unique_ptr<antlr4::Token>>& tokens,
                    Diagnostics* diagnostics) {
  return Outliner(source, file, max_depth, tokens, diagnostics).Run();
}

}  // namespace spate::syntax
