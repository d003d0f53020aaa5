// Values that windows keep: as words in records and totals, and owned copies of text and lists.
//
// A Value in a record or in totals takes two words, as a sum does; moments take five. Besides
// values there is "absent", what an event that an aggregate leaves out contributes (a null that
// counts is a different thing, for `first` and `last`). Text and lists of events are borrowed from
// the batch: what outlives the event is copied into a TextLog, which gives memory back in the order
// of time, as windows of one length do. Not thread-safe. Tested by
// tests/runtime/match/window_values_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_VALUES_H_
#define SPATE_RUNTIME_MATCH_WINDOW_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "runtime/model/value.h"
#include "windows/aggregates.h"
#include "windows/time.h"

namespace spate {

inline constexpr size_t kValueWords = 2;

inline Value LoadValue(const uint64_t* words) {
  Value v;
  std::memcpy(static_cast<void*>(&v), words, sizeof(v));
  return v;
}
inline void StoreValue(uint64_t* words, const Value& v) { std::memcpy(words, &v, sizeof(v)); }

static_assert(sizeof(WideSum) == 2 * sizeof(uint64_t));
inline WideSum LoadSum(const uint64_t* words) {
  WideSum sum;
  std::memcpy(static_cast<void*>(&sum), words, sizeof(sum));
  return sum;
}
inline void StoreSum(uint64_t* words, const WideSum& sum) { std::memcpy(words, &sum, sizeof(sum)); }

inline constexpr size_t kMomentsWords = 5;
static_assert(sizeof(Moments::mean) <= 2 * sizeof(uint64_t));
inline Moments LoadMoments(const uint64_t* words) {
  Moments m;
  m.count = static_cast<int64_t>(words[0]);
  std::memcpy(&m.mean, words + 1, sizeof(m.mean));
  std::memcpy(&m.squares, words + 3, sizeof(m.squares));
  return m;
}
inline void StoreMoments(uint64_t* words, const Moments& m) {
  words[0] = static_cast<uint64_t>(m.count);
  std::memcpy(words + 1, &m.mean, sizeof(m.mean));
  std::memcpy(words + 3, &m.squares, sizeof(m.squares));
}

// The value of an event that is left out, and of a null that is not.
inline Value AbsentValue() { return Value(); }
inline Value PresentNull() {
  Value v;
  v.size = 1;
  return v;
}
inline bool IsAbsent(const Value& v) { return v.is_null() && v.size == 0; }

// Whether a value borrows its content, and how many bytes a copy of that content needs.
inline bool Borrows(const Value& v) {
  return v.kind == Kind::kString || v.kind == Kind::kIp || v.kind == Kind::kList;
}
size_t ContentBytes(const Value& v);

// The value with its content copied to `memory`, which is aligned to 8 and has ContentBytes(v).
Value CopyContent(const Value& v, char* memory);

// Owned copies of content in the order of time.
class TextLog {
 public:
  // The value with its content copied, valid until the log expires past `time`. Times do not
  // decrease.
  Value Own(const Value& v, Time time);

  // Gives back what was copied for times before `time`.
  void ExpireBefore(Time time);

  size_t segments_in_use() const { return segments_.size(); }
  size_t bytes_in_use() const { return bytes_; }

 private:
  static constexpr size_t kSegmentBytes = 16 * 1024;
  struct Segment {
    std::unique_ptr<char[]> data;
    size_t size = 0;
    size_t used = 0;
    Time newest = kMinTime;
  };
  void AddSegment(size_t bytes);

  std::deque<Segment> segments_;  // the newest one is being filled
  std::vector<Segment> spare_;    // of kSegmentBytes
  size_t bytes_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_VALUES_H_
