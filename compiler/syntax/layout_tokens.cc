#include "compiler/syntax/layout_tokens.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace spate {
namespace {

// The length of a text, raw text or quoted name at the begin of `s`; 0: there is none.
size_t QuotedLength(absl::string_view s) {
  if (s[0] == '"' || s[0] == '`') {
    size_t i = 1;
    while (i < s.size() && s[i] != s[0] && s[i] != '\n') i += s[i] == '\\' && s[0] == '"' ? 2 : 1;
    return std::min(i + 1, s.size());
  }
  if (s[0] != 'r') return 0;
  size_t hashes = 0;
  while (1 + hashes < s.size() && s[1 + hashes] == '#') ++hashes;
  if (1 + hashes >= s.size() || s[1 + hashes] != '"') return 0;
  const std::string end = absl::StrCat("\"", std::string(hashes, '#'));
  const size_t at = s.find(end, hashes + 2);
  return at == absl::string_view::npos ? s.size() : at + end.size();
}

bool IsAlone(char c) { return absl::StrContains("()[]{},", absl::string_view(&c, 1)); }
bool IsWordChar(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The length of the token at the begin of `s`, which is not empty and begins with no blank.
size_t TokenLength(absl::string_view s) {
  if (absl::StartsWith(s, "//")) {
    size_t end = std::min(s.find('\n'), s.size());
    while (end > 0 && absl::ascii_isspace(static_cast<unsigned char>(s[end - 1]))) --end;
    return end;
  }
  if (IsAlone(s[0])) return 1;
  if (const size_t quoted = QuotedLength(s); quoted > 0) return quoted;
  size_t i = 1;
  while (i < s.size() && !absl::ascii_isspace(static_cast<unsigned char>(s[i])) && !IsAlone(s[i]) &&
         s[i] != '"' && s[i] != '`' && !absl::StartsWith(s.substr(i), "//")) {
    // A raw text begins with `r`, but not inside a word.
    if (s[i] == 'r' && !IsWordChar(s[i - 1]) && QuotedLength(s.substr(i)) > 0) break;
    ++i;
  }
  return i;
}

}  // namespace

std::vector<LayoutToken> LayoutTokens(absl::string_view text) {
  std::vector<LayoutToken> tokens;
  LayoutToken next;
  while (!text.empty()) {
    if (absl::ascii_isspace(static_cast<unsigned char>(text[0]))) {
      next.breaks += text[0] == '\n' ? 1 : 0;
      next.blank = true;
      text.remove_prefix(1);
      continue;
    }
    const size_t length = TokenLength(text);
    next.text = std::string(text.substr(0, length));
    next.comment = absl::StartsWith(next.text, "//");
    text.remove_prefix(length);
    tokens.push_back(std::move(next));
    next = LayoutToken();
  }
  return tokens;
}

}  // namespace spate
