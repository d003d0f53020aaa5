// ReorderBuffer: puts events that come out of order by less than a known lateness back in order.
//
// A ring of buckets, each for an equal slice of time, not a heap: pushing appends to a bucket, and
// only the bucket that the watermark is in is kept sorted. What comes further ahead than the ring
// reaches (from a source that runs ahead of another one) waits in a heap. Items come out in the
// order (time, arrival). How many may wait is for the caller to bound (size()). Not thread-safe.
// Tested by tests/windows/reorder_test.cc.
#ifndef SPATE_WINDOWS_REORDER_H_
#define SPATE_WINDOWS_REORDER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "windows/time.h"
#include "windows/tumbling.h"

namespace spate {

template <typename Item>
class ReorderBuffer {
 public:
  // `lateness` >= 0: how far the times that wait at once are expected to be apart. Others are put
  // in order too, but more slowly.
  explicit ReorderBuffer(Duration lateness)
      : lateness_(lateness), width_(lateness / static_cast<Duration>(kBuckets / 2) + 1) {}

  // Takes an item of a time that is not before the last watermark.
  void Push(Time time, Item item) {
    const int64_t bucket = TumblingIndex(time, width_);
    if (size_ == 0)
      Restart(std::max(TumblingIndex(released_, width_),
                       TumblingIndex(SaturatingSubtract(time, lateness_), width_)));
    ++size_;
    Place(bucket, {time, ++arrivals_, std::move(item)});
  }

  // Calls `take(Time, Item&&)` for every item of a time up to `watermark`, that included, in order
  // of (time, arrival). `take` must not use the buffer.
  template <typename Take>
  void Release(Time watermark, Take&& take) {
    if (watermark > released_) released_ = watermark;
    const int64_t last = TumblingIndex(watermark, width_);
    while (size_ > 0) {
      while (head_ < current_.size() && current_[head_].time <= watermark) {
        Entry entry = std::move(current_[head_++]);
        --size_;
        take(entry.time, std::move(entry.item));
      }
      if (head_ < current_.size()) return;
      current_.clear();
      head_ = 0;
      if (size_ == 0 || base_ >= last) return;
      NextBucket(last);
    }
  }

  size_t size() const { return size_; }

 private:
  static constexpr size_t kBuckets = 256;
  static constexpr size_t kTakenToErase = 32;

  struct Entry {
    Time time;
    uint64_t arrival;
    Item item;
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.time != b.time ? a.time < b.time : a.arrival < b.arrival;
    }
  };

  void Restart(int64_t base) {
    base_ = base;
    current_.clear();
    head_ = 0;
  }

  // A bucket before the current one counts as the current one: it is sorted, so order is kept.
  void Place(int64_t bucket, Entry entry) {
    if (bucket <= base_) {
      if (head_ >= kTakenToErase && head_ * 2 >= current_.size()) EraseTaken();
      const auto from = current_.begin() + static_cast<std::ptrdiff_t>(head_);
      current_.insert(std::upper_bound(from, current_.end(), entry), std::move(entry));
      return;
    }
    // As unsigned numbers the difference cannot overflow.
    const uint64_t ahead = static_cast<uint64_t>(bucket) - static_cast<uint64_t>(base_);
    if (ahead < kBuckets) {
      ring_[static_cast<uint64_t>(bucket) % kBuckets].push_back(std::move(entry));
      ++in_ring_;
    } else {
      far_.push_back(std::move(entry));
      std::push_heap(far_.begin(), far_.end(), IsLater);
    }
  }

  void EraseTaken() {
    current_.erase(current_.begin(), current_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }

  // Goes on from the current bucket, which is used up, to the next one; over all that are empty
  // at once when everything that waits is far, but not past the watermark's bucket `last`.
  void NextBucket(int64_t last) {
    base_ = in_ring_ > 0 ? base_ + 1 : std::min(last, FirstFarBucket());
    std::vector<Entry>& bucket = ring_[static_cast<uint64_t>(base_) % kBuckets];
    in_ring_ -= bucket.size();
    current_.swap(bucket);
    if (!std::is_sorted(current_.begin(), current_.end())) {
      std::sort(current_.begin(), current_.end());
    }
    if (!far_.empty()) Reconsider();
  }

  int64_t FirstFarBucket() const { return TumblingIndex(far_.front().time, width_); }

  // Takes into the ring what is no longer far.
  void Reconsider() {
    while (!far_.empty()) {
      const int64_t bucket = FirstFarBucket();
      if (bucket > base_ &&
          static_cast<uint64_t>(bucket) - static_cast<uint64_t>(base_) >= kBuckets) {
        return;
      }
      std::pop_heap(far_.begin(), far_.end(), IsLater);
      Entry entry = std::move(far_.back());
      far_.pop_back();
      Place(bucket, std::move(entry));
    }
  }
  static bool IsLater(const Entry& a, const Entry& b) { return b < a; }

  Duration lateness_;
  Duration width_;                                 // of a bucket, ns
  std::array<std::vector<Entry>, kBuckets> ring_;  // bucket b at b modulo kBuckets, b > base_
  std::vector<Entry> far_;      // a heap of what is more than a ring ahead, the first on top
  int64_t base_ = 0;            // number of the current bucket
  std::vector<Entry> current_;  // sorted from head_ on; what is before is taken
  size_t head_ = 0;
  size_t in_ring_ = 0;
  size_t size_ = 0;
  uint64_t arrivals_ = 0;
  Time released_ = kMinTime;  // the last watermark
};

}  // namespace spate

#endif  // SPATE_WINDOWS_REORDER_H_
