// Literals: from the characters of a literal to its value.
//
// Pure functions over the text of one token; underscores between digits are allowed. Thread-safe.
// Tested by tests/compiler/syntax/literals_test.cc.
#ifndef SPATE_COMPILER_SYNTAX_LITERALS_H_
#define SPATE_COMPILER_SYNTAX_LITERALS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "windows/time.h"

namespace spate {

// `1_000`; nullopt when it does not fit into 64 bits. With `negated` the value is that of `-text`,
// so that the smallest int can be written.
std::optional<int64_t> ReadInt(absl::string_view text, bool negated = false);
// `0.5`, `1e-3`; nullopt when it is too large to be finite.
std::optional<double> ReadFloat(absl::string_view text);
// `1h30m`, `1.5s`; nullopt when it does not fit into 64 bits of nanoseconds.
std::optional<Duration> ReadDuration(absl::string_view text);

// The value of a text with JSON's escapes, without its quotes.
struct UnescapedText {
  std::string value;
  // The first escape that is none: its place (bytes in `body`) and length; length 0: all are good.
  size_t bad_begin = 0;
  size_t bad_length = 0;
};
UnescapedText Unescape(absl::string_view body);

// The inside of `r"..."`, `r#"..."#`.
absl::string_view RawTextBody(absl::string_view token);

}  // namespace spate

#endif  // SPATE_COMPILER_SYNTAX_LITERALS_H_
