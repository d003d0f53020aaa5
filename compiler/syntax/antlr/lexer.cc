#include "compiler/syntax/antlr/lexer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/lexical_faults.h"

namespace spate::syntax {
namespace {

using Lexer = spate_grammar::SpateLexer;

// We compute columns ourselves, so ANTLR's column of a token is free for a mark.
constexpr size_t kRefused = 1;
constexpr size_t kLosesRest = 2;

// Byte of each code point; empty when all of them are ASCII, where they are the same.
std::vector<uint32_t> ByteOffsets(absl::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::vector<uint32_t> offsets;
  if (std::all_of(text.begin(), text.end(), is_ascii)) return offsets;
  offsets.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      offsets.push_back(static_cast<uint32_t>(i));
    }
  }
  offsets.push_back(static_cast<uint32_t>(text.size()));
  return offsets;
}

class LexerDriver {
 public:
  LexerDriver(const Source& source, uint32_t file, Diagnostics* diagnostics)
      : base_(HasMark(source.text()) ? 3 : 0),
        text_(absl::string_view(source.text()).substr(base_)),
        offsets_(ByteOffsets(text_)),
        input_(std::string(text_)),
        lexer_(&input_),
        faults_(source, file, diagnostics) {
    lexer_.removeErrorListeners();  // ERROR_CHAR matches everything: there are no errors
  }

  LexedFile Run(size_t max_tokens) {
    LexedFile result;
    for (;;) {
      std::unique_ptr<antlr4::Token> token = lexer_.nextToken();
      if (token->getType() == antlr4::Token::EOF) break;
      if (result.tokens.size() == max_tokens) {
        result.too_many = true;
        break;
      }
      auto* writable = static_cast<antlr4::CommonToken*>(token.get());
      writable->setCharPositionInLine(0);
      writable->setStartIndex(ToByte(writable->getStartIndex()));
      writable->setStopIndex(ToByte(writable->getStopIndex() + 1) - 1);
      Repair(writable);
      writable->setTokenIndex(result.tokens.size());
      result.tokens.push_back(std::move(token));
    }
    return result;
  }

 private:
  static bool HasMark(absl::string_view text) { return text.substr(0, 3) == "\xEF\xBB\xBF"; }

  size_t ToByte(size_t code_point) const {
    return base_ + (offsets_.empty() ? code_point : offsets_[code_point]);
  }
  size_t ToCodePoint(size_t byte) const {
    byte -= base_;
    if (offsets_.empty()) return byte;
    return static_cast<size_t>(std::lower_bound(offsets_.begin(), offsets_.end(), byte) -
                               offsets_.begin());
  }

  void Repair(antlr4::CommonToken* token) {
    const uint32_t begin = static_cast<uint32_t>(token->getStartIndex());
    const uint32_t end = static_cast<uint32_t>(token->getStopIndex() + 1);
    const std::optional<Repaired> repaired = faults_.Look(token->getType(), begin, end);
    if (!repaired.has_value()) return;
    token->setCharPositionInLine(repaired->loses_rest ? kLosesRest : kRefused);
    if (repaired->type == 0) {
      token->setChannel(antlr4::Token::HIDDEN_CHANNEL);
    } else {
      token->setType(repaired->type);
    }
    if (repaired->resume > end) {
      token->setStopIndex(repaired->resume - 1);
      input_.seek(ToCodePoint(repaired->resume));
    }
  }

  size_t base_;  // bytes of a byte order mark, which ANTLR leaves out
  absl::string_view text_;
  std::vector<uint32_t> offsets_;
  antlr4::ANTLRInputStream input_;
  Lexer lexer_;
  LexicalFaults faults_;
};

}  // namespace

LexedFile Lex(const Source& source, uint32_t file, size_t max_tokens, Diagnostics* diagnostics) {
  LexedFile result = LexerDriver(source, file, diagnostics).Run(max_tokens);
  if (result.too_many) {
    const auto* last = result.tokens.back().get();
    const auto end = static_cast<uint32_t>(last->getStopIndex() + 1);
    diagnostics
        ->Report(DiagnosticCode::kFileTooLarge, {file, end, end},
                 absl::StrCat("a rule file with more than ", max_tokens, " words and signs"))
        .fix = Fix{"split it and `import` the parts", std::nullopt, ""};
  }
  return result;
}

bool IsRefused(const antlr4::Token* token) { return token->getCharPositionInLine() != 0; }
bool LosesRest(const antlr4::Token* token) { return token->getCharPositionInLine() == kLosesRest; }

}  // namespace spate::syntax
