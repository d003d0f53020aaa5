#include "compiler/syntax/antlr/file_parser.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "SpateParser.h"
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/bail_strategy.h"
#include "compiler/syntax/antlr/fault.h"
#include "compiler/syntax/antlr/lexer.h"
#include "compiler/syntax/antlr/outline.h"
#include "compiler/syntax/antlr/tree_reader.h"
#include "compiler/syntax/antlr/word_kinds.h"

namespace spate::syntax {
namespace {

using P = spate_grammar::SpateParser;

class FileParser {
 public:
  FileParser(const Source& source, uint32_t file, LexedFile lexed, Outline outline,
             Diagnostics* diagnostics)
      : file_(file),
        outline_(std::move(outline)),
        diagnostics_(diagnostics),
        token_source_(WithEnd(std::move(lexed.tokens), source)),
        stream_(&token_source_),
        parser_(&stream_),
        reader_(source, file, &stream_, diagnostics),
        faults_(source, file, outline_.words, diagnostics) {
    stream_.fill();
    word_of_token_.resize(stream_.size());
    for (size_t i = 0; i < words().size(); ++i) word_of_token_[words()[i].index] = i;
    parser_.removeErrorListeners();
    parser_.setErrorHandler(std::make_shared<BailStrategy>());
    parser_.addParseListener(&guard_);
    parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(
        antlr4::atn::PredictionMode::SLL);
  }

  ast::File Run() {
    ast::File result;
    result.file = file_;
    for (const Chunk& chunk : outline_.chunks) {
      chunk_ = &chunk;
      if (std::optional<ast::Declaration> d = Declaration()) {
        result.declarations.push_back(std::move(*d));
      }
      parser_.getTreeTracker().reset();
    }
    return result;
  }

 private:
  static std::vector<std::unique_ptr<antlr4::Token>> WithEnd(
      std::vector<std::unique_ptr<antlr4::Token>> tokens, const Source& source) {
    auto end = std::make_unique<antlr4::CommonToken>(antlr4::Token::EOF);
    end->setStartIndex(source.text().size());
    end->setStopIndex(source.text().size() - 1);
    tokens.push_back(std::move(end));
    return tokens;
  }

  const std::vector<Word>& words() const { return outline_.words; }
  size_t Here() { return word_of_token_[stream_.index()]; }
  size_t TypeAt(size_t word) const { return words()[std::min(word, words().size() - 1)].type; }

  // Parses one unit that begins at `word`; null when it has a fault, which is reported.
  template <typename T>
  T* Unit(size_t word, T* (P::*rule)()) {
    parser_.reset();
    guard_.Reset();
    stream_.seek(words()[word].index);
    unit_before_ = unit_begin_;
    unit_begin_ = word;
    go_on_ = word + 1;
    try {
      return (parser_.*rule)();
    } catch (const Stop& stop) {
      incomplete_ = true;
      HandleStop(stop);
      return nullptr;
    }
  }

  void HandleStop(const Stop& stop) {
    if (stop.too_deep) {
      go_on_ = chunk_->end;
      diagnostics_->Report(DiagnosticCode::kTooDeep, reader_.SpanOf(stop.token),
                           "this is nested too deeply to be read");
      return;
    }
    ReportFault({word_of_token_[stop.token->getTokenIndex()], unit_begin_, unit_before_,
                 stop.expected, stop.rules});
  }

  void ReportFault(const Fault& fault) {
    incomplete_ = true;
    go_on_ = fault.word;
    if (words()[fault.word].begin >= chunk_->trusted_until) return;
    if (IsReported(words()[fault.word])) return;
    go_on_ = faults_.Report(fault);
  }

  // The token itself is at fault: what it was repaired to may not fit either.
  bool IsReported(const Word& word) const {
    return std::any_of(
        diagnostics_->all().begin(), diagnostics_->all().end(),
        [&](const Diagnostic& d) { return d.span.file == file_ && d.span.begin == word.begin; });
  }

  std::optional<ast::Declaration> Declaration() {
    incomplete_ = chunk_->trusted_until != UINT32_MAX;
    unit_begin_ = unit_before_ = chunk_->begin;
    if (!chunk_->has_head) {
      ReportFault({chunk_->begin, chunk_->begin, chunk_->begin, {}, {P::RuleDeclaration}});
      return std::nullopt;
    }
    const size_t head = AfterAnnotations(chunk_->begin);
    std::optional<ast::Declaration> result;
    if (TypeAt(head) == P::K_RULE) {
      result = Rule(head);
    } else if (TypeAt(head) == P::K_TEST) {
      result = Test(head);
    } else if (auto* tree = Unit(chunk_->begin, &P::declaration)) {
      result = reader_.Declaration(tree);
      CheckEnd(Here());
    }
    if (result.has_value()) result->incomplete = incomplete_;
    return result;
  }

  // Nothing may follow a declaration but the next one.
  void CheckEnd(size_t word) {
    if (word == chunk_->end) return;
    if (word > chunk_->end) {  // the next declaration's word was read as an operand of this one
      incomplete_ = true;
      if (words()[chunk_->end].begin < chunk_->trusted_until) {
        faults_.ReportMissingBefore(chunk_->end);
      }
      return;
    }
    ReportFault({word, chunk_->begin, chunk_->begin, {}, {P::RuleFile}});
  }

  size_t AfterAnnotations(size_t word) const {
    while (word < chunk_->end && TypeAt(word) == P::AT_SIGN) {
      word += 2;
      if (TypeAt(word) != P::LPAREN) continue;
      const uint32_t depth = words()[word].depth;
      for (++word; word < chunk_->end && words()[word].depth != depth; ++word) {
      }
      ++word;
    }
    return word;
  }

  std::vector<ast::Annotation> Annotations(size_t head) {
    std::vector<P::AnnotationContext*> trees;
    std::vector<ast::Annotation> result;
    for (size_t word = chunk_->begin; word < head;) {
      auto* tree = Unit(word, &P::annotation);
      if (tree == nullptr) break;
      for (ast::Annotation& a : reader_.Annotations({tree})) result.push_back(std::move(a));
      word = Here();
    }
    return result;
  }

  ast::Declaration Begin(size_t head) {
    ast::Declaration d;
    const Word& first = words()[chunk_->begin];
    const Word& last = words()[std::max(chunk_->end, chunk_->begin + 1) - 1];
    d.span = {file_, first.begin, last.end};
    d.doc = reader_.DocBefore(stream_.get(first.index));
    d.annotations = Annotations(head);
    return d;
  }

  std::optional<ast::Declaration> Rule(size_t head) {
    ast::Declaration result = Begin(head);
    auto* tree = Unit(head, &P::ruleHead);
    if (tree == nullptr) return std::nullopt;
    ast::RuleDecl rule;
    rule.name = reader_.RuleName(tree);
    size_t word = Here();
    while (word < chunk_->end && TypeAt(word) != P::RBRACE) {
      if (HasEvery(word)) {
        word = NextUnit(word, MayBeginClause);
        continue;
      }
      auto* clause = Unit(word, &P::clause);
      if (clause != nullptr && SwallowedNext(word, rule.match != nullptr)) {
        word = go_on_;
      } else if (clause != nullptr) {
        reader_.Clause(clause, &rule);
        word = Here();
      } else {
        word = NextUnit(word, MayBeginClause);
      }
      parser_.getTreeTracker().reset();
    }
    CheckEnd(word + 1);
    result.node = std::move(rule);
    return result;
  }

  // `match every ..`: `every` would be read as the pattern.
  bool HasEvery(size_t word) {
    const bool trusted = words()[word].begin < chunk_->trusted_until;
    if (TypeAt(word) != P::K_MATCH || !trusted || !faults_.ReportEvery(word + 1)) return false;
    incomplete_ = true;
    go_on_ = word + 2;
    return true;
  }

  // Whether the clause at `begin` took the word of the next one as its last operand, as `within` in
  // `where a.x ==` before `within 5m`. That is certain when what follows cannot begin a clause.
  bool SwallowedNext(size_t begin, bool has_match) {
    const size_t end = Here(), last = end - 1;
    if (last <= begin + 1 || !ExpectsOperand(TypeAt(last - 1)) || !LooksLikeClause(words(), last)) {
      return false;
    }
    const bool second_match = TypeAt(end) == P::K_MATCH && TypeAt(last) == P::K_AFTER &&
                              (has_match || TypeAt(begin) == P::K_MATCH);
    if (!second_match && (TypeAt(end) == P::RBRACE || IsClauseWord(TypeAt(end)))) return false;
    incomplete_ = true;
    go_on_ = last;
    if (words()[last].begin < chunk_->trusted_until) faults_.ReportMissingBefore(last);
    return true;
  }

  static bool MayBeginClause(const std::vector<Word>& words, size_t i) {
    if (LooksLikeClause(words, i)) return true;
    const size_t next = i + 1 < words.size() ? words[i + 1].type : antlr4::Token::EOF;
    return words[i].first_on_line && IsClauseWord(words[i].type) && next != P::COLON &&
           next != P::DOT && !ExpectsOperand(words[i - 1].type);
  }

  // The next word at the depth of `unit` with which a unit can begin, or the closing brace.
  template <typename Looks>
  size_t NextUnit(size_t unit, Looks looks) {
    const uint32_t depth = words()[unit].depth;
    for (size_t word = go_on_; word < chunk_->end; ++word) {
      const bool closes = words()[word].type == P::RBRACE && words()[word].depth < depth;
      const bool begins = words()[word].depth == depth && word != unit && looks(words(), word);
      if (closes || begins) return word;
    }
    return chunk_->end;
  }

  std::optional<ast::Declaration> Test(size_t head) {
    ast::Declaration result = Begin(head);
    auto* tree = Unit(head, &P::testHead);
    if (tree == nullptr) return std::nullopt;
    ast::TestDecl test = reader_.TestHead(tree);
    size_t word = Here();
    while (word < chunk_->end && TypeAt(word) != P::RBRACE) {
      if (auto* statement = Unit(word, &P::testStatement)) {
        test.statements.push_back(reader_.TestStatement(statement));
        word = Here();
      } else {
        word = NextUnit(word, [](const std::vector<Word>& all, size_t i) {
          return all[i].first_on_line && IsNameType(all[i].type);
        });
      }
      parser_.getTreeTracker().reset();
    }
    CheckEnd(word + 1);
    result.node = std::move(test);
    return result;
  }

  uint32_t file_;
  Outline outline_;
  Diagnostics* diagnostics_;
  antlr4::ListTokenSource token_source_;
  antlr4::CommonTokenStream stream_;
  P parser_;
  DepthGuard guard_;
  TreeReader reader_;
  FaultReporter faults_;
  std::vector<size_t> word_of_token_;  // by index in the stream
  const Chunk* chunk_ = nullptr;
  size_t unit_begin_ = 0;
  size_t unit_before_ = 0;
  size_t go_on_ = 0;  // after a fault: where the next unit may begin
  bool incomplete_ = false;
};

}  // namespace

ast::File ParseText(const Source& source, uint32_t file, const ParseLimits& limits,
                    Diagnostics* diagnostics) {
  ast::File nothing;
  nothing.file = file;
  // ANTLR's runtime reports errors of its own by exceptions; none is expected, none may leave.
  try {
    LexedFile lexed = Lex(source, file, limits.max_tokens, diagnostics);
    if (lexed.too_many) return nothing;
    Outline outline = MakeOutline(source, file, limits.max_depth, lexed.tokens, diagnostics);
    if (outline.too_deep) return nothing;
    return FileParser(source, file, std::move(lexed), std::move(outline), diagnostics).Run();
  } catch (const std::exception& e) {
    diagnostics->Report(DiagnosticCode::kSyntax, {file, 0, 0},
                        absl::StrCat("this file could not be read: ", e.what()));
    return nothing;
  }
}

}  // namespace spate::syntax
