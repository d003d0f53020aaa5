// Source: the text of one rule file, its lines, and places in it.
//
// Span is a half-open range of bytes in one file; line and column are computed on demand. Text must
// be valid UTF-8 (SourceMap::Add reports the first bad byte). Thread-safety: const after Add.
// Tested by tests/compiler/source/source_test.cc.
#ifndef SPATE_COMPILER_SOURCE_SOURCE_H_
#define SPATE_COMPILER_SOURCE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace spate {

struct Span {
  uint32_t file = 0;   // index into SourceMap
  uint32_t begin = 0;  // bytes, half open
  uint32_t end = 0;
  friend constexpr bool operator==(const Span&, const Span&) = default;
};

// From the begin of `a` to the end of `b`, in one file.
constexpr Span Join(Span a, Span b) { return {a.file, a.begin, b.end}; }

struct LineColumn {
  uint32_t line = 1;    // from 1
  uint32_t column = 1;  // from 1, in code points
};

class Source {
 public:
  Source(std::string name, std::string text);
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  LineColumn Locate(uint32_t byte) const;
  absl::string_view Line(uint32_t line) const;  // without its line end; line from 1
  uint32_t LineStart(uint32_t line) const;      // byte of its first character

 private:
  std::string name_;  // the path as the user wrote it
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

class SourceMap {
 public:
  // Returns the index of the new file.
  uint32_t Add(std::string name, std::string text);
  const Source& Get(uint32_t file) const { return *sources_[file]; }
  absl::string_view Text(Span span) const;
  size_t size() const { return sources_.size(); }

 private:
  std::vector<std::unique_ptr<Source>> sources_;
};

// The first byte of `text` that is not valid UTF-8, if there is one.
std::optional<size_t> FindInvalidUtf8(absl::string_view text);

}  // namespace spate

#endif  // SPATE_COMPILER_SOURCE_SOURCE_H_
