#include "runtime/model/like.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "runtime/base/unicode.h"

namespace spate {
namespace {

int32_t Next(absl::string_view text, bool fold, size_t* at) {
  return fold ? NextFolded(text, at) : NextCharacter(text, at);
}

// `[*]`, `[?]` or `[[]` at `at`.
bool IsEscape(absl::string_view pattern, size_t at) {
  return pattern.size() - at >= 3 && pattern[at] == '[' && pattern[at + 2] == ']' &&
         absl::string_view("*?[").find(pattern[at + 1]) != absl::string_view::npos;
}

}  // namespace

LikePattern LikePattern::Compile(absl::string_view pattern, bool fold) {
  LikePattern result;
  result.fold_ = fold;
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '*') {
      // Two in a row say no more than one.
      if (result.tokens_.empty() || result.tokens_.back() != kMany) result.tokens_.push_back(kMany);
      ++at;
    } else if (c == '?') {
      result.tokens_.push_back(kOne);
      ++at;
    } else {
      const bool escape = IsEscape(pattern, at);
      if (escape) ++at;
      const size_t begin = at;
      result.tokens_.push_back(Next(pattern, fold, &at));
      result.literal_.append(pattern.data() + begin, at - begin);
      if (escape) ++at;
    }
  }
  result.Classify();
  return result;
}

void LikePattern::Classify() {
  const size_t many = static_cast<size_t>(std::count(tokens_.begin(), tokens_.end(), kMany));
  const bool one = std::find(tokens_.begin(), tokens_.end(), kOne) != tokens_.end();
  const bool starts = !tokens_.empty() && tokens_.front() == kMany;
  const bool ends = !tokens_.empty() && tokens_.back() == kMany;
  if (fold_ || one) return;
  if (many == 0) shape_ = Shape::kExact;
  if (many == 1 && ends) shape_ = Shape::kPrefix;  // a lone `*` too
  if (many == 1 && starts && !ends) shape_ = Shape::kSuffix;
  if (many == 2 && starts && ends) shape_ = Shape::kContains;
}

bool LikePattern::Matches(absl::string_view text) const {
  switch (shape_) {
    case Shape::kExact:
      return text == literal_;
    case Shape::kPrefix:
      return absl::StartsWith(text, literal_);
    case Shape::kSuffix:
      return absl::EndsWith(text, literal_);
    case Shape::kContains:
      return absl::StrContains(text, literal_);
    case Shape::kGeneral:
      break;
  }
  return MatchesGeneral(text);
}

// Only the last `*` need ever be tried again: an earlier one that took more could not help.
bool LikePattern::MatchesGeneral(absl::string_view text) const {
  constexpr size_t kNone = static_cast<size_t>(-1);
  size_t token = 0;
  size_t at = 0;
  size_t star = kNone;  // the last `*` passed
  size_t star_end = 0;  // what it takes ends here
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token] == kMany) {
      star = token++;
      star_end = at;
      continue;
    }
    size_t next = at;
    const int32_t c = Next(text, fold_, &next);
    if (token < tokens_.size() && (tokens_[token] == kOne || tokens_[token] == c)) {
      ++token;
      at = next;
      continue;
    }
    if (star == kNone) return false;
    star_end += CharacterLength(text.substr(star_end));
    at = star_end;
    token = star + 1;
  }
  while (token < tokens_.size() && tokens_[token] == kMany) ++token;
  return token == tokens_.size();
}

}  // namespace spate
