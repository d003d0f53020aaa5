#include "runtime/base/regex.h"

#include <re2/re2.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

constexpr int64_t kMaxMemory = 8 << 20;  // bytes of one compiled regex and its automata

re2::StringPiece ToPiece(absl::string_view text) {
  return re2::StringPiece(text.data(), text.size());
}

re2::RE2::Options MakeOptions(bool fold) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!fold);
  options.set_max_mem(kMaxMemory);
  return options;
}

// The pattern as a group, so that alternatives stay inside it. A pattern may leave its `\Q` open.
std::string AsGroup(absl::string_view pattern, bool fold) {
  std::string group = absl::StrCat("(?:", pattern, ")");
  if (Regex::Compile(group, fold).ok()) return group;
  return absl::StrCat("(?:", pattern, "\\E)");
}

}  // namespace

absl::StatusOr<Regex> Regex::Compile(absl::string_view pattern, bool fold) {
  if (pattern.size() > kMaxRegexBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the pattern is longer than ", kMaxRegexBytes, " bytes"));
  }
  auto re = std::make_shared<const re2::RE2>(ToPiece(pattern), MakeOptions(fold));
  if (!re->ok()) return absl::InvalidArgumentError(re->error());
  return Regex(std::move(re));
}

absl::StatusOr<Regex> Regex::CompileAny(absl::Span<const absl::string_view> patterns, bool fold) {
  std::string joined;
  for (const absl::string_view pattern : patterns) {
    // Alone first: `a)|(b` must not become right by being put in brackets.
    absl::StatusOr<Regex> alone = Compile(pattern, fold);
    if (!alone.ok() || patterns.size() == 1) return alone;
    absl::StrAppend(&joined, joined.empty() ? "" : "|", AsGroup(pattern, fold));
  }
  // `[^\x00-\x{10FFFF}]` is no character at all.
  return Compile(patterns.empty() ? "[^\\x00-\\x{10FFFF}]" : joined, fold);
}

bool Regex::Matches(absl::string_view text) const {
  return re_->Match(ToPiece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<absl::string_view> Regex::Extract(absl::string_view text, int group) const {
  constexpr int kInline = 8;
  re2::StringPiece few[kInline];
  std::vector<re2::StringPiece> many;
  if (group < 0 || group > groups()) return std::nullopt;
  re2::StringPiece* found = few;
  if (group >= kInline) {
    many.resize(static_cast<size_t>(group) + 1);
    found = many.data();
  }
  if (!re_->Match(ToPiece(text), 0, text.size(), re2::RE2::UNANCHORED, found, group + 1)) {
    return std::nullopt;
  }
  if (found[group].data() == nullptr) return std::nullopt;
  return absl::string_view(found[group].data(), found[group].size());
}

int Regex::groups() const { return re_->NumberOfCapturingGroups(); }

absl::Status CheckRegex(absl::string_view pattern) { return Regex::Compile(pattern).status(); }

}  // namespace spate
