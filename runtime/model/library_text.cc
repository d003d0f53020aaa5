// Text functions of the library. Positions count characters; ends are exclusive.
#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "runtime/base/regex.h"
#include "runtime/base/unicode.h"
#include "runtime/model/library.h"

namespace spate {
namespace {

using Args = absl::Span<const Value>;

constexpr Type kText = Type::Of(Kind::kString);
constexpr Type kMaybeText = Type::Of(Kind::kString, true);
constexpr Type kInt = Type::Of(Kind::kInt);
constexpr Type kBool = Type::Of(Kind::kBool);

Value Contains(Args a, Arena*, EvalFault*) {
  return Value::Bool(absl::StrContains(a[0].text(), a[1].text()));
}

Value StartsWith(Args a, Arena*, EvalFault*) {
  return Value::Bool(absl::StartsWith(a[0].text(), a[1].text()));
}

Value EndsWith(Args a, Arena*, EvalFault*) {
  return Value::Bool(absl::EndsWith(a[0].text(), a[1].text()));
}

bool IsAscii(absl::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
  return all < 0x80;
}

// ASCII is mapped in place in the arena; other text may change its length.
template <typename AsciiMap, typename Append>
Value MapCase(absl::string_view text, AsciiMap ascii_map, Append append, Arena* arena) {
  if (IsAscii(text)) {
    char* out = arena->Allocate(text.size());
    std::transform(text.begin(), text.end(), out,
                   [&](char c) { return ascii_map(static_cast<unsigned char>(c)); });
    return Value::String(absl::string_view(out, text.size()));
  }
  std::string mapped;
  append(text, &mapped);
  return Value::String(arena->Copy(mapped));
}

Value LowerText(Args a, Arena* arena, EvalFault*) {
  return MapCase(a[0].text(), absl::ascii_tolower, AppendLower, arena);
}

Value UpperText(Args a, Arena* arena, EvalFault*) {
  return MapCase(a[0].text(), absl::ascii_toupper, AppendUpper, arena);
}

Value LengthOfText(Args a, Arena*, EvalFault*) {
  return Value::Int(static_cast<int64_t>(CountCharacters(a[0].text())));
}

Value LengthOfList(Args a, Arena*, EvalFault*) { return Value::Int(a[0].size); }

// A position as a byte offset: negative ones count from the end, all are clamped to the text.
size_t ByteOfPosition(absl::string_view text, int64_t position) {
  if (position < 0) {
    const int64_t length = static_cast<int64_t>(CountCharacters(text));
    position = position + length < 0 ? 0 : position + length;
  }
  return ByteOfCharacter(text, static_cast<size_t>(position));
}

Value Substr(Args a, Arena*, EvalFault*) {
  const absl::string_view text = a[0].text();
  const size_t begin = ByteOfPosition(text, a[1].i);
  const size_t end = a.size() > 2 ? ByteOfPosition(text, a[2].i) : text.size();
  return Value::String(text.substr(begin, end > begin ? end - begin : 0));
}

Value IndexOf(Args a, Arena*, EvalFault*) {
  const absl::string_view text = a[0].text();
  const size_t from = a.size() > 2 ? ByteOfPosition(text, a[2].i) : 0;
  const size_t at = text.find(a[1].text(), from);
  if (at == absl::string_view::npos) return Value::Null();
  return Value::Int(static_cast<int64_t>(CountCharacters(text.substr(0, at))));
}

Value Replace(Args a, Arena* arena, EvalFault*) {
  if (a[1].size == 0 || !absl::StrContains(a[0].text(), a[1].text())) return a[0];
  return Value::String(arena->Copy(absl::StrReplaceAll(a[0].text(), {{a[1].text(), a[2].text()}})));
}

Value Split(Args a, Arena* arena, EvalFault*) {
  const absl::string_view text = a[0].text();
  const absl::string_view separator = a[1].text();
  // At most one part for each byte, and one more.
  Value* parts = arena->AllocateArray<Value>(text.size() + 1);
  size_t n = 0;
  size_t begin = 0;
  while (begin <= text.size()) {
    const absl::string_view rest = text.substr(begin);
    if (separator.empty() && rest.empty()) break;
    size_t length = separator.empty() ? CharacterLength(rest) : rest.find(separator);
    length = std::min(length, rest.size());
    parts[n++] = Value::String(rest.substr(0, length));
    if (!separator.empty() && length == rest.size()) break;
    begin += length + separator.size();
  }
  return Value::List(absl::Span<const Value>(parts, n));
}

Value Trim(Args a, Arena*, EvalFault*) {
  return Value::String(absl::StripAsciiWhitespace(a[0].text()));
}

Value Extract(Args a, Arena*, EvalFault*) {
  const absl::StatusOr<Regex> regex = Regex::Compile(a[1].text());
  if (!regex.ok()) return Value::Null();
  const int64_t group = a.size() > 2 ? a[2].i : 0;
  if (group < 0 || group > regex->groups()) return Value::Null();
  const auto found = regex->Extract(a[0].text(), static_cast<int>(group));
  return found.has_value() ? Value::String(*found) : Value::Null();
}

Value TextBetween(Args a, Arena*, EvalFault*) {
  const absl::string_view text = a[0].text();
  const size_t left = text.find(a[1].text());
  if (left == absl::string_view::npos) return Value::Null();
  const absl::string_view rest = text.substr(left + a[1].size);
  const bool greedy = a.size() > 3 && a[3].is_true();
  const size_t right = greedy ? rest.rfind(a[2].text()) : rest.find(a[2].text());
  if (right == absl::string_view::npos) return Value::Null();
  return Value::String(rest.substr(0, right));
}

}  // namespace

std::vector<LibraryRow> TextLibrary() {
  return {
      {{"contains",
        {kText, kText},
        2,
        false,
        kBool,
        false,
        "contains(text: string, part: string) -> bool",
        "Whether `part` stands anywhere in the text: `contains(\"hello\", \"ell\")`."},
       Contains},
      {{"starts_with",
        {kText, kText},
        2,
        false,
        kBool,
        false,
        "starts_with(text: string, part: string) -> bool",
        "Whether the text begins with `part`: `starts_with(path, \"/etc/\")`."},
       StartsWith},
      {{"ends_with",
        {kText, kText},
        2,
        false,
        kBool,
        false,
        "ends_with(text: string, part: string) -> bool",
        "Whether the text ends with `part`: `ends_with(name, \".exe\")`."},
       EndsWith},
      {{"lower",
        {kText},
        1,
        false,
        kText,
        false,
        "lower(text: string) -> string",
        "The text in lower case: `lower(\"Ann\")` is `\"ann\"`."},
       LowerText},
      {{"upper",
        {kText},
        1,
        false,
        kText,
        false,
        "upper(text: string) -> string",
        "The text in upper case: `upper(\"Ann\")` is `\"ANN\"`."},
       UpperText},
      {{"len",
        {kText},
        1,
        false,
        kInt,
        false,
        "len(text: string) -> int",
        "The number of characters: `len(\"abc\")` is 3."},
       LengthOfText},
      {{"len",
        {Type::ListOf(Kind::kError, false, true)},
        1,
        false,
        kInt,
        false,
        "len(list: [T]) -> int",
        "The number of elements: `len([1, 2])` is 2."},
       LengthOfList},
      {{"substr",
        {kText, kInt, kInt},
        2,
        false,
        kText,
        false,
        "substr(text: string, from: int, to: int?) -> string",
        "The characters from `from` up to, not including, `to`: `substr(\"hello\", 1, 3)` is "
        "`\"el\"`, `substr(\"hello\", -3)` is `\"llo\"`."},
       Substr},
      {{"index_of",
        {kText, kText, kInt},
        2,
        false,
        kInt.AsNullable(),
        false,
        "index_of(text: string, part: string, from: int?) -> int?",
        "Where `part` first stands, at `from` or later; null if nowhere: `index_of(\"hello\", "
        "\"l\")` is 2."},
       IndexOf},
      {{"replace",
        {kText, kText, kText},
        3,
        false,
        kText,
        false,
        "replace(text: string, old: string, new: string) -> string",
        "The text with every `old` replaced: `replace(\"a.b\", \".\", \"/\")` is `\"a/b\"`."},
       Replace},
      {{"split",
        {kText, kText},
        2,
        false,
        Type::ListOf(Kind::kString),
        false,
        "split(text: string, separator: string) -> [string]",
        "The parts between separators; with an empty one the characters: `split(\"a,b\", \",\")` "
        "is `[\"a\", \"b\"]`."},
       Split},
      {{"trim",
        {kText},
        1,
        false,
        kText,
        false,
        "trim(text: string) -> string",
        "The text without white space at its ends: `trim(\" a \")` is `\"a\"`."},
       Trim},
      {{"extract",
        {kText, kText, kInt},
        2,
        false,
        kMaybeText,
        false,
        "extract(text: string, pattern: string, group: int?) -> string?",
        "What a group of the first match of an RE2 pattern holds, group 0 (the whole match) unless "
        "given; null if nothing: `extract(line, r\"from (\\S+)\", 1)`."},
       Extract},
      {{"text_between",
        {kText, kText, kText, kBool},
        3,
        false,
        kMaybeText,
        false,
        "text_between(text: string, left: string, right: string, greedy: bool?) -> string?",
        "What stands between the first `left` and the next `right` (the last one if greedy); null "
        "if there is none: `text_between(\"a[b]c\", \"[\", \"]\")` is `\"b\"`."},
       TextBetween},
  };
}

}  // namespace spate
