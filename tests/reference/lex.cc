#include "tests/reference/lex.h"

#include <cctype>
#include <map>

namespace spate::reference {
namespace {

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

int64_t UnitOf(const std::string& unit) {
  static const std::map<std::string, int64_t> kUnits = {{"ns", 1},
                                                        {"us", 1'000},
                                                        {"ms", 1'000'000},
                                                        {"s", 1'000'000'000},
                                                        {"m", 60'000'000'000},
                                                        {"h", 3'600'000'000'000},
                                                        {"d", 86'400'000'000'000},
                                                        {"w", 604'800'000'000'000}};
  auto it = kUnits.find(unit);
  return it == kUnits.end() ? 0 : it->second;
}

class Lexer {
 public:
  Lexer(const std::string& text, std::vector<Token>* tokens) : text_(text), tokens_(tokens) {}

  bool Run() {
    while (true) {
      bool spaced = SkipSpace();
      Token token;
      token.spaced = spaced;
      if (pos_ == text_.size()) {
        tokens_->push_back(token);
        return true;
      }
      if (!Next(&token)) return false;
      tokens_->push_back(token);
    }
  }

 private:
  char Peek(size_t ahead = 0) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }

  bool SkipSpace() {
    size_t begin = pos_;
    while (pos_ < text_.size()) {
      if (Peek() == '/' && Peek(1) == '/') {
        while (pos_ < text_.size() && Peek() != '\n') ++pos_;
      } else if (std::isspace(static_cast<unsigned char>(Peek())) != 0) {
        ++pos_;
      } else {
        break;
      }
    }
    return pos_ > begin;
  }

  bool Next(Token* token) {
    if (IsDigit(Peek())) return Number(token);
    if (IsWord(Peek())) {
      token->kind = TokenKind::kWord;
      while (IsWord(Peek())) token->text += text_[pos_++];
      return Peek() != '"';  // r"raw"
    }
    if (Peek() == '"') return Text(token);
    static const char* const kSymbols[] = {"->>", "->", "==", "!=", "<=", ">=", "??", "{", "}",
                                           "(",   ")",  "[",  "]",  ",",  ":",  ".",  "|", "&",
                                           "+",   "-",  "*",  "/",  "%",  "<",  ">",  "=", "?"};
    for (const char* symbol : kSymbols) {
      std::string s = symbol;
      if (text_.compare(pos_, s.size(), s) != 0) continue;
      pos_ += s.size();
      token->kind = TokenKind::kSymbol;
      token->text = s;
      return Peek() != '~';  // operators that ignore case
    }
    return false;
  }

  bool Number(Token* token) {
    std::string digits;
    while (IsDigit(Peek()) || Peek() == '_') {
      if (Peek() != '_') digits += Peek();
      ++pos_;
    }
    token->number = std::stoll(digits);
    token->kind = TokenKind::kInt;
    if (Peek() == '.' && IsDigit(Peek(1))) {
      digits += text_[pos_++];
      while (IsDigit(Peek())) digits += text_[pos_++];
      token->kind = TokenKind::kFloat;
      token->real = std::stod(digits);
    }
    if (!std::isalpha(static_cast<unsigned char>(Peek()))) return true;
    return Duration(token);
  }

  // `1h30m`, `1.5s`: the first number is read.
  bool Duration(Token* token) {
    double total = 0, part = token->kind == TokenKind::kFloat ? token->real
                                                              : static_cast<double>(token->number);
    while (true) {
      std::string unit, digits;
      while (std::isalpha(static_cast<unsigned char>(Peek())) != 0) unit += text_[pos_++];
      if (UnitOf(unit) == 0) return false;
      total += part * static_cast<double>(UnitOf(unit));
      while (IsDigit(Peek())) digits += text_[pos_++];
      if (digits.empty()) break;
      part = std::stod(digits);
    }
    token->kind = TokenKind::kDuration;
    token->number = static_cast<int64_t>(total + 0.5);
    return !IsWord(Peek());
  }

  bool Text(Token* token) {
    token->kind = TokenKind::kText;
    for (++pos_; pos_ < text_.size() && Peek() != '"'; ++pos_) {
      if (Peek() == '\\' || Peek() == '\n') return false;
      token->text += Peek();
    }
    return pos_++ < text_.size();
  }

  const std::string& text_;
  std::vector<Token>* tokens_;
  size_t pos_ = 0;
};

}  // namespace

bool Lex(const std::string& text, std::vector<Token>* tokens) { return Lexer(text, tokens).Run(); }

}  // namespace spate::reference
