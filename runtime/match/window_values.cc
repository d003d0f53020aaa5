#include "runtime/match/window_values.h"

#include <algorithm>
#include <utility>

namespace spate {
namespace {

size_t RoundUp(size_t bytes) { return (bytes + 7) & ~size_t{7}; }

// Copies text and moves `memory` past it.
Value CopyText(const Value& v, char** memory) {
  Value copy = v;
  copy.s = *memory;
  if (v.size > 0) std::memcpy(*memory, v.s, v.size);
  *memory += v.size;
  return copy;
}

// What the elements of a list take, with those of lists in it; without text.
size_t ElementBytes(const Value& v) {
  if (v.kind != Kind::kList) return 0;
  size_t bytes = v.size * sizeof(Value);
  for (const Value& element : v.elements()) bytes += ElementBytes(element);
  return bytes;
}

// Copies elements and text, and moves both pointers past what they took. All elements stand before
// all text, so that they are aligned.
Value CopyParts(const Value& v, Value** elements, char** text) {
  if (!Borrows(v)) return v;
  if (v.kind != Kind::kList) return CopyText(v, text);
  Value* copy = *elements;
  *elements += v.size;
  for (size_t i = 0; i < v.size; ++i) copy[i] = CopyParts(v.list[i], elements, text);
  return Value::List(absl::Span<const Value>(copy, v.size));
}

}  // namespace

size_t ContentBytes(const Value& v) {
  if (v.kind != Kind::kList) return Borrows(v) ? v.size : 0;
  size_t bytes = v.size * sizeof(Value);
  for (const Value& element : v.elements()) bytes += ContentBytes(element);
  return bytes;
}

Value CopyContent(const Value& v, char* memory) {
  Value* elements = reinterpret_cast<Value*>(memory);
  char* text = memory + ElementBytes(v);
  return CopyParts(v, &elements, &text);
}

Value TextLog::Own(const Value& v, Time time) {
  if (!Borrows(v)) return v;
  const size_t bytes = RoundUp(ContentBytes(v));
  if (segments_.empty() || segments_.back().size - segments_.back().used < bytes) {
    AddSegment(bytes);
  }
  Segment& segment = segments_.back();
  char* memory = segment.data.get() + segment.used;
  segment.used += bytes;
  bytes_ += bytes;
  segment.newest = time;
  return CopyContent(v, memory);
}

void TextLog::ExpireBefore(Time time) {
  while (!segments_.empty() && segments_.front().newest < time) {
    bytes_ -= segments_.front().used;
    if (segments_.front().size == kSegmentBytes) spare_.push_back(std::move(segments_.front()));
    segments_.pop_front();
  }
}

void TextLog::AddSegment(size_t bytes) {
  if (bytes <= kSegmentBytes && !spare_.empty()) {
    segments_.push_back(std::move(spare_.back()));
    spare_.pop_back();
    segments_.back().used = 0;
    return;
  }
  const size_t size = std::max(bytes, kSegmentBytes);
  segments_.push_back({std::unique_ptr<char[]>(new char[size]), size, 0, kMinTime});
}

}  // namespace spate
