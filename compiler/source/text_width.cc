#include "compiler/source/text_width.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "compiler/source/source.h"

namespace spate {
namespace {

constexpr size_t kTab = 4;

struct Range {
  uint32_t first;
  uint32_t last;
};

// Blocks of combining marks and other characters without a width of their own.
constexpr Range kZeroWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};
constexpr Range kDoubleWidth[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE4F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

template <size_t N>
bool IsIn(const Range (&ranges)[N], uint32_t c) {
  const Range* r = std::find_if(std::begin(ranges), std::end(ranges),
                                [c](const Range& range) { return c <= range.last; });
  return r != std::end(ranges) && c >= r->first;
}

size_t Length(unsigned char lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

uint32_t CodePoint(absl::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return lead;
  uint32_t c = lead & (0xFFu >> (bytes.size() + 1));
  for (const char byte : bytes.substr(1)) c = (c << 6) | (static_cast<unsigned char>(byte) & 0x3F);
  return c;
}

}  // namespace

ShownLine ShowLine(absl::string_view line) {
  ShownLine result;
  size_t column = 0;
  for (size_t i = 0; i < line.size();) {
    size_t length = std::min(Length(static_cast<unsigned char>(line[i])), line.size() - i);
    const bool is_valid = !FindInvalidUtf8(line.substr(i, length)).has_value();
    if (!is_valid) length = 1;
    const absl::string_view bytes = line.substr(i, length);
    const uint32_t c = is_valid ? CodePoint(bytes) : 0;
    result.columns.insert(result.columns.end(), length, column);
    size_t width = 1;
    if (c == '\t') {
      width = kTab - column % kTab;
      result.text.append(width, ' ');
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
      result.text.push_back('?');
    } else {
      width = IsIn(kZeroWidth, c) ? 0 : IsIn(kDoubleWidth, c) ? 2 : 1;
      result.text.append(bytes.data(), bytes.size());
    }
    column += width;
    i += length;
  }
  result.columns.push_back(column);
  return result;
}

}  // namespace spate
