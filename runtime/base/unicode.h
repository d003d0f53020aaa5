// Unicode: characters of UTF-8 text and their letter cases (the only file pair with utf8proc).
//
// Case is folded by Unicode's simple folding, one character to one character, as RE2's `(?i)` does:
// `K` (Kelvin sign) is `k`, but `ss` is not `ß`. A byte that is no valid UTF-8 is a character of
// its own and has no case. Thread-safety: pure functions. Tested by
// tests/runtime/base/unicode_test.cc.
#ifndef SPATE_RUNTIME_BASE_UNICODE_H_
#define SPATE_RUNTIME_BASE_UNICODE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace spate {

// The length in bytes of the character at the front of `text`, which is not empty.
size_t CharacterLength(absl::string_view text);

size_t CountCharacters(absl::string_view text);

// The byte where character number `index` begins; text.size() when there are fewer.
size_t ByteOfCharacter(absl::string_view text, size_t index);

// Appends `text` with each character in lower or upper case.
void AppendLower(absl::string_view text, std::string* out);
void AppendUpper(absl::string_view text, std::string* out);

// Whether two texts are equal but for case.
bool EqualFolded(absl::string_view a, absl::string_view b);

// The character at `*at` < text.size() as a code point, as it is or folded (a byte that is no valid
// UTF-8: 0x110000 plus its value); moves `*at` behind it.
int32_t NextCharacter(absl::string_view text, size_t* at);
int32_t NextFolded(absl::string_view text, size_t* at);

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_UNICODE_H_
