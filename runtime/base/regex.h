// Regex: a compiled RE2 pattern, or several as one (the only file pair with RE2).
//
// Matching finds anywhere in the text, takes linear time and cannot fail. Patterns are limited in
// length and in the memory of their automata, so that no rule file can take too much of either.
// Text that is no valid UTF-8 matches bytewise only where RE2 allows. Copies share the automaton.
// Thread-safety: constant after Compile. Tested by tests/runtime/base/regex_test.cc.
#ifndef SPATE_RUNTIME_BASE_REGEX_H_
#define SPATE_RUNTIME_BASE_REGEX_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace re2 {
class RE2;
}

namespace spate {

inline constexpr size_t kMaxRegexBytes = 64 * 1024;  // of one pattern

class Regex {
 public:
  // InvalidArgument with RE2's words when the pattern is none. `fold` ignores case.
  static absl::StatusOr<Regex> Compile(absl::string_view pattern, bool fold = false);

  // A regex that matches what any of the patterns matches (nothing when there are none).
  static absl::StatusOr<Regex> CompileAny(absl::Span<const absl::string_view> patterns,
                                          bool fold = false);

  bool Matches(absl::string_view text) const;

  // What group `group` (0: the whole match) of the first match holds: a part of `text`; nullopt
  // when there is no match, no such group, or the group took no part in it.
  std::optional<absl::string_view> Extract(absl::string_view text, int group) const;

  int groups() const;  // without group 0

 private:
  explicit Regex(std::shared_ptr<const re2::RE2> re) : re_(std::move(re)) {}
  std::shared_ptr<const re2::RE2> re_;  // never null
};

// Whether `pattern` compiles; InvalidArgument with RE2's words when not.
absl::Status CheckRegex(absl::string_view pattern);

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_REGEX_H_
